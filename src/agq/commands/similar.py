"""`agq similar`: papers like one paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from agq.commands import listing, options, screen
from agq.commands.completion import complete_id
from agq.commands.context import CommandContext
from agq.commands.formats import ListFormat, writer
from agq.commands.indexes import ids_named, opened


def similar(
    context: CommandContext,
    paper: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="The id of a paper, or its DOI, arXiv id and the like.",
            autocompletion=complete_id,
        ),
    ],
    top_k: Annotated[
        int | None, typer.Option("--top-k", "-k", min=1, metavar="N", help="How many papers to list. [20]")
    ] = None,
    category: options.Categories = None,
    since: options.Since = None,
    until: options.Until = None,
    author: options.Authors = None,
    venue: options.Venues = None,
    type: options.Types = None,  # noqa: A002  # the option's name
    tag: options.Tags = None,
    id: options.Ids = None,  # noqa: A002  # the option's name
    format: ListFormat = None,  # noqa: A002  # the option's name
    columns: options.Columns = None,
    explain: options.Explain = False,
) -> None:
    """List the papers most similar to one in the index."""
    from agq.gather import Query, similar

    settings = context.settings(search_k=top_k, format=format, columns=columns)
    wanted = options.filters(category, since, until, author, id, venue, type, tag)
    written = writer(settings)
    with opened(context, settings) as index:
        (asked,) = ids_named(index, [paper])
        wanted = replace(wanted, ids=tuple(ids_named(index, wanted.ids)))
        with screen.waiting(settings, "searching the papers"):
            sources = similar(index, asked, Query("", settings.search_k, wanted))
        listing.show(written(index), paper, sources, explain=explain)
        if not sources:
            raise listing.nothing(
                index, wanted, f"no paper is like {paper}", "`agq doctor` shows what the index holds"
            )
