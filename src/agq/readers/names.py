"""Names of people and bodies, taken apart as far as they say how."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agq.readers.values import printed_list
from agq.text.people import BODY, SUFFIXES, Name, ends_name, is_suffix, parse_name

_DOTTED = re.compile(r"[^\W\d_][\w'’-]+(?: [\w'’-]+)* (?:[^\W\d_]\.[ -]?)+")
_UNDOTTED = re.compile(
    rf"[^\W\d_][\w'’-]*[a-z][\w'’-]*(?: [\w'’-]+)* [A-Z]{{1,3}}(?: (?:{'|'.join(sorted(SUFFIXES))}))?"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,4}")
_OTHERS = frozenset({"others", "et al", "et al.", "and others"})
_ET_AL = re.compile(r"(?<![\s,;])[\s,;]+et\.? al\.?\s*$", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|&)\s+|[,;]\s*&\s*", re.IGNORECASE)
_MARKED = re.compile(r"(?<=[^\W\d_])[\d*†‡§][\d*†‡§, ]*(?=$|[;,])")
"""Marks of affiliation behind a name: ``Berg1,2``, ``Doe*``."""


def turned(listed: list[str]) -> list[Name]:
    """``Berg A.M.`` and, where all of a list are like it, ``Berg AM``, with the initials as given name."""
    if len(listed) > 1 and all(_UNDOTTED.fullmatch(name) or BODY.search(name) for name in listed):
        return [initials_last(name) for name in listed]
    return [initials_last(name) if _DOTTED.fullmatch(name) else parse_name(name) for name in listed]


def initials_last(name: str) -> Name:
    """``Berg AM``, ``van der Meer J``, ``King ML 3rd``, as MEDLINE has them; a body's name stays whole."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and ends_name(words[-1]) else ""
    if len(words) < 2 or BODY.search(name) or not _INITIALS.fullmatch(words[-1]):
        return parse_name(name)
    return Name(" ".join(words[:-1]), words[-1], suffix=suffix)


def split_names(text: str) -> list[Name]:
    """The names in a string: parted by ``;``, ``and``, ``&``, or commas where none turns a name round."""
    text = _ET_AL.sub("", _MARKED.sub("", " ".join(text.split())))
    if any(mark in text for mark in "；、，") and not any(mark in text for mark in ";,"):
        text = re.sub("[；、，]", ";", text)
    if ";" in text:
        parts = [name.strip(" ,") for part in text.split(";") for name in _AND.split(part)]
        return turned([part for part in parts if part])
    parts = [part for part in _AND.split(text) if part.strip()]
    return turned([name for part in parts for name in _by_comma(part.strip().strip(","), len(parts))])


def _by_comma(text: str, siblings: int) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2 or is_suffix(parts[1]):
        return [text]
    if len(parts) % 2 == 0 and _in_pairs(parts):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    full = all(" " in part for part in parts)
    if full or (len(parts) > 2 and siblings == 1 and sum(" " in part for part in parts) * 2 > len(parts)):
        return parts
    return [text] if len(parts) == 2 else parts


def _in_pairs(parts: list[str]) -> bool:
    """Whether this is ``Family, Given, Family, Given``: initials in every second place, or single words
    only."""
    return all(_INITIALS.fullmatch(part) for part in parts[1::2]) or (
        len(parts) > 2 and not any(" " in part for part in parts)
    )


def is_name(name: Name) -> bool:
    """Whether this names somebody, and not merely the rest of a list."""
    return any(name) and name.reading.casefold() not in _OTHERS


def from_mapping(value: Mapping[str, object]) -> Name:
    """A name given as an object, in any of the usual spellings of its parts."""
    family = _part(
        value, "family", "last", "lastname", "lastName", "last_name", "keyname", "surname", "familyName"
    )
    given = _part(
        value, "given", "first", "firstname", "firstName", "first_name", "forenames", "forename", "givenName",
        "given-name", "given-names", "given_name",
    )  # fmt: skip
    if family := family or _part(value, "family-names", "family_name"):
        particles = ("dropping-particle", "non-dropping-particle", "name-particle", "prefix", "von")
        particle = " ".join(filter(None, (_part(value, name) for name in particles)))
        return Name(family, given, particle, _part(value, "suffix", "name-suffix", "jr"))
    if literal := _part(value, "literal"):
        return Name(literal=literal)
    whole = _part(value, "name", "full_name", "fullname", "display_name", "text", "value", "raw_author_name")
    return parse_name(whole or given)


def _part(value: Mapping[str, object], *names: str) -> str:
    return next(
        (" ".join(v.split()) for name in names if isinstance(v := value.get(name), str) and v.strip()), ""
    )


def from_value(value: object) -> list[Name]:
    """The names in whatever holds them: a string, a list of strings, of objects or of arXiv's triples."""
    if isinstance(value, str):
        listed = printed_list(value)
        return split_names(value) if listed is None else turned(listed)
    if isinstance(value, dict):
        return [from_mapping(value)]
    if not isinstance(value, list | tuple):
        return []
    if value and isinstance(value[0], str):
        return turned([" ".join(item.split()) for item in value if isinstance(item, str)])
    return [name for item in value for name in _from_item(item)]


def _from_item(item: object) -> list[Name]:
    if isinstance(item, list):
        return _from_triple(item)
    if isinstance(item, str):
        return [parse_name(item)]
    if isinstance(item, Mapping):
        inner = item.get("author")
        return [from_mapping(inner if isinstance(inner, Mapping) else item)]
    return []


def _from_triple(item: list[object]) -> list[Name]:
    """``[family, given, suffix, affiliations...]``."""
    family, given, suffix = [part if isinstance(part, str) else "" for part in (*item, "", "", "")[:3]]
    return [Name(family, given, "", suffix.strip())]
