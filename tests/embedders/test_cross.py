"""The cross-encoder as it ships: it tells what answers, and its graph is made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agq.embedders import cross
from agq.embedders.cross import OnnxCrossEncoder
from agq.embedders.learned import learned_weights
from agq.errors import AgqError

QUESTION = "Does sleep help memory?"
SENTENCES = (
    "Sleep after learning doubles what rats remember of a maze a week later.",
    "The role of sleep is a question of great importance.",
    "Neutron stars are the densest stars that are known.",
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def reader(cache: Path) -> OnnxCrossEncoder:
    return OnnxCrossEncoder(cache)


def test_what_answers_scores_above_what_does_not(reader: OnnxCrossEncoder) -> None:
    subject, belongs, answers = reader.scores(QUESTION, SENTENCES)[:, :3].T
    assert answers[0] > max(answers[1:])
    assert belongs[0] > max(belongs[1:])
    assert min(subject[:2]) > subject[2]


def test_a_score_depends_on_nothing_but_its_pair(reader: OnnxCrossEncoder) -> None:
    together = reader.scores(QUESTION, SENTENCES)
    alone = np.concatenate([reader.scores(QUESTION, [text]) for text in reversed(SENTENCES)])[::-1]
    np.testing.assert_array_equal(together, alone)


def test_nothing_to_read(reader: OnnxCrossEncoder) -> None:
    assert reader.scores(QUESTION, []).shape == reader.scores(QUESTION, SENTENCES)[:0].shape
    assert np.isfinite(reader.scores("", ["", "x" * 100_000, "wörd " * 5_000])).all()


def test_the_graph_is_made_once_and_kept(reader: OnnxCrossEncoder, cache: Path) -> None:
    scores = reader.scores(QUESTION, SENTENCES)
    (kept,) = (cache / "encoders").iterdir()
    made = kept.stat().st_mtime_ns
    np.testing.assert_array_equal(OnnxCrossEncoder(cache).scores(QUESTION, SENTENCES), scores)
    assert kept.stat().st_mtime_ns == made
    assert kept.stat().st_size < 25_000_000


def test_it_reads_where_nothing_can_be_kept(reader: OnnxCrossEncoder, tmp_path: Path) -> None:
    (tmp_path / "encoders").write_text("a file in the way")
    scores = OnnxCrossEncoder(tmp_path).scores(QUESTION, SENTENCES)
    np.testing.assert_array_equal(scores, reader.scores(QUESTION, SENTENCES))


def test_other_weights_than_those_it_was_learned_from_are_refused(tmp_path: Path) -> None:
    base = tmp_path / "model.safetensors"
    base.write_bytes(b"not these")
    with pytest.raises(AgqError, match="not the official ones"):
        learned_weights(base, cross.LEARNED)


def test_what_was_learned_is_small() -> None:
    assert cross.LEARNED.stat().st_size < 4_000_000
