"""The names of people and bodies: in their parts, as text, and as sentences cite them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from agq.text.clean import one_line
from agq.text.lexicon import lexicon


class Name(NamedTuple):
    """A person's name in its parts, or ``literal`` for a body and for what has no parts."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def reading(self) -> str:
        """As it stands on a title page: ``Ludwig van Beethoven``, ``Martin King, Jr``."""
        if self.literal:
            return self.literal
        name = " ".join(part for part in (self.given, self.particle, self.family) if part)
        return f"{name}, {self.suffix}" if self.suffix and name else name or self.suffix

    def as_csl(self) -> dict[str, str]:
        """The name as CSL-JSON has it."""
        parts = {
            "family": self.family,
            "given": self.given,
            "non-dropping-particle": self.particle,
            "suffix": self.suffix,
            "literal": self.literal,
        }
        return {part: value for part, value in parts.items() if value}

    @classmethod
    def of_csl(cls, held: Mapping[str, Any]) -> Name:
        """The name that CSL-JSON holds."""
        particles = (held.get("dropping-particle"), held.get("non-dropping-particle"))
        return cls(
            family=held.get("family", ""),
            given=held.get("given", ""),
            particle=" ".join(part for part in particles if part),
            suffix=held.get("suffix", ""),
            literal=held.get("literal", ""),
        )


_WORDS = lexicon("people")
SUFFIXES = _WORDS["suffixes"]
_SUFFIXES_AND_DEGREES = frozenset(word.lower() for word in SUFFIXES | _WORDS["degrees"])
_KINSHIP = _WORDS["kinship"] | {word.lower() for word in SUFFIXES}
_PARTICLE = re.compile(r"(?!(?:and|und|et|y|e)$)[a-zà-ÿ'’]+\.?")
BODY = re.compile(rf"\b(?:{'|'.join(sorted(_WORDS['bodies']))})\b", re.IGNORECASE)
"""What a body's name has and hardly a person's: asked only where nothing else tells."""


def is_suffix(text: str) -> bool:
    """Whether what stands behind a comma is no part of a name but a suffix or a degree."""
    return text.removesuffix(".").lower() in _SUFFIXES_AND_DEGREES


def ends_name(word: str) -> bool:
    """Whether a word ends a name written in reading order and is no part of the family's."""
    return word.removesuffix(".") in SUFFIXES


def parse_name(text: str) -> Name:
    """A name in whichever order: a comma says that the family's comes first."""
    name = " ".join(text.split())
    if len(name) > 2 and name[0] + name[-1] == "{}":
        return Name(literal=name.strip("{} "))
    if BODY.search(name):
        return Name(literal=name)
    return _inverted(name) if "," in name else _in_reading_order(name)


def _in_reading_order(name: str) -> Name:
    words = name.split()
    suffix = words.pop() if len(words) > 2 and ends_name(words[-1]) else ""
    if len(words) < 2:
        return Name(literal=name)
    start = _family_starts(words)
    family = start
    while family < len(words) - 1 and _PARTICLE.fullmatch(words[family]):
        family += 1
    return Name(
        family=" ".join(words[family:]),
        given=" ".join(words[:start]),
        particle=" ".join(words[start:family]),
        suffix=suffix,
    )


def _family_starts(words: list[str]) -> int:
    """At the first particle behind a given name, else at the last word."""
    return next(
        (n for n, word in enumerate(words[1:-1], start=1) if _PARTICLE.fullmatch(word)), len(words) - 1
    )


def _inverted(name: str) -> Name:
    """``Family, Given``; a suffix in the middle, at the end, or the last word (PubMed's ``King, M Jr``)."""
    parts = [part for part in (part.strip() for part in name.split(",")) if part]
    if len(parts) < 2:
        return _in_reading_order(parts[0]) if parts else Name()
    if is_suffix(parts[1]):
        if len(parts) > 2:
            return Name(parts[0], " ".join(parts[2:]), suffix=parts[1])
        return _in_reading_order(parts[0])._replace(suffix=parts[1])
    suffix = parts.pop() if len(parts) > 2 and is_suffix(parts[-1]) else ""
    words = " ".join(parts[1:]).split()
    if not suffix and len(words) > 1 and is_suffix(words[-1]):
        suffix = words.pop()
    return Name(parts[0], " ".join(words), suffix=suffix)


def family_name(author: str) -> str:
    """The family name with its particles as a sentence has it: "van der Berg"; that of a body as it is."""
    author = one_line(author)
    if "," in author:
        return author.partition(",")[0]
    words = author.split()
    if words and BODY.fullmatch(words[-1]):
        return author
    start = len(words) - 1
    if start > 0 and words[start].lower().rstrip(".") in _KINSHIP:
        start -= 1
    while start > 1 and words[start - 1].lower() in _WORDS["particles"]:
        start -= 1
    return " ".join(words[start:])


def cited_as(authors: Sequence[str]) -> str:
    """One or two family names, or the first and "et al."; empty where there are none."""
    names = [family_name(name) for name in authors if name.strip()]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(names)
