"""CSL-JSON, and Crossref, whose works have its names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agq.readers import dates, names
from agq.readers.base import Draft, Fields
from agq.readers.exports import csl_type
from agq.readers.values import as_list, inner, string, strings
from agq.text import identifiers
from agq.text.people import Name


def csl(fields: Fields) -> Draft:
    """CSL-JSON, as Zotero and Pandoc write it, and Crossref's works, which have its names."""
    crossref = isinstance(fields.get("title"), list) or "indexed" in fields
    key = string(fields.get("citation-key") or fields.get("citationKey") or fields.get("id"))
    note = string(fields.get("note"))
    return Draft(
        key="" if key.startswith(("http://", "https://")) else key,
        title=_titled(fields),
        abstract=string(fields.get("abstract")),
        authors=_names(fields.get("author")),
        categories=strings(fields.get("keyword") or fields.get("categories") or fields.get("subject"), ";,"),
        date=next((d for n in _DATES if (d := dates.from_value(fields.get(n)))), ""),
        doi=string(fields.get("DOI")) or string(fields.get("doi")),
        arxiv=_arxiv(fields, note),
        pmid=string(fields.get("PMID")),
        url=string(fields.get("URL")) or string(fields.get("url")),
        venue=next((v for n in _VENUES if (v := string(fields.get(n)))), ""),
        type=csl_type(string(fields.get("type")), "document") if crossref else string(fields.get("type")),
        fields=_of_crossref(fields) if crossref else {},
        verbatim={} if crossref else {n: v for n, v in fields.items() if n not in ("id", "type")},
        handles=identifiers.pmcid_handles(string(fields.get("PMCID"))),
        layout="CSL",
        mapping={name: source for name, source in _MAPPING.items() if source in fields},
    )


def _arxiv(fields: Fields, note: str) -> str:
    """The arXiv id that an item has of its own; one in a note only where nothing else stands in it, or where
    it is written as Zotero writes a field."""
    if own := string(fields.get("arxiv")):
        return own
    number = string(fields.get("number"))
    if "arxiv" in number.lower():
        return number
    eprint = re.search(r"(?im)^[ \t]*(?:arxiv|eprint)[ \t]*:[ \t]*(\S+)", note)
    return eprint.group(1) if eprint else identifiers.arxiv_alone(note)


def _names(value: object) -> list[Name]:
    """Names in their parts; one without parts is a body's, as CSL and Crossref have it."""
    listed = as_list(value)
    return [
        Name(literal=string(one.get("literal") or one.get("name")))
        if isinstance(one, Mapping) and not one.get("family") and (one.get("literal") or one.get("name"))
        else name
        for one, name in zip(listed, names.from_value(listed), strict=False)
    ]


_CROSSREF = (
    "volume", "issue", "page", "publisher", "publisher-location", "language", "edition-number",
    "article-number",
)  # fmt: skip


def _of_crossref(fields: Fields) -> dict[str, object]:
    held: dict[str, object] = {name: string(fields.get(name)) for name in _CROSSREF}
    held["number"] = held.pop("article-number")
    held["edition"] = held.pop("edition-number")
    held["publisher-place"] = held.pop("publisher-location")
    for name in ("container-title", "ISSN", "ISBN"):
        held[name] = string(fields.get(name))
    held["container-title-short"] = string(fields.get("short-container-title"))
    held["event-title"] = string(inner(fields, "event").get("name"))
    held["editor"] = _names(fields.get("editor"))
    return held


_DATES = ("issued", "published", "published-print", "published-online", "created", "submitted")


_VENUES = ("container-title", "event-title", "event", "publisher")


_MAPPING = {
    "id": "id",
    "title": "title",
    "abstract": "abstract",
    "authors": "author",
    "categories": "keyword",
    "date": "issued",
    "doi": "DOI",
    "url": "URL",
    "venue": "container-title",
}


def _titled(fields: Fields) -> str:
    title, subtitle = string(fields.get("title")), string(fields.get("subtitle"))
    return f"{title}: {subtitle}" if subtitle and subtitle not in title else title
