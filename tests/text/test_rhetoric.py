"""What sentences do in an abstract."""

from __future__ import annotations

import pytest

from agq.text.rhetoric import role


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("GeoPep outperforms all baselines by 3%.", "result"),
        ("We show that flows reduce the variance.", "result"),
        ("We train a network on synthetic spectra.", "method"),
        ("Forecasting rain remains challenging.", "background"),
        ("Deep learning has become a standard tool in physics.", "background"),
        ("Code is available at https://github.com/x/y.", "outlook"),
        ("We discuss implications for future work.", "outlook"),
        ("Rain falls on Monday.", "statement"),
    ],
)
def test_role(sentence: str, part: str) -> None:
    assert role(sentence) == part
