"""The English names of the months, whatever the locale."""

from __future__ import annotations

NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ABBREVIATIONS = tuple(name[:3] for name in NAMES)

NUMBERS = {name.lower(): number for short in (NAMES, ABBREVIATIONS) for number, name in enumerate(short, 1)}
"""1 to 12 by a name or its abbreviation, in lower case."""


def month_number(word: str) -> int:
    """1 to 12 for a word that begins as a month's name does, however it is shortened; 0 for any other."""
    return NUMBERS.get(word[:3].lower(), 0)
