"""`agq index`: files into the index."""

from __future__ import annotations

from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.given import Given
from agq.errors import CheckFailed


def index(
    given: Given,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...", show_default=False, help="Files, folders, globs, zotero, or - for stdin."
        ),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start afresh beside the old index, swap at the end.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and count, write nothing.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="A rejected record fails the run (exit code 5).")
    ] = False,
    prune: Annotated[
        bool,
        typer.Option("--prune/--no-prune", help="Papers whose record is gone from SOURCE leave the index."),
    ] = True,
    embedder: Annotated[
        str | None, typer.Option(metavar="NAME_OR_PATH", help="The encoder. [all-MiniLM-L6-v2]")
    ] = None,
    engine: Annotated[
        str, typer.Option(metavar="NAME", help="What builds: local, or ray for a cluster (extra agq[ray]).")
    ] = "local",
    address: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Of the Ray cluster. [one of this machine's own]")
    ] = "",
    later: Annotated[
        bool,
        typer.Option("--later", help="Text index now, vectors with the next run or as questions need them."),
    ] = False,
    zotero: Annotated[
        str,
        typer.Option(
            "--zotero", metavar="DIR", help="Zotero's data directory; read there, no program asked."
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")] = False,
) -> None:
    """Read metadata files into the index.

    Whatever holds titles and abstracts: BibTeX, RIS, CSL-JSON, JSON Lines, CSV, YAML ..., plain or packed.
    SOURCE may also be zotero, zotero:COLLECTION/BELOW or zotero:group/NAME: what this machine's Zotero holds.
    Without SOURCE: the sources that the index already knows, or corpus/ on the first run. What has not
    changed is not encoded again.
    """
    from agq.commands.building import (
        all_there,
        as_object,
        build,
        preview,
        renamed,
        sources_in_force,
        summary,
        with_zotero,
        without_papers,
    )
    from agq.engines.plan import Plan

    settings = given.settings(embedder=embedder, strict=strict or None)
    if zotero and not sources:
        sources = ["zotero"]
    known = all_there(sources) if sources else sources_in_force(given, settings)
    named, places = with_zotero(given, known, zotero)
    plan = Plan(
        named,
        settings.embedder,
        rebuild=rebuild,
        prune=prune,
        later=later,
        dry_run=dry_run,
        exclude=settings.exclude,
        fields=settings.fields,
        places=places,
        engine=engine,
        address=address,
    )
    built = build(given, settings, plan)
    report = built.report
    if as_json:
        from agq.text.clean import as_json as dumped

        screen.write(dumped(as_object(report)))
    elif dry_run:
        screen.write(preview(built))
    done = "dry run, nothing written: " if dry_run else ""
    screen.notice(settings, done + summary(settings, built))
    if not dry_run:
        renamed(given, settings)
    if settings.strict and report.rejected:
        raise CheckFailed(
            f"{len(report.rejected)} records were rejected", hint="mend them, or leave --strict out"
        )
    if built.empty:
        raise without_papers(built.empty)
