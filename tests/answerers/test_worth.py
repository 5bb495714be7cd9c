"""What sentences are worth in an answer, and which lean on their neighbours, as the cross-encoder reads."""

from __future__ import annotations

import pytest

from agq.answerers.worth import (
    ANSWERS_WEIGHTS,
    BELONGS_WEIGHTS,
    DANGLES_WEIGHTS,
    Worth,
    features,
    standing,
    worth,
)
from agq.model import CrossEncoder, MatchParts, Paper, Source

ABSTRACT = (
    "Star formation in galaxies is a central question of astrophysics. "
    "We present a survey of 200 galaxies with new spectra. "
    "We show that star formation stops because black holes heat the gas in 72% of the galaxies. "
    "Compared with both of the baselines, the second variant of the model is faster."
)
WANTED = {"star": 2.0, "format": 1.0, "galaxi": 1.0}
QUESTION = "What stops star formation in galaxies?"


def source(abstract: str = ABSTRACT, match: float = 0.8) -> Source:
    paper = Paper(id="1", title="A survey of galaxies", abstract=abstract, authors=("Ada Lovelace", "Bo Li"))
    return Source(paper, match, MatchParts(match, match))


@pytest.fixture(scope="module")
def read(cross_encoder: CrossEncoder) -> list[Worth]:
    found = list(standing(source()))
    scores = cross_encoder.scores(QUESTION, [sentence.text for sentence in found])
    return [worth(sentence, WANTED, 0.8, row) for sentence, row in zip(found, scores, strict=True)]


def test_a_finding_answers_rather_than_the_background_or_what_was_done(read: list[Worth]) -> None:
    assert max(range(4), key=lambda i: read[i].answers) == 2
    assert read[2].belongs > 2 * max(read[0].belongs, read[1].belongs, read[3].belongs)


def test_what_points_at_other_sentences_dangles(read: list[Worth]) -> None:
    assert read[0].dangles < 0.3
    assert read[2].dangles < 0.3
    assert read[3].dangles > 0.6


def test_off_the_question_nothing_belongs(cross_encoder: CrossEncoder) -> None:
    found = list(standing(source()))
    scores = cross_encoder.scores("How do bees find their way home?", [s.text for s in found])
    assert all(worth(s, WANTED, 0.8, row).belongs < 0.4 for s, row in zip(found, scores, strict=True))


def test_sentences_stand_as_they_would_be_quoted() -> None:
    texts = [sentence.text for sentence in standing(source())]
    assert texts[1] == "Lovelace and Li present a survey of 200 galaxies with new spectra."
    assert texts[2].startswith("Star formation stops because")
    assert not list(standing(source("A law [1] holds of all bodies that are here.")))


def test_of_two_papers_the_one_that_fits_is_worth_more() -> None:
    near, far = (next(iter(standing(source(match=match)))) for match in (0.8, 0.2))
    scores = (0.0, 0.0, 0.0, 0.0)
    assert worth(near, WANTED, 0.8, scores).belongs > worth(far, WANTED, 0.8, scores).belongs


def test_every_feature_has_its_weight() -> None:
    one = next(iter(standing(source())))
    named = set(features(one, WANTED, 0.8, (0.0, 0.0, 0.0, 0.0)))
    assert named == set(BELONGS_WEIGHTS) == set(ANSWERS_WEIGHTS) == set(DANGLES_WEIGHTS)
