"""What a match adds up, paper by paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agq.match import FEEDBACK_PAPERS, Compared, Question, chance, feedback_set, match, query_offset
from agq.model import Paper, Vectors
from agq.text.coverage import Wanted

ASKED = Wanted({"turbul": 6.0, "flow": 3.0}, 9.0)
QUESTION = Question("turbulent flow", np.array([1, 0, 0], np.float32), ASKED, 0.0)


def unit(*values: float) -> np.ndarray:
    row = np.array(values, np.float32)
    return row / np.linalg.norm(row)


def paper(name: str, vector: np.ndarray | None, text: float, abstract: str = "") -> Compared:
    cosine = 0.0 if vector is None else float(vector[0])
    return Compared(Paper(name, name, abstract), vector, cosine, text)


def no_sentences(texts: list[str]) -> Vectors:
    raise AssertionError(f"nothing to encode, but {texts} came")


BEST = [paper("a", unit(3, 4, 0), 0.9), paper("b", unit(3, 4, 0.5), 0.88)]


def kept(question: Question, *more: Compared) -> Question:
    return replace(question, feedback=feedback_set(question, [*BEST, *more], None))


def test_of_two_papers_that_fit_as_well_the_one_like_the_best_comes_first() -> None:
    like, unlike = paper("like", unit(3, 4, 0), 0.4), paper("unlike", unit(3, 0, -4), 0.4)
    assert like.fit == pytest.approx(unlike.fit)
    question = kept(QUESTION, like, unlike)
    assert match(question, like) > match(question, unlike) + 0.1
    assert match(QUESTION, like) == pytest.approx(match(QUESTION, unlike))


def test_being_the_best_earns_nothing() -> None:
    question = kept(QUESTION)
    assert match(question, BEST[0]) <= match(QUESTION, BEST[0]) + 0.01
    assert match(question, BEST[0]) < 1


def test_papers_far_behind_have_no_say() -> None:
    far = [paper(name, unit(0, 0, 1), 0.3) for name in "xyz"]
    without, among = kept(QUESTION), kept(QUESTION, *far)
    assert without.feedback is not None
    assert among.feedback is not None
    np.testing.assert_array_equal(among.feedback.vector, without.feedback.vector)


def test_a_feedback_set_has_no_more_than_the_first_few() -> None:
    many = [paper(f"n{n}", unit(3, 4, n), 0.9 - n / 1000) for n in range(30)]
    few = feedback_set(QUESTION, many[:FEEDBACK_PAPERS], None)
    all_of_them = feedback_set(QUESTION, many[::-1], None)
    assert few is not None
    assert all_of_them is not None
    np.testing.assert_array_equal(few.vector, all_of_them.vector)


def test_a_sentence_that_answers_gives_its_paper_more_say() -> None:
    one = paper("one", unit(3, 4, 0), 0.8, "Turbulent flow is chaotic.")
    other = paper("other", unit(3, 0, 4), 0.8, "Nothing of the kind.")

    def encode(texts: list[str]) -> Vectors:
        return np.stack([unit(1, 0, 0) if "Turbulent" in text else unit(0, 1, 0) for text in texts])

    found = feedback_set(QUESTION, [one, other], encode)  # type: ignore[arg-type]  # lists are what it is given
    assert found is not None
    assert one.vector is not None
    assert other.vector is not None
    assert found.vector @ one.vector > 0.99
    assert found.vector @ other.vector < 0.5


def test_one_paper_alone_costs_no_encoding() -> None:
    assert feedback_set(QUESTION, BEST[:1], no_sentences) is not None  # type: ignore[arg-type]  # it is not called


def test_without_vectors_the_text_alone_counts() -> None:
    bare = [paper("p", None, 0.6), paper("q", None, 0.2)]
    assert feedback_set(QUESTION, bare, no_sentences) is None  # type: ignore[arg-type]  # it is not called
    assert match(QUESTION, bare[0]) > match(QUESTION, bare[1])


def test_a_named_paper_matches_wholly() -> None:
    assert match(replace(QUESTION, named=frozenset("a")), BEST[0]) == 1.0


def test_a_covered_question_tells_less_where_chance_would_cover_it() -> None:
    common, rare = Wanted({"sky": 1.9, "blue": 3.0}, 4.9), Wanted({"w": 8.0, "x": 8.0, "y": 8.0}, 24.0)
    assert chance(common, 1000) > 1 > chance(rare, 1000) > 0
    assert query_offset(common, None, None, 1000) < query_offset(rare, None, None, 1000)
    assert chance(Wanted({}, 0.0), 1000) == chance(Wanted({"a": 0.1}, 0.1), 1000)


def test_the_best_of_more_papers_has_to_lie_nearer() -> None:
    rare = Wanted({"w": 30.0}, 30.0)
    assert query_offset(rare, None, None, 200) > query_offset(rare, None, None, 20_000)
