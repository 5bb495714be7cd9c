"""Words that may be a paper's identifier, and the signs around them."""

from __future__ import annotations

import re

AROUND = "[](){}<>.,;:!?\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb"
"""Signs that may stand around a word and are no part of it."""

_NUMBER = re.compile(r"[\d,]{1,8}(?:\.\d{1,3})?%?")


def may_name(word: str) -> bool:
    """Whether a word among others may be an identifier: it has a digit and is no plain number."""
    bare = word.strip(AROUND)
    return any(map(str.isdigit, bare)) and not _NUMBER.fullmatch(bare)
