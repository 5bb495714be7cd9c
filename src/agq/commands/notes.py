"""Reads the note that a command is given, in its own syntax, and looks its citations up in the index."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from agq.commands import screen
from agq.config import Settings
from agq.errors import AgqError, CheckFailed
from agq.files import STDIN
from agq.text.clean import one_line

if TYPE_CHECKING:
    from agq.notes.block import NoteBlock
    from agq.verify import Note


def read_note(name: str) -> list[NoteBlock]:
    """The prose of a file, or of stdin.

    Raises
    ------
    AgqError
        It cannot be read.
    """
    from agq import notes

    text = notes.decoded(_data(name))
    try:
        return notes.read(text, notes.syntax_of(name, text))
    except RecursionError as error:
        raise AgqError(f"cannot read {name}: its braces or brackets are nested too deep") from error


def _data(name: str) -> bytes:
    if name == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise AgqError(f"cannot read {name}: {error.strerror}") from error


def tell(settings: Settings, name: str, note: Note) -> None:
    """What of a note looks like a citation and is none that agq reads; that it has none."""
    for line, written in note.unread:
        screen.notice(settings, f"note: {_unread(name, line, written)}")
    if not (note.cites or note.unread):
        screen.notice(settings, f"note: {_none(name)}")


def refuse_unread(name: str, note: Note) -> None:
    """What ends a strict check.

    Raises
    ------
    CheckFailed
        The note has no citation, or one that could not be read.
    """
    if note.unread:
        raise CheckFailed(_unread(name, *note.unread[0]))
    if not note.cites:
        raise CheckFailed(_none(name))


def _unread(name: str, line: int, written: str) -> str:
    told = textwrap.shorten(one_line(written), 60, placeholder=" …")
    return f"{name}:{line}: {told} is not a citation that agq can read"


def _none(name: str) -> str:
    what = "stdin" if name == STDIN else name
    return f"no citation was found in {what}: [id], [@key], [[key]], \\cite{{key}}, #cite(<key>) are read"
