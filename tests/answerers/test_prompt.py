"""What a model is told, to the letter where that matters."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from agq.answerers.prompt import Prompt, estimated_tokens, keys, prompt
from agq.model import Evidence, IndexState, MatchParts, Paper, Source, Turn

FROGS = Paper(
    "f1", "On\nfrogs", "They sleep. They eat.", ("A", "B", "C", "D"), date="2024-06", venue="Nature"
)
BARE = Paper("b2", "Bare")


def evidence(*papers: Paper, turns: tuple[Turn, ...] = (), asked: str = "") -> Evidence:
    sources = tuple(Source(paper, 0.5, MatchParts(0.5, 0.5)) for paper in papers or (FROGS, BARE))
    return Evidence("Do frogs\nsleep?", sources, True, IndexState(2, 2, "e", ""), turns=turns, asked=asked)


def user(built: Prompt) -> str:
    return built.messages[-1]["content"]


def test_a_text_counts_a_token_for_three_and_a_half_bytes() -> None:
    assert [estimated_tokens(text) for text in ("", "a" * 7, "é" * 7)] == [1, 3, 5]
    assert Prompt(({"content": "a" * 7}, {"content": "b" * 7}), 1).tokens == 5


def test_a_source_may_be_written_by_its_number_or_its_id() -> None:
    assert keys(evidence().sources) == {"f1": "f1", "b2": "b2", "1": "f1", "2": "b2"}


def test_a_full_prompt_fences_the_sources_and_ends_in_the_question() -> None:
    built = prompt(evidence(), 10_000, "full")
    opening, closing = built.marks
    mark = opening.removeprefix("<<<sources ")
    assert re.fullmatch(r"[0-9a-f]{16}", mark)
    assert closing == f"sources {mark}>>>"
    assert user(built) == (
        f"{opening}\n[1] On frogs\nA, B, C et al., 2024, Nature\nThey sleep. They eat.\n\n[2] Bare\n{closing}"
        "\n\nQuestion: Do frogs sleep?"
    )
    system = built.messages[0]
    assert system["role"] == "system"
    assert "only these numbers: [1], [2]." in system["content"]
    assert f"Between the lines {opening} and {closing}" in system["content"]
    assert (built.used, built.instructions) == (2, system["content"])
    assert [message["role"] for message in built.messages] == ["system", "user"]


def test_a_short_prompt_puts_the_number_behind_each_sentence_and_the_task_last() -> None:
    built = prompt(evidence(), 10_000, "short")
    opening, closing = built.marks
    material = f"{opening}\nOn frogs\nThey sleep [1]. They eat [1].\n\nBare\nBare [2].\n{closing}"
    assert user(built).startswith(f"{material}\n\nQuestion: Do frogs sleep?\n\nAnswer the question in ")
    assert user(built).endswith("End each sentence with the number of its source: [1], [2].")
    quoted = prompt(evidence(), 10_000, "short", {"f1": ["They eat."]})
    assert "On frogs\nThey eat [1].\n" in user(quoted)
    assert "Bare" not in user(quoted)
    assert user(quoted).endswith("source: [1].")
    assert "Question: Do frogs sleep?" in built.instructions


def test_papers_are_dropped_from_the_end_until_they_fit() -> None:
    many = [Paper(f"p{n}", f"T{n}", "word " * 100) for n in range(5)]
    whole = prompt(evidence(*many), 100_000, "full")
    assert whole.used == 5
    assert prompt(evidence(*many), whole.tokens, "full").used == 5
    fewer = prompt(evidence(*many), whole.tokens - 1, "full")
    assert fewer.used == 4
    assert "[5] T4" not in user(fewer)
    assert "[4] T3" in user(fewer)
    least = prompt(evidence(*many), 10, "full")
    assert least.used == 1
    assert user(least).count("word") == 40
    roomy = prompt(evidence(replace(many[0], abstract="word " * 2000)), 1500, "full")
    assert 300 < user(roomy).count("word") < 700


@pytest.mark.parametrize(("kind", "most"), [("full", 6_000), ("short", 600)])
def test_what_was_said_before_is_told_with_the_numbers_of_today(kind: str, most: int) -> None:
    turn = Turn("Where\ndo they?", "Here [b2] and [zz9].\n" + "x" * 10_000)
    built = prompt(evidence(turns=(turn,), asked="And now?"), 10**6, kind)  # type: ignore[arg-type]  # of a kind
    roles = [(message["role"], message["content"][:12]) for message in built.messages[1:-1]]
    assert roles == [("user", "Where do the"), ("assistant", "Here [2] and")]
    assert len(built.messages[2]["content"]) == pytest.approx(most, abs=12)
    assert "Question: And now?" in user(built)


def test_three_authors_are_named_and_of_four_three() -> None:
    three = user(prompt(evidence(replace(FROGS, authors=("A", "B", "C"))), 10_000, "full"))
    assert "\nA, B, C, 2024, Nature\n" in three
