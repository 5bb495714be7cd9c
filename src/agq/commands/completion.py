"""What the shell completes: ids and categories of the index. Silent where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from agq.commands.context import CommandContext
from agq.config import Environment

PAPERS_SCANNED_MAX = 20_000
"""Papers looked at for one completion: a key press must not read a whole large index."""


def complete_id(ctx: typer.Context, incomplete: str) -> list[str]:
    """Ids that begin with what was typed."""
    return sorted({paper for paper, _ in _papers(ctx) if paper.startswith(incomplete)})[:200]


def complete_category(ctx: typer.Context, incomplete: str) -> list[str]:
    """Categories that begin with what was typed."""
    return sorted({name for _, names in _papers(ctx) for name in names if name.startswith(incomplete)})[:200]


def _papers(ctx: typer.Context) -> Iterator[tuple[str, tuple[str, ...]]]:
    from agq.errors import AgqError
    from agq.index import open_index

    before = ctx.parent.params if ctx.parent else {}
    named = ctx.params.get("index") or before.get("index")
    try:
        with open_index(CommandContext(Environment.here(), index=named).settings().index) as index:
            for n, paper in enumerate(index.iterate()):
                if n >= PAPERS_SCANNED_MAX:
                    return
                yield paper.id, paper.categories
    except AgqError:
        return
