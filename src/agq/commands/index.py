"""`agq index`: files into the index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.config import Settings
from agq.errors import CheckFailed, UsageError
from agq.files import STDIN

if TYPE_CHECKING:
    from agq.engines.plan import Built, Plan


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
    engine: Annotated[
        str, typer.Option(metavar="NAME", help="What builds: local, or ray for a cluster (extra agq[ray]).")
    ] = "local",
    address: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Of the Ray cluster. [one of this machine's own]")
    ] = "",
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
    watch: Annotated[
        bool, typer.Option("--watch", help="Then wait, and read again what has changed, until Ctrl-C.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")] = False,
) -> None:
    """Read metadata files into the index.

    Any file of titles and abstracts: BibTeX, RIS, CSL-JSON, JSON Lines, CSV, YAML ..., plain or compressed.
    SOURCE may also be zotero, zotero:COLLECTION/BELOW or zotero:group/NAME for the Zotero library on this
    machine; zotero+notes searches your notes on its items, too. Without SOURCE: the sources that the index
    already knows, or corpus/ on the first run. Records that have not changed are not encoded again.
    """
    from agq.commands.building import all_there, sources_in_force
    from agq.engines.plan import Plan

    settings = context.settings(embedder=embedder, strict=strict or None)
    if zotero and not sources:
        sources = ["zotero"]
    known = all_there(sources) if sources else sources_in_force(context, settings)
    plan = Plan(
        known,
        settings.embedder,
        rebuild=rebuild,
        prune=prune,
        later=later,
        dry_run=dry_run,
        exclude=settings.exclude,
        fields=settings.fields,
        engine=engine,
        address=address,
        store=settings.store,
    )
    run = IndexRun(context, settings, zotero, as_json)
    if watch:
        _watched(run, plan)
    else:
        run.of(plan)


@dataclass(frozen=True, slots=True)
class IndexRun:
    """How sources are brought in, once or again and again."""

    context: CommandContext
    settings: Settings
    zotero: str
    as_json: bool

    def of(self, plan: Plan) -> None:
        """Bring the sources of a plan in, and tell what came of it."""
        from agq.commands.building import build, renamed, summary, with_zotero, without_papers

        named, places = with_zotero(self.context, plan.sources, self.zotero)
        built = build(self.context, self.settings, replace(plan, sources=named, places=places))
        self._write(built, dry_run=plan.dry_run)
        done = "dry run, nothing written: " if plan.dry_run else ""
        screen.notice(self.settings, done + summary(self.settings, built))
        if not plan.dry_run:
            renamed(self.context, self.settings)
        rejected = len(built.report.rejected)
        if self.settings.strict and rejected:
            raise CheckFailed(f"{rejected} records were rejected", hint="fix them, or run without --strict")
        if built.empty:
            raise without_papers(built.empty)

    def _write(self, built: Built, *, dry_run: bool) -> None:
        from agq.commands.building import as_object, preview
        from agq.text.clean import as_json

        if self.as_json:
            screen.write(as_json(as_object(built.report)))
        elif dry_run:
            screen.write(preview(built))


def _watched(run: IndexRun, plan: Plan) -> None:
    """Bring the sources in, and again whenever they change; only the first time afresh."""
    from agq.commands.watching import seen, watch
    from agq.zotero import located

    if plan.dry_run or STDIN in plan.sources:
        raise UsageError("--watch needs sources to come back to", hint="name files, folders or zotero")
    first = [plan]
    watch(
        lambda: run.of(first.pop() if first else replace(plan, rebuild=False)),
        lambda: seen(plan.sources, plan.exclude, lambda: located(run.context.environment.home, run.zotero)),
        run.settings,
    )
