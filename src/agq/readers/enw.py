"""EndNote's ``.enw``, Refer's format."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agq.readers import dates
from agq.readers.base import Bad, Draft, Fields, Input, Raw, SourceFormat
from agq.readers.names import turned
from agq.readers.tagged import Get, getters, records
from agq.text.people import parse_name

_TAG = re.compile(r"%([A-Z0-9@!#$&()*+^>\[\]<~=?])(?: (.*)|$)", re.DOTALL)


def read_enw(file: Input) -> Iterator[Raw | Bad]:
    """EndNote's tagged export, Refer's format: a record from ``%0`` on."""
    return records(file, _TAG, "0", _draft)


_TYPES = {
    "journal article": "article-journal",
    "magazine article": "article-magazine",
    "newspaper article": "article-newspaper",
    "book": "book",
    "edited book": "book",
    "electronic book": "book",
    "book section": "chapter",
    "electronic book section": "chapter",
    "conference paper": "paper-conference",
    "conference proceedings": "paper-conference",
    "thesis": "thesis",
    "report": "report",
    "web page": "webpage",
    "blog": "post-weblog",
    "dataset": "dataset",
    "computer program": "software",
    "patent": "patent",
    "standard": "standard",
    "manuscript": "manuscript",
    "unpublished work": "manuscript",
    "encyclopedia": "entry-encyclopedia",
    "film or broadcast": "motion_picture",
    "map": "map",
}
"""EndNote's names of reference types -> CSL's; any other is a ``document``."""


def endnote_type(name: str) -> str:
    """CSL's type for the name that EndNote has."""
    return _TYPES.get(name.strip().lower(), "document")


def _draft(fields: Fields) -> Draft:
    """EndNote's tags, sorted."""
    get, every = getters(fields)
    type_ = endnote_type(get("0"))
    number = get("F", "M").strip()
    return Draft(
        key="" if number.isdecimal() else number,
        title=get("T"),
        abstract=get("X"),
        authors=turned(every("A")),
        categories=[part.strip() for value in every("K") for part in re.split(r"[;,]", value)],
        date=_date(get),
        doi=get("R") or next((value for value in every("U") if "doi.org/" in value), ""),
        url=next((value for value in every("U") if value.startswith("http")), ""),
        venue=get("J", "B"),
        type=type_,
        fields={
            "container-title": get("J", "B"),
            "volume": get("V"),
            "issue" if type_.startswith("article-") else "number": get("N"),
            "page": get("P"),
            "publisher": get("I"),
            "publisher-place": get("C"),
            "edition": get("7"),
            "ISBN" if type_ in ("book", "chapter") else "ISSN": get("@"),
            "collection-title": get("S"),
            "language": get("G"),
            "note": get("Z"),
            "editor": [parse_name(name) for name in every("E")],
        },
        layout="EndNote",
        mapping={
            name: f"%{tag}"
            for name, tag in {
                "title": "T", "abstract": "X", "authors": "A", "date": "D", "doi": "R", "venue": "J"
            }.items()
            if tag in fields
        },
    )  # fmt: skip


def _date(get: Get) -> str:
    year, full = dates.iso(get("D")), dates.iso(get("8"))
    if full.startswith(year):
        return full
    return dates.iso(f"{get('8')} {year}") if year else full


_BEGINS = re.compile(rb"%[0A-Z@] \S.*\r?\n%[0-9A-Z@] ")

ENW = SourceFormat("enw", read_enw, lambda start: bool(_BEGINS.match(start)), (".enw",))
