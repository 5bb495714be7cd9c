"""Whose sentences an abstract's are: the authors as a sentence names them, and the name of their method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agq.text.standing import Speaker

if TYPE_CHECKING:
    from agq.model import Paper

_PARTICLES = frozenset("van von der den de del della di da dos du la le ten ter bin al el zu zur".split())
_SUFFIXES = frozenset("filho junior jr sr neto ii iii".split())
_GROUPS = ("collaboration", "consortium", "team", "group", "project", "survey")


def speaker_of(paper: Paper) -> Speaker:
    """Zou and Marzouk, and the DPP they present."""
    one = len(paper.authors) < 2 and not _authors(paper).startswith("The ")
    return Speaker(authors=_authors(paper), system=_system(paper), single=one)


def _authors(paper: Paper) -> str:
    names = [_family(name) for name in paper.authors]
    if not names:
        return "One study"  # "the authors" would be taken for those of the sentence before
    if len(names) == 1:
        return names[0]
    return f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} et al."


def _family(name: str) -> str:
    """The family name with its particles: "van der Berg"; a group's name as it is."""
    words = name.split()
    if words and words[-1].lower() in _GROUPS:
        return name if name.startswith("The ") else f"The {name}"
    start = len(words) - 1
    if start > 0 and words[start].lower().rstrip(".") in _SUFFIXES:
        start -= 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[start:])


def _system(paper: Paper) -> str:
    """The name that a title gives its method ("GeoPep: a geometry-aware ..."), if the abstract uses it
    too.
    """
    head, colon, _ = paper.title.partition(":")
    named = bool(colon) and " " not in head and sum(letter.isupper() for letter in head) >= 2
    return head if named and head in paper.abstract else ""
