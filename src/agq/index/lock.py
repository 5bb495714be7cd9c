"""One writer per index; whoever else wants to write learns who that is."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from agq.errors import IndexLocked
from agq.files import replace_file

LOCK = "lock"
HOLDER = "lock.json"


@contextmanager
def writing(index: Path, *, wait: float = 0.0) -> Iterator[None]:
    """The right to write to an index; another process's is waited for up to ``wait`` seconds.

    Raises
    ------
    IndexLocked
        Another process holds it. The message says which.
    """
    lock = FileLock(index / LOCK, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise IndexLocked(
            f"another agq is writing to {index}: {_holder(index)}",
            hint="wait until it is done, then run this again",
        ) from None
    try:
        replace_file(index / HOLDER, json.dumps(_self()).encode())
        yield
    finally:
        with suppress(OSError):
            (index / HOLDER).unlink(missing_ok=True)
        lock.release()


def _self() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _holder(index: Path) -> str:
    try:
        held = json.loads((index / HOLDER).read_text(encoding="utf-8"))
        return f"process {held['pid']} on {held['host']}, since {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "its process is unknown"
