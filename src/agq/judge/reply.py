"""A judge's reply to rulings, however it is wrapped: fenced, with words around it, cut off in the middle."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Stance = Literal["supported", "contradicted", "not_found"]

BRACES_TRIED_MAX = 500
"""Braces at which an object is looked for; a reply with more is none."""

_THOUGHT = re.compile(r"\A\s*<(think|thinking)>.*?</\1>", re.DOTALL)
_BACKSLASH = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|(?P<lone>\\)')


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a judge says of one row, and the words of the paper that it goes by."""

    verdict: Stance
    quote: str


def read(text: str, rows: int) -> tuple[dict[int, Ruling], int]:
    """The rulings by row, from 1 to ``rows``, and how many verdicts are of no use: on rows that do not exist,
    of no verdict's name, or different ones on the same row.

    Objects that came whole before a reply was cut are read.
    """
    found: dict[int, Ruling] = {}
    spoilt: set[int] = set()
    strange = 0
    said = _THOUGHT.sub("", text)
    for entry in max(list(_entries(said)), list(_entries(_mended(said))), key=len):
        row, ruling = _row(entry), _ruling(entry)
        if ruling is None or not 1 <= row <= rows:
            strange += 1
        elif found.setdefault(row, ruling).verdict != ruling.verdict:
            spoilt.add(row)
    return {row: ruling for row, ruling in found.items() if row not in spoilt}, strange + len(spoilt)


def _row(entry: Mapping[str, object]) -> int:
    """The number of an entry's row; 0 where it has none."""
    named = entry.get("row")
    if isinstance(named, bool) or not isinstance(named, int | str | float):
        return 0
    digits = re.fullmatch(r"\s*(?:row\s*)?(\d{1,6})(?:\.0)?\s*", str(named), re.IGNORECASE)
    return int(digits[1]) if digits else 0


def _ruling(entry: Mapping[str, object]) -> Ruling | None:
    quote = entry.get("quote")
    match re.sub(r"[\s-]+", "_", str(entry["verdict"]).strip().lower()):
        case "supported" | "contradicted" | "not_found" as verdict:
            return Ruling(verdict, quote if isinstance(quote, str) else "")
    return None


def _entries(text: str) -> Iterator[Mapping[str, object]]:
    """Every object with a verdict in it, in order."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    for _ in range(BRACES_TRIED_MAX):
        if at < 0:
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1  # cut off, or no JSON: what stands inside may be whole
        else:
            yield from _within(value)
        at = text.find("{", end)


def _within(value: object) -> Iterator[Mapping[str, object]]:
    """The objects with a verdict in a value, however deep."""
    if isinstance(value, dict) and "verdict" in value:
        yield value
        return
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _within(one)


def _mended(text: str) -> str:
    """``text`` with the lone backslashes doubled that TeX brings into strings."""
    return _BACKSLASH.sub(lambda found: "\\\\" if found["lone"] else found.group(), text)
