"""What is read of the papers found, with each paper whole, and what comes of the scores."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest

from agq.answerers import reading
from agq.answerers.findings import MIN_BEARING, MIN_BEARING_OF_NEAREST
from agq.answerers.reading import (
    BEARING_WEIGHTS,
    PaperReading,
    by_title,
    features,
    quotable,
    read,
)
from agq.model import MatchParts, Paper, PaperScores, Passage, Source
from fakes import SetCrossEncoder

QUESTION = "Where do frogs sleep?"
FROGS = "Frogs sleep under thick ice. They eat nothing until spring. Ponds freeze over in January."
NEWTS = "Newts sleep under old logs. They wake up in spring."
SURE = (9.0, 9.0, 9.0, 0.0, 9.0)


class Reader(SetCrossEncoder):
    """Scores a sentence by the first of ``rows`` that it has. A paper holds what its title is set to."""

    def __init__(
        self, rows: Mapping[str, Sequence[float]] | None = None, whole: Mapping[str, float] | None = None
    ) -> None:
        super().__init__(rows, {title: (-99.0, held) for title, held in (whole or {}).items()})

    @property
    def passages(self) -> list[Passage]:
        """What it has read."""
        return [passage for _, passage in self.asked]


def source(key: str, abstract: str = "", match: float = 0.8, title: str = "") -> Source:
    return Source(Paper(key, title or f"Title {key}", abstract), match, MatchParts(match, match))


def test_nothing_is_read_of_no_papers() -> None:
    assert read(QUESTION, [], {}, Reader()) == []
    assert by_title(QUESTION, [], {}, Reader()) == []


def test_whatever_is_scored_is_scored_under_the_question() -> None:
    model = Reader()
    read(QUESTION, [source("a", FROGS)], {}, model)
    by_title(QUESTION, [source("a")], {}, model)
    assert {question for question, _ in model.asked} == {QUESTION}


def test_that_it_belongs_counts_more_than_that_it_answers_alone() -> None:
    model = Reader({"Frogs": (0.0, 2.0, 1.0, 0.0, 0.0), "eat": (0.0, 1.0, 2.0, 0.0, 0.0)})
    (found,) = read(QUESTION, [source("a", FROGS)], {}, model)
    told = {one.quote.position: one.tells for one in found.said}
    assert 2.0 > told[0] > 1.5 > told[1] > 1.0
    assert told[0] + told[1] == pytest.approx(3.0)


def test_each_paper_is_read_whole_with_its_title_and_what_it_holds_is_its_own() -> None:
    model = Reader(whole={"Winter sleep": 3.0, "Logs": -2.0})
    papers = [source("a", FROGS, title="Winter\n sleep"), source("t"), source("b", NEWTS, title="Logs")]
    frogs, newts = read(QUESTION, papers, {}, model)
    assert (frogs.paper.id, frogs.holds, newts.paper.id, newts.holds) == ("a", 3.0, "b", -2.0)
    assert [(one.title, len(one.sentences)) for one in model.passages] == [
        ("Winter sleep", 3),
        ("Title t", 0),
        ("Logs", 2),
    ]
    assert model.passages[0].sentences[0] == "Frogs sleep under thick ice."
    assert {one.authors for one in model.passages} == {()}


def test_sentences_that_may_not_be_quoted_are_part_of_the_whole() -> None:
    model = Reader()
    (found,) = read(QUESTION, [source("a", f"We show. {FROGS}")], {}, model)
    assert model.passages[0].sentences[0] == "We show."
    assert sorted(one.quote.position for one in found.said) == [1, 2, 3]


class ShortSighted(SetCrossEncoder):
    """A cross-encoder that has room for one sentence."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[PaperScores]:
        """The first of each."""
        return [PaperScores(one.sentences[:1], one.paper) for one in super().read(question, passages)]


def test_sentences_that_were_not_read_are_not_quoted() -> None:
    (found,) = read(QUESTION, [source("a", FROGS)], {}, ShortSighted())
    assert [one.quote.position for one in found.said] == [0]


# --- whether a paper bears on the question ---


def told(reading_: PaperReading, wanted: Mapping[str, float], best: float = 0.8) -> dict[str, float]:
    return features(reading_, wanted, best)


@pytest.fixture
def frogs() -> PaperReading:
    model = Reader({"Frogs": (2.0, 4.0, 4.0, 0.0, 2.0)}, {"On ice": 1.5})
    return read(QUESTION, [source("a", FROGS, 0.4, "On ice")], {}, model)[0]


def test_what_tells_that_a_paper_bears(frogs: PaperReading) -> None:
    wanted = {"frog": 3.0, "ice": 2.0, "newt": 5.0, "spring": 10.0}
    assert told(frogs, wanted) == pytest.approx({"rel": 0.5, "opens": 2.0, "holds": 1.5, "covered": 0.25})


def test_a_question_without_terms_is_covered_by_nothing_and_one_without_matches_by_all_alike(
    frogs: PaperReading,
) -> None:
    assert told(frogs, {})["covered"] == 0.0
    assert told(frogs, {}, best=0.0)["rel"] == 1.0


def test_a_paper_bears_by_a_logistic_model_of_that(frogs: PaperReading) -> None:
    found = told(frogs, {}, best=0.4)
    expected = reading.BEARING_BIAS + sum(BEARING_WEIGHTS[name] * value for name, value in found.items())
    assert frogs.bearing == pytest.approx(1 / (1 + math.exp(-expected)))
    assert set(BEARING_WEIGHTS) == set(found)
    assert all(weight > 0 for weight in BEARING_WEIGHTS.values())


def test_what_the_models_are_sure_of_is_quoted_and_what_they_refuse_is_not() -> None:
    def bears(logits: float, match: float) -> float:
        model = Reader({"sleep": (logits, logits, logits, 0.0, logits)}, {"Title a": logits})
        found = read(QUESTION, [source("a", NEWTS, match), source("b", "", 0.8)], {"frog": 1.0}, model)
        return found[0].bearing

    assert bears(3.0, 0.8) > MIN_BEARING > MIN_BEARING_OF_NEAREST > bears(-3.0, 0.4)
    assert bears(0.5, 0.8) > 0.5 > bears(-1.5, 0.4)


# --- papers without an abstract ---


def test_a_paper_of_which_the_title_alone_is_known_is_read_by_it() -> None:
    model = Reader({"frogs": SURE, "newts": [-9.0] * 5}, {"On frogs": 1.0, "On newts": -9.0})
    papers = [source("a", FROGS), source("b", " \n", title="On\nfrogs"), source("c", title="On newts")]
    (found,) = by_title(QUESTION, papers, {}, model)
    assert (found.id, found.sentences) == ("b", ())
    assert found.score == round(found.score, 3) > reading.MIN_BEARING_BY_TITLE
    assert [(one.title, one.sentences) for one in model.passages] == [
        ("On frogs", ("On frogs",)),
        ("On newts", ("On newts",)),
    ]


def test_of_titles_those_likely_enough_are_named_whatever_their_place() -> None:
    bare = [source(key, title=f"{key} frogs") for key in "abc"]
    likely = {f"{key} frogs": SURE for key in "bc"}
    assert [one.id for one in by_title(QUESTION, bare, {}, Reader(likely))] == ["a", "b", "c"]
    assert [one.id for one in by_title(QUESTION, bare[1:], {}, Reader())][:1] == ["b"]


def test_a_title_that_has_the_words_of_the_question_is_likelier_than_one_without() -> None:
    papers = [source("a", title="On frogs"), source("b", title="On newts")]
    frogs, newts = by_title(QUESTION, papers, {"frog": 1.0}, Reader({"On": (2.0, 2.0, 2.0, 0.0, 2.0)}))
    assert (frogs.id, newts.id) == ("a", "b")
    assert frogs.score > newts.score


def test_a_title_is_likelier_where_it_matches_as_well_as_the_best_paper() -> None:
    def score(best: float) -> float:
        papers = [source("b", title="On frogs", match=0.5), source("a", FROGS, best)]
        return by_title(QUESTION, papers, {}, Reader())[0].score

    assert score(0.5) > score(1.0)


# --- figures, and what may be quoted ---


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How many frogs are there?", True),
        ("How MUCH does it cost?", True),
        ("How far do frogs jump?", True),
        ("How much faster is it?", True),
        ("How likely is rain?", True),
        ("How strongly do they differ?", True),
        ("How accurately is it known?", True),
        ("What is the mass of a frog?", True),
        ("What was the mean age?", True),
        ("At what depth do they sleep?", True),
        ("Which percent of frogs sleep?", True),
        ("What per cent sleeps?", True),
        ("How do frogs sleep?", False),
        ("What is a mass extinction event called?", False),
        ("Show many frogs", False),
    ],
)
def test_some_questions_ask_for_a_figure(question: str, asks: bool) -> None:
    told = "It takes 40 days to thaw. It takes some days to thaw."
    (found,) = read(question, [source("a", told)], {}, Reader())
    figure, words = sorted(found.said, key=lambda one: one.quote.position)
    assert (figure.tells > words.tells) is asks


@pytest.mark.parametrize(
    ("sentence", "has"),
    [
        ("It takes 40 days to thaw.", True),
        ("It costs $5 to thaw it.", True),
        ("The model GPT-4 thaws it quickly.", False),
        ("The protein p53 thaws it quickly.", False),
        ("It takes some days to thaw.", False),
    ],
)
def test_a_figure_is_a_number_that_is_no_part_of_a_name(sentence: str, has: bool) -> None:
    (found,) = read("How long does it take?", [source("a", sentence)], {}, Reader())
    assert (found.best.tells > 0) is has


def test_what_is_written_without_spaces_is_counted_two_signs_a_word() -> None:
    assert [one.text for one in quotable(["青蛙在冰下。", "青蛙在冰下睡。"])] == ["青蛙在冰下睡。"]
    assert len(list(quotable(["カエルは眠る", "개구리는겨울에"]))) == 2
