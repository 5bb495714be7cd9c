"""What sentences are worth in an answer, and which lean on their neighbours."""

from __future__ import annotations

from agq.answerers.worth import (
    BELONGS_WEIGHTS,
    LEANS_WEIGHTS,
    OPENS_WEIGHTS,
    Asked,
    Sentence,
    asked,
    features,
    leaning,
    leaning_features,
    opens,
    standing,
)
from agq.model import MatchParts, Paper, Source

ABSTRACT = (
    "Star formation in galaxies is a central question of astrophysics. "
    "We present a survey of 200 galaxies with new spectra. "
    "We find that star formation stops because black holes heat the gas in 72% of the galaxies. "
    "It also depends on these two factors and on the model of the gas."
)
QUESTION = "What stops star formation in galaxies?"


def source(abstract: str = ABSTRACT, title: str = "A survey of galaxies") -> Source:
    paper = Paper(id="1", title=title, abstract=abstract, authors=("Ada Lovelace", "Bo Li"))
    return Source(paper, 0.8, MatchParts(0.8, 0.8))


def question(text: str = QUESTION) -> Asked:
    return asked(text, {"star": 2.0, "format": 1.0, "galaxi": 1.0})


def read(text: str = QUESTION) -> dict[int, float]:
    """Position in the abstract -> how likely the sentence answers by itself."""
    return {s.position: opens(features(s, question(text), 0.8)) for s in standing(source())}


def sentences() -> dict[int, Sentence]:
    return {s.position: s for s in standing(source())}


def test_a_finding_opens_rather_than_the_background_or_what_was_done() -> None:
    worth = read()
    assert max(worth, key=lambda position: worth[position]) == 2
    assert worth[2] > 2 * worth[0]


def test_a_number_is_worth_more_where_one_is_asked_for() -> None:
    plain, wanted = read("Does star formation stop in galaxies?"), read("How often does star formation stop?")
    assert wanted[2] > plain[2]


def test_what_was_made_is_worth_more_where_methods_are_asked_for() -> None:
    plain, wanted = read("Why does star formation stop?"), read("Which surveys of star formation exist?")
    assert wanted[1] > plain[1]


def test_the_first_sentence_leans_less_than_one_that_points_back() -> None:
    found = sentences()
    assert leaning(found[0]) < 0.1
    text = "The model also depends on both."
    pointing = Sentence(source(), text, text, "statement", 3, 4, own=True, setting=False)
    assert leaning(pointing) > 0.4


def test_before_the_authors_speak_of_their_work_they_set_the_scene() -> None:
    found = sentences()
    assert found[0].setting
    assert not found[1].setting
    assert not found[2].setting


def test_every_feature_has_its_weight() -> None:
    one = sentences()[0]
    assert set(features(one, question(), 0.8)) == set(BELONGS_WEIGHTS) == set(OPENS_WEIGHTS)
    assert set(leaning_features(one)) == set(LEANS_WEIGHTS)


def test_what_the_title_does_not_say_is_what_counts() -> None:
    about = source(
        "Mars has no air. Venus has an atmosphere of carbon dioxide that is very dense.", "Venus now"
    )
    ask = asked("Does Venus have an atmosphere?", {"venus": 5.0, "atmospher": 1.0})
    values = {s.position: features(s, ask, 0.8) for s in standing(about)}
    assert values[1]["focus"] == 1.0
    assert values[1]["subject"] > 0.8
