"""An author's name as it is written, taken apart for formats that want family and given names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agq.text.clean import one_line

_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")
_PARTICLE = re.compile(r"(?!(?:and|und|et|y|e)$)[a-zà-ÿ'’]+\.?")
_BODY = re.compile(
    r"\b(?:collaborations?|consortium|team|group|network|project|initiative|committee|society|institute"
    r"|university|observatory|laboratory|foundation|association|organi[sz]ation|survey|telescope)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name, or ``literal`` for a body or a name of one word."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


def name(author: str) -> Name:
    """``Ludwig van Beethoven`` as family ``van Beethoven`` and given ``Ludwig``; bodies stay whole."""
    text = one_line(author)
    if _BODY.search(text) or " " not in text:
        return Name(literal=text)
    if "," in text:
        return _inverted(text)
    words = text.split(" ")
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    start = _family_starts(words)
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _inverted(text: str) -> Name:
    """``Family, Given``, ``Family, Jr., Given`` and ``Given Family, Jr.``"""
    parts = [part.strip() for part in text.split(",")]
    if _SUFFIX.fullmatch(parts[1]):
        if len(parts) > 2:
            return Name(parts[0], " ".join(parts[2:]), parts[1])
        plain = name(parts[0])
        return Name(plain.family or plain.literal, plain.given, parts[1])
    return Name(parts[0], parts[1], " ".join(parts[2:]))


def _family_starts(words: list[str]) -> int:
    """Where the family name begins: at the first particle behind a given name, else at the last word."""
    for n, word in enumerate(words[1:-1], start=1):
        if _PARTICLE.fullmatch(word):
            return n
    return len(words) - 1


def inverted(author: str) -> str:
    """``Family, Given`` or ``Family, Suffix, Given``; a body as it is."""
    found = name(author)
    parts = [found.family, found.suffix, found.given] if found.suffix else [found.family, found.given]
    return found.literal or ", ".join(part for part in parts if part)
