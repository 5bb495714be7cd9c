"""What an answer of agq holds that claims nothing."""

from __future__ import annotations

from collections.abc import Sequence

FIRST, LAST = "Match", "Id"
"""The columns between which an answer's table of sources tells what it can."""


def is_sources(head: Sequence[str]) -> bool:
    """Whether a table that begins so lists an answer's sources."""
    return [*head[:1], *head[-1:]] == [FIRST, LAST]
