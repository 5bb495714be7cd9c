"""`agq check` and `agq cite --from` on notes of every syntax, held against what is right for each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from agq import notes
from e2e.shell import Shell

pytestmark = pytest.mark.slow

WORDS = {"supported": "found", "unknown": "unknown_id"}
"""What is said of an id in words, and its verdict."""


class Right(NamedTuple):
    """What a check of a note comes to: a verdict for each id ("" where any will do), and an exit code."""

    verdicts: dict[str, str]
    ignored: set[str]
    code: int | None


@pytest.fixture(scope="module")
def library(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, encoders: Path) -> Shell:
    """A folder whose index holds the papers that the notes cite."""
    shell = Shell(tmp_path_factory.mktemp("notes"), tmp_path_factory.mktemp("writer"), encoders)
    done = shell.agq("index", "--index", ".agq", shared_data / "cases" / "lib.bib")
    assert done.returncode == 0, done.stderr.decode()
    return shell


def cases(data: Path) -> Iterator[tuple[Path, Right]]:
    expected = json.loads((data / "cases" / "expected.json").read_text())
    for name, case in expected.items():
        if name.startswith("check/"):
            yield data / "cases" / name, right(case["expected"])


def right(said: str) -> Right:
    """``a supported, b unknown id, c ignored, exit 5`` as values: a word is of the ids before it."""
    code = re.search(r"exit (\d)", said)
    verdicts: dict[str, str] = {}
    ignored: set[str] = set()
    held: list[str] = []
    for word in re.findall(r"\b\w+\b", said.partition("exit")[0]):
        if any(map(str.isdigit, word)):
            held.append(word)
        elif word in WORDS:
            verdicts |= dict.fromkeys(held, WORDS[word])
            held = []
        elif word == "ignored":
            ignored |= set(held)
            held = []
    return Right(verdicts | dict.fromkeys(held, ""), ignored, int(code[1]) if code else None)


def test_what_is_right_is_read_right() -> None:
    assert right("a17 supported, b2001 unknown id, exit 5") == Right(
        {"a17": "found", "b2001": "unknown_id"}, set(), 5
    )
    assert right("a1 and b2 ignored, exit 0") == Right({}, {"a1", "b2"}, 0)
    assert right("a17 and b2") == Right({"a17": "", "b2": ""}, set(), None)
    assert right("a1 supported; b1, b2, b3 unknown too").verdicts["b2"] == "unknown_id"


def test_notes_are_read_as_they_are_written(library: Shell, shared_data: Path) -> None:
    known = list(cases(shared_data))
    assert len(known) > 5
    for note, expected in known:
        done = library.agq("check", "--json", note)
        found = {row["id"]: row["verdict"] for row in json.loads(done.stdout)["citations"]}
        told = {one: verdict or found.get(one) for one, verdict in expected.verdicts.items()}
        assert {one: found.get(one) for one in told} == told, note.name
        assert not expected.ignored & set(found), note.name
        unknown = "unknown_id" in found.values()
        assert done.returncode == (5 if unknown else 0) == (expected.code or done.returncode), note.name


def test_each_note_cites_something(shared_data: Path) -> None:
    written = sorted((shared_data / "cases" / "check").iterdir())
    assert len(written) > 10
    for note in written:
        text = notes.decoded(note.read_bytes())
        blocks = notes.read(text, notes.syntax_of(note.name, text))
        assert any(place.ids(lambda _: None) for block in blocks for place in block.cited), note.name


def test_a_note_in_utf_16_is_read(library: Shell) -> None:
    note = "Seagrass cover fell by 40 percent [@smith2020heat].".encode("utf-16")
    (row,) = json.loads(library.agq("check", "--json", "-", stdin=note).stdout)["citations"]
    assert (row["id"], row["verdict"]) == ("smith2020heat", "found")


def test_a_paper_is_known_by_its_other_names(library: Shell) -> None:
    note = "Removal reached 85 percent [@10.5555/wat.2] [doi:10.5555/WAT.2] [[doe_etal_2019]]."
    rows = json.loads(library.agq("check", "--json", "-", stdin=note).stdout)["citations"]
    assert [row["id"] for row in rows] == ["doe_etal_2019"]


def test_a_note_without_a_citation_says_so(library: Shell) -> None:
    note = "Seagrass cover fell by 40 percent (Smith 2020)."
    done = library.agq("check", "-", stdin=note)
    assert done.returncode == 0
    assert "no citation was found in stdin" in done.stderr.decode()
    strict = library.agq("check", "--strict", "-", stdin=note)
    assert strict.returncode == 5
    assert "no citation was found" in strict.stderr.decode()


def test_a_citation_that_cannot_be_read_is_told(library: Shell) -> None:
    note = "Antibodies lasted nine months \\cite{vandermeer17}.\nSo did others \\citep[see]."
    done = library.agq("check", "-", stdin=note)
    assert done.returncode == 0
    assert "-:2: \\citep is not a citation that agq can read" in done.stderr.decode()
    assert library.agq("check", "--strict", "-", stdin=note).returncode == 5


def test_braces_without_an_end_are_an_error_that_says_so(library: Shell) -> None:
    (library.folder / "deep.tex").write_text("{" * 5000)
    done = library.agq("check", "deep.tex")
    assert done.returncode == 1
    assert "cannot read deep.tex: its braces or brackets are nested too deep" in done.stderr.decode()
