"""PubMed's ``.nbib``, the MEDLINE format, with rispy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agq.readers import dates
from agq.readers.base import Bad, Draft, Fields, Input, Raw, SourceFormat
from agq.readers.names import initials_last
from agq.readers.tagged import Every, Get, getters, parser, pieces
from agq.text.people import Name, parse_name

_TAG = re.compile(r"([A-Z]{2,4}) *- (.*)", re.DOTALL)


def read_nbib(file: Input) -> Iterator[Raw | Bad]:
    """PubMed's MEDLINE format: a record from ``PMID`` on."""
    parse = parser(_TAG, "PMID")
    for piece in pieces(file, _TAG, "PMID"):
        if isinstance(piece, Bad):
            yield piece
        else:
            yield from (Raw(fields, _draft, piece[0]) for fields in parse(piece[1]))


def _draft(fields: Fields) -> Draft:
    """A MEDLINE record's tags, sorted."""
    get, every = getters(fields)
    ids = [value for tag in ("LID", "AID") for value in every(tag)]
    return Draft(
        key=get("PMID"),
        title=get("TI", "BTI"),
        abstract=get("AB", "OAB"),
        authors=[parse_name(name) for name in every("FAU")]
        + ([] if every("FAU") else [initials_last(name) for name in every("AU")])
        + [Name(literal=name) for name in every("CN")],
        categories=[term.replace("*", "") for term in [*every("OT"), *every("MH")]],
        date=dates.iso(get("DP")) or dates.iso(get("DEP")),
        doi=next((value.removesuffix(" [doi]") for value in ids if value.endswith("[doi]")), ""),
        pmid=get("PMID"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{get('PMID')}/" if get("PMID") else "",
        venue=get("JT", "TA"),
        type="book" if get("BTI") else "article-journal",
        fields=_variables(get, every),
        layout="PubMed nbib",
        mapping={name: tag for name, tag in _MAPPING.items() if tag in fields},
    )


def _variables(get: Get, every: Every) -> dict[str, object]:
    held: dict[str, object] = {
        "container-title": get("JT", "TA"),
        "container-title-short": get("TA"),
        "volume": get("VI"),
        "issue": get("IP"),
        "page": get("PG"),
        "PMID": get("PMID"),
        "PMCID": get("PMC"),
        "ISSN": next((value.split(" ")[0] for value in every("IS")), ""),
        "language": get("LA"),
        "publisher-place": get("PL"),
        "genre": "; ".join(every("PT")),
    }
    return {name: value for name, value in held.items() if value}


_MAPPING = {
    "id": "PMID",
    "title": "TI",
    "abstract": "AB",
    "authors": "FAU",
    "categories": "MH",
    "date": "DP",
    "doi": "LID",
    "venue": "JT",
}

_BEGINS = re.compile(rb"PMID *- *\d")

NBIB = SourceFormat("nbib", read_nbib, lambda start: bool(_BEGINS.match(start)), (".nbib", ".medline"))
