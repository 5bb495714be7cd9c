"""`add`, `fetch` and `fill` as a person types them, where nothing is asked of anybody."""

from __future__ import annotations

import pytest

from e2e.shell import Shell

pytestmark = pytest.mark.slow


def test_a_dry_run_tells_what_would_be_asked_and_writes_nothing(fresh: Shell) -> None:
    done = fresh.agq("fetch", "arxiv", "string", "theory", "--since", "2024", "--dry-run")
    assert done.returncode == 0
    assert done.stdout.startswith(b"https://export.arxiv.org/api/query?search_query=%28all%3Astring+AND")
    assert b"submittedDate%3A%5B202401010000" in done.stdout
    told = fresh.given(AGQ_CONTACT="me@example.org").agq("fetch", "crossref", "strings", "--dry-run").stdout
    assert b"mailto=me%40example.org" in told
    assert list(fresh.folder.iterdir()) == []


def test_a_service_that_is_not_there_is_named_with_those_that_are(fresh: Shell) -> None:
    done = fresh.agq("fetch", "arxive", "strings")
    assert done.returncode == 2
    assert b"did you mean arxiv?" in done.stderr


def test_every_identifier_of_a_note_and_a_bibliography_is_found(fresh: Shell) -> None:
    (fresh.folder / "note.md").write_text(
        "As [shown](https://doi.org/10.1103/PhysRevLett.77.3865), **10.48550/arXiv.1706.03762** "
        "and arXiv:hep-th/9901001v2."
    )
    (fresh.folder / "refs.bib").write_text(
        "@article{a, doi = {10.1000/xyz_1}, pmid = {25657356}, eprint = {2406.08554}, title = {Any}}"
    )
    done = fresh.agq("add", "note.md", "refs.bib", "PMID: 11", "--dry-run")
    assert set(done.stdout.decode().splitlines()) == {
        "Crossref: 10.1103/physrevlett.77.3865",
        "arXiv: 1706.03762",
        "arXiv: hep-th/9901001",
        "Crossref: 10.1000/xyz_1",
        "PubMed: PMID:25657356",
        "arXiv: 2406.08554",
        "PubMed: PMID:11",
    }
    nothing = fresh.agq("add", "nothing at all")
    assert nothing.returncode == 2
    assert b"no DOI, arXiv id or PMID" in nothing.stderr


def test_what_the_index_holds_is_not_asked_for(shell: Shell) -> None:
    done = shell.agq("add", "-", "--dry-run", stdin="2606.25151 and 10.1000/new")
    assert done.stdout == b"Crossref: 10.1000/new\n"
    assert b"1 of 2 are in the index already" in done.stderr


def test_fill_tells_whom_it_would_ask_for_what(fresh: Shell) -> None:
    (fresh.folder / "library.jsonl").write_text(
        '{"id": "a", "title": "Strain in graphene", "doi": "10.1000/a"}\n'
        '{"id": "b", "title": "Phonons in flat graphene", "date": "2020"}\n'
        '{"id": "c", "title": "Electrons in graphene", "abstract": "They move.", "doi": "10.1000/c"}\n'
    )
    assert fresh.agq("index", "library.jsonl", "--index", "ix", "--later").returncode == 0
    done = fresh.agq("fill", "--index", "ix", "--dry-run")
    assert done.stdout.decode().splitlines() == [
        "OpenAlex: 1 by DOI",
        "Crossref: 1 by DOI",
        "OpenAlex: 1 by title",
    ]


def test_a_file_that_the_user_made_is_left_alone(fresh: Shell) -> None:
    mine = fresh.folder / "library.jsonl"
    mine.write_text('{"id": "a", "title": "Strain in graphene"}\n')
    done = fresh.agq("fetch", "arxiv", "strings", "--to", "library.jsonl")
    assert done.returncode == 2
    assert b"was not made by agq" in done.stderr
    assert mine.read_text() == '{"id": "a", "title": "Strain in graphene"}\n'
