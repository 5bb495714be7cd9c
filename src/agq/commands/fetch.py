"""`agq fetch`: records that answer a query, from a service on the network."""

from __future__ import annotations

from typing import Annotated

import typer

from agq.commands import collecting, options, screen
from agq.commands.context import CommandContext
from agq.commands.indexes import brought
from agq.registry import pick


def fetch(
    context: CommandContext,
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="arxiv, crossref, openalex or pubmed.")],
    query: Annotated[
        list[str],
        typer.Argument(metavar="QUERY...", help="What to search for, in the service's own query syntax."),
    ],
    since: options.Since = None,
    most: Annotated[int, typer.Option("--max", min=1, metavar="N", help="Fetch at most N records.")] = 200,
    to: collecting.To = None,
    dry_run: collecting.DryRun = False,
) -> None:
    """Fetch records that match a query from a service on the network, and index them.

    Records are added to a file, one CSL-JSON item per line, each only once. An interrupted run resumes where
    it stopped. Requests carry your `contact` address if it is set, and keep to the service's rate limit.
    """
    from agq import collect
    from agq.services import SERVICES, Ask

    settings = context.settings()
    asked = pick("service", SERVICES, service)
    ask = Ask(" ".join(query), options.day("--since", since), contact=settings.contact)
    path = collecting.target(settings, to)
    if dry_run:
        screen.write(f"{collect.first_request(service, ask)}\n")
        return
    shelf = collect.Shelf(path)
    brought(settings)  # an index that cannot be written is no reason to ask anybody
    resume = collect.ResumePoint(context.environment.cache, service, ask, path)
    with collecting.clients(settings) as clients:
        found = collect.fetch(collect.Errand(service, ask, most, clients(asked), shelf, resume))
    going_on = ", resuming where an earlier run stopped" if found.resumed else ""
    screen.notice(
        settings, f"{found.came:,} of {found.total:,} records{going_on}, {found.new:,} of them new, in {path}"
    )
    collecting.index_it(context, settings, path)
