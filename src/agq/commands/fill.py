"""`agq fill`: abstracts for papers that have none."""

from __future__ import annotations

from agq.commands import collecting, screen
from agq.commands.context import CommandContext
from agq.commands.indexes import opened


def fill(context: CommandContext, to: collecting.To = None, dry_run: collecting.DryRun = False) -> None:
    """Find abstracts for the papers that have none, and index them.

    arXiv, PubMed, OpenAlex and Crossref are asked by arXiv id, PMID and DOI, and OpenAlex by title for papers
    without an identifier: title and year must be the same. No existing field is changed: the abstracts are
    written to a file, one CSL-JSON item per line, and merged with the papers.
    """
    from agq import collect
    from agq.services import Ask

    settings = context.settings()
    path = collecting.target(settings, to)
    with opened(context, settings) as index:
        bare = [paper.id for paper in index.iterate() if not paper.abstract]
        papers = index.works(bare)
    if dry_run:
        screen.write(
            "".join(f"{service}: {count:,} by {by}\n" for service, by, count in collect.ways(papers))
        )
        return
    filled = 0
    with collecting.clients(settings) as clients:
        for one in collect.fill(papers, Ask("", contact=settings.contact), clients, collect.Shelf(path)):
            filled += 1
            screen.write(f"{one.id}\t{one.service}, by {one.by}\n")
    screen.notice(settings, f"{filled:,} of {len(papers):,} papers without an abstract have one now")
    if filled:
        collecting.index_it(context, settings, path)
