"""Records inside a document: in a list, under a name, or under their own keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

RECORD_LISTS = frozenset(
    """papers references records items entries bibliography publications works articles data corpus cards
    results docs documents hits hit response message result collection""".split()
)
"""Names under which files and web interfaces keep their records."""

NESTING_DEPTH_MAX = 8
"""Objects around a list of records."""

_TITLES = frozenset({"title", "Title", "titles", "display_name", "metadata", "info"})


def looks_like_paper(value: object) -> bool:
    """Whether this is a record rather than something that holds records."""
    return isinstance(value, Mapping) and not _TITLES.isdisjoint(value)


def records_in(value: object, depth: int = 0) -> Iterator[object]:
    """The records of a document, in order; what is none where one should stand is handed on to be told."""
    if isinstance(value, list):
        yield from value
    elif not isinstance(value, Mapping) or looks_like_paper(value) or depth > NESTING_DEPTH_MAX:
        yield value
    else:
        yield from _under_names(value, depth + 1)


def _under_names(value: Mapping[object, object], depth: int) -> Iterator[object]:
    held = next((v for k, v in value.items() if k in RECORD_LISTS and isinstance(v, list | Mapping)), None)
    if held is not None:
        yield from records_in(held, depth)
    elif value and all(looks_like_paper(v) for v in value.values()):
        for key, record in value.items():
            yield {"id": key, **record} if isinstance(record, Mapping) else record
    else:
        yield value
