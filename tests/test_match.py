"""What a match adds up, paper by paper."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from agq.match import (
    FEEDBACK_PAPERS,
    Compared,
    Feedback,
    Question,
    chance,
    compare,
    covered,
    feedback_set,
    feedback_similarity,
    match,
    query_offset,
)
from agq.model import Candidate, Paper, Vectors
from agq.text.coverage import WantedTerms
from fakes import Middle, SetEmbedder, unit

ASKED = WantedTerms({"turbul": 6.0, "flow": 3.0}, 9.0)
QUESTION = Question("turbulent flow", np.array([1, 0, 0], np.float32), ASKED, 0.0)


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
    common, rare = (
        WantedTerms({"sky": 1.9, "blue": 3.0}, 4.9),
        WantedTerms({"w": 8.0, "x": 8.0, "y": 8.0}, 24.0),
    )
    assert chance(common, 1000) > 1 > chance(rare, 1000) > 0
    assert query_offset(common, None, None, 1000) < query_offset(rare, None, None, 1000)
    assert chance(WantedTerms({}, 0.0), 1000) == chance(WantedTerms({"a": 0.1}, 0.1), 1000)


def test_the_best_of_more_papers_has_to_lie_nearer() -> None:
    rare = WantedTerms({"w": 30.0}, 30.0)
    assert query_offset(rare, None, None, 200) > query_offset(rare, None, None, 20_000)


# --- exact figures ---


def fit(cosine: float, text: float, offset: float = 0.0) -> float:
    """What a match is by its definition, where there is no feedback set."""
    return 1 / (1 + math.exp(-6.0 * ((text + cosine) / 2 + offset - 0.53)))


@pytest.mark.parametrize(("cosine", "text", "offset"), [(0.6, 0.4, 0.0), (0.2, 0.9, 0.07), (0.0, 0.0, -0.1)])
def test_a_match_is_the_logistic_of_the_mean_of_cosine_and_text(
    cosine: float, text: float, offset: float
) -> None:
    one = Compared(Paper("p", "p"), None, cosine, text)
    assert match(replace(QUESTION, query_offset=offset), one) == pytest.approx(fit(cosine, text, offset))


@pytest.mark.parametrize(("row", "similar"), [(unit(1, 0, 0), 1.1), (unit(0, 1, 0), 0.1), (None, 0.6)])
def test_what_is_unlike_the_feedback_set_pays_a_quarter_of_the_difference(
    row: np.ndarray | None, similar: float
) -> None:
    question = replace(QUESTION, feedback=Feedback(unit(1, 0, 0), 0.9))
    one = Compared(Paper("p", "p"), row, 0.4, 0.6)
    assert feedback_similarity(question, one) == pytest.approx(similar)
    assert feedback_similarity(QUESTION, one) == 1.0
    assert match(question, one) == pytest.approx(fit(0.4, 0.6, 0.25 * (similar - 1)))


def test_the_offset_adds_topic_length_size_and_chance() -> None:
    rare, row = WantedTerms({"w": 10.0}, 10.0), unit(1, 0, 0)
    centroid = Middle(unit(3, 4, 0), 65.0)
    usual = query_offset(rare, row, None, 5000)
    assert usual == pytest.approx(0.8 * 0.1 - 0.1 * math.log(5000) / 10)
    assert query_offset(rare, row, Middle(unit(3, 4, 0), 130.0), 5000) == pytest.approx(usual + 0.8 * 0.5)
    assert query_offset(rare, row, centroid, 5000) == pytest.approx(
        0.8 * 0.6 + 0.03 * math.log(0.5) - 0.1 * math.log(5000) / 10
    )
    assert query_offset(rare, None, centroid, 5000) == pytest.approx(usual + 0.03 * math.log(0.5))
    assert query_offset(rare, None, Middle(row, 0.2), 5000) == pytest.approx(usual + 0.03 * math.log(1 / 130))


@pytest.mark.parametrize(
    ("papers", "counted"), [(10, 100), (100, 100), (2000, 2000), (50_000, 50_000), (10**6, 50_000)]
)
def test_very_small_and_very_large_indexes_count_as_a_hundred_and_fifty_thousand(
    papers: int, counted: int
) -> None:
    asked = WantedTerms({"w": 1e9}, 1e9)
    assert query_offset(asked, None, None, papers) == pytest.approx(0.08 - 0.01 * math.log(counted / 5000))


def test_chance_is_what_the_weights_leave_of_the_logarithm_of_the_papers() -> None:
    asked = WantedTerms({"w": 2.0, "x": 3.0}, 5.0)
    assert chance(asked, 100) == pytest.approx(math.log(100) / 5)
    assert chance(asked, 10**9) == 1.5
    assert chance(asked, 0) == chance(asked, 1) == 0.0


def test_a_candidate_is_compared_by_its_words_its_title_and_where_asked_by_its_authors() -> None:
    asked = WantedTerms({"flow": 2.0, "lee": 2.0}, 4.0, frozenset({"lee"}))
    told = Paper("p", "Flow", "It is slow.", ("Ann Lee",))
    alone = Paper("q", "Rain", "It is slow.", ("Ann Lee",))
    question = replace(QUESTION, asked=asked)
    row = unit(3, 4, 0)
    both = compare(question, Candidate(told, row))
    assert (both.paper, both.vector is row) == (told, True)
    assert both.cosine == pytest.approx(0.6)
    flat = 0.8 * (0.6 + 0.4 * 3 / 130)  # two terms and once more the title's
    assert both.text == pytest.approx((2 * 2 / (2 + flat) + 2) / 4)
    assert compare(question, Candidate(alone, row)).text == pytest.approx(0.5)
    assert (
        compare(replace(question, asked=WantedTerms({"flow": 2.0}, 4.0)), Candidate(alone, row)).text == 0.0
    )
    assert compare(replace(question, vector=None), Candidate(told, row)).cosine == 0.0
    assert compare(question, Candidate(told, None)).cosine == 0.0
    prepared = compare(question, Candidate(alone, row, "flow flow flow"))
    assert prepared.text == pytest.approx((2 * 3 / (3 + 0.8 * (0.6 + 0.4 * 4 / 130)) + 2) / 4)


def test_a_short_form_stands_for_the_long_one_where_that_is_not_there() -> None:
    asked, aliases = WantedTerms({"dark": 1.0, "galaxi": 1.0}, 2.0), {"udg": ("dark", "galaxi")}
    short, both = paper_of("On UDGs", "A UDG is seen."), paper_of("UDGs, dark galaxies", "A UDG is dark.")
    spelled = "Dark galaxy UDG. A UDG is seen, dark galaxy, dark galaxy"
    assert covered(asked, short) == 0.0
    assert covered(asked, short, aliases) == pytest.approx(covered(asked, paper_of(spelled, "")), abs=0.1)
    assert covered(asked, both, aliases) == covered(asked, both) > 0.5


def paper_of(title: str, abstract: str) -> Candidate:
    return Candidate(Paper("p", title, abstract), None)


def said(found: Feedback | None) -> np.ndarray:
    assert found is not None
    return found.vector


def test_the_say_of_one_falls_with_its_distance_from_the_first() -> None:
    first, second = paper("a", unit(1, 0, 0), 0.5), paper("b", unit(1, 0, 0), 0.44)
    assert first.fit - second.fit == pytest.approx(0.03)
    second = replace(second, vector=unit(0, 1, 0))
    found = feedback_set(QUESTION, [second, first], None)
    weight = 1 / (1 + math.exp(-20 * 0.03))
    np.testing.assert_allclose(said(found), [weight, 1 - weight, 0], rtol=1e-5)
    assert found is not None
    assert found.nearest == pytest.approx(weight, rel=1e-5)


def test_who_fits_less_well_by_the_reach_is_left_out() -> None:
    best = Compared(Paper("a", "a"), unit(1, 0, 0), 0.5, 0.5)
    within = Compared(Paper("b", "b"), unit(0, 1, 0), 0.5, 0.41)
    beyond = Compared(Paper("c", "c"), unit(0, 0, 1), 0.5, 0.39)
    assert said(feedback_set(QUESTION, [best, within, beyond], None))[1] > 0
    assert said(feedback_set(QUESTION, [best, within, beyond], None))[2] == 0


def test_of_equals_the_first_ids_are_the_feedback_set() -> None:
    same = [
        Compared(Paper(key, key), row, 0.5, 0.5)
        for key, row in zip("dcba", np.eye(4, 4, dtype=np.float32), strict=True)
    ]
    np.testing.assert_allclose(
        said(feedback_set(replace(QUESTION, vector=unit(1, 1, 1, 1)), same, None)),
        [0, 1 / 3, 1 / 3, 1 / 3],
        rtol=1e-5,
    )


def test_the_best_of_three_sentences_adds_three_tenths_of_its_cosine() -> None:
    told = "Sentence one is of flow. Sentence two is of turbulent flow. Nothing is here. Nothing is there."
    one, other = (
        Compared(Paper(key, key.upper(), text), row, 0.5, 0.5)
        for key, text, row in (("a", told, unit(1, 0, 0)), ("b", "", unit(0, 1, 0)))
    )
    embedder = SetEmbedder({"Sentence one is of flow.": unit(3, 4, 0), "B": unit(0, 1, 0)}, unit(0, 0, 1))
    found = feedback_set(QUESTION, [one, other], embedder.embed)
    assert embedder.asked == [
        ["Sentence two is of turbulent flow.", "Sentence one is of flow.", "Nothing is here.", "B"]
    ]
    weight = 1 / (1 + math.exp(-20 * 0.3 * 0.6))
    np.testing.assert_allclose(said(found), [weight, 1 - weight, 0], rtol=1e-5)
