"""A quotation says in every format what the abstract says, letter for letter."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from agq.answerers.entries import entry
from agq.answerers.reading import quotable
from agq.model import Answer, Finding, MatchParts, Paper, Quote, Source
from agq.renderers import renderer
from agq.renderers.terminal import show
from agq.text.clean import one_line
from agq.text.sentences import sentences

SAYINGS = [
    "The gas was H$_2$ and not CO_2 or M_⊙ at all.",
    "We find a slope of 0.254^{+0.026}_{-0.020} and of 0.3^{+0.1}_{-0.2} there.",
    r"It holds where a \ne 1 and b \ne 1, as \emph{shown} before.",
    "CONCLUSIONS AND RELEVANCE: *Fewer* died ** than before (P < .001).",
    'They called it "good" and “bad, and left it open.',
    "Ratios [Fe/H] and [O III]/H_beta fell by 5 % [95 % CI 1-2] in 3 * 4 runs.",
    "Of <b>all</b> `codes` & ends, AT&amp;T has ~~none~~ | two | in _all_ of __them__.",
    "1. It is a list? - No: # it is not! + yes.",
    "在冰下_冬眠_的青蛙*通过*皮肤呼吸空气。",
    "See https://example.org/a_b_c and a_b_c or $x_1 < y^2$ for more.",
]


def answer(saying: str) -> Answer:
    """An answer that quotes the saying."""
    paper = Paper("a1", "On *all* of_it_", saying, ("Ann Lee",), date="2020")
    piece = entry(paper, Finding("a1", (Quote(one_line(saying), 0),)))
    return Answer("Q?", f"- {piece.text}", "", "2026-01-02", (Source(paper, 0.5, MatchParts(0.5, 0.5)),))


class Text(HTMLParser):
    """The text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.text += data


def on_terminal(shown: Answer) -> str:
    out = io.StringIO()
    show(shown, Console(file=out, width=80, force_terminal=True))
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", out.getvalue())


READ: Mapping[str, Callable[[Answer], str]] = {
    "terminal": on_terminal,
    "markdown": lambda shown: Text(MarkdownIt("commonmark").render(renderer("markdown")(shown))).text,
    "html": lambda shown: Text(renderer("html")(shown)).text,
    "plain": renderer("plain"),
    "json": lambda shown: (
        Text(MarkdownIt("commonmark").render(json.loads(renderer("json")(shown))["answer"])).text
    ),
}


def held(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("format_", READ)
@pytest.mark.parametrize("saying", SAYINGS)
def test_a_quotation_reads_as_the_abstract_does(saying: str, format_: str) -> None:
    assert held(f'"{saying}" [a1]') in held(READ[format_](answer(saying)))


@given(st.text(alphabet="ab _*`[]()<>&#|~\\$^{}\"'!-+.1;", min_size=1, max_size=60))
def test_no_marks_of_an_abstract_are_lost_on_the_way(text: str) -> None:
    saying = one_line(f"x {text} y")
    for format_, read in READ.items():
        assert held(f'"{saying}" [a1]') in held(read(answer(saying))), format_


@given(st.lists(st.sampled_from(SAYINGS), min_size=1, max_size=6))
def test_what_may_be_quoted_stands_in_the_abstract(sayings: list[str]) -> None:
    paper = Paper("a1", "T", "\n".join(["Results: it rains in the whole country.", *sayings]))
    quotes = list(quotable(sentences(one_line(paper.abstract))))
    assert quotes[0].text == "it rains in the whole country."
    assert all(quote.text in one_line(paper.abstract) for quote in quotes)
    assert [quote.position for quote in quotes] == sorted(quote.position for quote in quotes)
