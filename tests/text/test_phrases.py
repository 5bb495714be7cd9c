"""Shared terms as a person would write them."""

from __future__ import annotations

from agq.text.phrases import shared_phrases

TITLES = [
    "Neural Operators for Fluid Flow",
    "Fast Surrogates by Neural Operators",
    "A Bayesian View of Matter",
]
BODIES = [
    "A neural operator maps fields to fields. It uses Gaussian noise.",
    "We train neural operators with Gaussian noise and the Monte Carlo method.",
    "Bayesian inference on DNA and RNA with the Monte Carlo method.",
]


def test_shared_phrases() -> None:
    found = {phrase.text: phrase.texts for phrase in shared_phrases(TITLES, BODIES)}
    assert found["neural operators"] == {0, 1}
    assert "Gaussian noise" in found
    assert "method" not in found
    assert not any(text.endswith((" for", " by")) for text in found)


def test_a_part_of_a_longer_phrase_is_none() -> None:
    titles = ["Machine Learning Interatomic Potentials", "On Machine Learning Interatomic Potentials"]
    found = [phrase.text for phrase in shared_phrases(titles, ["", ""])]
    assert "machine learning interatomic potentials" in found
    assert "learning interatomic potentials" not in found
