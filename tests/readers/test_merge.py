"""Duplicates become one, and two papers under one key stay two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.model import Paper
from agq.readers.base import Found
from agq.readers.identity import identity_keys, why_same
from agq.readers.merge import Merged, joined, merge
from agq.records import Record, Same, Work, packed

PAPER = Paper(
    id="2406.08554",
    title="Quantum hardware-enabled molecular dynamics via transfer learning",
    abstract="Short.",
    authors=("A. Khan", "B. Berg"),
    date="2024-06-12",
    arxiv="2406.08554",
)


def run(*papers: Paper, known: Sequence[Paper] = ()) -> list[Merged]:
    def lookup(keys: Sequence[str]) -> Iterable[Work]:
        return [Work(paper) for paper in known if set(keys) & set(identity_keys(paper))]

    return [m for m in merge((Found("here", p) for p in papers), lookup) if isinstance(m, Merged)]


def standing(merged: Iterable[Merged]) -> dict[str, Paper]:
    """What stands in an index in the end."""
    index: dict[str, Paper] = {}
    for one in merged:
        for gone in one.absorbs:
            del index[gone]
        index[one.paper.id] = one.paper
    return index


def test_the_same_doi_joins_and_the_richer_field_wins() -> None:
    journal = Paper(
        "khan2024", PAPER.title, abstract="A longer abstract.", doi="10.1000/a", venue="J. Chem.", date="2025"
    )
    preprint = replace(PAPER, doi="10.1000/a")
    index = standing(run(preprint, journal))
    assert index == {PAPER.id: replace(preprint, abstract="A longer abstract.")}


def test_the_same_title_with_a_common_author_and_year_joins() -> None:
    other = Paper(
        "khan",
        "Quantum Hardware-Enabled Molecular Dynamics via Transfer Learning.",
        authors=("Ali Khan",),
        date="2024",
    )
    assert len(standing(run(PAPER, other))) == 1
    assert len(standing(run(PAPER, replace(other, date="2023")))) == 2
    assert len(standing(run(PAPER, replace(other, authors=("C. Other",))))) == 2


def test_one_key_with_another_doi_or_title_is_another_paper() -> None:
    one = Paper("smith2020", "On dogs", doi="10.1000/dogs")
    two = Paper("smith2020", "On cats", doi="10.1000/cats")
    third = Paper("smith2020", "On birds")
    merged = run(one, two, third, one, two, third)
    assert list(standing(merged)) == ["smith2020", "smith2020~2", "smith2020~3"]
    assert [m.renamed for m in merged] == ["", "smith2020", "smith2020", "", "", ""]
    assert [m.repeats for m in merged] == [False] * 3 + [True] * 3


def test_what_the_index_holds_counts_too() -> None:
    known = replace(PAPER, abstract="The longest abstract of them all.")
    (merged,) = run(replace(PAPER, id="another-key", doi="10.1000/a"), known=[known])
    assert merged.repeats
    assert merged.paper == replace(known, doi="10.1000/a")
    (renamed,) = run(Paper(PAPER.id, "Something else"), known=[known])
    assert renamed.paper.id == f"{PAPER.id}~2"


def test_a_record_that_links_two_papers_makes_them_one() -> None:
    journal = Paper("j", PAPER.title, doi="10.1000/a", authors=PAPER.authors, date="2025-01")
    index = standing(run(PAPER, journal, replace(PAPER, id="both", doi="10.1000/a")))
    assert list(index) == [PAPER.id]
    assert index[PAPER.id].doi == "10.1000/a"


def test_a_preprint_and_its_publication_may_have_two_dois() -> None:
    preprint = replace(PAPER, doi="10.48550/arxiv.2406.08554")
    published = replace(PAPER, id="p", doi="10.1000/a", arxiv="")
    assert why_same(Work(preprint), Work(published))
    assert joined(Work(preprint), Work(published), Same("p", "", "")).paper.doi == "10.1000/a"
    assert not why_same(Work(replace(published, id="q", doi="10.1000/b")), Work(published))


TITLES = (
    "Heat waves in the lagoons of the north",
    "Heat waves in lagoons of the north: a survey",
    "Editorial",
    "Correction: Heat waves in the lagoons of the north",
)
RECORDS = st.builds(
    Paper,
    id=st.sampled_from(["a", "b", "c"]),
    title=st.sampled_from(TITLES),
    abstract=st.sampled_from(["", "Short.", "Much longer than the other one."]),
    authors=st.sampled_from([(), ("Ann Berg",), ("Ann Berg", "Bo Li"), ("Cy Poe",)]),
    date=st.sampled_from(["", "2019", "2020", "2020-03", "2021-01-02"]),
    doi=st.sampled_from(["", "10.1000/a", "10.1000/b", "10.48550/arxiv.2001.00001"]),
    arxiv=st.sampled_from(["", "2001.00001", "2001.00002"]),
    venue=st.sampled_from(["", "J. Lagoon", "Lagoon Notes"]),
)


@given(st.lists(RECORDS, min_size=2, max_size=6))
def test_a_merged_paper_is_one_that_somebody_wrote(records: list[Paper]) -> None:
    """Title, authors and year always come from one record, and no two records with nothing in common join."""
    claims = {(paper.title, paper.authors, paper.date[:4]) for paper in records}
    for paper in standing(run(*records)).values():
        assert (paper.title, paper.authors, paper.date[:4]) in claims


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            Paper("c1", "Object parsing in context", doi="10.1007/978-1"),
            Paper("c2", "River deltas", doi="10.1007/978-1"),
        ),
        (
            Paper("e1", "Editorial", authors=("Ann Berg",), date="2015"),
            Paper("e2", "Editorial", authors=("Ann Berg",), date="2015"),
        ),
        (
            Paper("p", "Statins and gait", authors=("Ann Berg",), doi="10.1000/a"),
            Paper("q", "Correction: Statins and gait", authors=("Ann Berg",), doi="10.1000/a"),
        ),
        (
            Paper("p", "Graph transformers for molecules", authors=("San Zhang",), arxiv="2101.00001"),
            Paper("q", "Why graph transformers fail on salts", authors=("Jo Doe",), arxiv="2101.00001"),
        ),
        (
            Paper(
                "v1", "Annual report of the lagoon survey", authors=("Ann Berg",), date="2015", doi="10.1/a"
            ),
            Paper(
                "v2", "Annual report of the lagoon survey", authors=("Ann Berg",), date="2015", doi="10.1/b"
            ),
        ),
    ],
)
def test_two_papers_stay_two(one: Paper, other: Paper) -> None:
    assert not why_same(Work(one), Work(other))
    assert not why_same(Work(other), Work(one))


def test_the_volume_tells_papers_of_one_name_apart() -> None:
    paper = Paper("r1", "Annual report of the lagoon survey", authors=("Ann Berg",), date="2015")
    first = packed(Record("article-journal", {"volume": "1"}))
    second = packed(Record("article-journal", {"volume": "2"}))
    assert why_same(Work(paper, first), Work(replace(paper, id="r2"), first))
    assert not why_same(Work(paper, first), Work(replace(paper, id="r2"), second))


def test_a_preprint_and_its_publication_are_one_and_the_published_data_wins() -> None:
    preprint = replace(PAPER, authors=("Abid Khan", "Bo Berg"))
    published = replace(preprint, id="khan2025", date="2025", doi="10.1000/a", arxiv="", venue="J. Chem.")
    (paper,) = standing(run(preprint, published)).values()
    assert (paper.id, paper.arxiv, paper.doi, paper.venue, paper.date) == (
        PAPER.id, PAPER.arxiv, "10.1000/a", "J. Chem.", "2025",
    )  # fmt: skip
