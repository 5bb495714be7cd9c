"""`agq list`: the papers that pass the filters, newest first; no question, no match."""

from __future__ import annotations

from typing import Annotated

import typer

from agq.commands import listing, options, screen
from agq.commands.context import CommandContext
from agq.commands.formats import ListFormat, writer
from agq.commands.indexes import opened


def list_(
    context: CommandContext,
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
) -> None:
    """List papers by author, year, venue and the like, newest first."""
    from agq.gather import Query, newest

    settings = context.settings(search_k=top_k, format=format, columns=columns)
    wanted = options.filters(category, since, until, author, id, venue, type, tag)
    with opened(context, settings) as index:
        found = newest(index, Query("", settings.search_k, wanted))
        listing.show(writer(settings)(index), "", found.sources, explain=False)
        if not found.sources:
            raise listing.nothing(index, wanted, "no paper passes the filters", "remove a filter")
        if (passing := index.count(wanted)) > len(found.sources):
            screen.notice(
                settings, f"note: the newest {len(found.sources)} of {passing}; -k {passing} lists all"
            )
