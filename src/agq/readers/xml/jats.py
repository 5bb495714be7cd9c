"""JATS, as journals and PubMed Central publish articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Fields
from agq.readers.xml.elements import at, child, children, flat, local, texts
from agq.readers.xml.kind import SAME_NAMES, Context, Kind, drafted
from agq.text.people import Name, parse_name

if TYPE_CHECKING:
    from lxml.etree import _Element


def _jats(article: _Element, _context: Context) -> Fields:
    front = child(article, "front")
    meta = child(front, "article-meta")
    ids = {e.get("pub-id-type", ""): flat(e).strip() for e in children(meta, "article-id")}
    pmc = ids.get("pmcid", "") or ids.get("pmc", "")
    return {
        "id": "" if ids.get("doi") or ids.get("pmid") else pmc,
        "title": at(meta, "title-group", "article-title"),
        "abstract": _jats_abstract(meta),
        "authors": _jats_authors(meta),
        "categories": texts(meta, "kwd-group", "kwd")
        or texts(meta, "article-categories", "subj-group", "subject"),
        "date": _jats_date(meta),
        "doi": ids.get("doi", ""),
        "arxiv": ids.get("arxiv", ""),
        "pmid": ids.get("pmid", ""),
        "venue": at(front, "journal-meta", "journal-title-group", "journal-title")
        or at(front, "journal-meta", "journal-title"),
        "type": "article-journal",
        "fields": {
            "volume": at(meta, "volume"),
            "issue": at(meta, "issue"),
            "page": "-".join(p for p in (at(meta, "fpage"), at(meta, "lpage")) if p),
            "number": at(meta, "elocation-id"),
            "publisher": at(front, "journal-meta", "publisher", "publisher-name"),
        },
    }


def _jats_abstract(meta: _Element | None) -> str:
    abstracts = sorted(children(meta, "abstract"), key=lambda e: bool(e.get("abstract-type")))
    parts = [part for part in (abstracts[0] if abstracts else ()) if not _heading(part)]
    own = (abstracts[0].text or "").strip() if abstracts else ""
    return "\n".join([own, *(_section(part) for part in parts)])


def _heading(part: _Element) -> bool:
    return local(part) in ("title", "label") and flat(part).strip().lower().rstrip(":.") in (
        "abstract",
        "summary",
        "",
    )


def _section(part: _Element) -> str:
    title = at(part, "title")
    body = (
        " ".join(flat(e).strip() for e in part if local(e) != "title") if local(part) == "sec" else flat(part)
    )
    return (
        f"{title}: {body.strip()}"
        if title and local(part) == "sec"
        else body.strip() + " " + (part.tail or "").strip()
    )


def _jats_authors(meta: _Element | None) -> list[Name]:
    people = [
        c for c in children(meta, "contrib-group", "contrib") if c.get("contrib-type", "author") == "author"
    ]
    return [_jats_name(person) for person in people]


def _jats_name(person: _Element) -> Name:
    name = child(person, "name")
    if name is None:
        name = child(person, "name-alternatives", "name")
    if name is not None:
        return Name(at(name, "surname"), at(name, "given-names"), at(name, "prefix"), at(name, "suffix"))
    body = at(person, "collab")
    return Name(literal=body) if body else parse_name(at(person, "string-name"))


def _jats_date(meta: _Element | None) -> str:
    found = [dates.parts(at(d, "year"), at(d, "month"), at(d, "day")) for d in children(meta, "pub-date")]
    return min((d for d in found if d), key=lambda d: (-len(d), d), default="")


JATS = Kind(
    "article",
    _jats,
    drafted("JATS", {**SAME_NAMES, "id": "id", "title": "article-title", "categories": "kwd"}),
    roots=("article", "pmc-articleset", "articles"),
    suffixes=(".nxml",),
)
