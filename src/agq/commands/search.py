"""`agq search`: the papers that fit a query, without an answer."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agq.commands import details, listing, options, screen
from agq.commands.context import CommandContext
from agq.commands.formats import ListFormat, writer
from agq.commands.indexes import opened


def search(
    context: CommandContext,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY]...", show_default=False, help="What to search for; - reads it from stdin."
        ),
    ] = None,
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
    literal: options.Literal = False,
    explain: options.Explain = False,
) -> None:
    """List the papers that match a query, best match first; with filters and no query, the newest first."""
    from agq.gather import Query, gather, newest

    settings = context.settings(search_k=top_k, format=format, columns=columns)
    wanted = options.filters(category, since, until, author, id, venue, type, tag)
    only_filters = wanted and not query and sys.stdin.isatty()
    text = "" if only_filters else options.words_or_stdin(query, "query")
    written = writer(settings)
    with opened(context, settings) as index:
        with screen.waiting(settings, "searching the papers"):
            asked = Query(text, settings.search_k, wanted, literal)
            listed = wanted and not text
            found = newest(index, asked) if listed else gather(index, index.embedder(), asked)
        screen.detail(settings, lambda: details.of_evidence(found))
        listing.tell(settings, found.understood)
        listing.show(written(index), text, found.sources, explain=explain, understood=found.understood)
        if not found.sources:
            raise listing.nothing(
                index,
                wanted,
                "nothing in this index matches",
                "`agq doctor` shows what it holds",
                found.understood,
            )
