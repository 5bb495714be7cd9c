"""Results that go to a file instead of stdout: all of it or nothing of it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from agq.errors import AgqError, UsageError
from agq.files import replace_file
from agq.renderers import RENDERERS
from agq.text.clean import one_line

VAULT = ".obsidian"
"""The folder that makes the one it lies in a vault of Obsidian's."""

FILE_NAME_BYTES_MAX = 120
"""Bytes of a file's name before its ending: some file systems take no more than 255, and names are typed."""

_UNFIT = re.compile(r'[\\/:*?"<>|#^\[\]\x00-\x1f]+')
"""What file systems, Obsidian's links or both do without."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write, and what may happen to it if it is there already; a folder takes one of its own."""

    path: Path
    append: bool = False
    force: bool = False

    def check(self) -> None:
        """Refuse now what could not be written later: an answer takes time."""
        if self.path.is_dir():
            raise UsageError(f"{self.path} is a folder", hint="name a file in it")
        if not self.path.parent.is_dir():
            raise UsageError(f"there is no folder {self.path.parent}", hint=f"mkdir -p {self.path.parent}")
        if self.path.exists() and not (self.append or self.force):
            raise UsageError(
                f"{self.path} exists", hint="add --append to add to it, or --force to overwrite it"
            )

    @property
    def adds(self) -> bool:
        """Whether it is added to what is there."""
        return self.append and self.path.is_file() and self.path.stat().st_size > 0

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that suit it, the likeliest first: by a file's ending, else a name that is no format's,
        the ending itself; in a folder Markdown, in a vault Obsidian's.
        """
        if self.path.is_dir():
            return ("obsidian",) if _is_in_vault(self.path) else ("markdown",)
        ending = self.path.suffix.lower()
        fitting = [name for name, one in RENDERERS.items() if ending in one.endings]
        return tuple(fitting) or (ending.removeprefix("."),)

    def within(self, question: str, format_: str) -> Target:
        """The file itself; in a folder one that is named for the question, and is no other's unless it is to
        be added to or overwritten.
        """
        if not self.path.is_dir():
            return self
        ending = next(iter(RENDERERS[format_].endings), ".txt")
        names = (f"{_name(question)}{number}{ending}" for number in chain([""], map(" {}".format, count(2))))
        paths = (self.path / name for name in names)
        return replace(self, path=next(p for p in paths if self.append or self.force or not p.exists()))

    def write(self, text: str) -> None:
        """Write or append ``text``: whoever reads meanwhile sees the old file or the new one."""
        try:
            with self._own_place():
                before = self.path.read_bytes() if self.append and self.path.exists() else b""
                replace_file(self.path.resolve(), _joined(before, text.encode("utf-8", "replace")))
        except OSError as error:
            raise AgqError(f"cannot write {self.path}: {error.strerror or error}") from error

    @contextlib.contextmanager
    def _own_place(self) -> Iterator[None]:
        """A file that was to be new is made first: one that somebody made since the check is theirs."""
        if self.append or self.force:
            yield
            return
        place = self.path.resolve()
        place.open("xb").close()
        try:
            yield
        except BaseException:
            place.unlink(missing_ok=True)
            raise


def _is_in_vault(folder: Path) -> bool:
    return any((above / VAULT).is_dir() for above in (folder.resolve(), *folder.resolve().parents))


def _name(question: str) -> str:
    """A question as a file may be called."""
    name = one_line(_UNFIT.sub(" ", question)).strip(" .")
    if len(name.encode()) > FILE_NAME_BYTES_MAX:
        name = (
            name.encode()[:FILE_NAME_BYTES_MAX].decode("utf-8", "ignore").rpartition(" ")[0].rstrip(" ,;.")
            or name[:30]
        )
    return name or "answer"


def _joined(before: bytes, text: bytes) -> bytes:
    """``text`` after what is there, which is not touched, with a blank line between."""
    if not before.strip():
        return text
    gap = b"" if before.endswith(b"\n\n") else b"\n" if before.endswith(b"\n") else b"\n\n"
    return before + gap + text
