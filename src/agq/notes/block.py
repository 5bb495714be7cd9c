"""What every syntax of a note is read into: blocks of prose, with the places where they cite.

Knows no index: the caller says which keys are papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agq.text.citations import Known, bare, is_quantity, may_be_id, resolve, splits

MARK = "\ue000"
"""Stands in a block's words for a citation; a private character, which no note's own text may hold."""

FOOTNOTE_WORDS_MIN = 8
"""Words of a footnote that says something of its own."""

Trust = Literal["sure", "shape", "known"]
"""When keys are a citation: because the syntax says so; where one of them is known or all have the shape of
an id; only where one of them is known.
"""


@dataclass(frozen=True, slots=True)
class KeyReading:
    """Keys that a place may name."""

    keys: tuple[str, ...]
    trust: Trust

    def ids(self, known: Known) -> list[str] | None:
        """The ids of its keys, known ones in their own spelling; None where it cites nothing."""
        found = [resolve(key, known) for key in self.keys]
        if self.trust != "sure" and any(map(is_quantity, self.keys)) and not all(found):
            return None  # the end of an interval
        if any(found) or self.trust == "sure" or (self.trust == "shape" and all(map(may_be_id, self.keys))):
            ids = (ours or bare(key) for key, ours in zip(self.keys, found, strict=True))
            return list(dict.fromkeys(ids))
        return None


@dataclass(frozen=True, slots=True)
class Cited:
    """A place where a note cites, or may: as it is written there, and how that may be read, best first.

    A citation that could not be read has no reading.
    """

    written: str
    readings: tuple[KeyReading, ...] = ()

    def ids(self, known: Known) -> list[str] | None:
        """The ids that are cited here; None where nothing is."""
        return next((ids for reading in self.readings if (ids := reading.ids(known))), None)

    def named(self) -> Iterator[str]:
        """Every key that may be meant."""
        for reading in self.readings:
            for key in reading.keys:
                yield from dict.fromkeys((key, bare(key)))


def sure(written: str, keys: Iterable[str]) -> Cited:
    """A citation that its syntax makes one."""
    named = tuple(dict.fromkeys(keys))
    return Cited(written, (KeyReading(named, "sure"),) if named else ())


def bracket(inner: str) -> Cited:
    """``[inner]`` in running text, as agq's own answers cite: one id or several."""
    readings = [KeyReading((inner.strip(),), "known"), *(KeyReading(keys, "shape") for keys in splits(inner))]
    return Cited(f"[{inner}]", tuple(readings))


@dataclass(frozen=True, slots=True)
class NoteBlock:
    """A stretch of prose: a paragraph, an item of a list, a row of a table.

    ``lines``: the line of the note, from 1, that each of its words stands on. ``cited``: one for each
    ``MARK`` in the words. A heading ``claims`` nothing.
    """

    words: tuple[str, ...]
    lines: tuple[int, ...]
    cited: tuple[Cited, ...]
    claims: bool = True

    def marked(self) -> Iterator[tuple[int, Cited]]:
        """Each place where it cites or may, with its line."""
        places = iter(self.cited)
        for word, line in zip(self.words, self.lines, strict=True):
            yield from ((line, next(places)) for _ in range(word.count(MARK)))


class Writer:
    """Blocks as they are read; a block ends where the next begins."""

    def __init__(self, line: int = 1) -> None:
        self.line = line
        self.blocks: list[NoteBlock] = []
        self._pieces: list[tuple[str, int]] = []
        self._cited: list[Cited] = []
        self._later: list[NoteBlock] = []

    def words(self, text: str) -> None:
        """Running text; the line ends in it are those of the note."""
        for n, piece in enumerate(text.replace(MARK, "\ufffd").split("\n")):
            self.line += n > 0
            self._pieces.append((piece if n == 0 else f" {piece}", self.line))

    def cite(self, cited: Cited) -> None:
        """A citation, where the text has come to."""
        self._pieces.append((MARK, self.line))
        self._cited.append(cited)
        self.line += cited.written.count("\n")

    def note(self, cited: Cited) -> None:
        """A citation that belongs to no sentence."""
        self.blocks.append(NoteBlock((MARK,), (self.line,), (cited,), claims=False))

    def footnote(self, said: Sequence[NoteBlock]) -> None:
        """What a footnote cites is cited where its mark stands; a long one says something of its own, too."""
        for block in said:
            for cited in block.cited:
                self._pieces.append((f" {MARK}", self.line))
                self._cited.append(replace(cited, written=""))
        if not are_short(said):
            self.later(said)

    def later(self, blocks: Iterable[NoteBlock]) -> None:
        """Blocks that are read when this one has ended."""
        self._later += blocks

    def end(self, *, claims: bool = True) -> None:
        """The block ends here; one without a word is none."""
        words, lines = _words(self._pieces)
        block = NoteBlock(words, lines, tuple(self._cited), claims)
        self.blocks += [*([block] if words else []), *self._later]
        self._pieces, self._cited, self._later = [], [], []


def are_short(blocks: Sequence[NoteBlock]) -> bool:
    """Whether a footnote says nothing beside what it cites."""
    return sum(MARK not in word for block in blocks for word in block.words) < FOOTNOTE_WORDS_MIN


def _words(pieces: Iterable[tuple[str, int]]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Words and the line that each begins on: a word may be made of several pieces."""
    words: list[str] = []
    lines: list[int] = []
    glued = False
    for piece, line in pieces:
        split = piece.split()
        if split and glued and not piece[0].isspace():
            words[-1] += split.pop(0)
        words += split
        lines += [line] * len(split)
        glued = bool(piece) and not piece[-1].isspace() if piece else glued
    return tuple(words), tuple(lines)
