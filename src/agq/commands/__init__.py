"""One file a command; this table lists them in the order in which `agq --help` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agq.commands.ask import ask
from agq.commands.index import index
from agq.commands.search import search

TABLE: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        "index": index,
        "ask": ask,
        "search": search,
    }
)
