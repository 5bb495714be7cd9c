"""What README, the manual and `agq check --help` say of the check's errors is what BENCHMARKS.md measured."""

from __future__ import annotations

import figures


def test_every_page_says_what_was_measured() -> None:
    assert len(figures.measured()) > 10
    assert figures.rotten() == [], "python tests/manual.py --reference"
