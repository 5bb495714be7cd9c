"""Short forms and what they are short for, where a text says so: "ultra-diffuse galaxies (UDGs)".

The long form is the run of words before the bracket whose initials are the letters of the short one (after
Schwartz and Hearst, 2003, who also allow letters within words).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from agq.text.terms import STOP_WORDS, fold

_EXPLAINED = re.compile(r"\(\s*([A-Z][A-Za-z0-9-]{1,9})\s*[;,)]")
_WORD = re.compile(r"[^\W_]+")
_APART = re.compile(r"[.;:,()?!]")
LONGEST = 80
"""Characters of a long form at most."""


def acronyms(text: str) -> Mapping[str, str]:
    """Short form -> long form, as ``text`` explains them."""
    found: dict[str, str] = {}
    for match in _EXPLAINED.finditer(text):
        short = match[1]
        if sum(map(str.isupper, short)) > 1 and (long := _long_form(short, text[: match.start()])):
            found.setdefault(short, long)
    return found


def singular(short: str) -> str:
    """A short form without the ``s`` of its plural: ``UDGs`` as ``UDG``."""
    return short[:-1] if len(short) > 2 and short.endswith("s") and short[-2].isupper() else short


def _long_form(short: str, before: str) -> str:
    letters = "".join(letter for letter in singular(short) if letter.isalnum()).lower()
    words = list(_WORD.finditer(before[-2 * LONGEST :]))
    for count in range(len(letters), len(letters) + 3):
        run = words[-count:]
        if len(run) == count and _spells(letters, [word.group() for word in run]):
            long = before[-2 * LONGEST :][run[0].start() :].strip()
            return "" if len(long) > LONGEST or _APART.search(long) else long
    return ""


def _spells(letters: str, words: list[str]) -> bool:
    """Whether ``letters`` are the initials of ``words``; function words may be skipped, but not the first."""
    folded = [fold(word) for word in words]
    content = "".join(word[:1] for word in folded if word not in STOP_WORDS)
    return folded[0] not in STOP_WORDS and letters in {"".join(word[:1] for word in folded), content}
