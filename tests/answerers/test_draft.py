"""A model's text is cut the same way however the stream breaks it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.answerers.draft import MODEL_LIST_REMOVED, DraftSplitter, Thinking
from agq.model import SHOWN, Piece

IDS = {
    "2406.00001": "2406.00001",
    "hep-th/9901001": "hep-th/9901001",
    "1": "2406.00001",
    "2": "hep-th/9901001",
}
TEXT = r"""## Answer
The lead says it [1]. It adds, i.e. more, that 3.5 K is cold [hep-th/9901001, 1].
This sentence goes over several lines, because the model breaks its lines at
eighty columns **[1]**. Another one ([1], [2]).

**Speed**

1. One thing. [1] Another thing.
   - nested *a* [1-2]
   - nested b with \(x[1]\)
2. A third

> Quoted words
> go on [1].

| Method | Error | Cost |
|:--|--:|--|
| FNO | 12 % [1] | high |
| PINN | 13 % [Source 2] | low [1][2] |

\[
E = \sum_i x_i [1]

\]

```python
a[1] = 2

print(a)
```

On [0, 1] it is $O(N)$, see [3].

### Pour aller plus loin
1. Pourquoi ?
2. **Comment ?** Et quand ?
- "Why is it?"

Dites-moi si cela aide.
"""

WHOLE = (
    "### Answer\n\nThe lead says it [2406.00001]. "
    "It adds, i.e. more, that 3.5 K is cold [hep-th/9901001] [2406.00001]. "
    "This sentence goes over several lines, because the model breaks its lines at "
    "eighty columns [2406.00001]. "
    "Another one [2406.00001] [hep-th/9901001]."
    r"""

### Speed

1. One thing [2406.00001]. Another thing.
   - nested *a* [2406.00001] [hep-th/9901001]
   - nested b with $x[1]$
2. A third

> Quoted words go on [2406.00001].

| Method | Error | Cost |
| :--- | ---: | --- |
| FNO | 12 % [2406.00001] | high |
| PINN | 13 % [hep-th/9901001] | low [2406.00001] [hep-th/9901001] |

$$
E = \sum_i x_i [1]
$$

```python
a[1] = 2

print(a)
```

On [0, 1] it is $O(N)$, see [3].

Dites-moi si cela aide."""
)


def cut(chunks: list[str]) -> list[Piece]:
    draft = DraftSplitter(IDS.get)
    pieces = [piece for text in chunks for piece in draft.feed(text)]
    return [*pieces, *draft.close()]


def joined(pieces: list[Piece]) -> str:
    return "".join(piece.lead + piece.text for piece in pieces if piece.kind in SHOWN)


def sentences(text: str) -> list[str]:
    return [piece.text for piece in cut([text]) if piece.kind == "sentence"]


def questions(text: str) -> list[str]:
    return [piece.text for piece in cut([text]) if piece.kind == "follow_up"]


def test_the_whole_at_once() -> None:
    pieces = cut([TEXT])
    assert joined(pieces) == WHOLE
    assert questions(TEXT) == ["Pourquoi ?", "Comment ? Et quand ?", "Why is it?"]
    assert [piece.claim for piece in pieces if piece.kind == "row"] == [
        "",
        "FNO; error: 12 % [2406.00001]; cost: high.",
        "PINN; error: 13 % [hep-th/9901001]; cost: low [2406.00001] [hep-th/9901001].",
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
def test_thinking_at_the_beginning_goes_however_it_is_broken(size: int) -> None:
    assert thought("\n<think>Let me < see</think>\n\nIt is <b> so. Yes.", size) == (
        "It is <b> so. Yes.",
        False,
    )
    assert thought("<thinking>Let me see", size) == ("", False)
    assert thought("Models write <think> before </think> what they say.", size)[1] is False
    assert thought("They think.\n</think>\nIt is so.", size)[1] is True


def thought(text: str, size: int) -> tuple[str, bool]:
    thinking = Thinking()
    shown = "".join(thinking.feed(text[i : i + size]) for i in range(0, len(text), size)) + thinking.close()
    return shown.strip(), thinking.stray


def test_a_citation_above_a_sentence_is_meant_for_it() -> None:
    text = (
        "[2406.00001]\n\nOne thing.\n\n[hep-th/9901001]\nAnother thing [2406.00001].\n\n"
        "A third.\n\n[2406.00001]\n"
    )
    assert sentences(text) == [
        "One thing [2406.00001].",
        "Another thing [2406.00001].",
        "A third.",
        "[2406.00001]",
    ]


def test_a_title_is_no_part_of_the_sentence_below_it() -> None:
    text = "On things [2406.00001]\nOne thing. Another.\nA third thing\ngoes on.\n"
    pieces = cut([text])
    assert cut(list(text)) == pieces
    assert [(p.lead, p.text) for p in pieces] == [
        ("", "On things [2406.00001]"),
        ("\n\n", "One thing."),
        (" ", "Another."),
        ("\n\n", "A third thing goes on."),
    ]


def test_a_list_of_sources_is_left_out_and_that_is_told() -> None:
    pieces = cut(["One thing [1].\n\n## References\n\n- [1] Smith, On things.\n- [2] Jones.\n"])
    assert joined(pieces) == "One thing [2406.00001]."
    assert [piece.text for piece in pieces if piece.kind == "note"] == [MODEL_LIST_REMOVED]


def test_questions_are_found_where_an_answer_ends_with_them() -> None:
    said = "One thing [1].\n\n"
    assert questions(f"{said}Weiterführende Fragen:\n1. Warum?\n2. Wie lange noch?\n") == [
        "Warum?",
        "Wie lange noch?",
    ]
    assert questions(f"{said}**次の質問**\n- なぜですか？\n- どうやって？\n") == [
        "なぜですか？",
        "どうやって？",
    ]
    assert questions(f"{said}## Next\nWhy?\n\nHow so?") == ["Why?", "How so?"]
    assert questions(f"{said}But why?") == []
    assert sentences(f"{said}## Why?\n\n- Is it so?\n- Or so?\n\nIt is so [1]. It is.")[1:3] == [
        "Is it so?",
        "Or so?",
    ]


def test_code_that_never_ends_is_kept() -> None:
    assert joined(cut(["One thing [1].\n\n```\nx = 1\n\ny = 2"])).endswith("```\nx = 1\n\ny = 2\n```")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
@pytest.mark.parametrize("size", [1, 2, 50])
def test_lines_may_end_in_any_way(end: str, size: int) -> None:
    text = f"One thing.{end}{end}- An item [a1].{end}- Another."
    pieces = cut([text[i : i + size] for i in range(0, len(text), size)])
    assert [piece.text for piece in pieces] == ["One thing.", "An item [a1].", "Another."]
