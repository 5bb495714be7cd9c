"""What sentences do in an abstract."""

from __future__ import annotations

import pytest

from agq.text.rhetoric import tells_result


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("GeoPep outperforms all baselines by 3%.", True),
        ("We show that flows reduce the variance.", True),
        ("We train a network on synthetic spectra.", False),
        ("Forecasting rain remains challenging.", False),
        ("Deep learning has become a standard tool in physics.", False),
        ("Code is available at https://github.com/x/y.", False),
        ("We discuss implications for future work.", False),
        ("Rain falls on Monday.", False),
        ("Improved forecasts remain challenging.", False),
        ("Deep learning has become a standard tool to improve forecasts.", False),
        ("Code that reduces the cost is available at https://github.com/x/y.", False),
        ("We discuss implications for future work that improves on this.", False),
    ],
)
def test_results(sentence: str, told: bool) -> None:
    assert tells_result(sentence) is told
