"""Whether an abstract bears a sentence out, and which of its sentences do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from agq.entailment import SUSPECTED, Grounds
from agq.model import Embedder, Paper, Passage, Vectors

MD = Paper(
    "2406.00001",
    "Learned potentials for molecular dynamics",
    "Molecular dynamics with quantum forces is slow. Neural networks are trained on quantum calculations "
    "to predict energies and forces. The learned potential is 100 times faster than density functional "
    "theory on QM9. Accuracy stays within 1 kcal/mol.",
    ("Ada Lovelace", "Max Planck"),
    date="2024-06-01",
)
RAIN = Paper(
    "2406.00002",
    "Forecasting rain with transformers",
    "Rain is hard to forecast. A transformer reads radar images. "
    "It beats numerical models up to 6 hours ahead.",
)


@pytest.fixture
def grounds(encoder: Embedder) -> Grounds:
    return Grounds([MD, RAIN], encoder)


@pytest.mark.parametrize(
    "sentence",
    [
        "The learned potential is 100 times faster than density functional theory on QM9.",
        "Networks that learned from quantum calculations run 100x faster than DFT.",
        "Lovelace and Planck train neural networks on quantum calculations to predict energies and forces.",
    ],
)
def test_what_is_borne_out(grounds: Grounds, sentence: str) -> None:
    held = grounds.held(sentence, MD.id)
    assert held.relevance > 0.5
    assert held.missing == ()
    assert grounds.relevance(sentence, RAIN.id) < 0.2


def test_figures_and_names_that_the_source_lacks(grounds: Grounds) -> None:
    sentence = "The learned potential is 200 times faster than density functional theory on MD17."
    assert grounds.held(sentence, MD.id).missing == ("200 times", "MD17")


def test_words_copied_from_the_source_need_no_encoder(encoder: Embedder) -> None:
    class Deaf:
        name, dim = encoder.name, encoder.dim

        def embed(self, texts: object) -> object:
            raise AssertionError(f"asked for {texts}")

    deaf = Grounds([MD], Deaf())  # type: ignore[arg-type]  # on purpose: it must not be asked
    copied = (
        "Lovelace and Planck's learned potential is 100 times faster than density functional theory on QM9."
    )
    assert deaf.relevance(copied, MD.id) == 1.0


def test_the_best_sentences_first(grounds: Grounds) -> None:
    assert grounds.evidence("How fast is a learned potential?", MD.id, 1) == (
        "The learned potential is 100 times faster than density functional theory on QM9.",
    )


def test_one_sentence_is_shown_where_it_decides_alone_else_two_in_reading_order(grounds: Grounds) -> None:
    held = grounds.held("The learned potential is 100 times faster than density functional theory.", MD.id)
    assert held.evidence == (
        "The learned potential is 100 times faster than density functional theory on QM9.",
    )
    both = grounds.held("Quantum calculations train networks to predict energies, within 1 kcal/mol.", MD.id)
    assert both.evidence == (
        "Neural networks are trained on quantum calculations to predict energies and forces.",
        "Accuracy stays within 1 kcal/mol.",
    )


def test_quotations(grounds: Grounds) -> None:
    assert grounds[MD.id].quotes("energies and  Forces")
    assert not grounds[MD.id].quotes("forces and energies")


def test_a_paper_without_an_abstract_is_judged_by_its_title(encoder: Embedder) -> None:
    bare = Grounds([Paper("x1", "Learned potentials for molecular dynamics")], encoder)
    assert bare.relevance("Learned potentials are used for molecular dynamics.", "x1") > 0.5
    assert bare.evidence("potentials", "x1") == ("Learned potentials for molecular dynamics",)


def test_frequent_terms_weigh_less(encoder: Embedder) -> None:
    def frequencies(terms: object) -> list[int]:
        assert isinstance(terms, list)
        return [900 if term == "network" else 1 for term in terms]

    known = Grounds([MD], encoder, frequencies=frequencies, total=1000)
    weights = known.weights(["network", "kcal"])
    assert weights["network"] < 0.2 < weights["kcal"]


class Reader:
    """An entailment model that says what it is told to say; it keeps what it was asked."""

    def __init__(self, states: float, kind: str = "opposite") -> None:
        self._logits = [states, *(5.0 * (kind == one) for one in SUSPECTED)]
        self.asked: list[tuple[str, Passage]] = []

    def scores(self, claim: str, passages: Sequence[Passage]) -> Vectors:
        """The same for each."""
        self.asked += [(claim, passage) for passage in passages]
        return np.array([self._logits] * len(passages), np.float32)


CLAIM = "Learned potentials run a hundredfold faster than density functional theory."


def test_what_is_stated_is_supported_and_what_is_not_is_suspected(encoder: Embedder) -> None:
    stated = Grounds([MD], encoder, Reader(6.0)).held(CLAIM, MD.id)
    denied = Grounds([MD], encoder, Reader(-6.0)).held(CLAIM, MD.id)
    assert (stated.suspected, denied.suspected) == ("", "opposite")
    assert denied.support < 0.2
    assert stated.support > 0.8
    assert denied.relevance == stated.relevance > 0.3


@pytest.mark.parametrize("kind", SUSPECTED)
def test_what_is_suspected_is_the_likeliest(encoder: Embedder, kind: str) -> None:
    assert Grounds([MD], encoder, Reader(-6.0, kind)).held(CLAIM, MD.id).suspected == kind


def test_a_claim_is_read_with_title_authors_and_the_best_sentences_in_their_order(encoder: Embedder) -> None:
    reader = Reader(6.0)
    Grounds([MD], encoder, reader).held(CLAIM, MD.id)
    ((claim, passage),) = reader.asked
    assert (claim, passage.title, passage.authors) == (CLAIM, MD.title, ("Lovelace", "Planck"))
    assert len(passage.sentences) == 2
    assert "100 times faster" in " ".join(passage.sentences)
    assert MD.abstract.index(passage.sentences[0]) < MD.abstract.index(passage.sentences[1])


def test_a_sentence_of_the_paper_needs_no_reading(encoder: Embedder) -> None:
    reader = Reader(-6.0)
    held = Grounds([MD], encoder, reader).held("Accuracy stays within 1 kcal/mol.", MD.id)
    assert (held.suspected, reader.asked) == ("", [])
