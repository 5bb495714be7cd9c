"""How much of a question a text covers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agq.text.coverage import coverage, share, wanted
from agq.text.terms import terms

PAPERS = 1000
HELD = {"neural": 200, "network": 300, "turbul": 40, "flow": 150, "model": 700, "young": 30, "plate": 25}


def held(asked: Sequence[str]) -> list[int]:
    return [HELD.get(term, 0) for term in asked]


def covered(question: str, title: str, abstract: str, authors: str = "") -> float:
    asked = wanted(question, PAPERS, held)
    return coverage(asked, terms(title), terms(f"{title} {abstract}"), terms(authors))


def test_a_text_without_the_words_covers_nothing_and_one_with_them_more_and_more() -> None:
    found = [
        covered("turbulent flow", "Bread", "It rises."),
        covered("turbulent flow", "Bread", "It flows."),
        covered("turbulent flow", "Bread", "A turbulent flow."),
        covered("turbulent flow", "Turbulent flow", "A turbulent flow."),
    ]
    assert found[0] == 0
    assert found == sorted(set(found))
    assert found[-1] < 1


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    assert covered("turbulent models", "", "turbulence") > covered("turbulent models", "", "models")


def test_a_word_no_paper_has_keeps_a_text_from_covering_the_question() -> None:
    assert covered("turbulent sourdough", "", "turbulence") < covered("turbulent flow", "", "turbulence")


def test_words_of_asking_do_not_count_unless_there_are_no_others() -> None:
    plain = covered("turbulent flow", "", "turbulent flow")
    assert covered("Please show me papers on turbulent flow", "", "turbulent flow") == plain
    assert covered("papers", "", "papers on papers") > 0


def test_an_authors_name_counts_where_it_is_no_common_word() -> None:
    assert covered("what did Tkatchenko do?", "Forces", "We learn them.", "Alexandre Tkatchenko") > 0.9
    assert covered("young stars", "Forces", "We learn them.", "Thomas Young") == 0


def test_a_long_question_is_held_to_less_than_all_its_words() -> None:
    words = " ".join(f"word{n}" for n in range(100))
    asked = wanted(words, PAPERS, held)
    assert asked.total < sum(asked.weights.values()) / 2


def test_a_slip_is_mended_but_a_word_of_the_language_is_not() -> None:
    assert wanted("turbulnet flow", PAPERS, held, lambda _: False).corrections == ("turbul",)
    assert wanted("turbulnet flow", PAPERS, held, lambda _: True).corrections == ()
    assert wanted("turbulnet flow", PAPERS, held).corrections == ()
    mended = wanted("turbulnet flow", PAPERS, held, lambda _: False)
    assert coverage(mended, [], terms("turbulence")) > 0


@pytest.mark.parametrize("question", ["", "what is it?"])
def test_a_question_of_nothing_is_covered_by_nothing(question: str) -> None:
    asked = wanted(question, PAPERS, held)
    assert coverage(asked, [], ["anything"]) == 0
    assert share(asked, "anything") == 0


def test_the_share_of_one_sentence() -> None:
    asked = wanted("turbulent flow on a plate", PAPERS, held)
    assert share(asked, "Turbulent flows pass plates.") == pytest.approx(1)
    assert 0 < share(asked, "Flow.") < 0.5
