"""arXiv's query interface: Atom, some records a page, three seconds between requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from agq.services.base import PAGE_RECORDS, Ask, Client, Page, Request, as_xml, batches, whole

ADDRESS = "https://export.arxiv.org/api/query"

_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"


def search(ask: Ask, token: str, client: Client) -> Iterator[Page]:
    """The newest first. The token is how many records came before."""
    start = int(token or 0)
    while True:
        page = client.get(Request(ask.address or ADDRESS, _parameters(ask, start)), _page(start))
        yield page
        if not page.next:
            return
        start = int(page.next)


def _parameters(ask: Ask, start: int) -> Mapping[str, str]:
    fielded = ":" in ask.query
    query = ask.query if fielded else " AND ".join(f"all:{word}" for word in ask.query.split())
    if ask.since:
        day = (ask.since.replace("-", "") + "0101")[:8]
        query = f"({query}) AND submittedDate:[{day}0000 TO 299912312359]"
    return {
        "search_query": query,
        "start": str(start),
        "max_results": str(PAGE_RECORDS),
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }


def works(ask: Ask, ids: Sequence[str], client: Client) -> Iterator[Page]:
    """By arXiv id."""
    for batch in batches(ids, PAGE_RECORDS):
        listed = {"id_list": ",".join(batch), "max_results": str(len(batch))}
        yield client.get(Request(ask.address or ADDRESS, listed), lambda body: _read(body, 0, 0))


def _page(start: int) -> Callable[[bytes], Page]:
    return lambda body: _read(body, start, None)


def _read(body: bytes, start: int, most: int | None) -> Page:
    feed = as_xml(body, "feed")
    entries = feed.findall(f"{_ATOM}entry")
    if wrong := next((text for entry in entries if (text := _error(entry))), ""):
        raise ValueError(wrong)
    total = int(feed.findtext(_TOTAL) or 0) if most is None else most
    whole(len(entries), start, total)
    end = start + len(entries)
    return Page(body, ".atom", len(entries), str(end) if end < total else "", total)


def _error(entry: Any) -> str:
    """What arXiv says is wrong; it says so in an entry."""
    if "/api/errors" not in (entry.findtext(f"{_ATOM}id") or ""):
        return ""
    return " ".join((entry.findtext(f"{_ATOM}summary") or "an error").split())
