"""How an answer without a model is worded: its opening, its entries, short titles."""

from __future__ import annotations

import pytest

from agq.answerers.entries import Told, entry, opening, quoted, short_title, title_alone
from agq.model import Finding, Paper, Quote


def papers(*years: str) -> list[Paper]:
    return [Paper(f"p{n}", "T", "A.", date=year) for n, year in enumerate(years)]


def opens(
    *, quoted: list[Paper] | None = None, titles: list[Paper] | None = None, of: int = 8, sure: bool = True,
    missing: tuple[str, ...] = (),
) -> str:  # fmt: skip
    piece = opening(Told(quoted or [], titles or [], of, sure, missing))
    assert piece.kind == "opening"
    return piece.text.strip("*")


def test_how_many_papers_bear_on_a_question_and_from_which_years() -> None:
    assert opens(quoted=papers("2020-05", "2024")) == "2 of 8 papers bear on this, 2020–2024."
    assert opens(quoted=papers("2020", "2020-07")) == "2 of 8 papers bear on this, 2020."
    assert opens(quoted=papers("", "2024")) == "2 of 8 papers bear on this, 2024."
    assert opens(quoted=papers("")) == "1 of 8 papers bears on this."
    assert opens(quoted=papers("2021"), of=1) == "The paper found bears on this, 2021."
    assert opens(quoted=papers("2021"), of=2) == "1 of 2 papers bears on this, 2021."


def test_what_is_quoted_for_want_of_a_better_is_told_so() -> None:
    near = "No abstract here answers this plainly; the nearest {} quoted below."
    assert opens(quoted=papers("2021"), sure=False) == near.format("is")
    assert opens(quoted=papers("2021", "2022"), sure=False) == near.format("are")
    assert opens(quoted=papers("2021"), missing=("newts", "*b")) == (
        rf"No paper found mentions newts or \*b. {near.format('is')}"
    )


def test_papers_known_by_title_alone_are_counted() -> None:
    assert (
        opens(titles=papers("2021"))
        == "No abstract found speaks of this. 1 by title only, without an abstract."
    )
    assert opens(quoted=papers("2021"), titles=papers("", "")) == (
        "1 of 8 papers bears on this, 2021. 2 more by title only, without an abstract."
    )
    assert opens() == "No abstract here answers this; the papers below come nearest."


def test_an_entry_names_authors_year_and_title_and_quotes() -> None:
    paper = Paper("a1", "On *frogs*", "x", ("Ann Lee", "Bo Ek"), date="2020-05")
    finding = Finding("a1", (Quote("It costs $5.", 0), Quote("So.", 1), Quote("Yes.", 3)))
    piece = entry(paper, finding)
    assert piece.text == r'Lee and Ek 2020, *On \*frogs\**: "It costs $5. So. … Yes." [a1]'
    assert (piece.kind, piece.finding) == ("sentence", finding)
    assert entry(Paper("b", "On frogs", "x"), finding).text.startswith('*On frogs*: "')
    assert entry(Paper("b", "", "x", ("Ann Lee",)), finding).text.startswith('Lee: "')


def test_a_title_alone_stands_between_quotation_marks() -> None:
    finding = Finding("a1")
    piece = title_alone(Paper("a1", "On $5\nand $9 frogs", authors=("Ann Lee",), date="2020"), finding)
    assert piece.text == r'Title only: Lee 2020, "On \$5 and \$9 frogs" [a1]'
    assert (piece.kind, piece.finding) == ("sentence", finding)
    assert title_alone(Paper("a1", "On frogs"), finding).text == 'Title only: "On frogs" [a1]'


def test_sentences_that_are_no_neighbours_are_parted_by_an_ellipsis() -> None:
    assert quoted([]) == ""
    assert quoted([Quote("A.", 4)]) == "A."
    assert quoted([Quote("A.", 0), Quote("B.", 1)]) == "A. B."
    assert quoted([Quote("A.", 0), Quote("B.", 2), Quote("C.", 3)]) == "A. … B. C."


LONG = " of the and" * 6


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Frogs in winter", "Frogs in winter"),
        ("Frogs in winter.", "Frogs in winter"),
        ("Frogs: how they sleep", "Frogs: how they sleep"),
        (f"Frogs of the north: how they sleep{LONG}", "Frogs of the north"),
        (f"Frogs of the north. How they sleep{LONG}", "Frogs of the north"),
        (f"Frogs of the north - how they sleep{LONG}", "Frogs of the north"),
        (f"Frogs of the north — how they sleep{LONG}", "Frogs of the north"),
        (f"Do frogs sleep? A study{LONG}", "Do frogs sleep?"),
        (f"Frogs: how they sleep in winter{LONG}", "Frogs: how they sleep in winter …"),
        (" ".join(f"w{n}" for n in range(16)), " ".join(f"w{n}" for n in range(16))),
        (" ".join(f"w{n}" for n in range(17)), f"{' '.join(f'w{n}' for n in range(13))} …"),
        (f"Alpha beta gamma delta epsilon{LONG}", "Alpha beta gamma delta epsilon …"),
        (f"Alpha beta gamma delta epsilon,{LONG}", "Alpha beta gamma delta epsilon …"),
        (f"Of the and{LONG}", "Of the and …"),
    ],
)
def test_a_title_is_short_and_ends_in_a_noun(title: str, short: str) -> None:
    assert short_title(title) == short
