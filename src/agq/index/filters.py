"""Filters -> the condition of a query. Applied before ranking."""

from __future__ import annotations

from collections.abc import Iterable

from agq.errors import UsageError
from agq.index.schema import day_range, name_key
from agq.model import Filters


def condition(filters: Filters) -> str:
    """The SQL condition that a row has to meet; empty where all rows do.

    A paper whose date is less precise than what is asked for passes where it may be meant: one of
    ``2024`` passes ``since 2024-06``. One without a date passes no such filter. ``venues`` are as the papers
    write them: ``agq.text.venues`` finds these.

    Raises
    ------
    UsageError
        ``since`` or ``until`` is not an ISO date.
    """
    parts = (
        _holds_any("category_keys", (category.lower().rstrip(".") for category in filters.categories)),
        _holds_any("author_keys", (name_key(name) for name in filters.authors)),
        *(_holds_any("author_keys", [name_key(name)]) for name in filters.coauthors),
        _one_of("id", filters.ids),
        _one_of("venue", filters.venues),
        _one_of("type", (type_.lower() for type_ in filters.types)),
        _holds_any("tags", (tag.lower() for tag in filters.tags)),
        f"last_day >= {_day(filters.since, 0)}" if filters.since else "",
        f"first_day <= {_day(filters.until, 1)}" if filters.until else "",
    )
    return " AND ".join(part for part in parts if part)


def one_of(ids: Iterable[str]) -> str:
    """The condition that a row's id is among ``ids``, of which there is at least one."""
    return _one_of("id", ids)


def quoted(text: str) -> str:
    """``text`` as an SQL string. A lone surrogate, which no UTF-8 holds and so no row, becomes a mark."""
    return "'" + text.encode("utf-8", "replace").decode().replace("'", "''") + "'"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(quoted(value) for value in dict.fromkeys(values))


def _one_of(column: str, values: Iterable[str]) -> str:
    listed = _listed(values)
    return f"{column} IN ({listed})" if listed else ""


def _holds_any(column: str, values: Iterable[str]) -> str:
    listed = _listed(values)
    return f"array_has_any({column}, [{listed}])" if listed else ""


def _day(date: str, end: int) -> int:
    day = day_range(date)[end]
    if day is None:
        raise UsageError(f"{date!r} is not a date", hint="write 2024, 2024-06 or 2024-06-13")
    return day
