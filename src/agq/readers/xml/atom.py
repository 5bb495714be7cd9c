"""Atom, as arXiv's API answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Fields
from agq.readers.xml.elements import at, children, texts
from agq.readers.xml.kind import SAME_NAMES, Context, Kind, drafted
from agq.text import identifiers
from agq.text.people import parse_name

if TYPE_CHECKING:
    from lxml.etree import _Element


def _atom(entry: _Element, _context: Context) -> Fields | str:
    address = at(entry, "id")
    if "arxiv.org/api/errors" in address:
        return f"the service's own error message: {at(entry, 'summary')}"
    arxiv = identifiers.arxiv_of_url(address)
    links = {link.get("rel", "alternate"): link.get("href", "") for link in children(entry, "link")}
    return {
        "id": arxiv or ("" if address.startswith("http") else address),
        "arxiv": arxiv,
        "title": at(entry, "title"),
        "abstract": at(entry, "summary") or at(entry, "content"),
        "authors": [parse_name(name) for name in texts(entry, "author", "name")],
        "categories": [category.get("term", "") for category in children(entry, "category")],
        "date": dates.iso(at(entry, "published") or at(entry, "updated")),
        "doi": at(entry, "doi"),
        "url": links.get("alternate", "") or (address if address.startswith("http") else ""),
        "venue": at(entry, "journal_ref"),
        "type": "article" if arxiv else "",
    }


ATOM = Kind(
    "entry",
    _atom,
    drafted("Atom", {**SAME_NAMES, "id": "id", "abstract": "summary", "date": "published"}),
    roots=("feed", "entry"),
    suffixes=(".atom",),
)
