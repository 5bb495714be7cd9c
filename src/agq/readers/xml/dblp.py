"""DBLP's XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Fields
from agq.readers.entries import TYPES
from agq.readers.xml.elements import at, local, texts
from agq.readers.xml.kind import SAME_NAMES, Context, Kind, drafted
from agq.text import identifiers
from agq.text.people import parse_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_DBLP = "|".join("article inproceedings proceedings book incollection phdthesis mastersthesis data".split())


def _dblp(entry: _Element, _context: Context) -> Fields:
    kind = local(entry)
    venue = at(entry, "journal") or at(entry, "booktitle")
    links = texts(entry, "ee")
    return {
        "id": entry.get("key", ""),
        "title": at(entry, "title").removesuffix("."),
        "authors": [parse_name(name.rstrip(" 0123456789")) for name in texts(entry, "author")],
        "date": dates.parts(at(entry, "year"), at(entry, "month")),
        "doi": next((found for link in links if (found := identifiers.doi(link))), ""),
        "arxiv": next((found for link in links if (found := identifiers.arxiv_of_url(link))), ""),
        "url": next(iter(links), ""),
        "venue": venue or at(entry, "school") or at(entry, "publisher"),
        "type": TYPES.get(kind, "document"),
        "fields": {
            "container-title": venue,
            "volume": at(entry, "volume"),
            "issue": at(entry, "number"),
            "page": at(entry, "pages"),
            "publisher": at(entry, "school") or at(entry, "publisher"),
            "collection-title": at(entry, "series"),
            "ISBN": at(entry, "isbn"),
            "editor": [parse_name(name) for name in texts(entry, "editor")],
        },
    }


DBLP = Kind(
    _DBLP,
    _dblp,
    drafted("DBLP XML", {**SAME_NAMES, "id": "key", "date": "year", "doi": "ee"}),
    roots=("dblp",),
)
