"""One look-up for every visible table of names, and one error when a name is not in it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

from agq.errors import UnknownName

Thing = TypeVar("Thing")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name most like ``name``, or None where none is near."""
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return close[0] if close else None


def pick(kind: str, table: Mapping[str, Thing], name: str) -> Thing:
    """The entry of ``table`` under ``name``.

    Raises
    ------
    UnknownName
        Names the kind, the name, the nearest one and all choices.
    """
    if name in table:
        return table[name]
    near = nearest(name, table)
    meant = f" (did you mean {near}?)" if near else ""
    raise UnknownName(f"unknown {kind} {name!r}{meant}", hint=f"choose one of: {', '.join(sorted(table))}")
