"""`agq sources`, `agq forget`: what the index is made of."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.commands.indexes import brought, opened
from agq.errors import IndexUnusable, UsageError
from agq.files import STDIN
from agq.registry import nearest

if TYPE_CHECKING:
    from agq.index import IndexReader

State = Literal["unchanged", "changed", "gone", "read once"]


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source, how many papers stand in it, how many in no other, and whether it is as it was."""

    source: str
    papers: int
    only_here: int
    state: State


def sources(
    context: CommandContext,
    as_json: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
) -> None:
    """List the sources of the index, with the number of papers and the state of each.

    "changed" and "unchanged" compare a source with its state when it was indexed; "gone" is a file or folder
    that no longer exists; "read once" is stdin.
    """
    settings = context.settings(quiet=True)
    with opened(context, settings) as index:
        held = listed(index)
    if as_json:
        from agq.text.clean import as_json as dumped

        screen.write(dumped({"schema": 2, "sources": [asdict(one) for one in held]}))
        return
    width = max((len(f"{one.papers:,}") for one in held), default=1)
    screen.write("".join(f"{one.papers:>{width},}  {one.state:<9}  {one.source}\n" for one in held))


def listed(index: IndexReader) -> list[SourceStatus]:
    """Every source that an index knows, in the order in which it came."""
    counts = index.papers_by_source()
    known = [*index.sources, *([STDIN] if any(STDIN in files for files in counts) else [])]
    return [_held(source, counts, index.state.updated) for source in known]


def _held(source: str, counts: Mapping[tuple[str, ...], int], updated: str) -> SourceStatus:
    from agq.engines.plan import within

    belongs = within(source)
    papers = sum(count for files, count in counts.items() if any(map(belongs, files)))
    only = sum(count for files, count in counts.items() if all(map(belongs, files)))
    return SourceStatus(source, papers, only, _state(source, updated))


def _state(source: str, updated: str) -> State:
    from agq.commands.building import is_gone
    from agq.commands.staleness import changed

    if source == STDIN:
        return "read once"
    if is_gone(source):
        return "gone"
    return "changed" if list(changed([source], updated, limit=10.0)) else "unchanged"


def forget(
    context: CommandContext,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The source, as `agq sources` lists it.")],
) -> None:
    """Remove a source from the index, with the papers that no other source has. Its file is not touched."""
    from agq import pipeline
    from agq.index import open_index
    from agq.index.layout import is_index

    settings = context.settings()
    brought(settings)
    if not is_index(settings.index):
        raise IndexUnusable(f"there is no index at {settings.index_name}", hint="agq index SOURCE")
    with open_index(settings.index) as index:
        known = [one.source for one in listed(index)]
    meant = _known(source, known)
    report = pipeline.forget(settings.index, meant, context.environment.cache, settings.store)
    screen.notice(
        settings,
        f"{report.papers:,} papers in {settings.index_name}: {report.removed:,} removed, {source} forgotten",
    )


def _known(source: str, known: list[str]) -> str:
    """The source that is meant, as the index knows it.

    Raises
    ------
    UsageError
        It knows no such source.
    """
    import os

    whole = os.path.realpath(os.path.expanduser(source))
    found = next((one for one in (source, whole) if one in known), "")
    if not found:
        near = nearest(whole, known) or nearest(source, known)
        meant = f"did you mean {shlex.quote(near)}?" if near else "agq sources lists them"
        raise UsageError(f"{source} is not a source of this index", hint=meant)
    return found
