"""Building an index with someone watching: progress on stderr, a report at the end."""

from __future__ import annotations

import glob
import os
import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from agq import zotero
from agq.commands import details, screen
from agq.commands.context import CommandContext
from agq.config import Settings
from agq.errors import AgqError, UsageError
from agq.files import STDIN
from agq.model import Rejected

if TYPE_CHECKING:
    from agq.engines.plan import Built, Plan
    from agq.index.write import BuildReport, Progress
    from agq.readers import Found

REJECTED_LISTED_MAX = 20
"""Rejected records that are listed one by one; --json has them all."""


def all_there(sources: Sequence[str]) -> tuple[str, ...]:
    """What was named, if all of it is there: a slip of the pen is no source to remember.

    Raises
    ------
    UsageError
        A file or folder is not there, or a pattern meets none.
    """
    for source in sources:
        place = os.path.expanduser(source)
        if zotero.asked(source) is not None:
            continue
        if part := zotero.named(place):
            _refuse(part)
            continue
        if source != STDIN and not os.path.exists(place) and not glob.glob(place, recursive=True):
            raise UsageError(f"there is no {source}", hint="name a file, a folder, a pattern, or - for stdin")
    return tuple(sources)


def sources_in_force(context: CommandContext, settings: Settings) -> tuple[str, ...]:
    """What to read where nothing was named: what the index knows, or ``corpus/`` on the first run.

    Raises
    ------
    UsageError
        There is neither.
    """
    from agq.index.layout import Manifest, current_generation, is_index

    if settings.store:
        from agq.index.remote import refresh

        refresh(settings.store, settings.index)
    if is_index(settings.index):
        known = Manifest.read(current_generation(settings.index)).sources
        if known:
            return known
    corpus = context.environment.folder / "corpus"
    if corpus.is_dir():
        return (str(corpus),)
    raise UsageError("there is nothing to index", hint="name a file or a folder: agq index papers.jsonl")


def without_papers(sources: Sequence[str]) -> AgqError:
    """The error for sources in which there is no paper."""
    gone = [
        source for source in sources if source != STDIN and not os.path.exists(os.path.expanduser(source))
    ]
    listed = ", ".join(map(_short, sources))
    if gone:
        return AgqError(
            f"no paper in {listed}", hint=f"agq forget {shlex.quote(gone[0])}, or index its new location"
        )
    return AgqError(f"no paper in {listed}", hint="agq index --dry-run FILE shows how a file is understood")


def renamed(context: CommandContext, settings: Settings) -> None:
    """Take out sources that are gone and whose papers all stand in others that are not: it is a new name."""
    from agq.engines.plan import within
    from agq.index import open_index
    from agq.index.layout import is_index
    from agq.pipeline import forget

    if settings.store or not is_index(settings.index):
        return
    with open_index(settings.index) as index:
        gone = {source: within(source) for source in index.sources if is_gone(source)}
        held = index.papers_by_source() if gone else {}
    for source, belongs in gone.items():
        mine = [files for files in held if any(map(belongs, files))]
        there = [{file for file in files if not any(lost(file) for lost in gone.values())} for files in mine]
        if mine and all(there):
            forget(settings.index, source, context.environment.cache)
            told = ", ".join(sorted(map(_short, set().union(*there))))
            screen.notice(
                settings, f"{_short(source)} is gone, and its papers are in {told}: it was forgotten"
            )


def is_gone(source: str) -> bool:
    """Whether a source that an index knows is a file or folder that is not there any more."""
    if zotero.asked(source) is not None or glob.has_magic(source):
        return False
    part = zotero.named(source)
    return not os.path.exists(part.path if part else source)


def _refuse(part: zotero.ZoteroPart) -> None:
    from agq.readers.zotero import refuse

    refuse(part)


def with_zotero(
    context: CommandContext, sources: Sequence[str], folder: str
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The sources, and where those are read that say ``zotero`` or ``zotero:PART``.

    With Zotero's data directory in ``folder`` they become paths in it.

    Raises
    ------
    UsageError
        There is no Zotero library, or no such part of it.
    """
    places: dict[str, str] = {}
    named: list[str] = []
    for source in sources:
        part = zotero.asked(source)
        if part is None:
            named.append(source)
            continue
        found = replace(part, path=zotero.located(context.environment.home, folder))
        running = "" if folder else from_program(context, found)
        if not running:
            _refuse(found)
        named.append(found.source if folder else source)
        if not folder:
            places[source] = running or found.source
    return tuple(named), places


def from_program(context: CommandContext, part: zotero.ZoteroPart, address: str = "") -> str:
    """A copy of what a running Zotero tells of a part of its library; empty where none runs or tells.

    Raises
    ------
    UsageError
        There is no such part.
    """
    from agq.services import zotero as program
    from agq.services.polite import ServiceFailed, ServiceRefused

    settings = context.settings()
    at = address or program.ADDRESS
    if not program.answers(at):
        return ""
    try:
        path = program.copied(context.environment.cache, part, at)
    except ServiceRefused as refusal:
        why = program.ALLOW if refusal.status == 403 else refusal.message
        screen.notice(settings, f"note: Zotero is running but does not answer, so its file is read: {why}")
        return ""
    except ServiceFailed as failure:
        screen.notice(settings, f"note: {failure.message}, so its file is read")
        return ""
    screen.detail(settings, lambda: f"asked Zotero at {at}")
    return str(path)


def build(context: CommandContext, settings: Settings, plan: Plan) -> Built:
    """Run the build; a progress bar shows it on a terminal."""
    screen.detail(settings, lambda: details.of_plan(settings, plan))
    with watched(settings) as watch:
        from agq import pipeline  # what reads and writes takes a moment to load: the bar is there first

        stages = details.Stages(watch)
        built = pipeline.build(settings.index, plan, context.environment.cache, stages)
    screen.detail(settings, lambda: details.of_built(built, stages))
    return built


@contextmanager
def watched(settings: Settings) -> Iterator[Callable[[Progress], None]]:
    """What is told of the progress, stage by stage, with rate and time left."""
    from rich.console import Console

    console = Console(stderr=True, markup=False, highlight=False)
    if settings.quiet or not console.is_terminal or console.is_dumb_terminal:
        yield lambda _: None
        return
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[told]}"),
    )
    with Bars(*columns, TimeRemainingColumn(), console=console, transient=True) as bars:
        task = bars.add_task(details.STAGES["read"], total=None, told="")
        begun: dict[str, float] = {}

        def watch(progress: Progress) -> None:
            if progress.stage not in begun:
                bars.reset(task, description=details.STAGES[progress.stage])
            since = time.perf_counter() - begun.setdefault(progress.stage, time.perf_counter())
            told = _told(progress, since)
            bars.update(task, completed=progress.done, total=progress.total, told=told)

        yield watch


def _told(progress: Progress, seconds: float) -> str:
    """How far, and how fast after the first second: ``96/300  12/s``."""
    of = f"/{progress.total:,}" if progress.total else ""
    rate = f"  {progress.done / seconds:,.0f}/s" if seconds > 1 else ""
    return f"{progress.done:,}{of}{rate}" if progress.done else ""


def summary(settings: Settings, built: Built) -> str:
    """The report in words, rejected records with file, line and reason."""
    report = built.report
    counts = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "merged": report.merged,
        "removed": report.removed,
        "rejected": len(report.rejected),
    }
    said = ", ".join(f"{n:,} {what}" for what, n in counts.items() if n) or "nothing to do"
    lines = [f"{report.papers:,} papers in {_short(settings.index_name)}: {said} ({_time(report.seconds)})"]
    if built.bare:
        lines.append(
            f"{built.bare:,} without an abstract, indexed by title only: `agq fill` looks for their abstracts"
        )
    lines += [
        f"two papers have the key {was}: the later one is now {now}"
        for was, now in built.renamed[:REJECTED_LISTED_MAX]
    ]
    lines += [f"rejected {_place(one)}: {one.reason}" for one in report.rejected[:REJECTED_LISTED_MAX]]
    if len(report.rejected) > REJECTED_LISTED_MAX:
        lines.append(f"... and {len(report.rejected) - REJECTED_LISTED_MAX:,} more; --json lists them all")
    return "\n".join(lines)


def preview(built: Built) -> str:
    """The first papers as they would be indexed, and how their fields were understood."""
    from agq.renderers.card import as_text

    cards = [as_text(found.paper, screen.measure()) + _understood(found.found) for found in built.first]
    return "\n".join(cards)


def _understood(found: Found) -> str:
    used = ", ".join(f"{name} from {path}" for name, path in found.mapping.items())
    layout = f"read as {found.layout}" if found.layout else "read"
    return f"\n({layout}{f': {used}' if used else ''})\n"


def _place(rejected: Rejected) -> str:
    line = f":{rejected.line}" if rejected.line is not None else ""
    record = f" ({rejected.record})" if rejected.record else ""
    return f"{_short(rejected.source)}{line}{record}"


def _short(source: str) -> str:
    """A path as short as it can be written from here."""
    path = Path(source)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else source


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def as_object(report: BuildReport) -> dict[str, object]:
    """The report as the contract lays it out."""
    return {
        "schema": 2,
        "papers": report.papers,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "merged": report.merged,
        "removed": report.removed,
        "rejected": [_rejected(one) for one in report.rejected],
        "seconds": round(report.seconds, 3),
        "papers_per_second": round(report.papers_per_second, 1),
    }


def _rejected(one: Rejected) -> dict[str, object]:
    where = {"line": one.line} if one.line is not None else {"record": one.record}
    return {"source": one.source, **where, "reason": one.reason}
