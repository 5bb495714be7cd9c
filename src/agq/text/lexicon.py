"""Word lists, kept as data beside this file: ``group: words``, going on in indented lines."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path


@lru_cache
def lexicon(name: str) -> Mapping[str, frozenset[str]]:
    """The groups of words in ``NAME.txt``, by their names."""
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    groups = (line.split(":", 1) for line in lines.replace("\n  ", " ").splitlines() if line)
    return {group: frozenset(words.split()) for group, words in groups}
