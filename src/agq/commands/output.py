"""Results that go to a file instead of stdout: all of it or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agq.errors import AgqError, UsageError
from agq.files import replace_file

BY_ENDING = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".txt": "plain",
    **dict.fromkeys((".qmd", ".rmd", ".mdx", ""), "markdown"),
}
"""What a file's ending asks for. Any other needs --format: Markdown in a ``.pdf`` opens nowhere."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write, and what may happen to it if it is there already."""

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
    def format(self) -> str:
        """The format that the file's ending asks for, else a name that is no format's: the ending itself."""
        ending = self.path.suffix.lower()
        return BY_ENDING.get(ending, ending.removeprefix("."))

    def write(self, text: str) -> None:
        """Write or append ``text``: whoever reads meanwhile sees the old file or the new one."""
        try:
            before = self.path.read_bytes() if self.append and self.path.exists() else b""
            replace_file(self.path.resolve(), _joined(before, text.encode("utf-8", "replace")))
        except OSError as error:
            raise AgqError(f"cannot write {self.path}: {error.strerror or error}") from error


def _joined(before: bytes, text: bytes) -> bytes:
    """``text`` after what is there, which is not touched, with a blank line between."""
    if not before.strip():
        return text
    gap = b"" if before.endswith(b"\n\n") else b"\n" if before.endswith(b"\n") else b"\n\n"
    return before + gap + text
