"""Text that Markdown shows as it is, with as few marks as that takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agq.text.clean import one_line
from agq.text.markdown import cell, escaped


@pytest.mark.parametrize("text", ["z < 0.5", "z > 2", "|b| > 20", "~400 stars", "F_max", "a-b", "1.5"])
def test_what_markdown_shows_anyway_stays(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "as_markdown"),
    [
        ("a *b*", r"a \*b\*"),
        ("<b>", r"\<b>"),
        ("~a~", r"\~a\~"),
        ("> a", r"\> a"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("[O III]", r"\[O III\]"),
        ("_a_", r"\_a\_"),
    ],
)
def test_what_markdown_takes_for_marks_is_escaped(text: str, as_markdown: str) -> None:
    assert escaped(text) == as_markdown


def test_a_bar_is_escaped_in_a_table() -> None:
    assert cell("|b| < 5") == r"\|b\| < 5"


@given(st.text(alphabet="ab <>|~*_[]\\`-+#1.&;$!/", max_size=30))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(escaped(text))
    shown = [part for token in tokens for part in token.children or []]
    assert all(part.type in {"text", "text_special"} for part in shown)
    assert "".join(part.content for part in shown).strip() == one_line(text)
