"""Sources as bare ids, one a line, for `xargs` and for `agq cite -`."""

from __future__ import annotations

from collections.abc import Sequence

from agq.model import Source
from agq.renderers.parts import EVERYTHING, Shown
from agq.text.clean import one_line


def listing(query: str, sources: Sequence[Source], shown: Shown = EVERYTHING) -> str:  # noqa: ARG001  # a line holds an id, nothing else
    """One id a line, best match first."""
    return "".join(one_line(source.paper.id) + "\n" for source in sources)
