"""The layouts of Hayagriva, CITATION.cff and BibTeX's fields, kept as JSON or YAML."""

from __future__ import annotations

from collections.abc import Mapping

from agq.readers import dates, entries, names
from agq.readers.base import Draft, Fields
from agq.readers.values import as_list, dashed, inner, string, strings
from agq.text.people import Name, parse_name


def hayagriva(fields: Fields) -> Draft:
    """An entry of Hayagriva, Typst's own format: what it stands in is its ``parent``."""
    numbers, parent = inner(fields, "serial-number"), _parent(fields)
    kind, around = string(fields.get("type")).lower(), string(parent.get("type")).lower()
    publisher = fields.get("publisher") or parent.get("publisher")
    return Draft(
        key=string(fields.get("id")),
        title=_hayagriva_text(fields.get("title")),
        abstract=_hayagriva_text(fields.get("abstract")),
        authors=_hayagriva_names(fields.get("author")),
        date=dates.from_value(fields.get("date") or parent.get("date")),
        doi=string(numbers.get("doi")) or _plain_number(fields),
        arxiv=string(numbers.get("arxiv")),
        pmid=string(numbers.get("pmid")),
        url=string(inner(fields, "url").get("value")) or string(fields.get("url")),
        venue=_hayagriva_text(parent.get("title")),
        type=_HAYAGRIVA.get((kind, around)) or _HAYAGRIVA.get((kind, ""), "document"),
        fields={
            "container-title": _hayagriva_text(parent.get("title")),
            "volume": string(fields.get("volume") or parent.get("volume")),
            "issue": string(fields.get("issue") or parent.get("issue")),
            "page": string(fields.get("page-range") or parent.get("page-range")),
            "edition": string(fields.get("edition") or parent.get("edition")),
            "publisher": string(inner(publisher).get("name")) or string(publisher),
            "publisher-place": string(inner(publisher).get("location") or fields.get("location")),
            "ISBN": string(numbers.get("isbn") or inner(parent, "serial-number").get("isbn")),
            "ISSN": string(numbers.get("issn") or inner(parent, "serial-number").get("issn")),
            "editor": _hayagriva_names(fields.get("editor") or parent.get("editor")),
            "language": string(fields.get("language")),
            "note": _hayagriva_text(fields.get("note")),
            "genre": string(fields.get("genre")),
        },
        layout="Hayagriva",
        mapping={"title": "title", "authors": "author", "venue": "parent.title", "doi": "serial-number.doi"},
    )


def _parent(fields: Fields) -> Fields:
    held = fields.get("parent")
    return inner(held[0] if isinstance(held, list) and held else held)


def _hayagriva_text(value: object) -> str:
    return string(inner(value).get("value")) or string(value)


def _hayagriva_names(value: object) -> list[Name]:
    """Names, each by itself: a comma in one turns it round."""
    listed = value if isinstance(value, list) else [value] if value else []
    return [
        Name(
            string(inner(one).get("name")),
            string(inner(one).get("given-name")),
            string(inner(one).get("prefix")),
            string(inner(one).get("suffix")),
        )
        if isinstance(one, Mapping)
        else parse_name(string(one))
        for one in listed
    ]


def _plain_number(fields: Fields) -> str:
    held = fields.get("serial-number")
    return held if isinstance(held, str) and held.startswith("10.") else ""


_HAYAGRIVA: Mapping[tuple[str, str], str] = {
    ("article", "periodical"): "article-journal",
    ("article", "proceedings"): "paper-conference",
    ("article", "conference"): "paper-conference",
    ("article", "newspaper"): "article-newspaper",
    ("article", "blog"): "post-weblog",
    ("article", ""): "article",
    ("chapter", ""): "chapter",
    ("anthos", ""): "chapter",
    ("entry", ""): "entry-encyclopedia",
    ("book", ""): "book",
    ("anthology", ""): "book",
    ("proceedings", ""): "book",
    ("reference", ""): "book",
    ("report", ""): "report",
    ("thesis", ""): "thesis",
    ("web", ""): "webpage",
    ("blog", ""): "post-weblog",
    ("repository", ""): "software",
    ("manuscript", ""): "manuscript",
    ("patent", ""): "patent",
    ("case", ""): "legal_case",
    ("legislation", ""): "legislation",
    ("video", ""): "motion_picture",
    ("audio", ""): "song",
    ("artwork", ""): "graphic",
    ("newspaper", ""): "periodical",
    ("periodical", ""): "periodical",
}
"""Hayagriva's type and its parent's -> CSL's."""


def cff(fields: Fields) -> Draft:
    """``CITATION.cff``: the paper that its authors want cited, else the software."""
    held = inner(fields, "preferred-citation") or fields
    own = held is fields
    kind = string(held.get("type"))
    conference = inner(held, "conference")
    venue = (
        string(held.get("journal")) or string(held.get("collection-title")) or string(conference.get("name"))
    )
    ids = [inner(one) for one in as_list(held.get("identifiers"))]
    doi = string(held.get("doi")) or next(
        (string(one.get("value")) for one in ids if one.get("type") == "doi"), ""
    )
    return Draft(
        title=string(held.get("title")),
        abstract=string(held.get("abstract")) or string(fields.get("abstract")),
        authors=names.from_value(held.get("authors")),
        categories=strings(fields.get("keywords")),
        date=dates.parts(held.get("year"), held.get("month"))
        or dates.from_value(held.get("date-published") or held.get("date-released")),
        doi=doi,
        url=string(held.get("url") or held.get("repository-code")),
        venue=venue,
        type="software" if own and kind != "dataset" else _CFF_TYPES.get(kind, "document"),
        fields={
            "container-title": venue,
            "volume": string(held.get("volume")),
            "issue": string(held.get("issue")),
            "page": dashed(string(held.get("start")), string(held.get("end"))),
            "publisher": string(inner(held, "publisher").get("name")),
            "version": string(held.get("version")),
            "ISBN": string(held.get("isbn")),
            "ISSN": string(held.get("issn")),
        },
        layout="CITATION.cff",
        mapping={"title": "title", "authors": "authors", "date": "date-released", "doi": "doi"},
    )


_CFF_TYPES = {
    "article": "article-journal",
    "conference-paper": "paper-conference",
    "proceedings": "book",
    "book": "book",
    "thesis": "thesis",
    "report": "report",
    "data": "dataset",
    "database": "dataset",
    "dataset": "dataset",
    "software": "software",
    "software-code": "software",
    "manual": "report",
    "unpublished": "manuscript",
    "website": "webpage",
    "standard": "standard",
    "patent": "patent",
    "pamphlet": "pamphlet",
}


def bibtex_fields(fields: Fields) -> Draft:
    """BibTeX's fields in JSON or YAML: coBib's database, and what bibtexparser's first version held."""
    lower = {name.lower(): value for name, value in fields.items()}

    def get(*wanted: str) -> str:
        return next((found for name in wanted if (found := string(lower.get(name)))), "")

    kind = get("entrytype").lower()
    return Draft(
        key=get("id"),
        title=get("title"),
        abstract=get("abstract"),
        authors=names.from_value(lower.get("author")),
        categories=strings(lower.get("keywords") or lower.get("tags")),
        date=dates.iso(get("date")) or dates.parts(get("year"), get("month"), get("day")),
        doi=get("doi"),
        arxiv=get("eprint", "arxivid") if get("eprinttype", "archiveprefix").lower() in ("", "arxiv") else "",
        pmid=get("pmid"),
        url=get("url"),
        venue=get("journaltitle", "journal", "booktitle", "school", "institution", "publisher"),
        type=entries.csl_type(kind, get),
        fields=entries.variables(kind, get, names.split_names),
        custom=entries.unknown(
            {n: v for n, v in lower.items() if n not in ("id", "entrytype", "tags", "label")}
        ),
        layout="BibTeX's fields",
        mapping={"title": "title", "authors": "author", "date": "year", "doi": "doi"},
    )
