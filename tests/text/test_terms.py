"""What counts as the same word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.terms import STOP_WORDS, fold, idf, terms


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("GPT-4", "gpt4"),
        ("pre-training", "pretraining"),
        ("pretrained models", "pre-training a model"),
        ("H₂O", "H2O"),
        ("Ωm", "Omega_m"),
        ("TGF-β", "TGF-beta"),
        ("arXiv:2406.08554v2", "2406.08554"),
        ("[hep-th/9901001]", "hep-th/9901001"),
        ("doi 10.1103/PhysRevLett.77.3865.", "10.1103/physrevlett.77.3865"),
        ("Schrödinger’s equation", "schrodinger equations"),
        ("X-rays", "x-ray"),
        ("NEURAL NETWORKS", "neural network"),
        ("GPT‑4", "GPT-4"),
    ],
)
def test_the_same_thing_written_two_ways_shares_its_whole_term(written: str, asked: str) -> None:
    assert terms(asked)[0] in terms(written)


def test_a_hyphenated_term_is_found_whole_and_by_its_pieces() -> None:
    assert terms("physics-informed") == ["physicsinform", "physic", "inform"]
    assert terms("GPT-4") == ["gpt4", "gpt", "4"]


def test_numbers_and_ranges_stay_numbers() -> None:
    assert terms("0.714 of 2020-2021") == ["0.714", "2020", "2021"]


def test_only_stop_words_give_nothing() -> None:
    assert terms("What is it, and why don't they?") == []


def test_unspaced_writing_gives_pairs() -> None:
    assert terms("量子计算 GPT-4") == ["量子", "子计", "计算", "gpt4", "gpt", "4"]


@given(st.text())
def test_any_text_gives_terms_that_are_not_empty_and_hold_no_space(text: str) -> None:
    assert all(term and not any(c.isspace() for c in term) for term in terms(text))


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_case_does_not_matter(text: str) -> None:
    assert terms(text.upper()) == terms(text.lower())


@given(st.lists(st.sampled_from(["quantum", "GPT-4", "the", "Ωm", "量子", "1.5", "hep-th/9901001"])))
def test_terms_of_a_text_are_the_terms_of_its_words(words: list[str]) -> None:
    assert terms(" ".join(words)) == [term for word in words for term in terms(word)]


@given(st.sampled_from(sorted(STOP_WORDS)))
def test_stop_words_are_left_out_in_capitals_too(word: str) -> None:
    assert terms(word.upper()) == []


def test_folding_keeps_other_writing() -> None:
    assert fold("Ελληνικά が 量子") == "ελληνικα が 量子"


def test_rarer_terms_weigh_more_and_unseen_ones_most() -> None:
    weights = [idf(1000, n) for n in (0, 1, 10, 1000)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0
