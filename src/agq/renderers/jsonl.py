"""Sources as JSON Lines: one object a line, for `jq` and for loops."""

from __future__ import annotations

from collections.abc import Sequence

from agq.model import Source
from agq.renderers.json import source_object
from agq.renderers.parts import EVERYTHING, Shown
from agq.text.clean import as_json


def listing(query: str, sources: Sequence[Source], shown: Shown = EVERYTHING) -> str:  # noqa: ARG001  # a line holds a source, nothing else
    """One line a source."""
    return "".join(as_json(source_object(source), indent=None) for source in sources)
