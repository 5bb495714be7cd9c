"""Duplicates become one, and two papers under one key stay two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agq.model import Paper
from agq.readers.base import Found
from agq.readers.identity import identity_keys, why_same
from agq.readers.merge import Merged, joined, merge
from agq.records import Same, Work

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
