"""`agq show`: papers' cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.completion import complete_id
from agq.commands.context import CommandContext
from agq.commands.formats import chosen
from agq.commands.indexes import ids_named, opened
from agq.records import Work, unpacked
from agq.registry import pick

FORMATS = dict.fromkeys(("terminal", "markdown", "json"))


def show(
    context: CommandContext,
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            help="Ids of papers, or DOIs, arXiv ids and the like.",
            autocompletion=complete_id,
        ),
    ],
    format: Annotated[  # noqa: A002  # the option's name
        str | None, typer.Option("--format", "-f", metavar="F", help="terminal, markdown or json.")
    ] = None,
) -> None:
    """Show everything the index knows about a paper."""
    settings = context.settings(format=format)
    name = chosen(settings, FORMATS)
    pick("format", FORMATS, name)
    with opened(context, settings) as index:
        works = index.works(ids_named(index, ids))
    screen.page(settings, _written(works, name))


def _written(works: Sequence[Work], name: str) -> str:
    from agq.renderers import card
    from agq.text.clean import as_json

    if name == "json":
        papers = [card.as_object(paper, unpacked(record)) for paper, record in works]
        return as_json({"schema": 2, "papers": papers})
    if name == "markdown":
        return "\n".join(card.as_markdown(paper, unpacked(record)) for paper, record in works)
    rule = "\n" + "─" * screen.measure() + "\n\n"
    return rule.join(card.as_text(paper, screen.measure(), unpacked(record)) for paper, record in works)
