"""`agq cite`: papers as citations for other programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import notes, screen
from agq.commands.completion import complete_id
from agq.commands.given import Given
from agq.commands.indexes import opened, papers_named
from agq.errors import CheckFailed, UsageError
from agq.exporters import EXPORTERS, exporter
from agq.registry import pick

if TYPE_CHECKING:
    from agq.index import IndexReader


def cite(
    given: Given,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="Papers' ids; - reads them from stdin.", autocompletion=complete_id
        ),
    ] = None,
    note: Annotated[
        Path | None, typer.Option("--from", metavar="NOTE.md", help="Cite every id that this note cites.")
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        str, typer.Option("--format", "-f", metavar="F", help=f"{', '.join(EXPORTERS)}.")
    ] = "bibtex",
) -> None:
    """Write papers as BibTeX, RIS, CSL-JSON or text.

    Keys are the papers' ids where BibTeX takes them, else the id's legal characters with a short hash.
    """
    pick("format", EXPORTERS, format)
    settings = given.settings()
    with opened(given, settings) as index:
        wanted = _cited(index, note) if note else _named(ids)
        papers = papers_named(index, wanted) if not note else index.get(wanted)
    screen.write(exporter(format)(papers))
    if note and (missing := [one for one in wanted if one not in {paper.id for paper in papers}]):
        raise CheckFailed(
            f"{note} cites what the index does not hold: {', '.join(missing)}", hint=f"agq check {note}"
        )


def _named(ids: Sequence[str] | None) -> list[str]:
    if ids and list(ids) != ["-"]:
        return list(dict.fromkeys(ids))
    if not ids and sys.stdin.isatty():
        raise UsageError(
            "no ids to cite", hint="agq cite ID..., or agq search QUERY --format ids | agq cite -"
        )
    return list(dict.fromkeys(sys.stdin.read().split()))


def _cited(index: IndexReader, note: Path) -> list[str]:
    """The ids that a note cites, in reading order."""
    from agq.verify import cited_ids

    return cited_ids(notes.read_note(str(note)), notes.lookup(index))
