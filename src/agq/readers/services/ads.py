"""ADS, the astronomers' library."""

from __future__ import annotations

from agq.readers import dates, names
from agq.readers.base import Draft, Fields
from agq.readers.values import string, strings
from agq.text import identifiers


def ads(fields: Fields) -> Draft:
    """A record of ADS, the astronomers' library: lists for titles, names, identifiers."""
    ids = strings(fields.get("identifier"))
    return Draft(
        key=identifiers.doi_as_written(string(fields.get("doi"))) or string(fields.get("bibcode")),
        title=string(fields.get("title")),
        abstract=string(fields.get("abstract")),
        authors=names.from_value(fields.get("author")),
        categories=strings(fields.get("keyword")),
        date=dates.iso(string(fields.get("pubdate"))) or dates.iso(string(fields.get("year"))),
        doi=string(fields.get("doi")),
        arxiv=next((one for one in ids if one.lower().startswith("arxiv:")), ""),
        venue=string(fields.get("pub")),
        type=_TYPES.get(string(fields.get("doctype")), "article-journal"),
        fields={
            "container-title": string(fields.get("pub")),
            "volume": string(fields.get("volume")),
            "issue": string(fields.get("issue")),
            "page": string(fields.get("page_range")) or string(fields.get("page")),
        },
        handles=[f"id:{number}"] if (number := string(fields.get("bibcode"))) else [],
        layout="ADS",
        mapping={"title": "title", "authors": "author", "date": "pubdate", "doi": "doi", "venue": "pub"},
    )


_TYPES = {
    "eprint": "article",
    "inproceedings": "paper-conference",
    "proceedings": "book",
    "book": "book",
    "inbook": "chapter",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    "software": "software",
    "dataset": "dataset",
}
