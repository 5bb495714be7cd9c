"""Web of Science's ``.ciw``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agq.readers import dates
from agq.readers.base import Bad, Draft, Fields, Input, Raw, SourceFormat
from agq.readers.tagged import getters, records
from agq.text.people import Name, parse_name

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|$)", re.DOTALL)


def read_ciw(file: Input) -> Iterator[Raw | Bad]:
    """Web of Science's export: a record from ``PT`` to ``ER``; what goes on is indented."""
    return records(file, _TAG, "PT", wos)


_WOS_TYPES = {"J": "article-journal", "B": "book", "C": "paper-conference", "P": "patent", "S": "chapter"}


def wos(fields: Fields) -> Draft:
    """A record of Web of Science, by its two-letter tags: its own export or the table of it."""
    get, every = getters(fields)
    people = [
        part.strip() for value in every("AF") or every("AU") for part in value.split(";") if part.strip()
    ]
    pages = "-".join(part for part in (get("BP"), get("EP")) if part)
    month_and_year = f"{get('PD')} {get('PY')}".strip()
    return Draft(
        key=get("UT"),
        title=get("TI"),
        abstract=get("AB"),
        authors=[parse_name(name) for name in people] + [Name(literal=name) for name in every("CA")],
        categories=[part.strip() for part in get("DE").split(";")] if get("DE") else [],
        date=dates.iso(month_and_year if get("PY") else get("EA")),
        doi=get("DI"),
        pmid=get("PM"),
        venue=get("SO"),
        type=_WOS_TYPES.get(get("PT"), "article-journal"),
        fields={
            "container-title": get("SO"),
            "container-title-short": get("JI", "J9"),
            "volume": get("VL"),
            "issue": get("IS"),
            "page": pages,
            "number": get("AR"),
            "publisher": get("PU"),
            "publisher-place": get("PI"),
            "ISSN": get("SN"),
            "ISBN": get("BN"),
            "language": get("LA"),
            "genre": get("DT"),
            "event-title": get("CT"),
            "collection-title": get("SE"),
        },
        layout="Web of Science",
        mapping={
            name: tag
            for name, tag in {
                "id": "UT", "title": "TI", "abstract": "AB", "authors": "AF", "categories": "DE", "date":
                "PY",
                "doi": "DI", "venue": "SO",
            }.items()
            if tag in fields
        },
    )  # fmt: skip


_BEGINS = re.compile(rb"(?:FN .*\r?\n)?(?:VR .*\r?\n)?PT [A-Z]\s*\r?\n[A-Z][A-Z0-9] ")

CIW = SourceFormat("ciw", read_ciw, lambda start: bool(_BEGINS.match(start)), (".ciw",))
