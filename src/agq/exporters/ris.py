"""RIS, the tagged format that reference managers share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agq.exporters.base import Reference, ReferenceOptions, csl_item, names
from agq.records import PRIVATE_TAGS, Entry
from agq.records import names as names_of
from agq.text.addresses import arxiv_address, web_address
from agq.text.clean import one_line
from agq.text.people import Name

TYPES: Mapping[str, str] = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "article": "UNPB",
    "book": "BOOK",
    "chapter": "CHAP",
    "entry-encyclopedia": "ENCYC",
    "entry-dictionary": "DICT",
    "paper-conference": "CPAPER",
    "thesis": "THES",
    "report": "RPRT",
    "webpage": "ELEC",
    "post-weblog": "BLOG",
    "dataset": "DATA",
    "software": "COMP",
    "patent": "PAT",
    "standard": "STAND",
    "manuscript": "UNPB",
    "pamphlet": "PAMP",
    "periodical": "SER",
    "motion_picture": "MPCT",
    "song": "MUSIC",
    "graphic": "ART",
    "map": "MAP",
    "legal_case": "CASE",
    "legislation": "STAT",
    "bill": "BILL",
    "hearing": "HEAR",
    "personal_communication": "PCOMM",
    "speech": "CONF",
}
"""CSL's type -> RIS's; any other is ``GEN``."""

_TAGS: Mapping[str, str] = {
    "volume": "VL",
    "issue": "IS",
    "edition": "ET",
    "publisher": "PB",
    "publisher-place": "CY",
    "collection-title": "T3",
    "container-title-short": "J2",
    "title-short": "ST",
    "language": "LA",
    "note": "N1",
    "event-title": "C3",
    "genre": "M3",
}
"""CSL's variable -> RIS's tag."""


def export(cited: Sequence[Reference], wanted: ReferenceOptions) -> str:
    """One record a work, in the order given."""
    return "\n".join(_record(one, wanted) for one in cited)


def _record(one: Reference, wanted: ReferenceOptions) -> str:
    entry = one.record.entry
    if entry and entry.format == "ris":
        tags = [("TY", entry.kind), *_as_it_came(entry, one.key, wanted)]
    else:
        item = csl_item(one, private=wanted.private)
        made = ((tag, one_line(value)) for tag, value in _made(one, item))
        kind = TYPES.get(item["type"], "GEN")
        tags = [("TY", kind), ("ID", one.key), *((tag, value) for tag, value in made if value)]
    lines = [f"{tag}  - {one_line(value)}\n" for tag, value in tags]
    return "".join([*lines, "ER  - \n"])


def _as_it_came(entry: Entry, key: str, wanted: ReferenceOptions) -> Iterator[tuple[str, str]]:
    """The record's own lines, in their order, under the key that it has here."""
    if not any(tag == "ID" for tag, _ in entry.fields):
        yield "ID", key
    for tag, value in entry.fields:
        hidden = tag == "KW" and value.startswith(PRIVATE_TAGS)
        hidden = hidden or (tag in ("L1", "L4") and not value.startswith("http"))
        if wanted.private or not hidden:
            yield tag, key if tag == "ID" else value


def _made(one: Reference, item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    paper = one.paper
    yield "TI", paper.title
    yield from (("AU", _inverted(name)) for name in names(one))
    yield from (("A2", _inverted(name)) for name in names_of(item.get("editor")))
    yield ("JO" if item["type"].startswith("article-") else "T2"), str(item.get("container-title", ""))
    yield "PY", paper.date[:4]
    yield "DA", _date(paper.date)
    yield from ((tag, str(item[name])) for name, tag in _TAGS.items() if name in item)
    first, _, last = str(item.get("page", "")).replace("–", "-").partition("-")
    yield "SP", first.strip()
    yield "EP", last.strip("- ")
    yield "SN", str(item.get("ISBN", "") or item.get("ISSN", ""))
    yield "DO", paper.doi
    yield "AN", paper.id
    if paper.arxiv:
        yield "M1", f"arXiv:{paper.arxiv}"
    yield "UR", web_address(paper.url) or arxiv_address(paper.arxiv)
    yield from (("KW", word) for word in str(item.get("keyword", "")).split(", ") if word)
    yield "AB", paper.abstract


def _inverted(name: Name) -> str:
    """``Family, Given`` or ``Family, Given, Suffix``, as RIS has it; a body as it is."""
    family = f"{name.particle} {name.family}".strip()
    return name.literal or ", ".join(part for part in (family, name.given, name.suffix) if part)


def _date(date: str) -> str:
    """``YYYY/MM/DD/``, empty where it is not known."""
    year, month, day = [*date.split("-"), "", "", ""][:3]
    return f"{year}/{month}/{day}/" if year else ""
