"""Names of people, given name first, as they are written on a title page."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SUFFIX = re.compile(r"(?:Jr|Sr|Ph\.?D|M\.?D|Esq|I{2,3}|IV)\.?", re.IGNORECASE)
_OTHERS = frozenset({"others", "et al", "et al.", "and others"})
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)


def reading_order(name: str) -> str:
    """``Family, Given`` turned round; a suffix (``Family, Jr., Given``) goes last; anything else as it is."""
    parts = [" ".join(part.split()) for part in name.split(",")]
    parts = [part for part in parts if part]
    if len(parts) < 2 or (len(parts) == 2 and _SUFFIX.fullmatch(parts[1])):
        return ", ".join(parts)
    if len(parts) > 2 and _SUFFIX.fullmatch(parts[1]):
        return f"{' '.join(parts[2:])} {parts[0]}, {parts[1]}"
    suffix = f", {parts[-1]}" if len(parts) > 2 and _SUFFIX.fullmatch(parts[-1]) else ""
    given = parts[1:-1] if suffix else parts[1:]
    return f"{' '.join(given)} {parts[0]}{suffix}"


def joined(given: str, family: str, suffix: str = "") -> str:
    """The parts of a name, put together."""
    name = " ".join(f"{given} {family}".split())
    return f"{name}, {suffix}" if suffix and name else name or suffix


def split_names(text: str) -> list[str]:
    """The names in one string: parted by ``;``, ``and``, or commas where no comma turns a name round."""
    if ";" in text:
        return [reading_order(part) for part in text.split(";") if part.strip()]
    parts = [part for part in _AND.split(text) if part.strip()]
    return [name for part in parts for name in _by_comma(part.strip().strip(","), len(parts))]


def _by_comma(text: str, siblings: int) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2 or _SUFFIX.fullmatch(parts[1]):
        return [reading_order(text)]
    full = all(" " in part for part in parts)
    if full or (len(parts) > 2 and siblings == 1 and sum(" " in part for part in parts) * 2 > len(parts)):
        return parts
    return [reading_order(text)] if len(parts) == 2 else parts


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
    return [name for item in value for name in _from_item(item)] if isinstance(value, list | tuple) else []


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
    family, given, suffix, *_ = (*(part if isinstance(part, str) else "" for part in item), "", "", "")
    return [joined(given, family, suffix.strip())]
