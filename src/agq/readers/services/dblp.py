"""DBLP, the bibliography of computer science: its search interface."""

from __future__ import annotations

from agq.readers import dates, names
from agq.readers.base import Draft, Fields
from agq.readers.values import inner, string


def dblp(fields: Fields) -> Draft:
    """A hit from DBLP's search interface."""
    held = inner(fields, "info")
    authors = inner(held, "authors").get("author")
    return Draft(
        key=string(held.get("key")),
        title=string(held.get("title")).removesuffix("."),
        authors=names.from_value(authors if isinstance(authors, list) else [authors]),
        date=dates.from_value(held.get("year")),
        doi=string(held.get("doi")),
        arxiv=string(held.get("ee")) if "arxiv" in string(held.get("ee")).lower() else "",
        url=string(held.get("ee")) or string(held.get("url")),
        venue=string(held.get("venue")),
        type=_TYPES.get(string(held.get("type")), "document"),
        fields={
            "container-title": string(held.get("venue")),
            "volume": string(held.get("volume")),
            "issue": string(held.get("number")),
            "page": string(held.get("pages")),
            "publisher": string(held.get("publisher")),
        },
        layout="DBLP",
        mapping={name: f"info.{name}" for name in ("title", "authors", "doi", "venue")}
        | {"date": "info.year"},
    )


_TYPES = {
    "Journal Articles": "article-journal",
    "Conference and Workshop Papers": "paper-conference",
    "Books and Theses": "book",
    "Parts in Books or Collections": "chapter",
    "Editorship": "book",
    "Reference Works": "entry-encyclopedia",
    "Data and Artifacts": "dataset",
    "Informal and Other Publications": "article",
}
