"""What of a note is prose that claims something."""

from __future__ import annotations

from agq.text.notes import blocks


def prose(note: str) -> list[str]:
    return [block.text for block in blocks(note)]


def test_a_byline_and_a_word_of_caution_claim_nothing() -> None:
    note = "*Extracted from abstracts*\n\nRates rose by 5% [a1].\n\n*This is an aid: check the sources.*\n"
    assert prose(note) == ["Rates rose by 5% [a1]."]


def test_an_italic_line_that_cites_is_a_claim() -> None:
    assert prose("*Rates rose [a1].*\n\n*Rates* fell *again*\n") == ["Rates rose [a1].", "Rates fell again"]


def test_rows_of_a_table_are_blocks_but_an_answers_sources_are_not() -> None:
    table = "| Claim | Source |\n| --- | --- |\n| Rates rose | [a1] |\n"
    sources = "| Match | Category | Title | Id |\n| --- | --- | --- | --- |\n| 80% | cs.LG | Rates | a1 |\n"
    assert prose(table) == ["Claim — Source", "Rates rose — [a1]"]
    assert prose(sources) == []


def test_a_block_knows_the_line_of_each_sentence() -> None:
    note = (
        "# Rates\n\nRates rose by 5% [a1]. They\nfell later. [b2]\nNobody knows why.\n\n"
        "- Rates rose\n  again. And fell.\n"
    )
    first, item = blocks(note)
    assert first.lines_of(["Rates rose by 5% [a1].", "They fell later [b2].", "Nobody knows why."]) == [
        3,
        3,
        5,
    ]
    assert item.lines_of(["Rates rose again.", "And fell."]) == [7, 8]


def test_a_sentence_said_twice_stands_on_two_lines() -> None:
    (block,) = blocks("Rates rose by 5% today.\nRates rose by 5% today.\n")
    assert block.lines_of(["Rates rose by 5% today."] * 2) == [1, 2]
