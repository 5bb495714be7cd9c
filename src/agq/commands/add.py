"""`agq add`: records by their identifiers, from the services that keep them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from agq.commands import collecting, options, screen
from agq.commands.context import CommandContext
from agq.commands.indexes import brought
from agq.config import Settings
from agq.errors import CheckFailed, UsageError


def add(
    context: CommandContext,
    handles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[HANDLE]...",
            show_default=False,
            help="DOIs, arXiv ids, PMID:1234; a note or .bib file for every identifier in it; - for stdin.",
        ),
    ] = None,
    to: collecting.To = None,
    dry_run: collecting.DryRun = False,
) -> None:
    """Add papers by DOI, arXiv id or PMID, and index them.

    DOIs are looked up at Crossref, arXiv ids at arXiv, PMIDs at PubMed; papers that the index holds are not
    looked up. Records are added to a file, one CSL-JSON item per line, each only once.
    """
    from agq import collect
    from agq.services import SERVICES, Ask

    settings = context.settings()
    named = collect.identified(_texts(handles))
    if not named:
        raise UsageError("no DOI, arXiv id or PMID was given", hint="agq add 10.1103/...")
    path = collecting.target(settings, to)
    held = _held(settings, [one.text for one in named])
    wanted = [one for one in named if one.text not in held]
    if held:
        screen.notice(settings, f"{len(held):,} of {len(named):,} are in the index already")
    if dry_run:
        screen.write("".join(f"{SERVICES[one.service].title}: {one.text}\n" for one in wanted))
        return
    with collecting.clients(settings) as clients:
        missing = collect.add(wanted, Ask("", contact=settings.contact), clients, collect.Shelf(path))
    screen.notice(settings, f"{len(wanted) - len(missing):,} of {len(wanted):,} found, in {path}")
    if len(missing) < len(wanted):
        collecting.index_it(context, settings, path)
    if missing:
        raise CheckFailed(
            f"no service knows {', '.join(one.text for one in missing)}", hint="check for a typo"
        )


def _texts(handles: Sequence[str] | None) -> list[str]:
    """What was given as text: words, the content of files, stdin."""
    if not handles or list(handles) == ["-"]:
        return [options.words_or_stdin(list(handles or ()), "identifier")]
    return [_content(Path(one)) if Path(one).is_file() else one for one in handles]


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _held(settings: Settings, handles: Sequence[str]) -> set[str]:
    """Those that the index holds already."""
    from agq.index import open_index
    from agq.index.layout import is_index
    from agq.understand import resolved

    brought(settings)
    if not is_index(settings.index):
        return set()
    with open_index(settings.index) as index:
        return set(resolved(index, handles))
