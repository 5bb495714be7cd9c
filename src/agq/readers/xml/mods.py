"""MODS, as library catalogues write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Fields
from agq.readers.xml.elements import at, child, children, flat, local, texts
from agq.readers.xml.kind import SAME_NAMES, Context, Kind, drafted
from agq.text.people import Name, parse_name

if TYPE_CHECKING:
    from lxml.etree import _Element

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
_MODS_DATES = frozenset({"dateIssued", "copyrightDate", "dateCreated", "date"})


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


MODS = Kind(
    "mods",
    _mods,
    drafted("MODS", {**SAME_NAMES, "title": "titleInfo", "authors": "name"}),
    roots=("modsCollection", "mods"),
)
