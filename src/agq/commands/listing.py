"""A list of papers on its way out, or why there is none: what `search` and `similar` share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agq.commands import screen
from agq.errors import NothingBears
from agq.model import Filters, Source
from agq.registry import nearest

if TYPE_CHECKING:
    from agq.index import IndexReader

NAMED = 5
"""Categories that are named where one is not known."""


def show(
    write: Callable[[str, Sequence[Source]], str], asked: str, sources: Sequence[Source], *, explain: bool
) -> None:
    """A list on stdout and, where asked for, what its matches are made of on stderr."""
    if explain:
        screen.explain(sources)
    screen.write(write(asked, sources))


def nothing(index: IndexReader, filters: Filters, message: str, hint: str) -> NothingBears:
    """Why no paper came up: a category that no paper has, else ``message``."""
    return _no_such_category(index, filters) or NothingBears(
        f"{message} within these filters" if filters else message, hint=hint
    )


def _no_such_category(index: IndexReader, filters: Filters) -> NothingBears | None:
    """The error for a category that neither is one of the index's nor begins one; None where all do."""
    if not filters.categories:
        return None
    from agq.index.schema import category_keys

    held = index.categories()
    branches = category_keys(list(held))
    unknown = [one for one in filters.categories if one.lower().rstrip(".") not in branches]
    if not unknown:
        return None
    near = nearest(unknown[0].lower(), branches)
    written = {name.lower(): name for name in held}
    meant = f" (did you mean {written.get(near, near)}?)" if near else ""
    common = ", ".join(sorted(held, key=lambda name: (-held[name], name))[:NAMED])
    hint = f"the most common are {common}" if held else "no paper here has a category: leave --category out"
    return NothingBears(f"no paper in this index has the category {unknown[0]!r}{meant}", hint=hint)
