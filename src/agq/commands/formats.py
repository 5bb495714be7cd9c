"""Which format a result gets, and a list of sources in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from agq.commands import screen
from agq.config import Settings
from agq.exporters import EXPORTERS, ReferenceOptions, cited, exporter
from agq.model import Source, Understood
from agq.registry import pick
from agq.renderers import LISTINGS, lister
from agq.renderers.parts import Shown, chosen_columns

if TYPE_CHECKING:
    from agq.index import IndexReader

LISTED = dict.fromkeys([*LISTINGS, *EXPORTERS])

ListFormat = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="F", help=f"One of: {', '.join(LISTED)}.", show_default=False),
]


def chosen(settings: Settings, names: Collection[str], by_target: Sequence[str] = ()) -> str:
    """The format named for this run, else one that suits the file it goes to, else the one that is set.

    A format from the environment or a settings file speaks of those commands and files that have it.
    """
    if settings.origin("format").startswith("option"):
        return settings.format
    if by_target:
        return settings.format if settings.format in by_target else by_target[0]
    if settings.format in names:
        return settings.format
    return "terminal" if screen.on_terminal() else "markdown"


class ListWriter(Protocol):
    """Writes a list of sources and, where the format has a place for it, what was understood."""

    def __call__(self, query: str, sources: Sequence[Source], understood: Understood | None = None, /) -> str:
        """The list as text."""


def writer(settings: Settings) -> Callable[[IndexReader], ListWriter]:
    """What writes a list of sources in the format in force, once it has the index that holds their records.

    Raises
    ------
    UnknownName
        There is no such format.
    """
    name = chosen(settings, LISTED)
    pick("format", LISTED, name)
    shown = Shown(columns=chosen_columns(settings.columns))
    if name == "json":
        from agq.renderers.json import dumps, listed

        return lambda _: lambda asked, sources, understood=None: dumps(listed(asked, sources, understood))
    if name in LISTINGS:
        write = lister(name)
        return lambda _: lambda asked, sources, understood=None: write(asked, sources, shown)  # noqa: ARG005
    export = exporter(name)

    def exported(index: IndexReader, sources: Sequence[Source]) -> str:
        works = index.works([source.paper.id for source in sources])
        return export([cited(work) for work in works], ReferenceOptions())

    return lambda index: lambda asked, sources, understood=None: exported(index, sources)  # noqa: ARG005
