"""Authors as a sentence names them: "Zou and Marzouk", "van der Berg et al."."""

from __future__ import annotations

from collections.abc import Sequence

from agq.text.clean import one_line

_PARTICLES = frozenset("van von der den de del della di da dos du la le ten ter bin al el zu zur".split())
_SUFFIXES = frozenset("filho junior jr sr neto ii iii".split())
_BODIES = ("collaboration", "consortium", "team", "group", "project", "survey")


def named(authors: Sequence[str]) -> str:
    """One or two family names, or the first and "et al."; empty where there are none."""
    names = [family(name) for name in authors if name.strip()]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(names)


def family(author: str) -> str:
    """The family name with its particles: "van der Berg"; the name of a body as it is."""
    author = one_line(author)
    if "," in author:
        return author.partition(",")[0]
    words = author.split()
    if words and words[-1].lower() in _BODIES:
        return author
    start = len(words) - 1
    if start > 0 and words[start].lower().rstrip(".") in _SUFFIXES:
        start -= 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[start:])
