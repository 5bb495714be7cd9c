"""The index: papers, their words and their vectors in a LanceDB table. Knows no questions and no answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agq.index.search import IndexReader, open_index
    from agq.index.write import BuildReport, build_index

__all__ = ["BuildReport", "IndexReader", "build_index", "open_index"]


def __getattr__(name: str) -> object:
    """Load what is asked for, and only then: `agq --help` reads this module and must not pay for the
    engine."""
    from importlib import import_module

    homes = {"IndexReader": "search", "open_index": "search", "BuildReport": "write", "build_index": "write"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{homes[name]}"), name)
