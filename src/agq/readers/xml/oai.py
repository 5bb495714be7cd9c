"""OAI-PMH: arXiv's records and Dublin Core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Fields
from agq.readers.names import split_names
from agq.readers.xml.elements import at, child, children, local, texts
from agq.readers.xml.kind import SAME_NAMES, Context, Kind, drafted
from agq.text import identifiers
from agq.text.people import Name, parse_name

if TYPE_CHECKING:
    from lxml.etree import _Element


def _oai(record: _Element, _context: Context) -> Fields | str:
    header = child(record, "header")
    if header is not None and header.get("status") == "deleted":
        return "deleted in the archive it comes from"
    metadata = child(record, "metadata")
    held = next(iter(metadata), None) if metadata is not None else None
    if held is None:
        return "a record without metadata"
    arxivs = {"arXiv": _oai_arxiv, "arXivRaw": _oai_arxiv_raw}.get(local(held))
    return arxivs(held) if arxivs else _dublin_core(held, at(header, "identifier"))


def _oai_arxiv(held: _Element) -> Fields:
    people = children(held, "authors", "author")
    return {
        "id": at(held, "id"),
        "arxiv": at(held, "id"),
        "title": at(held, "title"),
        "abstract": at(held, "abstract"),
        "authors": [Name(at(p, "keyname"), at(p, "forenames"), "", at(p, "suffix")) for p in people],
        "categories": at(held, "categories").split(),
        "date": dates.iso(at(held, "created")),
        "doi": at(held, "doi"),
        "venue": at(held, "journal-ref"),
        "type": "article",
        "fields": {"note": at(held, "comments")},
    }


def _oai_arxiv_raw(held: _Element) -> Fields:
    return {
        **_oai_arxiv(held),
        "authors": split_names(at(held, "authors")),
        "date": dates.iso(at(held, "version", "date")),
    }


def _dublin_core(held: _Element, identifier: str) -> Fields:
    ids = texts(held, "identifier")
    arxiv = identifiers.arxiv(identifier) or next(
        (found for i in ids if (found := identifiers.arxiv_of_url(i))), ""
    )
    return {
        "id": arxiv or identifier,
        "arxiv": arxiv,
        "title": at(held, "title"),
        "abstract": max(texts(held, "description") or texts(held, "abstract"), key=len, default=""),
        "authors": [parse_name(name) for name in texts(held, "creator")],
        "categories": texts(held, "subject"),
        "date": next((found for d in texts(held, "date") if (found := dates.iso(d))), ""),
        "doi": next(
            (found for i in [*ids, *texts(held, "relation")] if (found := identifiers.doi_as_written(i))), ""
        ),
        "url": next((i for i in ids if i.startswith("http")), ""),
        "venue": at(held, "source") or at(held, "publisher"),
    }


OAI_PMH = Kind(
    "record",
    _oai,
    drafted("OAI-PMH", {**SAME_NAMES, "id": "id"}),
    roots=("OAI-PMH", "ListRecords", "GetRecord", "record"),
)
