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


MAZES = Passage("Rats in a maze", (), SENTENCES[1::-1])
STARS = Passage("Neutron stars", (), SENTENCES[2:])


def test_a_paper_on_the_question_scores_above_one_that_is_not(reader: OnnxCrossEncoder) -> None:
    mazes, stars = reader.papers(QUESTION, [MAZES, STARS])
    assert (mazes > stars).all()
    (alone,) = reader.papers(QUESTION, [MAZES])
    np.testing.assert_array_equal(mazes, alone)


def test_of_a_long_paper_as_much_is_read_as_there_is_room_for(reader: OnnxCrossEncoder) -> None:
    long = replace(MAZES, sentences=SENTENCES * 30)
    read = reader.tokens(QUESTION, long)
    assert 450 < len(read.ids) == len(read.kinds) <= 500
    assert len(read.spans) < 90
    assert all(end <= len(read.ids) for _, end in read.spans)
    assert reader.papers(QUESTION, [long]).shape == (1, 2)


def test_question_title_and_sentences_are_read_as_far_as_their_room_goes(reader: OnnxCrossEncoder) -> None:
    words = " ".join(["sleep"] * 200)
    read = reader.tokens(words, Passage(words, (), (words, "rats remember")))
    question, title = cross.QUESTION + 2, cross.TITLE + 1
    (begin, end), (next_begin, next_end) = read.spans
    assert (begin, end - begin) == (question + title, cross.SENTENCE)
    assert (next_begin, next_end) == (end, len(read.ids) - 1)
    assert [kind < 2 for kind in read.kinds] == [True] * question + [False] * (len(read.ids) - question)


def test_a_sentence_for_which_there_is_no_room_ends_what_is_read(reader: OnnxCrossEncoder) -> None:
    sentence = " ".join(["rats"] * 60)
    read = reader.tokens("sleep", Passage("maze", (), (sentence,) * 20))
    assert cross.PAPER_TOKENS_MAX - 60 <= len(read.ids) <= cross.PAPER_TOKENS_MAX
    assert (
        len(read.spans)
        == (cross.PAPER_TOKENS_MAX - 1 - len(reader.tokens("sleep", Passage("maze", (), ())).ids)) // 60
    )
    filled = cross.PAPER_TOKENS_MAX - 1 - read.spans[-1][1]
    ends = [" ".join(["rats"] * words) for words in (filled - 1, filled, filled + 1)]
    lengths = [
        len(reader.tokens("sleep", Passage("maze", (), (*[sentence] * len(read.spans), end))).ids)
        for end in ends
    ]
    assert lengths == [cross.PAPER_TOKENS_MAX - 1, cross.PAPER_TOKENS_MAX, len(read.ids)]


def test_what_is_beyond_its_room_changes_no_score(reader: OnnxCrossEncoder) -> None:
    def scores(question: int, sentence: int) -> list[float]:
        """Of so many words each, the last one another than those before."""
        asked, said = ["sleep"] * (question - 1), ["rats"] * (sentence - 1)
        found: list[float] = reader.scores(" ".join([*asked, "memory"]), [" ".join([*said, "stars"])])[
            0
        ].tolist()
        return found

    room, longest = cross.QUESTION - 1, cross.SENTENCE - 2  # beside the marks of beginning and end
    assert scores(room, longest) != scores(room, longest + 1) == scores(room, longest + 2)
    assert scores(room, longest) != scores(room + 1, longest) == scores(room + 2, longest)


def test_what_question_and_paper_share_is_marked(reader: OnnxCrossEncoder) -> None:
    bare = Passage("Memory", (), ())
    read = reader.tokens("memory of a rat", bare)
    assert [kind for kind in read.kinds if kind % 2] == [1, 3]


def test_nothing_to_read(reader: OnnxCrossEncoder) -> None:
    assert reader.scores(QUESTION, []).shape == reader.scores(QUESTION, SENTENCES)[:0].shape
    assert np.isfinite(reader.scores("", ["", "x" * 100_000, "wörd " * 5_000])).all()
    assert reader.papers(QUESTION, []).shape == (0, 2)
    assert np.isfinite(reader.papers("", [Passage("", (), ("", "x" * 100_000, "wörd " * 5_000))])).all()


def test_the_graph_is_made_once_and_kept(reader: OnnxCrossEncoder, cache: Path) -> None:
    scores = reader.scores(QUESTION, SENTENCES)
    (kept,) = (cache / "encoders").glob("cross-*")
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
        learned_weights(base, cross.OF_SENTENCES)


def test_what_was_learned_is_small() -> None:
    assert cross.OF_SENTENCES.stat().st_size + cross.OF_PAPERS.stat().st_size < 5_000_000
