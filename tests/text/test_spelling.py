"""What was meant by a word that no paper has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agq.text.spelling import corrected

HELD = {"network": 50, "neural": 40, "energi": 9, "rare": 1, "turbul": 20}


def held(terms: Sequence[str]) -> list[int]:
    return [HELD.get(term, 0) for term in terms]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("netwroks", "network"), ("nueral", "neural"), ("enrgy", "energi"), ("turbulance", "turbul")],
)
def test_one_slip_is_mended(written: str, meant: str) -> None:
    assert corrected(written, held) == meant


@pytest.mark.parametrize("word", ["sourdough", "ntwk", "rarre", "gpt44", "量子计算机", "eneural"])
def test_what_is_far_short_rare_or_no_plain_word_stays(word: str) -> None:
    assert corrected(word, held) == ""
