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
        ("It needs matrix metalloproteases (MMPs).", "matrix metalloprotease inhibition"),
        ("It is AMP-activated protein kinase (AMPK).", "AMPK is a sensor"),
        ("It is AMP-activated.", "AMPK is a sensor"),
        ("It goes through NF-kB-dependent steps.", "nuclear factor-κB activation"),
        ("It binds av-Beta3.", "αvβ3 integrin"),
        ("RNA is lost.", "the mRNA is lost"),
        ("NIH 3T3 cells divide.", "in NIH3T3 fibroblasts"),
        ("It lowers SREBP2.", "sterol regulatory element-binding protein-2"),
        ("Transcription factor EB induces it.", "TFEB induces it"),
        ("Oct4 and OCT3/4 bind.", "an Oct4-centered network"),
        ("It uses Driscoll-Healy grids.", "the grid of Driscoll and Healy"),
        ("It gives r²SCAN and TC⁰.", r"$r^2$SCAN and $\mathrm{TC}^0$"),
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
        ("It needs cyclin A2.", "it needs cyclin A", "A2"),
        ("It is shown in rats (QM9).", "shown in rats", "QM9"),
        ("A prior for impedance tomography (PDE).", "a prior for tomography", "PDE"),
        ("It needs MMPs.", "proteases of the matrix", "MMPs"),
        ("It runs on NLRP3.", "NALP3 inflammasome", "NLRP3"),
    ],
)
def test_not_held_by_the_source(sentence: str, source: str, missing: str) -> None:
    assert unfounded_names(sentence, source) == (missing,)


@given(st.text(max_size=200))
def test_a_text_holds_its_own_names(text: str) -> None:
    assert unfounded_names(text, text) == ()
