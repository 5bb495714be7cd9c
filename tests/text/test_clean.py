"""Nothing that is shown acts on a terminal or hides."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.clean import one_line, plain, readable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("line\r\nline\u2028line", "line\nline\nline"),
        ("soft\u00adhyphen", "softhyphen"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("pay\u200cpal", "paypal"),
        ("\x9b31mred", "red"),
        ("\udcff", ""),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(alphabet=st.characters(), max_size=200))
def test_nothing_acts(text: str) -> None:
    shown = plain(text)
    assert plain(shown) == shown
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in shown)
    shown.encode()


def test_one_line() -> None:
    assert one_line(" a\n b\t c ") == "a b c"


def test_readable() -> None:
    assert readable(r"an error of $0.5$ \% , and $x$ .") == "an error of 0.5 %, and x."
