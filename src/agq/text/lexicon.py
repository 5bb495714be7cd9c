"""Word lists, kept as data beside this file; each says where its words come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path


@lru_cache
def lexicon(name: str) -> Mapping[str, frozenset[str]]:
    """The groups of words in ``NAME.txt``: ``group: words``, going on in indented lines."""
    return {group: frozenset(" ".join(lines).split()) for group, lines in _groups(name).items()}


def phrases(name: str) -> Mapping[str, Sequence[str]]:
    """The groups of phrases in ``NAME.txt``: ``group:``, and below it a phrase a line, indented."""
    return _groups(name)


def table(name: str) -> list[list[str]]:
    """The rows of ``NAME.tsv``."""
    return [line.split("\t") for line in _lines(f"{name}.tsv")]


def _groups(name: str) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in _lines(f"{name}.txt"):
        said = line.strip()
        if not line.startswith(" "):
            group, _, said = (part.strip() for part in line.partition(":"))
            lines = groups[group] = []
        lines += [said] if said else []
    return groups


def _lines(file: str) -> list[str]:
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
