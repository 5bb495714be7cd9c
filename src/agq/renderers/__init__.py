"""An answer, or a list of sources, as text. One file a format; this table lists them.

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
    """A format of answers, of lists of sources, or of both.

    ``module`` has ``render(answer, shown) -> str`` where it writes ``answers``, and ``listing(query, sources,
    shown) -> str`` where it writes ``lists``. ``endings``: of files with an answer in it. ``cites``: how it
    cites where nobody says how. ``whole``: a file holds one answer and no more.
    """

    name: str
    module: str
    endings: tuple[str, ...] = ()
    cites: str = "id"
    whole: bool = False
    answers: bool = True
    lists: bool = False


FORMATS: tuple[Format, ...] = (
    Format("terminal", "agq.renderers.terminal", lists=True),
    Format("markdown", "agq.renderers.markdown", (".md", ".markdown", ".rmd", ".mdx", ""), lists=True),
    Format("obsidian", "agq.renderers.obsidian", (".md",), cites="wiki"),
    Format("quarto", "agq.renderers.quarto", (".qmd",), cites="pandoc"),
    Format("org", "agq.renderers.org", (".org",), cites="org"),
    Format("json", "agq.renderers.json", (".json",), whole=True, lists=True),
    Format("html", "agq.renderers.html", (".html", ".htm"), whole=True),
    Format("plain", "agq.renderers.plain", (".txt",)),
    Format("jsonl", "agq.renderers.jsonl", answers=False, lists=True),
    Format("ids", "agq.renderers.ids", answers=False, lists=True),
)

RENDERERS: Mapping[str, Format] = MappingProxyType({one.name: one for one in FORMATS if one.answers})
"""Formats of an answer."""

LISTINGS: Mapping[str, Format] = MappingProxyType({one.name: one for one in FORMATS if one.lists})
"""Formats of a list of sources."""


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
    function: Listing = import_module(pick("format", LISTINGS, name).module).listing
    return function
