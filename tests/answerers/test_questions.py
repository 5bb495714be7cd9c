"""Which questions at the end of an answer are follow-ups, and which are part of it."""

from __future__ import annotations

import pytest

from agq.answerers.questions import Questions
from agq.model import Piece


def heading(text: str) -> Piece:
    return Piece("heading", text, lead="\n\n### ")


def said(text: str, lead: str = "\n\n") -> Piece:
    return Piece("sentence", text, lead=lead)


def item(text: str, mark: str = "- ") -> Piece:
    return said(text, f"\n{mark}")


def through(*pieces: Piece) -> list[tuple[str, str]]:
    """What comes out: the kind of each piece and its text."""
    questions = Questions()
    found = [one for piece in pieces for one in questions.feed(piece)]
    return [(one.kind, one.text) for one in [*found, *questions.close()]]


def asked(*pieces: Piece) -> list[str]:
    return [text for kind, text in through(said("It is so."), *pieces) if kind == "follow_up"]


def test_several_questions_at_the_end_or_one_under_a_heading() -> None:
    assert asked(said("Why?"), said("How?")) == ["Why?", "How?"]
    assert asked(heading("Next"), said("Why?")) == ["Why?"]
    assert asked(said("Next:"), item("Why?")) == ["Why?"]
    assert asked(said("Why?")) == []
    assert through(said("Why?")) == [("sentence", "Why?")]
    assert through(heading("Next"), said("Why?"), said("How?")) == [
        ("follow_up", "Why?"),
        ("follow_up", "How?"),
    ]


def test_what_goes_on_behind_the_questions_is_part_of_the_answer() -> None:
    assert through(heading("Next"), said("Why?"), item("Because [a1].")) == [
        ("heading", "Next"),
        ("sentence", "Why?"),
        ("sentence", "Because [a1]."),
    ]
    assert through(said("Why?"), said("So.", " ")) == [("sentence", "Why?"), ("sentence", "So.")]
    assert through(said("Why?"), said("How?"), said("So.", " ")) == [
        ("sentence", "Why?"), ("sentence", "How?"), ("sentence", "So."),
    ]  # fmt: skip
    assert through(said("Why?"), said("How?"), heading("So")) == [
        ("sentence", "Why?"), ("sentence", "How?"), ("heading", "So"),
    ]  # fmt: skip


def test_two_sentences_may_close_and_are_shown_before_the_questions() -> None:
    questions, closing = (said("Why?"), said("How?")), [said("Ask me."), said("I help.", " ")]
    assert through(*questions, *closing) == [
        ("sentence", "Ask me."), ("sentence", "I help."), ("follow_up", "Why?"), ("follow_up", "How?"),
    ]  # fmt: skip
    assert [kind for kind, _ in through(*questions, *closing, said("More.", " "))] == ["sentence"] * 5
    assert asked(heading("Next"), said("Why?"), closing[0]) == ["Why?"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Why?", True), ("Why？", True), ("لماذا؟", True), ("Γιατί;", True), ("Why;", False), ("Why?!", True),
        ("**Why?**", True), ("“Why?”", True), ("Why? [a1]", True), ("Why? It is.", False), ("[a1]?", True),
        ("", False), ("[a1]", False),
    ],
)  # fmt: skip
def test_a_question_is_known_by_its_last_word(text: str, asks: bool) -> None:
    assert bool(asked(heading("Next"), said(text))) is asks


@pytest.mark.parametrize(
    ("piece", "introduces"),
    [
        (said("Next:"), True), (said("次：", "\n\n"), True), (said("**Next:**"), True), (said("Next"), False),
        (said("Next:", " "), False), (said("Next [a1]:"), False), (heading("Next"), True),
        (Piece("row", "Next:"), False),
    ],
)  # fmt: skip
def test_a_line_that_ends_in_a_colon_introduces(piece: Piece, introduces: bool) -> None:
    assert asked(piece, item("Why?")) == (["Why?"] if introduces else [])


def test_several_questions_of_one_item_are_one() -> None:
    assert asked(item("Why?"), said("And how?", " "), item("When?", "1. ")) == ["Why? And how?", "When?"]
    assert asked(said("Why?"), said("And how?", " ")) == ["Why?", "And how?"]
    assert asked(item("**Why?**", "2) "), said(" “How?” ", " "), item("When?", "* ")) == [
        "Why? How?",
        "When?",
    ]
