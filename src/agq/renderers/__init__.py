"""An answer, or a list of sources, as text. One file a format; these tables list them.

The modules are named, not imported: a script that asks for JSON does not wait for the terminal's library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from agq.model import Answer, Source
from agq.registry import pick
from agq.renderers.parts import Shown

RENDERERS: Mapping[str, str] = MappingProxyType(
    {
        "terminal": "agq.renderers.terminal",
        "markdown": "agq.renderers.markdown",
        "json": "agq.renderers.json",
        "html": "agq.renderers.html",
        "plain": "agq.renderers.plain",
    }
)
"""Formats of an answer: each module has ``render(answer, shown) -> str``."""

LISTINGS: Mapping[str, str] = MappingProxyType(
    {
        "terminal": "agq.renderers.terminal",
        "markdown": "agq.renderers.markdown",
        "json": "agq.renderers.json",
        "jsonl": "agq.renderers.jsonl",
        "ids": "agq.renderers.ids",
    }
)
"""Formats of a list of sources: each module has ``listing(query, sources) -> str``."""


class Renderer(Protocol):
    """Writes an answer, with those parts below its text that are ``shown``."""

    def __call__(self, answer: Answer, shown: Shown = ...) -> str:
        """The whole text."""


Listing = Callable[[str, Sequence[Source]], str]


def renderer(name: str) -> Renderer:
    """The function that writes an answer in the format ``name``.

    Raises
    ------
    UnknownName
        There is no such format.
    """
    function: Renderer = import_module(pick("format", RENDERERS, name)).render
    return function


def lister(name: str) -> Listing:
    """The function that writes a list of sources in the format ``name``; see ``renderer``."""
    function: Listing = import_module(pick("format", LISTINGS, name)).listing
    return function
