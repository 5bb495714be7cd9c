"""The metadata at the head of a note, as YAML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import yaml


def front_matter(said: Mapping[str, object]) -> str:
    """What is said of a note, between its two lines of dashes; what is empty is left out."""
    held = {name: value for name, value in said.items() if value}
    text = yaml.safe_dump(held, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{text}---"


def as_day(day: str) -> object:
    """A day that YAML knows for one."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        return day
