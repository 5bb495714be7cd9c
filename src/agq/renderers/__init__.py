"""An answer, or a list of sources, as text. One file a format; these tables list them.

The modules are named, not imported: a script that asks for JSON does not wait for the terminal's library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from agq.model import Answer, Source
from agq.registry import pick
from agq.renderers.parts import Shown


@dataclass(frozen=True, slots=True)
class Format:
    """A format of an answer.

    ``module`` has ``render(answer, shown) -> str``. ``endings``: of files in it. ``cites``: how it cites
    where nobody says how. ``whole``: a file holds one answer and no more.
    """

    module: str
    endings: tuple[str, ...] = ()
    cites: str = "id"
    whole: bool = False


RENDERERS: Mapping[str, Format] = MappingProxyType(
    {
        "terminal": Format("agq.renderers.terminal"),
        "markdown": Format("agq.renderers.markdown", (".md", ".markdown", ".rmd", ".mdx", "")),
        "obsidian": Format("agq.renderers.obsidian", (".md",), cites="wiki"),
        "quarto": Format("agq.renderers.quarto", (".qmd",), cites="pandoc"),
        "org": Format("agq.renderers.org", (".org",), cites="org"),
        "json": Format("agq.renderers.json", (".json",), whole=True),
        "html": Format("agq.renderers.html", (".html", ".htm"), whole=True),
        "plain": Format("agq.renderers.plain", (".txt",)),
    }
)
"""Formats of an answer."""

LISTINGS: Mapping[str, str] = MappingProxyType(
    {
        "terminal": "agq.renderers.terminal",
        "markdown": "agq.renderers.markdown",
        "json": "agq.renderers.json",
        "jsonl": "agq.renderers.jsonl",
        "ids": "agq.renderers.ids",
    }
)
"""Formats of a list of sources: each module has ``listing(query, sources, shown) -> str``."""


class Renderer(Protocol):
    """Writes an answer, with those parts below its text that are ``shown``."""

    def __call__(self, answer: Answer, shown: Shown = ...) -> str:
        """The whole text."""


class Listing(Protocol):
    """Writes a list of sources, with the columns that are ``shown``."""

    def __call__(self, query: str, sources: Sequence[Source], shown: Shown = ..., /) -> str:
        """The whole text."""


def renderer(name: str) -> Renderer:
    """The function that writes an answer in the format ``name``.

    Raises
    ------
    UnknownName
        There is no such format.
    """
    function: Renderer = import_module(pick("format", RENDERERS, name).module).render
    return function


def lister(name: str) -> Listing:
    """The function that writes a list of sources in the format ``name``; see ``renderer``."""
    function: Listing = import_module(pick("format", LISTINGS, name)).listing
    return function
