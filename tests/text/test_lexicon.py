"""Word lists are data: each says where it is from, and no word stands twice in a group."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from agq.text import lexicon as module
from agq.text.lexicon import lexicon, phrases, table

FILES = sorted(Path(module.__file__).parent.glob("*.t*"))
OF_PHRASES = {"abstracts.txt", "untold.txt"}
"""A phrase a line; in the others words lie between spaces."""
OF_WORDS = [file for file in FILES if file.suffix == ".txt" and file.name not in OF_PHRASES]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_list_says_where_it_is_from(file: Path) -> None:
    head = file.read_text(encoding="utf-8").split("\n\n")[0]
    assert head.startswith("# ")
    assert "Written for agq" in head or "after the" in head


@pytest.mark.parametrize("file", OF_WORDS, ids=lambda file: file.name)
def test_no_word_stands_twice_in_a_group(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("\n  ", " ")
    groups = dict(line.split(":", 1) for line in text.splitlines() if line and not line.startswith("#"))
    twice = {name: [w for w, n in Counter(words.split()).items() if n > 1] for name, words in groups.items()}
    assert {name: words for name, words in twice.items() if words} == {}
    assert {name: frozenset(words.split()) for name, words in groups.items()} == lexicon(file.stem)


def test_a_group_may_go_on_in_the_next_line() -> None:
    assert {"article", "entries"} <= lexicon("questions")["papers"]


@pytest.mark.parametrize("name", sorted(OF_PHRASES))
def test_a_phrase_stands_once_in_its_group_and_is_a_pattern(name: str) -> None:
    groups = phrases(name.removesuffix(".txt"))
    assert groups
    for group, listed in groups.items():
        assert listed, group
        assert len(set(listed)) == len(listed), group
        assert all(re.compile(phrase) for phrase in listed)


def test_a_table_has_as_many_cells_in_each_row() -> None:
    assert ["number", "twelve", "12"] in table("numbers")
    assert {len(row) for name in ("numbers", "units") for row in table(name)} == {3}
