"""A Zotero library as a source: by its name, by its place, in part, and when it has changed."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from e2e.shell import Shell
from zotero_library.made import GROUP, expected, made

pytestmark = pytest.mark.slow


@pytest.fixture
def zotero(fresh: Shell) -> Path:
    """A library where Zotero keeps it by default."""
    return made(fresh.home / "Zotero")


def report(shell: Shell, *arguments: str) -> dict[str, Any]:
    done = shell.agq("index", *arguments, "--json", "--later")
    assert done.returncode == 0, done.stderr.decode()
    held: dict[str, Any] = json.loads(done.stdout)
    return held


def test_a_library_is_indexed_by_its_name_and_kept_up_to_date(fresh: Shell, zotero: Path) -> None:
    assert report(fresh, "zotero:Physics")["papers"] == len(
        [one for one in expected() if one.library == 1 and (one.number % 4 == 1 or one.number % 6 == 1)]
    )
    assert report(fresh, "zotero")["papers"] == len(expected())
    with sqlite3.connect(zotero) as library:
        library.execute("INSERT INTO deletedItems VALUES (1, '2026-01-01')")
    library.close()
    os.utime(zotero, (2_000_000_000, 2_000_000_000))
    told = fresh.agq("show", "native4")
    assert told.returncode == 0
    assert b"zotero:Physics has changed since the index was made" in told.stderr
    assert b"zotero://select/library/items/Z0000004" in told.stdout
    again = report(fresh)
    assert (again["papers"], again["removed"]) == (len(expected()) - 1, 1)
    listed = json.loads(fresh.agq("list", "-k", "3", "--format", "json").stdout)["sources"]
    assert all(one["zotero"].startswith("zotero://select/") for one in listed)
    tagged = fresh.agq("search", "thin films", "--tag", "own/3", "-k", "3", "--format", "json")
    assert len(json.loads(tagged.stdout)["sources"]) == 3


def test_a_place_and_a_part_are_remembered(fresh: Shell, tmp_path: Path) -> None:
    folder = made(tmp_path / "else where").parent
    wanted = len([one for one in expected() if one.library == 2])
    assert report(fresh, f"zotero:group/{GROUP}", "--zotero", str(folder))["papers"] == wanted
    assert report(fresh)["unchanged"] == wanted


def test_notes_are_searched_where_they_are_asked_for_and_leave_no_citation(
    fresh: Shell, tmp_path: Path
) -> None:
    folder = made(tmp_path / "library").parent
    report(fresh, f"zotero+notes:group/{GROUP}", "--zotero", str(folder))
    found = fresh.agq("search", "Quillfeather20", "-k", "3", "--format", "json")
    first = json.loads(found.stdout)["sources"][0]
    assert first["id"] == "native20"
    assert b"mentions Quillfeather20" not in found.stderr
    assert b"Ask Quillfeather20 & Co. Twice." in fresh.agq("show", "native20").stdout
    for name in ("bibtex", "ris", "csl-json"):
        assert b"Quillfeather" not in fresh.agq("cite", "native20", "--format", name).stdout


def test_what_is_not_there_is_told_before_anything_is_made(fresh: Shell, zotero: Path) -> None:
    for source, said in (("zotero:Fisics", "did you mean Physics"), ("zotero:group/No", "Our group")):
        done = fresh.agq("index", source)
        assert done.returncode == 2
        assert said in done.stderr.decode()
    zotero.unlink()
    done = fresh.agq("index", "zotero")
    assert done.returncode == 2
    assert "--zotero DIR" in done.stderr.decode()
    assert not (fresh.home / ".local/share/agq").exists()


def test_a_folder_called_zotero_is_written_with_its_path(fresh: Shell) -> None:
    (fresh.folder / "zotero").mkdir()
    (fresh.folder / "zotero" / "a.jsonl").write_text('{"id": "one", "title": "Strain in graphene"}\n')
    assert report(fresh, "./zotero")["papers"] == 1


def test_from_a_library_to_a_cited_paragraph(fresh: Shell, zotero: Path) -> None:
    """What a newcomer does, by the manual: index, ask into a note, check, cite."""
    assert fresh.agq("index", "zotero").returncode == 0
    question = "What limits the lifetime of perovskite cells?"
    asked = fresh.agq("ask", question, "-o", "note.md", "--bib", "refs.bib")
    assert asked.returncode == 0, asked.stderr.decode()
    note = (fresh.folder / "note.md").read_text()
    assert "Moisture that enters through the edge seal" in note
    assert "[native4]" in note
    assert "[Zotero](zotero://select/library/items/Z0000004)" in note
    assert "{native4," in (fresh.folder / "refs.bib").read_text()
    assert fresh.agq("check", "note.md").returncode == 0
    assert "Müller4" in fresh.agq("cite", "native4", "--format", "text").stdout.decode()
