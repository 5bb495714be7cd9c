"""A judge's reply, however it is wrapped or broken."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.judge.reply import Ruling, read

ROWS = [
    {"row": 1, "quote": 'a [b] {c} "d"', "verdict": "supported"},
    {"row": 2, "quote": "", "verdict": "not_found"},
    {"row": 3, "quote": "β ∈ ℝ, 5 %", "verdict": "contradicted"},
]
RULINGS = {
    1: Ruling("supported", 'a [b] {c} "d"'),
    2: Ruling("not_found", ""),
    3: Ruling("contradicted", "β ∈ ℝ, 5 %"),
}
WHOLE = json.dumps({"rows": ROWS})
LINES = "\n".join(map(json.dumps, ROWS))


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        json.dumps({"rows": ROWS}, indent=2, ensure_ascii=False),
        json.dumps(ROWS),
        LINES,
        f"```json\n{WHOLE}\n```",
        f"Here are my verdicts:\n\n```\n{WHOLE}\n```\nLet me know if {{this}} helps!",
        f'<think>Row 1 may be {{"row": 1, "verdict": "contradicted"}}. Hmm.</think>\n{WHOLE}',
        json.dumps({"result": {"verdicts": ROWS}}),
        json.dumps({str(n): row for n, row in enumerate(ROWS)}),
        json.dumps([row | {"row": str(row["row"]), "verdict": str(row["verdict"]).upper()} for row in ROWS]),
        json.dumps([row | {"row": f"row {row['row']}"} for row in ROWS]),
        WHOLE.replace("not_found", "Not found"),
        WHOLE + WHOLE,
        WHOLE[:-2],
        WHOLE[:-2] + ', {"row": 4, "quote": "and th',
    ],
)
def test_the_same_is_read_from(text: str) -> None:
    assert read(text, 3) == (RULINGS, 0)


def test_backslashes_of_tex_do_not_break_a_reply() -> None:
    text = (
        r'{"rows": [{"row": 1, "quote": "the \alpha and \\gamma of $\mathrm{H}$", "verdict": "supported"}]}'
    )
    assert read(text, 1) == ({1: Ruling("supported", r"the \alpha and \gamma of $\mathrm{H}$")}, 0)


@pytest.mark.parametrize(
    ("entry", "strange"),
    [
        ({"row": 0, "quote": "", "verdict": "supported"}, 1),
        ({"row": -1, "quote": "", "verdict": "supported"}, 1),
        ({"row": 4, "quote": "", "verdict": "supported"}, 1),
        ({"row": True, "quote": "", "verdict": "supported"}, 1),
        ({"row": 1.5, "quote": "", "verdict": "supported"}, 1),
        ({"row": None, "quote": "", "verdict": "supported"}, 1),
        ({"row": [1], "quote": "", "verdict": "supported"}, 1),
        ({"quote": "", "verdict": "supported"}, 1),
        ({"row": 1, "quote": "", "verdict": "unsupported"}, 1),
        ({"row": 1, "quote": "", "verdict": None}, 1),
        ({"row": 1, "quote": "", "verdict": {"verdict": "supported"}}, 1),
        ({"row": 1, "quote": ""}, 0),
    ],
)
def test_an_entry_that_says_nothing(entry: dict[str, object], strange: int) -> None:
    assert read(json.dumps([entry]), 3) == ({}, strange)


def test_a_quotation_that_is_no_text_is_none() -> None:
    entries = [{"row": 1, "quote": ["a"], "verdict": "supported"}, {"row": 2, "verdict": "supported"}]
    assert read(json.dumps(entries), 2) == ({n: Ruling("supported", "") for n in (1, 2)}, 0)


def test_a_row_said_twice_alike_stands_and_otherwise_falls() -> None:
    row = {"row": 1, "quote": "abc", "verdict": "supported"}
    assert read(json.dumps([row, row]), 1) == ({1: Ruling("supported", "abc")}, 0)
    assert read(json.dumps([row, row | {"verdict": "not_found"}, row]), 1) == ({}, 1)


quotes = st.text() | st.sampled_from([r"$\alpha \leq \beta$", 'he said "so"', "a {b} [c] \\", "β\x00\u2028"])
replies = st.dictionaries(
    st.integers(1, 9), st.builds(Ruling, st.sampled_from(["supported", "contradicted", "not_found"]), quotes)
)
prose = st.text(st.characters(exclude_characters="{<"), max_size=40)


def written(rulings: Mapping[int, Ruling], *, indent: int | None, ascii_only: bool) -> str:
    entries = [{"row": row, "quote": one.quote, "verdict": one.verdict} for row, one in rulings.items()]
    return json.dumps({"rows": entries}, indent=indent, ensure_ascii=ascii_only)


@given(replies, prose, prose, st.sampled_from([None, 0, 2]), st.booleans())
def test_any_reply_comes_back_out_of_any_words_around_it(
    rulings: dict[int, Ruling], before: str, after: str, indent: int | None, ascii_only: bool
) -> None:
    text = written(rulings, indent=indent, ascii_only=ascii_only)
    assert read(f"{before}{text}{after}", 9) == (rulings, 0)


@given(replies, st.data())
def test_of_a_reply_that_is_cut_the_whole_entries_are_read(
    rulings: dict[int, Ruling], data: st.DataObject
) -> None:
    text = written(rulings, indent=None, ascii_only=False)
    found, strange = read(text[: data.draw(st.integers(0, len(text)))], 9)
    assert found.items() <= rulings.items()
    assert strange == 0


@given(
    st.lists(
        st.sampled_from([WHOLE, LINES, *WHOLE.split(), *'{}[],:\\"0']) | st.text(max_size=5), max_size=30
    )
)
def test_no_text_breaks_the_reading(pieces: list[str]) -> None:
    found, strange = read("".join(pieces), 3)
    assert set(found) <= {1, 2, 3}
    assert strange >= 0


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "[" * 100_000,
        '{"a":' * 20_000,
        '{"verdict":' * 9_000,
        "\\" * 100_000,
        '{"row": ' + "9" * 90_000,
        "<think>" * 14_000,
    ],
)
def test_a_hostile_reply_is_read_in_no_time(text: str) -> None:
    start = time.process_time()
    assert read(text, 3)[0] == {}
    assert time.process_time() - start < 1
