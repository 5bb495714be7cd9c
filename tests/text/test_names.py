"""Named things: found as they are, by their acronym, by their long form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.names import names, unfounded_names


def test_what_is_a_name() -> None:
    text = "The PINNs of Raissi solve the Schrödinger equation with GPT-4 and mRNA. Machines learn 3 things."
    assert names(text) == ["PINNs", "Raissi", "Schrödinger", "GPT-4", "mRNA"]


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("It uses PINNs.", "physics-informed neural networks"),
        ("It uses Physics-Informed Neural Networks.", "PINNs are used"),
        ("It uses BRCA.", "BRCA1 is used"),
        ("These are HIV-positive.", "HIV was found"),
        ("It gives R² and tau21.", r"$R^2$ and $\tau_{21}$"),
        ("It solves the Schrodinger equation.", "the Schrödinger equation"),
        ("Neural networks learn.", "anything"),
    ],
)
def test_held_by_the_source(sentence: str, source: str) -> None:
    assert unfounded_names(sentence, source) == ()


@pytest.mark.parametrize(
    ("sentence", "source", "missing"),
    [
        ("It uses GPT-4.", "GPT-3 is used", "GPT-4"),
        ("It was shown on QM9.", "shown on QM7", "QM9"),
        ("It is by Raissi.", "by others", "Raissi"),
    ],
)
def test_not_held_by_the_source(sentence: str, source: str, missing: str) -> None:
    assert unfounded_names(sentence, source) == (missing,)


@given(st.text(max_size=200))
def test_a_text_holds_its_own_names(text: str) -> None:
    assert unfounded_names(text, text) == ()
