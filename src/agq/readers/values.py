"""Values as records hold them: text where text is wanted, whatever it is wrapped in."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence

_TEXTS = ("value", "text", "name", "title", "en", "display_name", "$t", "#text")


def string(value: object) -> str:
    """One value as text: a number as it is written, the first of a list, the text inside an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return "" if math.isnan(value) else str(value)  # NaN is how tables say nothing
    if isinstance(value, Mapping):
        return next((v for k in _TEXTS if isinstance(v := value.get(k), str)), "")
    if isinstance(value, Sequence) and value:
        return "" if isinstance(value[0], list | tuple) else string(value[0])
    return ""


def strings(value: object, separators: str = ";,|") -> list[str]:
    """Several values: a list as it is, a string parted at the first of ``separators`` that it has."""
    if isinstance(value, str):
        if (listed := printed_list(value)) is not None:
            return listed
        mark = next((s for s in separators if s in value), None)
        return [part.strip() for part in value.split(mark)] if mark else [value.strip()]
    if isinstance(value, Sequence):
        return [text for item in value if (text := string(item))]
    return [text] if (text := string(value)) else []


def printed_list(text: str) -> list[str] | None:
    """The values of a list that a program has printed into a cell: ``['a', 'b']``, ``["a", "b"]``."""
    if not (text.startswith("[") and text.rstrip().endswith("]") and text[1:].lstrip()[:1] in ("'", '"')):
        return None
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return (
        [str(one) for one in value if isinstance(one, str | int | float)] if isinstance(value, list) else None
    )


def inner(value: object, name: str = "") -> Mapping[str, object]:
    """The object that ``value`` is, or that it holds under ``name``; empty where there is none."""
    held = value.get(name) if name and isinstance(value, Mapping) else None if name else value
    return held if isinstance(held, Mapping) else {}


def as_list(value: object) -> Sequence[object]:
    """The list that ``value`` is; empty where it is none."""
    return value if isinstance(value, list) else ()


def dashed(first: str, last: str) -> str:
    """A range of pages from its ends."""
    return f"{first}-{last}" if last and last != first else first


def uninverted(value: object) -> str:
    """An abstract from its inverted index: word -> the places where it stands."""
    if not isinstance(value, Mapping):
        return ""
    held = value.get("InvertedIndex", value)
    places = [
        (place, word)
        for word, where in (held.items() if isinstance(held, Mapping) else ())
        if isinstance(where, Sequence)
        for place in where
        if isinstance(place, int)
    ]
    return " ".join(str(word) for _, word in sorted(places))
