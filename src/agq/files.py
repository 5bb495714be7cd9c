"""Files that are replaced in one step, and the name of the one that is none: standard input."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

STDIN = "-"
"""What stands for standard input where a file is named."""


def replace_file(file: Path, content: bytes) -> None:
    """Replace ``file`` in one step: a reader sees the old content or the new one, also after a power cut."""
    with replacing(file) as stream:
        stream.write(content)


@contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes ``file`` when the block ends without an error; else nothing changes.

    The mode of a file that is there is kept; a new one gets what the umask leaves.
    """
    temporary = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            temporary.chmod(file.stat().st_mode & 0o7777)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
