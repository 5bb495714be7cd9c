"""Markdown to the units of an answer: what each is, and what stands before it."""

from __future__ import annotations

import pytest

from agq.answerers.layout import Layout, Unit, in_formula, is_whole, paragraphs


def units(text: str, *, begun: bool = False, base: int = 0) -> list[tuple[str, str, str]]:
    return [(one.kind, one.lead, one.text) for one in Layout(text, begun=begun, base=base).units()]


def test_headings_begin_at_the_third_level_and_keep_their_steps() -> None:
    text = "# One\n\n## Two\n\n#### Four\n\n###### Six\n"
    assert units(text) == [
        ("heading", "### ", "One"),
        ("heading", "\n\n#### ", "Two"),
        ("heading", "\n\n###### ", "Four"),
        ("heading", "\n\n###### ", "Six"),
    ]
    assert units("# Higher\n", base=2) == [("heading", "### ", "Higher")]
    assert units("### Same\n", begun=True, base=2) == [("heading", "\n\n#### ", "Same")]
    assert units("## **Bold:** \n") == [("heading", "### ", "Bold")]


def test_a_line_in_bold_heads_what_follows() -> None:
    assert units("**Speed:**\nIt is fast.") == [
        ("heading", "### ", "Speed"),
        ("paragraph", "\n\n", "It is fast."),
    ]
    assert units("__Speed__") == [("heading", "### ", "Speed")]
    assert units("**ab**") == [("paragraph", "", "**ab**")]
    assert units(f"**{'x' * 80}**")[0][0] == "heading"
    assert units(f"**{'x' * 81}**")[0][0] == "paragraph"
    assert units("**Speed** is all.") == [("paragraph", "", "**Speed** is all.")]
    assert units("- **Speed**") == [("paragraph", "- ", "**Speed**")]


def test_lists_and_quotations_are_made_again() -> None:
    assert units("- a\n- b\n\n  c\n  - d\n\n3. e\n4. f\n\n> g\n> h\n>\n> i\n") == [
        ("paragraph", "- ", "a"),
        ("paragraph", "\n- ", "b"),
        ("paragraph", "\n\n  ", "c"),
        ("paragraph", "\n  - ", "d"),
        ("paragraph", "\n\n3. ", "e"),
        ("paragraph", "\n4. ", "f"),
        ("paragraph", "\n\n> ", "g\nh"),
        ("paragraph", "\n>\n> ", "i"),
    ]
    assert units("a\n- b\n") == [("paragraph", "", "a"), ("paragraph", "\n\n- ", "b")]
    (only,) = Layout("1. a\n   b", begun=True, base=0).units()
    assert (only.lead, only.inner) == ("\n\n1. ", "   ")


def test_a_table_has_a_head_and_rows_that_say_what_their_columns_are() -> None:
    head = "| Kind | Mass | DNA | Where |\n|:--|--:|:-:|---|\n"
    text = f"{head}| a\\|b | 2<br/>3 [x1] | | [x1] |\n| c | 4 | 5 | |\n"
    found = list(Layout(text, begun=True, base=0).units())
    assert [(one.kind, one.lead, one.text, one.claim) for one in found] == [
        ("head", "\n\n", "| Kind | Mass | DNA | Where |\n| :--- | ---: | :---: | --- |", ""),
        ("row", "\n", "| a\\|b | 2 3 [x1] |  | [x1] |", "a|b; mass: 2 3 [x1]  [x1]."),
        ("row", "\n", "| c | 4 | 5 |  |", "c; mass: 4; DNA: 5."),
    ]


def test_each_table_keeps_its_own_alignment() -> None:
    found = units("| A |\n|:--|\n| x |\n\n| B |\n|--:|\n| y |\n")
    assert [text for kind, _, text in found if kind == "head"] == ["| A |\n| :--- |", "| B |\n| ---: |"]


def test_code_formulas_and_rules_are_blocks() -> None:
    assert units("```py x\na\n\nb\n```\n\n    c\n\n$$\nx = 1\n$$\n\n---\n") == [
        ("block", "", "```py\na\n\nb\n```"),
        ("block", "\n\n", "```\nc\n```"),
        ("block", "\n\n", "$$\nx = 1\n$$"),
        ("block", "\n\n", "---"),
    ]
    assert units("````\n```\n````")[0][2] == "````\n```\n````"
    assert units("- ```\n  a\n  ```")[0][2] == "```\n  a\n  ```"


def test_where_blocks_begin_is_told() -> None:
    layout = Layout("a\n\n- b\n- c\n\nd\n", begun=False, base=0)
    lines = [one.line for one in layout.units()]
    assert (lines, layout.tops) == ([0, 2, 3, 5], [0, 2, 5])


def unit(kind: str, text: str = "x") -> Unit:
    return Unit(kind, text, "", "", 0)  # type: ignore[arg-type]  # of a kind


@pytest.mark.parametrize("kind", ["heading", "head", "row"])
def test_some_units_are_whole_as_soon_as_they_are_there(kind: str) -> None:
    assert is_whole(unit(kind), "x", last=True)


def test_the_last_unit_is_whole_behind_an_empty_line() -> None:
    assert is_whole(unit("paragraph"), "x", last=False)
    assert not is_whole(unit("paragraph"), "x", last=True)
    assert not is_whole(unit("paragraph"), "x\n", last=True)
    assert is_whole(unit("paragraph"), "x\n\n", last=True)
    assert not is_whole(unit("block"), "x\n\n", last=True)
    assert not is_whole(unit("paragraph", "$$x"), "$$x\n\n", last=False)


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("$$x", True), ("$$x$$", False), ("\\[x", True), ("\\[x\\]", False), ("x\\]", False), ("$x", False),
    ],
)  # fmt: skip
def test_a_formula_is_open_until_it_ends(text: str, open_: bool) -> None:
    assert in_formula(text) is open_


def test_a_short_line_before_a_capital_is_a_line_by_itself() -> None:
    assert paragraphs("On things\nThis is it.") == ["On things", "This is it."]
    assert paragraphs("On things\nthis is it.") == ["On things this is it."]
    assert paragraphs(f"{'x' * 55}\nAbcd") == ["x" * 55, "Abcd"]
    assert paragraphs(f"{'x' * 56}\nAbcd") == [f"{'x' * 56} Abcd"]
    assert paragraphs(f"{'x' * 56}\n  abcd  \nEfgh") == [f"{'x' * 56} abcd", "Efgh"]
    assert paragraphs("one\n\n") == ["one  "]
