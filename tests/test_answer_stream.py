"""An answer in the making: read as it comes, read at once, stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from agq.model import INTERRUPTED, Answer, Checked, Piece
from agq.pipeline import AnswerStream

HEADING = Checked(Piece("heading", "Theme"))
SENTENCES = [Checked(Piece("sentence", f"Claim {n}.")) for n in range(3)]


def stream(pieces: Iterator[Checked]) -> AnswerStream:
    def finish(checked: Sequence[Checked], incomplete: str) -> Answer:
        text = " ".join(one.piece.text for one in checked)
        return Answer("q", text, "model", "2026-11-28", (), incomplete=incomplete)

    return AnswerStream(pieces, finish)


def test_the_pieces_come_one_by_one_and_then_the_answer() -> None:
    made: list[Checked] = []

    def pieces() -> Iterator[Checked]:
        for one in SENTENCES:
            made.append(one)
            yield one

    answer = stream(pieces())
    for seen, one in enumerate(answer, start=1):
        assert (one, len(made)) == (SENTENCES[seen - 1], seen)
    assert (answer.answer.text, answer.answer.incomplete) == ("Claim 0. Claim 1. Claim 2.", "")


def test_the_answer_reads_what_nobody_has_looked_at() -> None:
    answer = stream(iter(SENTENCES))
    next(answer)
    assert answer.answer.text == "Claim 0. Claim 1. Claim 2."
    assert answer.answer is answer.answer


def test_a_stopped_answer_is_what_came_and_says_so() -> None:
    answer = stream(iter(SENTENCES))
    next(answer)
    answer.stop()
    assert (answer.answer.text, answer.answer.incomplete) == ("Claim 0.", INTERRUPTED)
    assert list(answer) == []


def test_an_interrupt_while_a_piece_is_made_leaves_what_came() -> None:
    def pieces() -> Iterator[Checked]:
        yield SENTENCES[0]
        raise KeyboardInterrupt

    answer = stream(pieces())
    with pytest.raises(KeyboardInterrupt):
        _ = answer.answer
    answer.stop()
    assert answer.answer.text == "Claim 0."


def test_an_answer_has_begun_with_its_first_sentence() -> None:
    answer = stream(iter([HEADING, *SENTENCES]))
    next(answer)
    assert not answer.has_begun
    next(answer)
    assert answer.has_begun
