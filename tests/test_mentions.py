"""Which words of a question count as mentioned, and which are named as missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from agq.match import Compared
from agq.mentions import NEEDED_PROBABILITY, Language, Mentions, Unmentioned, unmentioned
from agq.model import Paper, Vectors
from agq.text.terms import terms

PAPERS = [
    Paper(
        "a",
        "Osteoarthritis and growth mixture modeling",
        "We analyse posttraumatic stress of police officers; the New York Times reported. X-ray images help.",
        ("Ada Lovelace",),
    )
]
RANKS = {
    word: rank for rank, word in enumerate("the of patients stress heart attack nurses sleep".split(), 2000)
}


@pytest.mark.parametrize(
    "word", ["stress", "arthritis", "analyze", "x-ray", "police", "officer", "lovelace", "analysed"]
)
def test_a_word_is_mentioned_in_any_form(word: str) -> None:
    assert Mentions(PAPERS).has(word)


@pytest.mark.parametrize("word", ["nurses", "art", "covid-19", "ada", "posttraumatically-induced"])
def test_another_word_is_not(word: str) -> None:
    assert not Mentions(PAPERS).has(word)


def test_an_acronym_is_mentioned_by_its_words() -> None:
    assert Mentions(PAPERS).spells_out("NYT")
    assert not Mentions(PAPERS).spells_out("PSP")  # "posttraumatic stress of police", by chance
    assert not Mentions(PAPERS).spells_out("EMDR")
    assert not Mentions(PAPERS).spells_out("nyt")


def flat(texts: Sequence[str]) -> Vectors:
    return np.tile(np.array([[1.0, 0.0]], np.float32), (len(texts), 1))


def asked(question: str, held: int = 0) -> tuple[Unmentioned, ...]:
    one = Compared(PAPERS[0], np.array([1.0, 0.0], np.float32), 0.5, 0.5)
    words = Language(flat, lambda terms: [held] * len(terms), RANKS.get)
    return unmentioned(question, np.array([1.0, 0.0], np.float32), [one], words)


def named(question: str, held: int = 0) -> list[str]:
    return [one.name for one in asked(question, held) if one.needed >= NEEDED_PROBABILITY]


def test_a_rare_word_that_no_paper_has_is_named() -> None:
    assert named("EMDR for police officers") == ["EMDR"]
    assert named("stress of police officers") == []


def test_a_slip_of_the_fingers_is_no_missing_word() -> None:
    assert named("postraumatic stress") == []


def test_a_name_is_told_whole() -> None:
    assert named("stress after Hurricane Zorba") == ["Hurricane Zorba"]
    assert named("stress at Zorba 47") == ["Zorba 47"]
    assert named("Zorba's stress") == ["Zorba"]


def test_a_word_that_other_papers_have_is_told_with_what_it_stands_beside() -> None:
    (one,) = asked("stress after a heart attack", held=3)
    assert one.name == "heart attack"
    assert one.held == 3


def test_common_words_are_needed_less_than_rare_ones_and_less_in_a_long_question() -> None:
    def need(question: str) -> float:
        return asked(question)[0].needed

    assert need("stress and sleep") < need("stress and zorbing")
    assert need("stress and zorbing") > need(
        "stress and zorbing of police officers reported by the New York Times"
    )


def test_how_people_ask_is_not_missed() -> None:
    assert named("please show literature about stress") == []


def test_numbers_are_not_missed() -> None:
    assert asked("stress 2047") == ()


def test_a_term_that_only_a_reader_has_noted_is_known() -> None:
    assert not Mentions(PAPERS).has("quillfeather")
    assert Mentions(PAPERS, terms("Ask Quillfeather")).has("quillfeather")
