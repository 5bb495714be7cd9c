"""Answers that turn in a circle are stopped, and instructions said again are no answer."""

from __future__ import annotations

import pytest

from agq.answerers.repetition import Echo, Loop

GROUND = "Neural operators learn maps between functions, and so predict a whole field at once. "
TABLE = "| Model | Error |\n| --- | --- |\n" + "".join(f"| model {n} | {n}.{n} |\n" for n in range(40))
LIST = "".join(
    f"- Paper number {n} says that {n * 7} samples are enough for {n + 1} tasks.\n" for n in range(40)
)


def looped(text: str, size: int = 5) -> bool:
    loop = Loop()
    return any(loop.feed(text[i : i + size]) for i in range(0, len(text), size))


@pytest.mark.parametrize(
    "again",
    [
        "The answer is:\n\n",
        "of the mechanism ",
        "id: [2607.14233]\n",
        "The sources disagree on the path that it takes, which is a key finding of the previous answer. ",
        "A first sentence of some length says one thing. A second one of some length says another thing. "
        * 2,
    ],
)
def test_a_circle_is_seen(again: str) -> None:
    assert looped(GROUND + again * 20)


@pytest.mark.parametrize("text", [GROUND, GROUND + GROUND, TABLE, LIST, "=" * 500, "No. " * 3])
def test_what_is_no_circle(text: str) -> None:
    assert not looped(text)


def test_a_wide_circle_is_seen_by_its_sentences() -> None:
    loop, circle = Loop(), [f"This is sentence number {n} of a wide circle." for n in range(9)]
    assert [loop.said(one) for one in [*circle, *circle, circle[0]]] == [False] * 18 + [True]


def test_short_sentences_may_come_again() -> None:
    loop = Loop()
    assert not any(loop.said("It does not.") for _ in range(9))


def test_instructions_are_told_from_an_answer() -> None:
    echo = Echo(
        "Answer the question in three to six sentences from these sources only.", ("<<<sources ab12",)
    )
    assert "Answer the question in three to six sentences from these sources only [2406.00001]." in echo
    assert "<<<sources ab12" in echo
    assert "These sources only." not in echo
    assert "The question is answered in three to six sentences." not in echo
