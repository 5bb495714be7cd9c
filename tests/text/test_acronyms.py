"""Acronyms with what they stand for."""

from __future__ import annotations

from agq.text.acronyms import acronyms


def test_a_long_form_that_opened_a_sentence_has_no_capital_within_one() -> None:
    found = acronyms("Atrial fibrillation (AF) is common. Graph Neural Networks (GNNs) are not.")
    assert found == {"AF": "atrial fibrillation", "GNNs": "Graph Neural Networks"}


def test_acronyms() -> None:
    text = "Determinantal point processes (DPPs) and retrieval-augmented generation (RAG) help (see Fig. 2)."
    assert acronyms(text) == {
        "DPPs": "determinantal point processes",
        "RAG": "retrieval-augmented generation",
    }
