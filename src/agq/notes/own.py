"""What an answer of agq holds that claims nothing."""

from __future__ import annotations

from collections.abc import Sequence

SOURCES = ["Match", "Year", "Author", "Category", "Title", "Id"]
"""What heads an answer's table of sources."""


def is_sources(head: Sequence[str]) -> bool:
    """Whether a table that begins so lists an answer's sources, whichever of its columns are shown."""
    return "Id" in head and "Title" in head
