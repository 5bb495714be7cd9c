"""Whether the words that a judge quotes stand in a paper, and in which of its sentences.

Case, accents, typographic forms and punctuation are folded on both sides; the words must stand in that order
with nothing between, but where the quotation has an ellipsis. What is shown is the paper's own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from agq.model import Paper
from agq.text.clean import one_line
from agq.text.sentences import sentences
from agq.text.terms import fold

QUOTED_WORDS_MIN = 3
"""Words of each part of a quotation: fewer stand anywhere."""
QUOTED_SENTENCES_MAX = 3
"""A quotation out of more sentences shows no place that decides."""

_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+"
)
_ELLIPSIS = re.compile(r"[\[(]?\s*(?:\.\s?\.\s?\.+|…)\s*[\])]?")
_UNESCAPED: Mapping[int, str] = MappingProxyType(
    {ord("\b"): "\\b", ord("\f"): "\\f", ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}
)
r"""TeX that JSON has read as an escape: ``\beta``, copied as it stands, comes back as a backspace and eta."""


def quoted_sentences(quotation: str, paper: Paper) -> tuple[str, ...]:
    """The sentences of title and abstract that hold the quotation, in reading order; none where it is not
    theirs.
    """
    own = [part for part in (one_line(paper.title), *sentences(one_line(paper.abstract))) if part]
    held = [(word, at) for at, sentence in enumerate(own) for word in _words(sentence)]
    for written in (quotation, quotation.translate(_UNESCAPED)):
        found = _places([_words(part) for part in _ELLIPSIS.split(written)], held)
        if found and len(found) <= QUOTED_SENTENCES_MAX:
            return tuple(own[at] for at in found)
    return ()


def _places(parts: Sequence[Sequence[str]], held: Sequence[tuple[str, int]]) -> list[int]:
    """The sentences in which the parts stand one after another."""
    wanted = [part for part in parts if part]
    if not wanted or any(len(part) < QUOTED_WORDS_MIN for part in wanted):
        return []
    touched: set[int] = set()
    start = 0
    for part in wanted:
        at = _find(part, [word for word, _ in held], start)
        if at < 0:
            return []
        start = at + len(part)
        touched |= {sentence for _, sentence in held[at:start]}
    return sorted(touched)


def _find(part: Sequence[str], words: Sequence[str], start: int) -> int:
    ends = range(start, len(words) - len(part) + 1)
    return next((at for at in ends if list(words[at : at + len(part)]) == list(part)), -1)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
