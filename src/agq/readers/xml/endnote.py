"""EndNote's XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Fields
from agq.readers.enw import endnote_type
from agq.readers.xml.elements import at, child, texts
from agq.readers.xml.kind import SAME_NAMES, Context, Kind, drafted
from agq.text.people import parse_name

if TYPE_CHECKING:
    from lxml.etree import _Element


def _endnote(record: _Element, _context: Context) -> Fields:
    kind = child(record, "ref-type")
    type_ = endnote_type(kind.get("name", "") if kind is not None else "")
    venue = at(record, "periodical", "full-title") or at(record, "titles", "secondary-title")
    urls = [url for url in texts(record, "urls", "related-urls", "url") if url.startswith("http")]
    number = at(record, "electronic-resource-num")
    return {
        "title": at(record, "titles", "title"),
        "abstract": at(record, "abstract"),
        "authors": [parse_name(name) for name in texts(record, "contributors", "authors", "author")],
        "categories": texts(record, "keywords", "keyword"),
        "date": _endnote_date(record),
        "doi": number or next((url for url in urls if "doi.org/" in url), ""),
        "url": next(iter(urls), ""),
        "venue": venue,
        "type": type_,
        "fields": {
            "container-title": venue,
            "volume": at(record, "volume"),
            "issue" if type_.startswith("article-") else "number": at(record, "number"),
            "page": at(record, "pages"),
            "publisher": at(record, "publisher"),
            "publisher-place": at(record, "pub-location"),
            "edition": at(record, "edition"),
            "ISBN" if type_ in ("book", "chapter") else "ISSN": at(record, "isbn"),
            "language": at(record, "language"),
            "note": at(record, "notes"),
            "collection-title": at(record, "titles", "tertiary-title"),
            "editor": [
                parse_name(name) for name in texts(record, "contributors", "secondary-authors", "author")
            ],
        },
    }


def _endnote_date(record: _Element) -> str:
    year = dates.iso(at(record, "dates", "year"))
    day = at(record, "dates", "pub-dates", "date")
    full = dates.iso(day) or dates.iso(f"{day} {year}")
    return full if year and full.startswith(year) else year or full


ENDNOTE = Kind(
    "record",
    _endnote,
    drafted("EndNote XML", {**SAME_NAMES, "date": "dates", "doi": "electronic-resource-num"}),
    roots=("xml",),
)
