"""The cross-encoder as it ships: it tells what answers, and its graph is made once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agq.embedders import cross
from agq.embedders.cross import OnnxCrossEncoder
from agq.embedders.learned import learned_weights
from agq.errors import AgqError
from agq.model import Passage

QUESTION = "Does sleep help memory?"
MAZES = Passage(
    "Rats in a maze",
    (),
    (
        "The role of sleep is a question of great importance.",
        "Sleep after learning doubles what rats remember of a maze a week later.",
    ),
)
STARS = Passage("Neutron stars", (), ("Neutron stars are the densest stars that are known.",))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def reader(cache: Path) -> OnnxCrossEncoder:
    return OnnxCrossEncoder(cache)


def test_what_answers_scores_above_what_does_not(reader: OnnxCrossEncoder) -> None:
    mazes, stars = reader.read(QUESTION, [MAZES, STARS])
    belongs, answers = mazes.sentences[:, 1], mazes.sentences[:, 2]
    assert belongs[1] > belongs[0]
    assert answers[1] > answers[0]
    assert min(mazes.sentences[:, 0]) > stars.sentences[0, 0]
    assert (mazes.paper > stars.paper).all()


def test_a_paper_is_scored_whatever_is_read_beside_it(reader: OnnxCrossEncoder) -> None:
    together = reader.read(QUESTION, [MAZES, STARS])
    for passage, marks in zip([MAZES, STARS], together, strict=True):
        (alone,) = reader.read(QUESTION, [passage])
        np.testing.assert_array_equal(marks.sentences, alone.sentences)
        np.testing.assert_array_equal(marks.paper, alone.paper)


def test_a_sentence_is_read_where_it_stands(reader: OnnxCrossEncoder) -> None:
    it = "It doubles what rats remember."
    told = [Passage(title, (), (it,)) for title in ("Sleep and memory", "The price of grain")]
    sleep, grain = reader.read(QUESTION, told)
    assert sleep.sentences[0, 1] > grain.sentences[0, 1]


def test_every_sentence_of_a_long_abstract_is_scored(reader: OnnxCrossEncoder) -> None:
    long = replace(MAZES, sentences=(*[STARS.sentences[0]] * 60, MAZES.sentences[1]))
    (marks,) = reader.read(QUESTION, [long])
    assert marks.sentences.shape == (61, 5)
    assert marks.sentences[:, 1].argmax() == 60


def test_nothing_to_read(reader: OnnxCrossEncoder) -> None:
    assert reader.read(QUESTION, []) == []
    (bare,) = reader.read(QUESTION, [Passage("Sleep helps memory", (), ())])
    assert bare.sentences.shape == (0, 5)
    assert bare.paper.shape == (2,)
    odd = Passage("", (), ("", "x" * 100_000, "wörd " * 5_000))
    assert all(np.isfinite(marks.sentences).all() for marks in reader.read("", [odd]))


def test_the_graph_is_made_once_and_kept(reader: OnnxCrossEncoder, cache: Path) -> None:
    (marks,) = reader.read(QUESTION, [MAZES])
    (kept,) = (cache / "encoders").iterdir()
    made = kept.stat().st_mtime_ns
    (again,) = OnnxCrossEncoder(cache).read(QUESTION, [MAZES])
    np.testing.assert_array_equal(again.sentences, marks.sentences)
    assert kept.stat().st_mtime_ns == made
    assert kept.stat().st_size < 25_000_000


def test_it_reads_where_nothing_can_be_kept(reader: OnnxCrossEncoder, tmp_path: Path) -> None:
    (tmp_path / "encoders").write_text("a file in the way")
    (marks,) = OnnxCrossEncoder(tmp_path).read(QUESTION, [MAZES])
    np.testing.assert_array_equal(marks.sentences, reader.read(QUESTION, [MAZES])[0].sentences)


def test_other_weights_than_those_it_was_learned_from_are_refused(tmp_path: Path) -> None:
    base = tmp_path / "model.safetensors"
    base.write_bytes(b"not these")
    with pytest.raises(AgqError, match="not the official ones"):
        learned_weights(base, cross.LEARNED)


def test_what_was_learned_is_small() -> None:
    assert cross.LEARNED.stat().st_size < 4_000_000
