"""What an answer of agq holds that claims nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

FIRST, LAST = "Match", "Id"
"""The columns between which an answer's table of sources tells what it can."""


_ENTRY = re.compile(r"\s*\d{1,3}% \[[^\[\]]+\] ")


def is_plain_source(paragraph: str) -> bool:
    """Whether a paragraph is the sources of an answer in plain text."""
    return _ENTRY.match(paragraph) is not None


def is_sources(head: Sequence[str]) -> bool:
    """Whether a table that begins so lists an answer's sources."""
    return [*head[:1], *head[-1:]] == [FIRST, LAST]
