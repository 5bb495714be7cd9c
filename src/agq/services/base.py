"""What a service takes and gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from lxml import etree

Read = TypeVar("Read")

PAGE_RECORDS = 100
"""Records a page."""
FIRST = "*"
"""The cursor of the first page."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: an address, and parameters behind its question mark."""

    address: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, as the service wrote them, and where to go on: empty at the end.

    ``suffix`` tells the readers the format of ``body``; ``count`` is how many records it holds, ``total`` how
    many there are.
    """

    body: bytes
    suffix: str
    count: int
    next: str = ""
    total: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A query, from what date on, where the service stands, and who asks."""

    query: str
    since: str = ""
    address: str = ""
    contact: str = ""


class Client(Protocol):
    """What asks."""

    def get(self, request: Request, read: Callable[[bytes], Read]) -> Read:
        """What ``read`` makes of the reply. It raises ValueError for one that is not whole: it is asked for
        again."""


Search = Callable[[Ask, str, Client], Iterator[Page]]
"""A query, and where to go on from (empty: from the start), to its pages."""

Works = Callable[[Ask, Sequence[str], Client], Iterator[Page]]
"""Identifiers to their records; those that the service does not know are left out."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its name, its address, the seconds between requests, what is asked of it."""

    title: str
    address: str
    pause: float
    search: Search
    works: Works


def as_object(body: bytes) -> Mapping[str, Any]:
    """A reply that is a JSON object.

    Raises
    ------
    ValueError
        It is cut off, or a page of HTML.
    """
    held = json.loads(body)
    if not isinstance(held, dict):
        raise ValueError("a reply that is no JSON object")  # noqa: TRY004  # a wrong value like any other
    return held


def as_xml(body: bytes, root: str) -> Any:
    """A reply that is XML with this outermost element; errors as for ``as_object``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        element = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"a reply that is no XML: {error.msg}") from error
    if etree.QName(element).localname != root:
        raise ValueError(f"a reply that is {etree.QName(element).localname}, not {root}")
    return element


def batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """``items`` in parts."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def by_cursor(token: str, ask: Callable[[str, int], Page]) -> Iterator[Page]:
    """Pages by cursor; the token is how many records came before, and a cursor.

    Parameters
    ----------
    ask:
        A cursor, and how many records came before, to the page, whose ``next`` is the cursor behind it.
    """
    seen, _, cursor = token.partition(" ")
    came, cursor = int(seen or 0), cursor or FIRST
    while True:
        page = ask(cursor, came)
        came += page.count
        going = bool(page.next) and came < page.total
        yield replace(page, next=f"{came} {page.next}" if going else "")
        if not going:
            return
        cursor = page.next  # it may stay as it is: the service keeps the place


def whole(found: int, seen: int, total: int) -> None:
    """Refuse an empty page where there is more to come.

    Raises
    ------
    ValueError
        It is one.
    """
    if not found and seen < total:
        raise ValueError(f"an empty page after {seen:,} of {total:,} records")
