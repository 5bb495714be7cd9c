"""arXiv: the public snapshot of its metadata."""

from __future__ import annotations

from collections.abc import Mapping

from agq.readers import dates, names
from agq.readers.base import Draft, Fields
from agq.readers.values import string

_MORE = ("journal-ref", "comments", "report-no")


_MAPPING = {
    "id": "id",
    "title": "title",
    "abstract": "abstract",
    "authors": "authors_parsed",
    "categories": "categories",
    "date": "versions.0.created",
    "doi": "doi",
    "arxiv": "id",
    "venue": "journal-ref",
}


def arxiv_snapshot(fields: Fields) -> Draft:
    """The public snapshot of arXiv's metadata. The date is the first version's."""
    versions = fields.get("versions")
    first = (
        versions[0] if isinstance(versions, list) and versions and isinstance(versions[0], Mapping) else {}
    )
    key = string(fields.get("id"))
    return Draft(
        key=key,
        title=string(fields.get("title")),
        abstract=string(fields.get("abstract")),
        authors=names.from_value(fields.get("authors_parsed") or fields.get("authors")),
        categories=string(fields.get("categories")).split(),
        date=dates.iso(string(first.get("created")) or string(fields.get("update_date"))),
        doi=string(fields.get("doi")),
        arxiv=key,
        venue=string(fields.get("journal-ref")),
        type="article",
        custom={name: value for name in _MORE if (value := fields.get(name))},
        layout="arXiv snapshot",
        mapping=_MAPPING,
    )
