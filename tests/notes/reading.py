"""A note as the tests look at it: its sentences, each with what it cites."""

from __future__ import annotations

from agq import notes
from agq.notes import sentences
from agq.text.citations import tidy

Told = list[tuple[int, str, list[str]]]


def told(text: str, syntax: str, *known: str) -> Told:
    """Line, words and ids of each sentence that claims something."""
    held = {one: one for one in known}.get
    return [
        (sentence.line, tidy(" ".join(part.text for part in sentence.parts)), _ids(sentence))
        for block in notes.read(text, syntax)
        for sentence in sentences.read(block, held)
        if block.claims
    ]


def prose(text: str, syntax: str = "markdown", *known: str) -> list[str]:
    """The words alone."""
    return [words for _, words, _ in told(text, syntax, *known)]


def ids(text: str, syntax: str = "markdown", *known: str) -> list[str]:
    """All that is cited, headings and lists of references with it, in reading order."""
    held = {one: one for one in known}.get
    places = (place for block in notes.read(text, syntax) for place in block.cited)
    return [one for place in places for one in place.ids(held) or ()]


def unread(text: str, syntax: str = "markdown") -> list[str]:
    """What looks like a citation and names nothing."""
    places = (place for block in notes.read(text, syntax) for place in block.cited)
    return [place.written for place in places if not place.readings]


def _ids(sentence: sentences.Sentence) -> list[str]:
    return [one for part in sentence.parts for one in part.ids]
