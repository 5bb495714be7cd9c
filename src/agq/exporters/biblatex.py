"""BibLaTeX, as Biber reads it, in UTF-8."""

from __future__ import annotations

from collections.abc import Sequence

from agq.exporters.base import Reference, ReferenceOptions
from agq.exporters.bibtex import BIBTEX
from agq.exporters.entries import iso_date, written


def _thesis(genre: str) -> tuple[str, str]:
    """BibLaTeX has one type, and keys for the two theses that it can translate."""
    if "master" in genre.lower():
        return "thesis", "mathesis"
    return "thesis", "phdthesis" if not genre or genre.lower() in ("phd thesis", "phd") else genre


BIBLATEX = BIBTEX._replace(
    types={
        **BIBTEX.types,
        "article": "online",
        "webpage": "online",
        "post": "online",
        "post-weblog": "online",
        "report": "report",
        "dataset": "dataset",
        "software": "software",
        "patent": "patent",
        "periodical": "periodical",
        "entry-encyclopedia": "inreference",
        "manuscript": "unpublished",
    },
    journal="journaltitle",
    place="location",
    thesis=_thesis,
    date=iso_date,
    eprint=("eprinttype", "eprintclass"),
    more={
        "event-title": "eventtitle",
        "event-place": "venue",
        "number-of-pages": "pagetotal",
        "title-short": "shorttitle",
        "container-title-short": "shortjournal",
        "version": "version",
    },
)


def export(cited: Sequence[Reference], wanted: ReferenceOptions) -> str:
    """One entry a work, in the order given."""
    return written(cited, wanted, BIBLATEX)
