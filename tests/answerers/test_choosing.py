"""Which papers and sentences an answer without a model quotes, where what they tell is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from agq.answerers import ANSWERERS, AnswererConfig
from agq.answerers.findings import (
    MIN_BEARING,
    MIN_BEARING_OF_NEAREST,
    MIN_LEANING_LOGIT,
    MIN_ODDS_SHARE,
    asked,
    chosen,
)
from agq.answerers.reading import (
    FIGURE_LOGIT,
    MIN_BEARING_BY_TITLE,
    PaperReading,
    ScoredSentence,
    by_title,
    quotable,
    read,
)
from agq.model import Evidence, IndexState, MatchParts, Paper, PaperScores, Passage, Piece, Quote, Source
from agq.text.clean import one_line
from agq.text.sentences import sentences
from fakes import SetCrossEncoder, WordEmbedder


def source(key: str, abstract: str = "", match: float = 0.8, title: str = "") -> Source:
    return Source(Paper(key, title or f"Title {key}", abstract), match, MatchParts(match, match))


Told = tuple[int, float, str] | tuple[int, float, str, float]


def says(*told: Told, key: str = "a", bearing: float = 0.9) -> PaperReading:
    """A paper by what its sentences tell: place, how much, words, and how far it leans on the one before."""
    said = [
        ScoredSentence(Quote(one[2], one[0]), one[1], one[3] if len(one) > 3 else 0.0, 0.0) for one in told
    ]
    return PaperReading(source(key), tuple(said), 0.0, bearing)


def quotes(*readings: PaperReading, alone: bool = True) -> dict[str, list[int]]:
    """The papers quoted, in order, and the places of their sentences."""
    found = chosen(readings, alone=alone)
    return {one.reading.paper.id: [said.quote.position for said in one.said] for one in found}


def words(name: str, count: int) -> str:
    return " ".join(f"{name}{n}" for n in range(count))


def test_papers_come_by_how_likely_they_bear_and_the_unlikely_not_at_all() -> None:
    some = [
        says((0, 1.0, f"word{key}"), key=key, bearing=bearing)
        for key, bearing in (("a", MIN_BEARING), ("b", MIN_BEARING + 0.1), ("c", MIN_BEARING - 0.01))
    ]
    assert list(quotes(*some)) == ["b", "a"]


def test_papers_much_less_likely_than_the_likeliest_are_not_quoted() -> None:
    least = MIN_ODDS_SHARE * 0.9 / (1 - 0.9 + MIN_ODDS_SHARE * 0.9)  # of so large a share of the odds 9 to 1
    some = [
        says((0, 1.0, f"word{key}"), key=key, bearing=bearing)
        for key, bearing in (("a", 0.9), ("b", least + 0.001), ("c", least - 0.001))
    ]
    assert list(quotes(*some)) == ["a", "b"]


def test_a_sentence_that_begins_with_it_comes_behind_the_one_before() -> None:
    assert quotes(says((1, -9.0, "Frogs sleep."), (2, 1.0, "They wake."))) == {"a": [1, 2]}
    assert quotes(says((1, -9.0, "Frogs sleep."), (2, 1.0, "Theysers wake."))) == {"a": [2]}


@pytest.mark.parametrize(
    ("bearing", "alone", "found"),
    [
        (MIN_BEARING_OF_NEAREST, True, ["a"]),
        (MIN_BEARING_OF_NEAREST - 0.01, True, []),
        (MIN_BEARING_OF_NEAREST, False, []),
    ],
)
def test_the_nearest_will_do_where_nothing_else_is_told(
    bearing: float, alone: bool, found: list[str]
) -> None:
    near, other = says((0, 1.0, "one"), bearing=bearing), says((0, 1.0, "two"), key="b", bearing=0.2)
    assert list(quotes(other, near, alone=alone)) == found


def test_a_sentence_that_leans_comes_behind_the_one_before() -> None:
    assert quotes(says((1, -9.0, "before"), (2, 1.0, "best", MIN_LEANING_LOGIT))) == {"a": [1, 2]}
    assert quotes(says((1, -9.0, "before"), (2, 1.0, "best", MIN_LEANING_LOGIT - 0.01))) == {"a": [2]}
    assert quotes(says((0, -9.0, "elsewhere"), (2, 1.0, "best", 3.0))) == {"a": [2]}


@pytest.mark.parametrize(
    ("place", "tells", "found"),
    [(3, -0.99, [2, 3]), (3, -1.01, [2]), (1, 0.41, [1, 2]), (1, 0.39, [2])],
)
def test_a_second_sentence_may_tell_less_behind_the_best_than_before_it(
    place: int, tells: float, found: list[int]
) -> None:
    assert quotes(says((place, tells, "elder birch"), (2, 1.0, "best words"))) == {"a": found}


def test_what_an_abstract_says_twice_is_quoted_once() -> None:
    twice = says((0, 1.0, "amber birch cedar"), (2, 0.9, "amber birch cedar."), (3, 0.1, "daisy elder"))
    assert quotes(twice) == {"a": [0, 3]}


def test_of_several_others_the_one_that_tells_most_is_second() -> None:
    assert quotes(says((0, 1.0, "amber"), (1, 0.1, "birch"), (2, 0.5, "cedar"))) == {"a": [0, 2]}


def test_what_shares_six_tenths_of_its_terms_says_the_same() -> None:
    first = says((0, 1.0, "amber birch cedar daisy elder"), key="a", bearing=0.9)
    same = says((0, 1.0, "amber birch cedar hazel iris"), key="b", bearing=0.8)
    other = says((0, 1.0, "amber birch garlic hazel iris"), key="c", bearing=0.75)
    short = says((0, 1.0, "amber birch"), key="d", bearing=0.72)
    assert list(quotes(first, same, short, other)) == ["a", "c"]


def test_an_answer_has_300_words_and_first_sentences_come_before_second_ones() -> None:
    """Twelve words name a paper."""
    full = [says((0, 1.0, words(f"{key}x", 88)), (1, 0.9, words(f"{key}y", 5)), key=key) for key in "abc"]
    assert quotes(*full) == {"a": [0], "b": [0], "c": [0]}
    room = [says((0, 1.0, words(f"{key}x", 85)), (1, 0.9, words(f"{key}y", 9)), key=key) for key in "abc"]
    assert quotes(*room) == {"a": [0, 1], "b": [0], "c": [0]}
    tight = [says((0, 1.0, words(f"{key}x", 85)), (1, 0.9, words(f"{key}y", 10)), key=key) for key in "abc"]
    assert quotes(*tight) == {"a": [0], "b": [0], "c": [0]}
    much = [says((0, 1.0, words(f"{key}x", n)), key=key) for key, n in (("a", 400), ("b", 3))]
    assert list(quotes(*much)) == ["a"]
    gap = [says((0, 1.0, words(f"{key}x", n)), key=key) for key, n in (("a", 200), ("b", 100), ("c", 76))]
    assert list(quotes(*gap)) == ["a", "c"]


@pytest.mark.parametrize(
    ("bearing", "tells", "plain"),
    [(MIN_BEARING, -2.0, True), (MIN_BEARING - 0.01, 1.0, False), (0.9, -2.01, False)],
)
def test_an_answer_is_plain_where_a_paper_bears_and_tells_something(
    bearing: float, tells: float, plain: bool
) -> None:
    (entry,) = chosen([says((0, tells, "x"), bearing=bearing)], alone=True)
    assert entry.is_plain is plain
    assert (entry.finding.id, entry.finding.score) == ("a", bearing)


def evidence(question: str, *sources: Source) -> Evidence:
    return Evidence(question, sources, True, IndexState(9, 9, "e", ""))


def test_a_question_that_shares_no_word_is_taken_for_what_the_papers_are_about() -> None:
    some = [source(key, title=f"Frogs {key}") for key in "abcd"]
    assert asked(evidence("Summarise", *some)) == "Frogs a Frogs b Frogs c"
    assert asked(evidence("Summarise frogs", *some)) == "Summarise frogs"


# --- the whole answer ---

SURE, UNSURE = (9.0,) * 5, (-9.0,) * 5


def answered(
    question: str, *sources: Source, model: SetCrossEncoder, common: frozenset[str] = frozenset()
) -> list[Piece]:
    """The pieces of an answer, from an index of a thousand papers in which a few words are in nearly all."""

    def frequencies(terms: Sequence[str]) -> list[int]:
        return [900 if term in common else 5 for term in terms]

    config = AnswererConfig(WordEmbedder(), model, frequencies)
    given = Evidence(question, sources, True, IndexState(1000, 1000, "e", ""))
    return list(ANSWERERS["extract"](config).answer(given))


def test_an_answer_is_an_opening_its_papers_those_known_by_title_and_questions() -> None:
    sources = (
        source("t", title="Frogs under ice"),
        source("a", "Frogs sleep under thick ice.", title="Winter sleep of frogs"),
        source("b", "Toads and frogs sleep in burrows.", title="Burrows of toads"),
        source("c", "Newts are not meant at all.", match=0.1, title="Colours of newts"),
    )
    model = SetCrossEncoder({"Newts": UNSURE}, {"Newts": UNSURE[:2]}, otherwise=SURE)
    pieces = answered("Where do frogs sleep?", *sources, model=model)
    shown = [(one.kind, one.lead, one.finding.id if one.finding else "") for one in pieces]
    assert shown[0] == ("opening", "", "")
    assert shown[1:4] == [
        ("sentence", "\n\n- ", "a"),
        ("sentence", "\n- ", "b"),
        ("sentence", "\n- ", "t"),
    ]
    assert {kind for kind, _, _ in shown[4:]} == {"follow_up"}
    assert pieces[0].text == "*2 of 4 papers bear on this. 1 more by title only, without an abstract.*"


def test_questions_to_go_on_with_are_on_the_likeliest_papers_first() -> None:
    sources = (
        source("a", "Toads dig holes for the winter.", title="Burrows of toads in loam"),
        source("b", "Newts dig no holes at all.", title="Streamflow forecasting with flood maps"),
    )
    question = "Where do salamanders dig?"
    for likely, first in (("Toads", "burrows of toads"), ("Newts", "streamflow")):
        model = SetCrossEncoder({likely: SURE}, otherwise=(-1.0,) * 5)
        asks = [one.text for one in answered(question, *sources, model=model) if one.kind == "follow_up"]
        assert len(asks) == 2
        assert first in asks[0]


def test_a_rare_word_of_the_question_tells_more_than_a_common_one() -> None:
    def score(abstract: str) -> float:
        """How likely the paper bears on the question, as it is shown."""
        model, common = SetCrossEncoder(otherwise=(3.0,) * 5), frozenset({"model"})
        (found,) = (
            one.finding
            for one in answered("Model frogs", source("a", abstract), model=model, common=common)
            if one.finding
        )
        assert found.score == round(found.score, 3)
        return found.score

    assert score("Frogs live in many cold places.") > score("Models live in many cold places.")


# --- reading ---


FROGS = (
    "Frogs sleep under thick ice. They eat nothing until spring. Ponds freeze over in January. "
    "Snow falls on all of it."
)


def test_a_paper_is_read_whole() -> None:
    model = SetCrossEncoder({"eat": (1.0, 4.0, 2.0, 0.5, 3.0), "Ponds": (0.0, 2.0, 2.0, 0.0, 0.0)})
    (reading,) = read("Where do frogs sleep?", [source("a", FROGS, title="Winter.")], {}, model)
    ((question, passage),) = model.asked
    assert (question, passage.title, len(passage.sentences)) == ("Where do frogs sleep?", "Winter.", 4)
    best = reading.best
    assert (best.quote.position, best.leans, best.opens) == (1, 0.5, 3.0)
    assert best.tells == pytest.approx(0.7 * 4 + 0.3 * 2)
    assert [one.quote.position for one in reading.said] == [0, 1, 2, 3]


def test_a_figure_counts_where_one_is_asked_for() -> None:
    told = "It takes 40 days to thaw. It takes some days to thaw."
    asked_for, other = (
        {
            one.quote.position: one.tells
            for one in read(question, [source("a", told)], {}, SetCrossEncoder())[0].said
        }
        for question in ("How long does it take?", "What does it take?")
    )
    assert asked_for == pytest.approx({0: FIGURE_LOGIT, 1: 0.0})
    assert other == {0: 0.0, 1: 0.0}


def test_of_a_paper_no_sentence_is_quoted_that_was_not_read() -> None:
    class Short(SetCrossEncoder):
        def read(self, question: str, passages: Sequence[Passage]) -> list[PaperScores]:
            return [replace(one, sentences=one.sentences[:2]) for one in super().read(question, passages)]

    (reading,) = read("x", [source("a", FROGS)], {}, Short())
    assert [one.quote.position for one in reading.said] == [0, 1]


def test_a_paper_with_nothing_to_quote_is_left_out() -> None:
    found = read("x", [source("a", ""), source("b", "Too short."), source("c", FROGS)], {}, SetCrossEncoder())
    assert [one.paper.id for one in found] == ["c"]


def test_how_likely_a_paper_bears_grows_with_its_match_and_what_it_holds() -> None:
    def bears(
        match: float = 0.8,
        wanted: dict[str, float] | None = None,
        sleep: tuple[float, ...] = (0.0,) * 5,
        paper: tuple[float, float] = (0.0, 0.0),
    ) -> float:
        sources = [source("best", FROGS, 0.8), source("a", FROGS, match)]
        model = SetCrossEncoder({"sleep": sleep}, {"Title a": paper})
        return read("x", sources, wanted or {"newt": 1.0}, model)[1].bearing

    usual = bears()
    assert bears(match=0.4) < usual
    assert bears(paper=(0.0, 1.0)) > usual
    assert bears(wanted={"frog": 1.0, "newt": 1.0}) > usual
    assert bears(wanted={"frog": 3.0, "newt": 1.0}) > bears(wanted={"frog": 1.0, "newt": 1.0})
    assert bears(sleep=(0.0, 0.0, 0.0, 0.0, 2.0)) > usual


def test_papers_without_an_abstract_are_named_where_they_are_likely_and_the_first_in_any_case() -> None:
    bare = [source(key, title=f"{key} frogs") for key in ("first", "likely", "unlikely")]
    low, high = (-20.0,) * 5, (20.0,) * 5
    model = SetCrossEncoder(
        {"unlikely": low, "likely": high, "first": low},
        {"unlikely": low[:2], "likely": high[:2], "first": low[:2]},
    )
    found = by_title("x", [*bare, source("told", FROGS)], {}, model)
    assert [(one.id, one.sentences) for one in found] == [("first", ()), ("likely", ())]
    assert found[0].score < MIN_BEARING_BY_TITLE < found[1].score
    assert by_title("x", [source("told", FROGS), bare[0]], {}, model) == []


@pytest.mark.parametrize(
    ("abstract", "told"),
    [
        ("Three words only. Here are four words.", [("Here are four words.", 1)]),
        ("However, frogs sleep under ice.", [("However, frogs sleep under ice.", 0)]),
        ("Results: frogs sleep under ice.", [("frogs sleep under ice.", 0)]),
        ("Results Among frogs all sleep.", [("Among frogs all sleep.", 0)]),
        ("Background Imaging shows that frogs sleep.", [("Background Imaging shows that frogs sleep.", 0)]),
        ("Frogs sleep, as [smith2020] says.", []),
        ("Frogs sleep, as [we] say.", [("Frogs sleep, as [we] say.", 0)]),
        (f"{words('w', 89)} end.", [(f"{words('w', 89)} end.", 0)]),
        (f"{words('w', 90)} end.", []),
        ("", []),
    ],
)
def test_what_may_be_quoted(abstract: str, told: list[tuple[str, int]]) -> None:
    assert [(one.text, one.position) for one in quotable(sentences(one_line(abstract)))] == told
