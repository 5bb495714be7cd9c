"""`agq index`: files into the index."""

from __future__ import annotations

from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.errors import CheckFailed


def index(
    context: CommandContext,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...", show_default=False, help="Files, folders, globs, zotero, or - for stdin."
        ),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build a new index beside the old one and swap at the end.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and count, write nothing.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail if a record is rejected (exit code 5).")
    ] = False,
    prune: Annotated[
        bool,
        typer.Option("--prune/--no-prune", help="Remove papers whose records are gone from SOURCE."),
    ] = True,
    embedder: Annotated[
        str | None, typer.Option(metavar="NAME_OR_PATH", help="The encoder. [all-MiniLM-L6-v2]")
    ] = None,
    later: Annotated[
        bool,
        typer.Option(
            "--later",
            help="Build the text index only; vectors follow in the next run or as questions need them.",
        ),
    ] = False,
    zotero: Annotated[
        str,
        typer.Option(
            "--zotero", metavar="DIR", help="Read Zotero's data directory DIR instead of asking the program."
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")] = False,
) -> None:
    """Read metadata files into the index.

    Any file of titles and abstracts: BibTeX, RIS, CSL-JSON, JSON Lines, CSV, YAML ..., plain or compressed.
    SOURCE may also be zotero, zotero:COLLECTION/BELOW or zotero:group/NAME for the Zotero library on this
    machine. Without SOURCE: the sources that the index already knows, or corpus/ on the first run. Records
    that have not changed are not encoded again.
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

    settings = context.settings(embedder=embedder, strict=strict or None)
    if zotero and not sources:
        sources = ["zotero"]
    known = all_there(sources) if sources else sources_in_force(context, settings)
    named, places = with_zotero(context, known, zotero)
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
    )
    built = build(context, settings, plan)
    report = built.report
    if as_json:
        from agq.text.clean import as_json as dumped

        screen.write(dumped(as_object(report)))
    elif dry_run:
        screen.write(preview(built))
    done = "dry run, nothing written: " if dry_run else ""
    screen.notice(settings, done + summary(settings, built))
    if not dry_run:
        renamed(context, settings)
    if settings.strict and report.rejected:
        raise CheckFailed(
            f"{len(report.rejected)} records were rejected", hint="fix them, or run without --strict"
        )
    if built.empty:
        raise without_papers(built.empty)
