"""Crossref: JSON, pages by cursor. A mail address as contact gets quicker answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agq.services.base import PAGE_RECORDS, Ask, Client, Page, Request, as_object, batches, by_cursor, whole

ADDRESS = "https://api.crossref.org/works"
DOIS_PER_REQUEST = 50
"""DOIs that one filter may name."""


def search(ask: Ask, token: str, client: Client) -> Iterator[Page]:
    """By relevance, as Crossref sees it."""

    def page(cursor: str, came: int) -> Page:
        request = Request(ask.address or ADDRESS, _parameters(ask, cursor))
        return client.get(request, lambda body: _read(body, came, counted=True))

    return by_cursor(token, page)


def _parameters(ask: Ask, cursor: str) -> Mapping[str, str]:
    held = {
        "query": ask.query,
        "filter": f"from-pub-date:{ask.since}" if ask.since else "",
        "rows": str(PAGE_RECORDS),
        "cursor": cursor,
        "mailto": ask.contact,
    }
    return {name: value for name, value in held.items() if value}


def works(ask: Ask, ids: Sequence[str], client: Client) -> Iterator[Page]:
    """By DOI."""
    for batch in batches(ids, DOIS_PER_REQUEST):
        held = {"filter": ",".join(f"doi:{doi}" for doi in batch), "rows": str(len(batch))}
        held |= {"mailto": ask.contact} if ask.contact else {}
        yield client.get(Request(ask.address or ADDRESS, held), lambda body: _read(body, 0, counted=False))


def _read(body: bytes, came: int, *, counted: bool) -> Page:
    message = as_object(body).get("message")
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise ValueError("a reply without items")  # noqa: TRY004  # a wrong value like any other
    items = message["items"]
    total = int(message.get("total-results") or 0) if counted else 0
    whole(len(items), came, total)
    return Page(body, ".json", len(items), str(message.get("next-cursor") or ""), total)
