"""`agq fetch`: records that answer a query, from a service on the network."""

from __future__ import annotations

from typing import Annotated

import typer

from agq.commands import collecting, options, screen
from agq.commands.context import CommandContext
from agq.registry import pick


def fetch(
    context: CommandContext,
    service: Annotated[
        str, typer.Argument(metavar="SERVICE", help="arxiv, crossref, openalex or pubmed; no other is asked.")
    ],
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help="What to look for, in the service's own terms.")
    ],
    since: options.Since = None,
    most: Annotated[int, typer.Option("--max", min=1, metavar="N", help="Records at most.")] = 200,
    to: collecting.To = None,
    dry_run: collecting.DryRun = False,
) -> None:
    """Fetch records that answer a query from a service on the network, and index them.

    They are added to a file of one CSL-JSON item a line, each once. A run that was cut short goes on where it
    stopped. The service is told who asks where `contact` is set, and is asked no faster than it likes.
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
    resume = collect.ResumePoint(context.environment.cache, service, ask, path)
    with collecting.clients(settings) as clients:
        found = collect.fetch(collect.Errand(service, ask, most, clients(asked), shelf, resume))
    going_on = ", going on where an earlier run stopped" if found.resumed else ""
    screen.notice(
        settings, f"{found.came:,} of {found.total:,} records{going_on}, {found.new:,} of them new, in {path}"
    )
    collecting.index_it(context, settings, path)
