"""What a strong model writes is shown whole: in a terminal, Markdown, HTML, JSON and plain text."""

from __future__ import annotations

import json
import re

import html5lib
import pytest

from agq.renderers import renderer
from agq.renderers.terminal import render
from strong import GOLDEN, bare, outputs, prepared, shown, streamed

NAMES = prepared()
QUESTIONS = {"Follow", "questions", "Weiterführende", "Fragen", "次の質問"}
"""Words of headings above follow-up questions, which agq heads itself."""


def test_there_are_enough_answers() -> None:
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_shown(name: str) -> None:
    """Told otherwise: python tests/strong.py --write, and read what changed."""
    for ending, text in outputs(name).items():
        assert text == (GOLDEN / f"{name}.{ending}").read_text(encoding="utf-8"), ending


@pytest.mark.parametrize("name", NAMES)
def test_however_it_comes_it_is_the_same(name: str) -> None:
    pieces, answer = shown(name, size=3)
    assert (pieces, answer) == shown(name, size=10_000)
    finished = bare(render(answer))
    assert streamed(pieces, answer).split() == finished.split()


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_valid(name: str) -> None:
    html5lib.HTMLParser(strict=True).parse(renderer("html")(shown(name)[1]))


def test_nothing_is_dropped_in_silence() -> None:
    """Each word of an answer is shown, or its absence is among the problems."""
    for name in set(NAMES) - {"thinking", "references", "parallel", "invented", "written", "cut"}:
        said = (GOLDEN / f"{name}.said.md").read_text(encoding="utf-8")
        answer = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
        told = answer["answer"] + " ".join(answer["follow_ups"])
        words = {word for word in re.split(r"[\W\d_]+", said) if len(word) > 3}
        assert len(words) > 4, name
        assert {word for word in words if word not in told} <= QUESTIONS, name
