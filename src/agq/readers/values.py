"""Values as records hold them: text where text is wanted, whatever it is wrapped in."""

from __future__ import annotations

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
        mark = next((s for s in separators if s in value), None)
        return [part.strip() for part in value.split(mark)] if mark else [value.strip()]
    if isinstance(value, Sequence):
        return [text for item in value if (text := string(item))]
    return [text] if (text := string(value)) else []


def inner(value: object, name: str = "") -> Mapping[str, object]:
    """The object that ``value`` is, or that it holds under ``name``; empty where there is none."""
    held = value.get(name) if name and isinstance(value, Mapping) else None if name else value
    return held if isinstance(held, Mapping) else {}
