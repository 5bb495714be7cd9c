"""Names of people, given name first, as they are written on a title page."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SUFFIX = re.compile(r"(?:Jr|Sr|Ph\.?D|M\.?D|Esq|I{2,3}|IV)\.?", re.IGNORECASE)
_DOTTED = re.compile(r"[^\W\d_][\w'’-]+(?: [\w'’-]+)* (?:[^\W\d_]\.[ -]?)+")
_UNDOTTED = re.compile(r"[^\W\d_][\w'’-]*[a-z][\w'’-]*(?: [\w'’-]+)* [A-Z]{1,3}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,4}")
_OTHERS = frozenset({"others", "et al", "et al.", "and others"})
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)


def reading_order(name: str) -> str:
    """``Family, Given`` turned round; a suffix (``Family, Jr., Given``) goes last; anything else as it is."""
    if "," not in name:
        return " ".join(name.split())
    parts = [" ".join(part.split()) for part in name.split(",")]
    parts = [part for part in parts if part]
    if len(parts) < 2 or (len(parts) == 2 and _SUFFIX.fullmatch(parts[1])):
        return ", ".join(parts)
    if len(parts) > 2 and _SUFFIX.fullmatch(parts[1]):
        return f"{' '.join(parts[2:])} {parts[0]}, {parts[1]}"
    suffix = f", {parts[-1]}" if len(parts) > 2 and _SUFFIX.fullmatch(parts[-1]) else ""
    given = parts[1:-1] if suffix else parts[1:]
    words = given[-1].split() if given else []
    if not suffix and len(words) > 1 and _SUFFIX.fullmatch(words[-1]):  # PubMed's "King, Martin Jr"
        return f"{' '.join(words[:-1])} {parts[0]}, {words[-1]}"
    return f"{' '.join(given)} {parts[0]}{suffix}"


def turned(listed: list[str]) -> list[str]:
    """``Berg A.M.`` and, where all of a list are like it, ``Berg AM``, with the initials first."""
    if len(listed) > 1 and all(_UNDOTTED.fullmatch(name) for name in listed):
        return [_initials_first(name) for name in listed]
    return [_initials_first(name) if _DOTTED.fullmatch(name) else name for name in listed]


def _initials_first(name: str) -> str:
    family, _, initials = name.rpartition(" ")
    return f"{initials} {family}"


def joined(given: str, family: str, suffix: str = "") -> str:
    """The parts of a name, put together."""
    name = " ".join(f"{given} {family}".split())
    return f"{name}, {suffix}" if suffix and name else name or suffix


def split_names(text: str) -> list[str]:
    """The names in one string: parted by ``;``, ``and``, or commas where no comma turns a name round."""
    if ";" in text:
        return turned([reading_order(part) for part in text.split(";") if part.strip()])
    parts = [part for part in _AND.split(text) if part.strip()]
    return turned([name for part in parts for name in _by_comma(part.strip().strip(","), len(parts))])


def _by_comma(text: str, siblings: int) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2 or _SUFFIX.fullmatch(parts[1]):
        return [reading_order(text)]
    if len(parts) % 2 == 0 and _in_pairs(parts):
        return [f"{given} {family}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    full = all(" " in part for part in parts)
    if full or (len(parts) > 2 and siblings == 1 and sum(" " in part for part in parts) * 2 > len(parts)):
        return parts
    return [reading_order(text)] if len(parts) == 2 else parts


def _in_pairs(parts: list[str]) -> bool:
    """Whether this is ``Family, Given, Family, Given``: initials in every second place, or single words
    only."""
    return all(_INITIALS.fullmatch(part) for part in parts[1::2]) or (
        len(parts) > 2 and not any(" " in part for part in parts)
    )


def is_name(name: str) -> bool:
    """Whether this names somebody, and not merely the rest of a list."""
    return bool(name) and name.casefold() not in _OTHERS


def from_mapping(value: Mapping[str, object]) -> str:
    """A name given as an object, in any of the usual spellings of its parts."""
    family = _part(
        value, "family", "last", "lastname", "lastName", "last_name", "keyname", "surname", "familyName"
    )
    given = _part(
        value, "given", "first", "firstname", "firstName", "first_name", "forenames", "forename", "givenName"
    )
    suffix = _part(value, "suffix")
    if family:
        particle = " ".join(
            filter(None, (_part(value, "dropping-particle"), _part(value, "non-dropping-particle")))
        )
        return joined(given, f"{particle} {family}".strip(), suffix)
    whole = _part(
        value, "literal", "name", "full_name", "fullname", "display_name", "text", "value", "raw_author_name"
    )
    return whole or given


def _part(value: Mapping[str, object], *names: str) -> str:
    return next(
        (" ".join(v.split()) for name in names if isinstance(v := value.get(name), str) and v.strip()), ""
    )


def from_value(value: object) -> list[str]:
    """The names in whatever holds them: a string, a list of strings, of objects or of arXiv's triples."""
    if isinstance(value, str):
        return split_names(value)
    if isinstance(value, dict):
        return [from_mapping(value)]
    if not isinstance(value, list | tuple):
        return []
    listed = [name for item in value for name in _from_item(item)]
    return turned(listed) if value and isinstance(value[0], str) else listed


def _from_item(item: object) -> list[str]:
    if isinstance(item, list):
        return _from_triple(item)
    if isinstance(item, str):
        return [reading_order(item)]
    if isinstance(item, Mapping):
        inner = item.get("author")
        return [reading_order(from_mapping(inner if isinstance(inner, Mapping) else item))]
    return []


def _from_triple(item: list[object]) -> list[str]:
    """``[family, given, suffix, affiliations...]``."""
    family, given, suffix = [part if isinstance(part, str) else "" for part in (*item, "", "", "")[:3]]
    return [joined(given, family, suffix.strip())]
