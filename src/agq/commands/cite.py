"""`agq cite`: papers as citations for other programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import notes, screen
from agq.commands.completion import complete_id
from agq.commands.context import CommandContext
from agq.commands.indexes import opened
from agq.errors import CheckFailed, UsageError
from agq.exporters import EXPORTERS, Reference, ReferenceOptions, cited, exporter
from agq.registry import nearest, pick

if TYPE_CHECKING:
    from agq.index import IndexReader


def cite(
    context: CommandContext,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="Papers' ids, DOIs, arXiv ids; - reads them from stdin.",
            autocompletion=complete_id,
        ),
    ] = None,
    note: Annotated[
        Path | None, typer.Option("--from", metavar="NOTE.md", help="Cite every paper that this note cites.")
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        str | None,
        typer.Option("--format", "-f", metavar="F", help=f"{', '.join(EXPORTERS)}. [bibtex]"),
    ] = None,
    style: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE.csl", help="Text in a style: apa, chicago-author-date, ieee, vancouver ..."
        ),
    ] = None,
    private: Annotated[
        bool,
        typer.Option("--private", help="Include private tags (/toread, _x), file paths and annotations."),
    ] = False,
) -> None:
    """Write papers as BibTeX, BibLaTeX, RIS, CSL-JSON or text.

    Records that came from BibTeX are written as they came. Keys are the papers' ids where BibTeX allows them,
    otherwise the id's legal characters with a short hash. An unknown id does not keep the others from being
    written.
    """
    name = format or ("text" if style else "bibtex")
    pick("format", EXPORTERS, name)
    if style and name != "text":
        raise UsageError(f"--style is for text, not for {name}", hint="leave --format out, or --style")
    from agq.understand import resolved

    settings = context.settings()
    with opened(context, settings) as index:
        wanted = _cited(index, note) if note else _named(ids)
        held = resolved(index, wanted)
        works = _works(index, {one: held[one] for one in wanted if one in held})
        missing = [one for one in wanted if one not in held]
        near = nearest(missing[0], index.ids()) if missing else None
    if works:
        screen.write(exporter(name)(works, ReferenceOptions(private, style or "")))
    if missing:
        raise _unknown(missing, note, near)


def _works(index: IndexReader, held: Mapping[str, str]) -> list[Reference]:
    """Each paper once, in the order in which it was asked for, under the first key that it was asked by."""
    works = {work.paper.id: work for work in index.works(list(dict.fromkeys(held.values())))}
    asked: dict[str, str] = {}
    for handle, paper in held.items():
        asked.setdefault(paper, handle)
    return [cited(works[paper], handle) for paper, handle in asked.items()]


def _unknown(missing: Sequence[str], note: Path | None, near: str | None) -> CheckFailed:
    listed = ", ".join(missing)
    if note:
        return CheckFailed(
            f"{note} cites papers that are not in the index: {listed}", hint=f"agq check {note}"
        )
    meant = f"did you mean {near}?" if near else "agq search TITLE finds ids"
    return CheckFailed(f"no paper {listed} in the index", hint=meant)


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
    from agq.cited import lookup
    from agq.verify import cited_ids

    return cited_ids(notes.read_note(str(note)), lookup(index))
