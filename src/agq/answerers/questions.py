"""The questions that a model ends with, known by where they stand and how they end, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from agq.model import Piece

_ASKS = re.compile(r"[?？؟⸮][!.]*$|[\u0370-\u03ff\u1f00-\u1fff]\S*;$")
"""The last word of a question; Greek ends one with a semicolon."""
_INTRODUCES = re.compile(r"[:：][\s*_]*$")
CLOSING_SENTENCES_MAX = 2
"""Sentences that may follow the questions, such as an offer to say more."""


class Questions:
    """Holds back a heading, or a line that ends in a colon, and the questions below it until it is clear
    whether the answer ends with them.
    """

    def __init__(self) -> None:
        self._introduction: list[Piece] = []
        self._asked: list[Piece] = []
        self._closing: list[Piece] = []

    def feed(self, piece: Piece) -> Iterator[Piece]:
        """What is surely no list of questions at the end."""
        if self._asked and self._goes_on(piece):
            return
        if self._asked or not _asks(piece):
            yield from self._released()
        if _asks(piece):
            self._asked.append(piece)
        elif _introduces(piece):
            self._introduction.append(piece)
        else:
            yield piece

    def close(self) -> Iterator[Piece]:
        """What was held back: as questions where several end the answer, or one under a heading."""
        if len(self._asked) > 1 or (self._asked and self._introduction):
            yield from self._closing
            yield from (Piece("follow_up", question) for question in _joined(self._asked))
            self._introduction, self._asked, self._closing = [], [], []
        yield from self._released()

    def _goes_on(self, piece: Piece) -> bool:
        """Whether a piece is one more question, or a few words behind the last one; it is held then."""
        if _asks(piece) and not self._closing:
            self._asked.append(piece)
            return True
        several = len(self._asked) > 1 or bool(self._introduction)
        ends = piece.kind == "sentence" and (_begins(piece) or bool(self._closing)) and "[" not in piece.text
        if several and ends and len(self._closing) < CLOSING_SENTENCES_MAX:
            self._closing.append(piece)
            return True
        return False

    def _released(self) -> Iterator[Piece]:
        held = [*self._introduction, *self._asked, *self._closing]
        self._introduction, self._asked, self._closing = [], [], []
        return iter(held)


def _begins(piece: Piece) -> bool:
    return "\n" in piece.lead


def _bare(text: str) -> str:
    return text.strip().strip("*_\"'“”„«»‹› \t")


def _asks(piece: Piece) -> bool:
    words = _bare(re.sub(r"\[[^\[\]]*\]", "", piece.text)).split()
    return piece.kind == "sentence" and bool(words) and bool(_ASKS.search(words[-1]))


def _introduces(piece: Piece) -> bool:
    """Whether a piece says what comes below it: a heading, a line of its own that ends in a colon."""
    if piece.kind != "sentence":
        return piece.kind == "heading"
    return piece.lead != " " and "[" not in piece.text and bool(_INTRODUCES.search(piece.text))


def _joined(asked: list[Piece]) -> list[str]:
    """The questions, several in one list item being one."""
    found: list[Piece] = []
    for piece in asked:
        bare = _bare(piece.text)
        if found and not _begins(piece) and _is_item(found[-1]):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {bare}")
        else:
            found.append(replace(piece, text=bare))
    return [piece.text for piece in found]


def _is_item(piece: Piece) -> bool:
    return bool(re.search(r"(?:[-*+]|\d[.)])\s+$", piece.lead))
