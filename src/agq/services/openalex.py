"""OpenAlex: JSON, pages by cursor. A mail address as contact gets quicker answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from agq.services.base import PAGE_RECORDS, Ask, Client, Page, Request, as_object, batches, by_cursor, whole

ADDRESS = "https://api.openalex.org/works"
DOIS_PER_REQUEST = 50
"""DOIs that one filter may name."""


def search(ask: Ask, token: str, client: Client) -> Iterator[Page]:
    """By relevance, as OpenAlex sees it."""

    def page(cursor: str, came: int) -> Page:
        request = Request(ask.address or ADDRESS, _parameters(ask, cursor))
        return client.get(request, lambda body: _read(body, came, counted=True))

    return by_cursor(token, page)


def _parameters(ask: Ask, cursor: str) -> Mapping[str, str]:
    since = (ask.since + "-01-01")[:10] if len(ask.since) == 4 else (ask.since + "-01")[:10]
    held = {
        "search": ask.query,
        "filter": f"from_publication_date:{since}" if ask.since else "",
        "per-page": str(PAGE_RECORDS),
        "cursor": cursor,
        "mailto": ask.contact,
    }
    return {name: value for name, value in held.items() if value}


def works(ask: Ask, ids: Sequence[str], client: Client) -> Iterator[Page]:
    """By DOI, or by title where an identifier begins with ``title:``."""
    dois = [one for one in ids if not one.startswith("title:")]
    for batch in batches(dois, DOIS_PER_REQUEST):
        yield _filtered(ask, f"doi:{'|'.join(batch)}", client)
    for one in ids:
        if one.startswith("title:"):
            words = re.findall(r"\w+", one.removeprefix("title:"))
            yield _filtered(ask, f"title.search:{' '.join(words)}", client)


def _filtered(ask: Ask, filter_: str, client: Client) -> Page:
    held = {"filter": filter_, "per-page": str(DOIS_PER_REQUEST)} | (
        {"mailto": ask.contact} if ask.contact else {}
    )
    return client.get(Request(ask.address or ADDRESS, held), lambda body: _read(body, 0, counted=False))


def _read(body: bytes, came: int, *, counted: bool) -> Page:
    held = as_object(body)
    results, meta = held.get("results"), held.get("meta")
    if not isinstance(results, list) or not isinstance(meta, dict):
        raise ValueError("a reply without results")  # noqa: TRY004  # a wrong value like any other
    total = int(meta.get("count") or 0) if counted else 0
    whole(len(results), came, total)
    return Page(body, ".json", len(results), str(meta.get("next_cursor") or ""), total)
