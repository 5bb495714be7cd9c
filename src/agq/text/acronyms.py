"""Acronyms and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agq.text.terms import STOP_WORDS, fold
from agq.text.word_classes import word_classes

_DEFINED = re.compile(r"\(\s*([A-Z][\w-]{1,9})\s*\)")


def acronyms(text: str) -> Mapping[str, str]:
    """Acronym -> long form, where ``text`` defines it: "determinantal point processes (DPPs)".

    The long form is the run of words before the bracket whose initials spell the acronym (after Schwartz
    and Hearst, 2003, who also allow letters within words).
    """
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        long = _long_form(match.group(1), text[: match.start()])
        if long:
            found.setdefault(match.group(1), long)
    return found


_ENDED = re.compile(r"(?:^|[.!?:])\s*$")


def _inside(long: str, *, opens: bool) -> str:
    """A long form as it stands within a sentence: the capital of the sentence that it ``opens`` goes, unless
    its other words have one.
    """
    rest = long.split(" ")[1:]
    first = word_classes().word(long.split(" ", 1)[0].lower())
    named = first is not None and first.capital
    plain = long[1:2].islower() and not named and all(word[:1].islower() for word in rest)
    return long[:1].lower() + long[1:] if opens and plain else long


def _long_form(acronym: str, before: str) -> str:
    letters = re.sub(r"[^A-Za-z0-9]", "", re.sub(r"(?<=[A-Z])s$", "", acronym)).lower()
    if sum(letter.isupper() for letter in acronym) < 2:
        return ""
    words = list(re.finditer(r"[^\W_]+", before))
    for n in range(len(letters) - 1, len(letters) + 3):
        run = words[-n:]
        if run and len(run) == n and _spells(letters, [word.group() for word in run]):
            start = run[0].start()
            long = before[start:].strip()
            if len(long) >= 80 or re.search(r"[.;:,()]", long):
                return ""
            return _inside(long, opens=_ENDED.search(before[:start]) is not None)
    return ""


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Whether ``letters`` are the initials of ``words``, in order; function words may be skipped."""
    folded = [fold(word) for word in words]
    initials = "".join(word[:1] for word in folded)
    content = "".join(word[:1] for word in folded if word not in STOP_WORDS)
    return folded[0][:1] == letters[:1] and letters in {initials, content}
