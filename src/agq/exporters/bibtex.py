"""BibTeX, as BibTeX, Biber and Zotero read it, in UTF-8."""

from __future__ import annotations

from collections.abc import Sequence

from agq.exporters.base import Reference, ReferenceOptions
from agq.exporters.entries import Dialect, written, year_and_month


def _thesis(genre: str) -> tuple[str, str]:
    if "master" in genre.lower():
        return "mastersthesis", ""
    return "phdthesis", "" if genre.lower() in ("phd thesis", "phd", "doctoral thesis") else genre


BIBTEX = Dialect(
    types={
        "article-journal": "article",
        "article-magazine": "article",
        "article-newspaper": "article",
        "review": "article",
        "book": "book",
        "chapter": "incollection",
        "entry-encyclopedia": "incollection",
        "entry-dictionary": "incollection",
        "paper-conference": "inproceedings",
        "report": "techreport",
        "pamphlet": "booklet",
    },
    other="misc",
    journal="journal",
    place="address",
    thesis=_thesis,
    date=year_and_month,
    eprint=("archivePrefix", "primaryClass"),
    more={"event-place": "venue", "number-of-pages": "pagetotal"},
)


def export(cited: Sequence[Reference], wanted: ReferenceOptions) -> str:
    """One entry a work, in the order given."""
    return written(cited, wanted, BIBTEX)
