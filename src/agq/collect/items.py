"""A record of a service as one CSL-JSON item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from agq.model import Paper
from agq.readers import read_stream
from agq.records import Record, Work, csl_date, unpacked
from agq.services import SERVICES, Ask, Page
from agq.services.base import Client

MADE = "agq-from"
"""What an item's ``custom`` says of the service that it came from: the mark of a file made here."""


def items(page: Page, service: str) -> Iterator[dict[str, Any]]:
    """The records of a page as CSL-JSON."""
    for found in read_stream(BytesIO(page.body), f"{service}{page.suffix}"):
        if isinstance(found.item, Paper):
            yield as_item(Work(found.item, found.record), service)


def works(service: str, ids: Sequence[str], ask: Ask, client: Client) -> Iterator[dict[str, Any]]:
    """The records of identifiers as CSL-JSON."""
    for page in SERVICES[service].works(ask, ids, client):
        yield from items(page, service)


def as_item(work: Work, service: str) -> dict[str, Any]:
    """A work as one CSL-JSON item, under the identifier that a reader knows it by."""
    paper, record = work.paper, unpacked(work.record)
    held: dict[str, Any] = {
        **record.fields,
        "id": paper.arxiv or paper.doi or paper.id,
        "type": record.type or ("article-journal" if paper.venue else "article"),
        "title": paper.title,
        "abstract": paper.abstract,
        "issued": csl_date(paper.date),
        "DOI": paper.doi,
        "URL": paper.url,
        "PMID": pmid_of(record),
        "container-title": paper.venue,
        "keyword": ", ".join(paper.categories),
        "note": f"arXiv:{paper.arxiv}" if paper.arxiv else record.fields.get("note", ""),
        "custom": {**record.custom, MADE: service},
    }
    return {name: value for name, value in held.items() if value}


def pmid_of(record: Record) -> str:
    """The PMID that a record stands under; empty where it has none."""
    return next((one.removeprefix("pmid:") for one in record.handles if one.startswith("pmid:")), "")
