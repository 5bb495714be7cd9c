"""What small models do instead of ending: they repeat themselves for ever, or recite their instructions."""

from __future__ import annotations

import re
from collections import Counter

_AGAIN = re.compile(r"(.{10,300}?)\1{2,}\Z", re.DOTALL)
"""The same stretch three times in a row, at the end."""
_END_CHARACTERS = 1000
"""Letters of the end that are looked at: three times the longest stretch and some."""
_CHARACTERS_PER_LOOK = 80
"""Letters between two looks."""
_LINE_WORDS_MIN = 4
"""Words, less one, of a sentence that nobody says twice by chance."""
_REPETITIONS_MIN = 3
"""A sentence that is said so often will be said again."""


class Loop:
    """Whether a text that comes bit by bit has begun to repeat itself without end."""

    def __init__(self) -> None:
        self.found = False
        self._said: Counter[str] = Counter()
        self._end = ""
        self._new = 0

    def feed(self, text: str) -> bool:
        """True once the end of all that came is the same stretch of words three times in a row."""
        self._end = (self._end + text)[-_END_CHARACTERS:]
        self._new += len(text)
        if self._new < _CHARACTERS_PER_LOOK:
            return False
        self._new = 0
        again = _AGAIN.search(self._end)
        self.found = bool(again and re.search(r"\w{3}", again[1]))  # words: no rule of a table
        return self.found

    def said(self, sentence: str) -> bool:
        """True once a sentence is said of the same papers for the third time, whatever was said between."""
        words = " ".join(re.findall(r"\w+", sentence.lower()))
        self._said[words] += words.count(" ") >= _LINE_WORDS_MIN
        self.found = self.found or self._said[words] >= _REPETITIONS_MIN
        return self.found


class Echo:
    """Whether a sentence is one of the instructions that a model was given, or a line around its sources."""

    def __init__(self, told: str, marks: tuple[str, ...]) -> None:
        self._told = _words(told)
        self._marks = marks

    def __contains__(self, said: object) -> bool:
        if not isinstance(said, str):
            return False
        words = _words(said)
        instructed = words.count(" ") >= _LINE_WORDS_MIN and words in self._told
        return instructed or any(mark in said for mark in self._marks)


def _words(text: str) -> str:
    """The words of ``text`` alone: citations, marks and case do not count."""
    return " ".join(re.findall(r"\w+", re.sub(r"\[[^\[\]]*\]", " ", text).lower()))
