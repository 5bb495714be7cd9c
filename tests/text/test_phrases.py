"""Shared terms as a person would write them, and acronyms with what they stand for."""

from __future__ import annotations

from agq.text.phrases import acronyms, expanded, heading, shared_phrases, speaks_of, stems

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


def test_a_long_form_that_opened_a_sentence_has_no_capital_within_one() -> None:
    found = acronyms("Atrial fibrillation (AF) is common. Graph Neural Networks (GNNs) are not.")
    assert found == {"AF": "atrial fibrillation", "GNNs": "Graph Neural Networks"}
    assert expanded("It tells AF apart.", "AF", found["AF"]) == "It tells atrial fibrillation (AF) apart."


def test_speaks_of() -> None:
    (phrase,) = [p for p in shared_phrases(TITLES, BODIES) if p.text == "neural operators"]
    assert speaks_of(stems("A neural operator is fast."), phrase)
    assert not speaks_of(stems("An operator of neural matter."), phrase)


def test_heading() -> None:
    assert heading("neural operators") == "Neural operators"
    assert heading("DNA tests") == "DNA tests"


def test_acronyms() -> None:
    text = "Determinantal point processes (DPPs) and retrieval-augmented generation (RAG) help (see Fig. 2)."
    assert acronyms(text) == {
        "DPPs": "determinantal point processes",
        "RAG": "retrieval-augmented generation",
    }
    assert expanded("RAG is fast, and RAG is cheap.", "RAG", "retrieval-augmented generation") == (
        "retrieval-augmented generation (RAG) is fast, and RAG is cheap."
    )
    assert expanded("Retrieval-augmented generation, or RAG.", "RAG", "retrieval-augmented generation") == (
        "Retrieval-augmented generation, or RAG."
    )
    assert expanded("RAGAS is not it.", "RAG", "x y z") == "RAGAS is not it."
