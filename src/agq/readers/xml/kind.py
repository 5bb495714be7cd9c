"""One sort of XML as a value: its record's tag, and what makes a draft of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from agq.readers.base import Draft, Fields, Layout
from agq.text.people import Name

if TYPE_CHECKING:
    from lxml.etree import _Element

Context = Mapping[str, str]
"""What stands around the records and says something of them."""


class Kind(NamedTuple):
    """One sort of XML: its record's tag, what makes fields of one (or says why not), what sorts those.

    ``around`` reads what stands between the records. ``roots``: names of the outermost elements that it may
    stand in; ``suffixes``: those of its files.
    """

    tag: str
    fields: Callable[[_Element, Context], Fields | str]
    layout: Layout
    around: Callable[[bytes, Context], Context] = lambda _between, context: context
    roots: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


def drafted(layout: str, mapping: Mapping[str, str]) -> Layout:
    """What makes a draft of fields that already have a paper's names; ``fields`` are CSL's variables."""

    def draft(fields: Fields) -> Draft:
        def text(name: str) -> str:
            value = fields.get(name)
            return value if isinstance(value, str) else ""

        def several(name: str) -> list[str]:
            value = fields.get(name)
            return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []

        def people(name: str) -> list[Name]:
            value = fields.get(name)
            return [v for v in value if isinstance(v, Name)] if isinstance(value, list) else []

        return Draft(
            key=text("id"),
            title=text("title"),
            abstract=text("abstract"),
            authors=people("authors"),
            categories=several("categories"),
            date=text("date"),
            doi=text("doi"),
            arxiv=text("arxiv"),
            pmid=text("pmid"),
            url=text("url"),
            venue=text("venue"),
            type=text("type"),
            fields=held if isinstance(held := fields.get("fields"), Mapping) else {},
            layout=layout,
            mapping=mapping,
        )

    return draft


SAME_NAMES = {
    name: name for name in ("title", "abstract", "authors", "categories", "date", "doi", "url", "venue")
}
"""Fields that are called as a paper calls them."""
