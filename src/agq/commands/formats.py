"""Which format a result gets, and a list of sources in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Protocol

import typer

from agq.commands import screen
from agq.config import Settings
from agq.exporters import EXPORTERS, exporter
from agq.model import Source, Understood
from agq.registry import pick
from agq.renderers import LISTINGS, lister

LISTED = dict.fromkeys([*LISTINGS, *EXPORTERS])

ListFormat = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="F", help=f"One of: {', '.join(LISTED)}.", show_default=False),
]


def chosen(settings: Settings, names: Collection[str], by_target: str = "") -> str:
    """The format named for this run, else the one of the file it goes to, else the one that is set.

    A format from the environment or a settings file speaks of those commands that have it.
    """
    if settings.origin("format").startswith("option"):
        return settings.format
    if by_target:
        return by_target
    if settings.format in names:
        return settings.format
    return "terminal" if screen.on_terminal() else "markdown"


class ListWriter(Protocol):
    """Writes a list of sources and, where the format has a place for it, what was understood."""

    def __call__(self, query: str, sources: Sequence[Source], understood: Understood | None = None, /) -> str:
        """The list as text."""


def writer(settings: Settings) -> ListWriter:
    """The function that writes a list of sources in the format in force.

    Raises
    ------
    UnknownName
        There is no such format.
    """
    name = chosen(settings, LISTED)
    pick("format", LISTED, name)
    if name == "json":
        from agq.renderers.json import listing

        return listing
    if name in LISTINGS:
        listed = lister(name)
        return lambda asked, sources, understood=None: listed(asked, sources)  # noqa: ARG005
    export = exporter(name)
    return lambda asked, sources, understood=None: export([one.paper for one in sources])  # noqa: ARG005
