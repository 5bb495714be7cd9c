"""The cross-encoder as it ships: it tells what answers, and its graph is made once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agq.embedders import cross
from agq.embedders.cross import CROSS_ENCODER, OnnxCrossEncoder
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


MAZES = Passage("Rats in a maze", (), SENTENCES[1::-1])
STARS = Passage("Neutron stars", (), SENTENCES[2:])


def test_a_sentence_that_answers_scores_above_what_does_not(reader: OnnxCrossEncoder) -> None:
    (mazes,) = reader.read(QUESTION, [MAZES])
    set_up, answer = mazes.sentences
    assert (answer[[1, 2, 4]] > set_up[[1, 2, 4]]).all()


def test_a_paper_on_the_question_scores_above_one_that_is_not(reader: OnnxCrossEncoder) -> None:
    mazes, stars = reader.read(QUESTION, [MAZES, STARS])
    assert (mazes.paper > stars.paper).all()
    (alone,) = reader.read(QUESTION, [MAZES])
    np.testing.assert_array_equal(mazes.paper, alone.paper)
    np.testing.assert_array_equal(mazes.sentences, alone.sentences)


def test_of_a_long_paper_as_much_is_read_as_there_is_room_for(reader: OnnxCrossEncoder) -> None:
    long = replace(MAZES, sentences=SENTENCES * 30)
    read = reader.tokens(QUESTION, long)
    assert 450 < len(read.ids) == len(read.kinds) <= 500
    assert len(read.spans) < 90
    assert all(end <= len(read.ids) for _, end in read.spans)
    (scores,) = reader.read(QUESTION, [long])
    assert (scores.sentences.shape, scores.paper.shape) == ((len(read.spans), 5), (2,))


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
        passage = Passage("maze", (), (" ".join([*said, "stars"]),))
        found: list[float] = reader.read(" ".join([*asked, "memory"]), [passage])[0].sentences[0].tolist()
        return found

    room, longest = cross.QUESTION, cross.SENTENCE
    assert scores(room, longest) != scores(room, longest + 1) == scores(room, longest + 2)
    assert scores(room, longest) != scores(room + 1, longest) == scores(room + 2, longest)


def test_a_sentence_is_scored_by_its_own_tokens_and_a_paper_by_all_of_its(reader: OnnxCrossEncoder) -> None:
    read = reader.tokens(QUESTION, replace(MAZES, sentences=("", *MAZES.sentences)))
    counts = cross.pool(read)
    assert counts.shape == (4, len(read.ids))
    assert counts.sum(axis=1) == pytest.approx([1.0] * 4)
    tokens = [row.nonzero()[0].tolist() for row in counts]
    assert tokens[1:3] == [list(range(*span)) for span in read.spans[1:]]
    assert len(tokens[0]) == 1  # an empty sentence has none of its own
    assert tokens[3] == [at for at, kind in enumerate(read.kinds) if kind >= 2]


def test_what_question_and_paper_share_is_marked(reader: OnnxCrossEncoder) -> None:
    bare = Passage("Memory", (), ())
    read = reader.tokens("memory of a rat", bare)
    assert [kind for kind in read.kinds if kind % 2] == [1, 3]


def test_nothing_to_read(reader: OnnxCrossEncoder) -> None:
    assert reader.read(QUESTION, []) == []
    odd = [Passage("", (), ("", "x" * 100_000, "wörd " * 5_000)), Passage("", (), ())]
    for scores in reader.read("", odd):
        assert np.isfinite(scores.sentences).all()
        assert np.isfinite(scores.paper).all()
    assert scores.sentences.shape == (0, 5)


def test_the_graph_is_made_once_and_kept(reader: OnnxCrossEncoder, cache: Path) -> None:
    scores = reader.read(QUESTION, [MAZES])[0].sentences
    (kept,) = (cache / "encoders").glob("cross-*")
    made = kept.stat().st_mtime_ns
    np.testing.assert_array_equal(OnnxCrossEncoder(cache).read(QUESTION, [MAZES])[0].sentences, scores)
    assert kept.stat().st_mtime_ns == made
    assert kept.stat().st_size < 25_000_000


def test_it_reads_where_nothing_can_be_kept(reader: OnnxCrossEncoder, tmp_path: Path) -> None:
    (tmp_path / "encoders").write_text("a file in the way")
    scores = OnnxCrossEncoder(tmp_path).read(QUESTION, [MAZES])[0].sentences
    np.testing.assert_array_equal(scores, reader.read(QUESTION, [MAZES])[0].sentences)


def test_other_weights_than_those_it_was_learned_from_are_refused(tmp_path: Path) -> None:
    base = tmp_path / "model.safetensors"
    base.write_bytes(b"not these")
    with pytest.raises(AgqError, match="not the official ones"):
        learned_weights(base, CROSS_ENCODER)


def test_what_was_learned_is_small() -> None:
    assert CROSS_ENCODER.stat().st_size < 6_000_000
