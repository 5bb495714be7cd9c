"""A paper's card: all that the index knows of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from agq.model import Paper
from agq.records import EMPTY, Record
from agq.renderers.markdown import inert
from agq.renderers.parts import link, title
from agq.text.clean import one_line
from agq.text.markdown import escaped

AUTHORS_LISTED_MAX = 20
"""Authors listed before the rest is counted."""


def as_text(paper: Paper, width: int, record: Record = EMPTY) -> str:
    """The card for reading, ``width`` columns wide."""
    facts = [(name, value) for name, value in _facts(paper, record) if value]
    lines = [*_wrapped(title(paper), width), ""]
    for name, value in facts:
        lines += _wrapped(value, width, f"{name:<12}", " " * 12)
    abstract = one_line(paper.abstract) or "(no abstract)"
    return "\n".join([*lines, "", *_wrapped(abstract, width)]) + "\n"


def as_markdown(paper: Paper, record: Record = EMPTY) -> str:
    """The card for a note."""
    facts = [f"- {name}: {escaped(value)}" for name, value in _facts(paper, record) if value]
    abstract = inert(one_line(paper.abstract)) or "*(no abstract)*"
    return "\n".join([f"## {escaped(title(paper))}", "", *facts, "", abstract]) + "\n"


def as_object(paper: Paper, record: Record = EMPTY) -> dict[str, object]:
    """The card as plain values: a record's type, its fields in CSL's terms, and what it was merged with."""
    fields = ("id", "title", "abstract", "date", "doi", "arxiv", "venue")
    lists = {"authors": list(paper.authors), "categories": list(paper.categories)}
    held = {name: getattr(paper, name) for name in fields} | lists | {"url": link(paper)}
    if record == EMPTY:
        return held
    merged = [one._asdict() for one in record.merged]
    return held | {"type": record.type, "fields": dict(record.fields), "merged": merged}


def _facts(paper: Paper, record: Record) -> Iterator[tuple[str, str]]:
    yield "id", one_line(paper.id)
    yield "type", one_line(record.type)
    yield "authors", _authors(paper.authors)
    yield "date", one_line(paper.date)
    yield "categories", ", ".join(one_line(name) for name in paper.categories)
    yield "venue", one_line(paper.venue)
    yield "doi", one_line(paper.doi)
    yield "arxiv", one_line(paper.arxiv)
    yield "url", link(paper)
    for name, shown in _SHOWN.items():
        yield shown, one_line(str(record.fields.get(name, "")))
    yield from _in_zotero(record)
    for other in record.merged:
        yield "merged", one_line(f"{other.id} ({other.source}): {other.why}")


def _in_zotero(record: Record) -> Iterator[tuple[str, str]]:
    """The collections of a paper that came from Zotero, and the address that shows it there."""
    if record.zotero:
        yield "collection", ", ".join(one_line(path) for path in record.custom.get("collections", ()))
        yield "zotero", record.zotero


_SHOWN = {
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "edition": "edition",
    "publisher": "publisher",
    "genre": "kind",
    "ISBN": "isbn",
    "language": "language",
    "note": "note",
    "annote": "your notes",
}
"""CSL's variable -> its name on a card."""


def _authors(authors: Sequence[str]) -> str:
    named = ", ".join(one_line(name) for name in authors[:AUTHORS_LISTED_MAX])
    rest = len(authors) - AUTHORS_LISTED_MAX
    return f"{named} and {rest:,} more" if rest > 0 else named


def _wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
