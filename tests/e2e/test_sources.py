"""What an index is made of: listed, forgotten, recognised under a new name; and nothing made of nothing."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from e2e.shell import Shell
from processes import PATIENCE

pytestmark = pytest.mark.slow

ENTRY = "@article{{{key}, title={{On {key} and its neighbours}}, author={{Writer, Ann}}, year={{2020}}}}\n"


INDEX = "mine"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def library(fresh: Shell) -> Shell:
    """Two files: ``one`` holds dogs and cats, ``two`` cats and birds."""
    (fresh.folder / "one.bib").write_text(ENTRY.format(key="dogs") + ENTRY.format(key="cats"))
    (fresh.folder / "two.bib").write_text(ENTRY.format(key="cats") + ENTRY.format(key="birds"))
    return fresh.given(AGQ_INDEX=str(fresh.folder / INDEX))


def ran(shell: Shell, *arguments: str) -> Ran:
    done = shell.agq(*arguments)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def listed(shell: Shell) -> list[tuple[str, int, int, str]]:
    """Name, papers, papers in no other, state."""
    held = json.loads(ran(shell, "sources", "--json").out)["sources"]
    return [(Path(one["source"]).name, one["papers"], one["only_here"], one["state"]) for one in held]


def test_sources_are_listed_with_their_papers_and_state(library: Shell) -> None:
    assert ran(library, "index", "one.bib", "two.bib", "--later").code == 0
    assert listed(library) == [("one.bib", 2, 1, "unchanged"), ("two.bib", 2, 1, "unchanged")]
    assert "one.bib" in ran(library, "sources").out


def test_a_forgotten_source_takes_along_what_only_it_holds(library: Shell) -> None:
    ran(library, "index", "one.bib", "two.bib", "--later")
    assert ran(library, "forget", "one.bib").code == 0
    assert listed(library) == [("two.bib", 2, 2, "unchanged")]
    assert ran(library, "show", "dogs").code == 2
    assert ran(library, "show", "cats").code == 0
    again = ran(library, "forget", "one.bib")
    assert again.code == 2
    assert "not a source" in again.err


def test_a_source_under_a_new_name_is_recognised_by_its_papers(library: Shell) -> None:
    ran(library, "index", "one.bib", "--later")
    (library.folder / "one.bib").rename(library.folder / "new.bib")
    assert "agq forget" in ran(library, "doctor").out
    run = ran(library, "index", "new.bib", "--later")
    assert run.code == 0
    assert "one.bib is gone" in run.err
    assert listed(library) == [("new.bib", 2, 2, "unchanged")]


def test_two_sources_that_are_gone_together_keep_their_papers(library: Shell) -> None:
    one, two = library.folder / "one.bib", library.folder / "two.bib"
    two.write_text(one.read_text())
    (library.folder / "new.bib").write_text(ENTRY.format(key="birds"))
    ran(library, "index", "one.bib", "two.bib", "--later")
    one.unlink()
    two.unlink()
    run = ran(library, "index", "new.bib", "--later")
    assert run.code == 0
    assert "forgotten" not in run.err
    assert listed(library) == [
        ("one.bib", 2, 0, "gone"),
        ("two.bib", 2, 0, "gone"),
        ("new.bib", 1, 1, "unchanged"),
    ]


def test_nothing_is_made_of_a_source_without_papers(library: Shell) -> None:
    (library.folder / "empty.bib").write_text("@article{x, author={Writer, Ann}}\n")
    run = ran(library, "index", "empty.bib", "--json")
    assert run.code == 1
    assert json.loads(run.out)["rejected"][0]["reason"] == "no title"
    assert not (library.folder / INDEX).exists()


def test_an_empty_source_beside_others_is_told(library: Shell) -> None:
    (library.folder / "empty.bib").write_text("")
    run = ran(library, "index", "one.bib", "empty.bib", "--later")
    assert run.code == 1
    assert "no paper in empty.bib" in run.err
    assert ran(library, "show", "dogs").code == 0


def test_what_was_merged_and_why_is_told(library: Shell) -> None:
    other = ENTRY.format(key="felines").replace("On felines", "On cats")
    (library.folder / "three.bib").write_text(other)
    run = ran(library, "index", "one.bib", "three.bib", "--later", "--verbose")
    assert "merged: felines" in run.err
    assert "the same title, author and year" in run.err
    assert "felines" in ran(library, "show", "cats").out
    written = ran(library, "cite", "felines")
    assert written.out.startswith("@article{felines,")
    assert ran(library, "cite", "cats").out.startswith("@article{cats,")


def test_cite_writes_what_it_knows_and_names_the_rest(library: Shell) -> None:
    ran(library, "index", "one.bib", "--later")
    run = ran(library, "cite", "dogs", "ghost", "cats")
    assert run.code == 5
    assert run.out.count("@article{") == 2
    assert "ghost" in run.err


def test_a_source_that_is_watched_is_read_again_until_somebody_stops_it(fresh: Shell) -> None:
    """As a service does: it starts, sees a paper more, ends at a signal and leaves a whole index."""
    source = fresh.folder / "library.jsonl"
    source.write_text('{"id": "one", "title": "Strain in graphene"}\n')
    command = fresh.command("index", "library.jsonl", "--index", "ix", "--watch", "--later")
    with subprocess.Popen(command, cwd=fresh.folder, env=fresh.environ, stderr=subprocess.PIPE) as process:
        assert process.stderr
        told = iter(process.stderr.readline, b"")
        assert b"1 papers in ix" in next(told)
        assert next(line for line in told if b"abstract" not in line) == b"watching; Ctrl-C ends it\n"
        with source.open("a") as file:
            file.write('{"id": "two", "title": "Phonons in graphene"}\n')
        assert b"2 papers in ix: 1 added" in next(told)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 130
    listed = fresh.agq("list", "--index", "ix", "--format", "ids").stdout.split()
    assert set(listed) == {b"one", b"two"}
    refused = fresh.agq("index", "-", "--watch", stdin=b"{}")
    assert refused.returncode == 2
