"""Which papers and sentences an answer without a model quotes, where what they tell is set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from agq.answerers.findings import asked, chosen
from agq.answerers.reading import PaperReading, ScoredSentence, by_title, quotable, read
from agq.model import Evidence, IndexState, MatchParts, Paper, Passage, Quote, Source, Vectors
from agq.text.clean import one_line
from agq.text.sentences import sentences


def source(key: str, abstract: str = "", match: float = 0.8, title: str = "") -> Source:
    return Source(Paper(key, title or f"Title {key}", abstract), match, MatchParts(match, match))


Told = tuple[int, float, str] | tuple[int, float, str, float]


def says(*told: Told, key: str = "a", bearing: float = 0.9) -> PaperReading:
    """A paper by what its sentences tell: place, how much, words, and how far it leans on the one before."""
    said = [
        ScoredSentence(Quote(one[2], one[0]), 0.0, one[1], one[3] if len(one) > 3 else 0.0) for one in told
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
        for key, bearing in (("a", 0.7), ("b", 0.9), ("c", 0.69))
    ]
    assert list(quotes(*some)) == ["b", "a"]


@pytest.mark.parametrize(
    ("bearing", "alone", "found"), [(0.4, True, ["a"]), (0.39, True, []), (0.5, False, [])]
)
def test_the_nearest_will_do_where_nothing_else_is_told(
    bearing: float, alone: bool, found: list[str]
) -> None:
    near, other = says((0, 1.0, "one"), bearing=bearing), says((0, 1.0, "two"), key="b", bearing=0.2)
    assert list(quotes(other, near, alone=alone)) == found


def test_a_sentence_that_leans_comes_behind_the_one_before() -> None:
    assert quotes(says((1, -9.0, "before"), (2, 1.0, "best", 2.5))) == {"a": [1, 2]}
    assert quotes(says((1, -9.0, "before"), (2, 1.0, "best", 2.49))) == {"a": [2]}
    assert quotes(says((0, -9.0, "elsewhere"), (2, 1.0, "best", 3.0))) == {"a": [2]}


@pytest.mark.parametrize(
    ("place", "tells", "found"),
    [(3, -0.99, [2, 3]), (3, -1.01, [2]), (1, 0.41, [1, 2]), (1, 0.39, [2])],
)
def test_a_second_sentence_may_tell_less_behind_the_best_than_before_it(
    place: int, tells: float, found: list[int]
) -> None:
    assert quotes(says((place, tells, "other words"), (2, 1.0, "best words"))) == {"a": found}


def test_of_several_others_the_one_that_tells_most_is_second() -> None:
    assert quotes(says((0, 1.0, "best"), (1, 0.1, "some"), (2, 0.5, "more"))) == {"a": [0, 2]}


def test_what_shares_six_tenths_of_its_terms_says_the_same() -> None:
    first = says((0, 1.0, "amber birch cedar daisy elder"), key="a", bearing=0.9)
    same = says((0, 1.0, "amber birch cedar hazel iris"), key="b", bearing=0.8)
    other = says((0, 1.0, "amber birch garlic hazel iris"), key="c", bearing=0.7)
    short = says((0, 1.0, "amber birch"), key="d", bearing=0.65)
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
    ("bearing", "tells", "plain"), [(0.7, -2.0, True), (0.69, 1.0, False), (0.9, -2.01, False)]
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


# --- reading ---


class Set:
    """A cross-encoder that scores a text by the words in it; it keeps what it was asked."""

    def __init__(self, rows: dict[str, tuple[float, ...]], papers: tuple[float, float] = (0.0, 0.0)) -> None:
        self._rows, self._papers = rows, papers
        self.asked: list[list[str]] = []

    def scores(self, question: str, sentences: Sequence[str]) -> Vectors:  # noqa: ARG002
        """The row set for a word; zeros else."""
        self.asked.append(list(sentences))
        rows = [next((r for w, r in self._rows.items() if w in text), (0.0,) * 4) for text in sentences]
        return np.array(rows, np.float32).reshape(len(rows), 4)

    def papers(self, question: str, passages: Sequence[Passage]) -> Vectors:  # noqa: ARG002
        """The same for each."""
        return np.array([self._papers] * len(passages), np.float32).reshape(len(passages), 2)


FROGS = (
    "Frogs sleep under thick ice. They eat nothing until spring. Ponds freeze over in January. "
    "Snow falls on all of it."
)


def test_each_sentence_is_read_alone_and_the_best_three_behind_the_title() -> None:
    model = Set({"eat": (1.0, 4.0, 2.0, 0.5), "Ponds": (0.0, 2.0, 2.0, 0.0), "Snow": (0.0, 1.0, 1.0, 0.0)})
    (reading,) = read("Where do frogs sleep?", [source("a", FROGS, title="Winter.")], {}, model)
    assert len(model.asked[0]) == 4
    assert model.asked[1] == [
        "Winter. They eat nothing until spring.",
        "Winter. Ponds freeze over in January.",
        "Winter. Snow falls on all of it.",
    ]
    best = reading.best
    assert (best.quote.position, best.on, best.leans) == (1, 1.0, 0.5)
    assert best.tells == pytest.approx(0.7 * 4 + 0.3 * 2)
    assert [one.quote.position for one in reading.said] == [1, 2, 3]


def test_a_figure_counts_where_one_is_asked_for() -> None:
    told = "It takes 40 days to thaw. It takes some days to thaw."
    asked_for, other = (
        {one.quote.position: one.tells for one in read(question, [source("a", told)], {}, Set({}))[0].said}
        for question in ("How long does it take?", "What does it take?")
    )
    assert asked_for == pytest.approx({0: 0.2, 1: 0.0})
    assert other == {0: 0.0, 1: 0.0}


def test_seventy_two_sentences_are_read_those_of_the_first_papers() -> None:
    def long(n: int) -> str:
        return " ".join(f"Here is sentence number {k} of it." for k in range(n))

    found = read("x", [source("a", long(80)), source("b", long(1))], {}, Set({}))
    assert [one.paper.id for one in found] == ["a"]
    some = [source(key, long(n)) for key, n in (("a", 40), ("b", 33), ("c", 32), ("d", 0))]
    found = read("x", some, {}, Set({}))
    assert [one.paper.id for one in found] == ["a", "c"]


def test_how_likely_a_paper_bears_grows_with_its_match_and_what_it_holds() -> None:
    def bears(match: float = 0.8, wanted: dict[str, float] | None = None, **rows: tuple[float, ...]) -> float:
        papers = rows.pop("papers", (0.0, 0.0))
        sources = [source("best", FROGS, 0.8), source("a", FROGS, match)]
        model = Set(rows, (papers[0], papers[1]))
        return read("x", sources, wanted or {"newt": 1.0}, model)[1].bearing

    usual = bears()
    assert bears(match=0.4) < usual
    assert bears(papers=(0.0, 1.0)) > usual
    assert bears(papers=(1.0, 0.0)) == usual
    assert bears(wanted={"frog": 1.0, "newt": 1.0}) > usual
    assert bears(wanted={"frog": 3.0, "newt": 1.0}) > bears(wanted={"frog": 1.0, "newt": 1.0})
    assert bears(sleep=(2.0, 0.0, 0.0, 0.0)) > usual
    assert bears(sleep=(0.0, 2.0, 2.0, 0.0)) > usual


def test_papers_without_an_abstract_are_named_where_they_are_likely_and_the_first_in_any_case() -> None:
    bare = [source(key, title=f"{key} frogs") for key in ("first", "likely", "unlikely")]
    model = Set({"unlikely": (-9.0,) * 4, "likely": (9.0, 9.0, 9.0, 0.0), "first": (-9.0,) * 4})
    found = by_title("x", [*bare, source("told", FROGS)], {}, model)
    assert [(one.id, one.sentences) for one in found] == [("first", ()), ("likely", ())]
    assert found[0].score < 0.45 < found[1].score
    assert by_title("x", [source("told", FROGS), bare[0]], {}, model) == []


@pytest.mark.parametrize(
    ("abstract", "told"),
    [
        ("Three words only. Here are four words.", [("Here are four words.", 1)]),
        ("However, frogs sleep under ice.", [("frogs sleep under ice.", 0)]),
        ("Results: frogs sleep under ice.", [("frogs sleep under ice.", 0)]),
        ("Frogs sleep, as [smith2020] says.", []),
        ("Frogs sleep, as [we] say.", [("Frogs sleep, as [we] say.", 0)]),
        (f"{words('w', 89)} end.", [(f"{words('w', 89)} end.", 0)]),
        (f"{words('w', 90)} end.", []),
        ("", []),
    ],
)
def test_what_may_be_quoted(abstract: str, told: list[tuple[str, int]]) -> None:
    assert [(one.text, one.position) for one in quotable(sentences(one_line(abstract)))] == told
