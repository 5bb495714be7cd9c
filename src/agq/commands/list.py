"""`agq list`: the papers that pass the filters, newest first; no question, no match."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import listing, options, screen
from agq.commands.formats import ListFormat, writer
from agq.commands.given import Given
from agq.commands.indexes import opened
from agq.config import Settings
from agq.model import Filters, MatchParts, Source

if TYPE_CHECKING:
    from agq.index import IndexReader

NOTHING_ASKED = MatchParts(0.0, 0.0)


def list_(
    given: Given,
    top_k: Annotated[
        int | None, typer.Option("--top-k", "-k", min=1, metavar="N", help="Papers to list. [20]")
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
) -> None:
    """List papers by author, year, venue and the like, newest first."""
    settings = given.settings(search_k=top_k, format=format)
    wanted = options.filters(category, since, until, author, id, venue, type, tag)
    with opened(given, settings) as index:
        show(settings, index, wanted)


def show(settings: Settings, index: IndexReader, filters: Filters) -> None:
    """The newest papers that pass, on stdout; how many more there are, on stderr.

    Raises
    ------
    NothingBears
        None does.
    """
    from agq.understand import resolved

    ids = tuple(resolved(index, filters.ids).get(one, one) for one in filters.ids)
    within = replace(filters, ids=ids)
    papers = index.listed(within, settings.search_k)
    sources = [Source(paper, 0.0, NOTHING_ASKED, ranked=False) for paper in papers]
    listing.show(writer(settings)(index), "", sources, explain=False)
    if not papers:
        raise listing.nothing(index, within, "no paper passes", "leave a filter out")
    if (all_ := index.count(within)) > len(papers):
        screen.notice(settings, f"note: the newest {len(papers)} of {all_}; -k {all_} lists all")
