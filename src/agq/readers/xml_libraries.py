"""XML of reference managers and library catalogues: EndNote, DBLP, MODS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agq.readers import dates, identifiers
from agq.readers.base import Fields
from agq.readers.entries import TYPES
from agq.readers.tagged import endnote_type
from agq.readers.xml import Context, Kind, at, child, children, drafted, flat, local, texts
from agq.text.people import Name, parse_name

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


_GENRES: Mapping[str, str] = {
    "journal article": "article-journal",
    "article": "article-journal",
    "journalarticle": "article-journal",
    "academic journal": "article-journal",
    "book": "book",
    "booksection": "chapter",
    "book section": "chapter",
    "book chapter": "chapter",
    "conferencepaper": "paper-conference",
    "conference publication": "paper-conference",
    "conference paper": "paper-conference",
    "thesis": "thesis",
    "ph.d. thesis": "thesis",
    "masters thesis": "thesis",
    "report": "report",
    "technical report": "report",
    "web page": "webpage",
    "webpage": "webpage",
    "dataset": "dataset",
}
"""MODS's genres as bibutils, Zotero and libraries write them -> CSL's types."""


def _mods(record: _Element, _context: Context) -> Fields:
    host = next((e for e in children(record, "relatedItem") if e.get("type") == "host"), None)
    genres = [genre.lower() for genre in [*texts(record, "genre"), *texts(host, "genre")]]
    type_ = next((found for genre in genres if (found := _GENRES.get(genre))), "")
    venue = at(host, "titleInfo", "title")
    origin = child(record, "originInfo")
    where = child(host, "part") if child(host, "part") is not None else child(record, "part")
    origins = [e for e in (origin, child(host, "originInfo"), where) if e is not None]
    told = [flat(e) for held in origins for e in held if local(e) in _MODS_DATES]
    return {
        "id": record.get("ID", "") or _mods_id(record, "citekey"),
        "title": _mods_title(record),
        "abstract": at(record, "abstract"),
        "authors": _mods_people(record, ("aut", "author", "creator", "cre", "")),
        "categories": texts(record, "subject", "topic"),
        "date": next((found for text in told if (found := dates.iso(text))), ""),
        "doi": _mods_id(record, "doi"),
        "url": at(record, "location", "url"),
        "venue": venue or at(origin, "publisher"),
        "type": type_ or ("article-journal" if venue else ""),
        "fields": {
            "container-title": venue,
            "volume": _mods_part(where, "volume"),
            "issue": _mods_part(where, "issue") or _mods_part(where, "number"),
            "page": _mods_pages(where),
            "publisher": at(origin, "publisher") or at(host, "originInfo", "publisher"),
            "publisher-place": at(origin, "place", "placeTerm"),
            "edition": at(origin, "edition"),
            "ISBN": _mods_id(record, "isbn") or _mods_id(host, "isbn"),
            "ISSN": _mods_id(host, "issn"),
            "language": at(record, "language", "languageTerm"),
            "note": at(record, "note"),
            "editor": _mods_people(record, ("edt", "editor")),
        },
    }


_MODS_DATES = frozenset({"dateIssued", "copyrightDate", "dateCreated", "date"})


def _mods_title(record: _Element) -> str:
    title, rest = at(record, "titleInfo", "title"), at(record, "titleInfo", "subTitle")
    article = at(record, "titleInfo", "nonSort")
    whole = f"{article} {title}".strip()
    return f"{whole}: {rest}" if rest else whole


def _mods_people(record: _Element, roles: tuple[str, ...]) -> list[Name]:
    return [
        _mods_name(name)
        for name in children(record, "name")
        if any(role.lower() in roles for role in texts(name, "role", "roleTerm") or [""])
    ]


def _mods_name(name: _Element) -> Name:
    parts = {part.get("type", ""): flat(part).strip() for part in children(name, "namePart")}
    given = " ".join(flat(p).strip() for p in children(name, "namePart") if p.get("type") == "given")
    if parts.get("family"):
        return Name(parts["family"], given, "", parts.get("termsOfAddress", ""))
    whole = " ".join(flat(part).strip() for part in children(name, "namePart"))
    return Name(literal=whole) if name.get("type") in ("corporate", "conference") else parse_name(whole)


def _mods_id(record: _Element | None, kind: str) -> str:
    found = (e for e in children(record, "identifier") if e.get("type", "").lower() == kind)
    return next((flat(e).strip() for e in found), "")


def _mods_part(part: _Element | None, kind: str) -> str:
    return next((at(e, "number") for e in children(part, "detail") if e.get("type") == kind), "")


def _mods_pages(part: _Element | None) -> str:
    extent = child(part, "extent")
    return "-".join(text for text in (at(extent, "start"), at(extent, "end")) if text)


_SAME = {name: name for name in ("title", "abstract", "authors", "categories", "date", "doi", "url", "venue")}

_DBLP = "|".join("article inproceedings proceedings book incollection phdthesis mastersthesis data".split())

LIBRARIES: Mapping[str, Kind] = {
    "endnote": Kind(
        "record",
        _endnote,
        drafted("EndNote XML", {**_SAME, "date": "dates", "doi": "electronic-resource-num"}),
    ),
    "dblp": Kind(_DBLP, _dblp, drafted("DBLP XML", {**_SAME, "id": "key", "date": "year", "doi": "ee"})),
    "mods": Kind("mods", _mods, drafted("MODS", {**_SAME, "title": "titleInfo", "authors": "name"})),
}
"""Format -> how its XML is read."""
