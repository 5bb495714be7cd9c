"""Whether a sentence of an abstract tells a result, or the background, or what is left to be done."""

from __future__ import annotations

import re

from agq.text.lexicon import phrases


def _any_of(group: str) -> str:
    """A pattern for any phrase of a group."""
    return rf"(?:{'|'.join(phrases('abstracts')[group])})\b"


_OUTLOOK = re.compile(rf"https?:|\b{_any_of('outlook')}", re.IGNORECASE)
_BACKGROUND = re.compile(rf"^{_any_of('background_openings')}|\b{_any_of('background')}", re.IGNORECASE)
_RESULT = re.compile(rf"\b{_any_of('result')}", re.IGNORECASE)
_QUANTIFIED = re.compile(
    r"\d+(?:\.\d+)?\s*(?:%|\\%|x\b|×|times\b|-?fold\b|percent)|\borders? of magnitude\b", re.IGNORECASE
)


def tells_result(sentence: str) -> bool:
    """Whether the sentence tells a result of its paper, judged by its words."""
    if _OUTLOOK.search(sentence):
        return False
    if _QUANTIFIED.search(sentence):
        return True
    return bool(_RESULT.search(sentence)) and not _BACKGROUND.search(sentence)
