"""Dates at the precision they have: never an invented day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from email.utils import parsedate_to_datetime

from agq.text.months import month_number

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?=$|T|\s+\d{1,2}:|[~?%/]|-\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d|21\d\d)(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")


def iso(text: str) -> str:
    """``text`` as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, as much as it says; empty where it says no year.

    Of a range, its beginning. ``12/05/2024`` says no more than its year: day and month could be either.
    """
    text = text.strip()
    if found := _ISO.match(text) or _COMPACT.fullmatch(text):
        return parts(*found.groups())
    if "," in text[:5] and ":" in text:
        return _mail(text)
    return _words(text)


def parts(year: object, month: object = None, day: object = None) -> str:
    """A date from its numbers, cut off before the first that cannot be."""
    y, m, d = _number(year), _month(month), _number(day)
    if not 1 <= y <= 2199:
        return ""
    if not 1 <= m <= 12:
        return f"{y:04d}"
    try:
        return date(y, m, d).isoformat() if d else f"{y:04d}-{m:02d}"
    except ValueError:
        return f"{y:04d}-{m:02d}"


def _month(month: object) -> int:
    """1 to 12 for a number or an English name or its beginning; 0 for anything else."""
    text = str(month or "").strip().lower()
    if text.isdecimal():
        return int(text) if len(text) < 3 else 0
    return month_number(text)


def _number(value: object) -> int:
    text = str(value if value is not None else "").strip()
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _mail(text: str) -> str:
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError):
        return _words(text)


def _words(text: str) -> str:
    year = _YEAR.search(text)
    if not year:
        return ""
    rest = text[: year.start()] + " " + text[year.end() :]
    months = [m for word in _WORD.findall(rest) if (m := month_number(word))]
    days = _DAY.findall(rest)
    return parts(
        year.group(), months[0] if months else None, days[0] if len(days) == 1 and len(months) == 1 else None
    )


def from_value(value: object) -> str:
    """A date in whatever holds it: text, a number, CSL's ``date-parts``, year, month and day by name."""
    if isinstance(value, Mapping):
        return _from_mapping(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _from_parts(value)
    return iso(str(value)) if isinstance(value, str | int | date) and not isinstance(value, bool) else ""


def _from_mapping(value: Mapping[str, object]) -> str:
    for name in ("date-parts", "date_parts"):
        if isinstance(inner := value.get(name), Sequence) and inner:
            return _from_parts(inner)
    if value.get("year"):
        return parts(value.get("year"), value.get("month"), value.get("day"))
    texts = (value.get(name) for name in ("raw", "literal", "value", "start"))
    return next((found for text in texts if isinstance(text, str | int) and (found := iso(str(text)))), "")


def _from_parts(value: Sequence[object]) -> str:
    """``[[2024, 6, 13]]``, ``[2024, 6]``, ``["2024-06"]``, ``[{"year": 2024}]``: of a range, its
    beginning."""
    first = value[0] if value else None
    if isinstance(first, Mapping):
        return parts(first.get("year"), first.get("month"), first.get("day"))
    if isinstance(first, list | tuple):
        return parts(*first[:3]) if first else ""
    if len(value) == 1:
        return iso(str(first)) if isinstance(first, str | int | date) else ""
    return parts(*value[:3]) if value else ""
