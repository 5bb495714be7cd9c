"""A model's text is cut the same way however the stream breaks it."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from agq.answerers.draft import Draft, Thinking
from agq.model import Piece

IDS = {"2406.00001": "2406.00001", "hep-th/9901001": "hep-th/9901001"}
TEXT = (
    "## Answer\nThe lead says it [2406.00001]. "
    "It adds, i.e. more, that 3.5 K is cold [hep-th/9901001, 2406.00001].\n\n"
    "**Speed**\n\n1. One thing. [2406.00001] Another thing.\n2. A third\n\nLast words... are few!\n\n"
    'Follow-up questions:\n- What is it?\n- "Why is it?"\nNot a question.\n'
)


def cut(chunks: list[str]) -> list[Piece]:
    draft = Draft(IDS.get)
    pieces = [piece for text in chunks for piece in draft.feed(text)]
    return [*pieces, *draft.close()]


def test_the_whole_at_once() -> None:
    assert [(p.kind, p.opens, p.text) for p in cut([TEXT])] == [
        ("sentence", "paragraph", "The lead says it [2406.00001]."),
        ("sentence", "", "It adds, i.e. more, that 3.5 K is cold [hep-th/9901001, 2406.00001]."),
        ("heading", "", "Speed"),
        ("sentence", "item", "One thing [2406.00001]."),
        ("sentence", "", "Another thing."),
        ("sentence", "item", "A third"),
        ("sentence", "paragraph", "Last words... are few!"),
        ("follow_up", "", "What is it?"),
        ("follow_up", "", "Why is it?"),
    ]


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_wherever_it_is_broken(places: list[int]) -> None:
    edges = [0, *sorted(places), len(TEXT)]
    chunks = [TEXT[a:b] for a, b in itertools.pairwise(edges)]
    assert cut(chunks) == cut([TEXT])


@given(st.text(max_size=200), st.integers(1, 5))
def test_any_text_is_cut(text: str, size: int) -> None:
    pieces = cut([text[i : i + size] for i in range(0, len(text), size)])
    assert all(piece.text.strip() for piece in pieces)


@given(st.integers(1, 12))
def test_thinking_goes_however_it_is_broken(size: int) -> None:
    text = "<think>Let me < see</think>It is <b> so.<thinking>no</thinking> Yes."
    thinking = Thinking()
    shown = "".join(thinking.feed(text[i : i + size]) for i in range(0, len(text), size)) + thinking.close()
    assert shown == "It is <b> so. Yes."
    assert not thinking.stray


def test_a_citation_above_a_sentence_is_meant_for_it() -> None:
    text = (
        "[2406.00001]\n\nOne thing.\n\n[hep-th/9901001]\nAnother thing [2406.00001].\n\n"
        "A third.\n[2406.00001]\n"
    )
    assert [p.text for p in cut([text])] == [
        "One thing [2406.00001].",
        "Another thing [2406.00001].",
        "A third.",
        "[2406.00001]",
    ]


def test_the_announcement_of_an_answer_is_none() -> None:
    assert [p.text for p in cut(["The answer to this question is:\n\nOne thing.\n"])] == ["One thing."]


def test_a_title_is_no_part_of_the_sentence_below_it() -> None:
    text = "On things [2406.00001]\nOne thing. Another.\nA third thing\ngoes on.\n"
    pieces = cut([text])
    assert cut(list(text)) == pieces
    assert [(p.opens, p.text) for p in pieces] == [
        ("", "On things [2406.00001]"),
        ("paragraph", "One thing."),
        ("", "Another."),
        ("", "A third thing"),
        ("", "goes on."),
    ]
