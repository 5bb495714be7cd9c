"""Sources that are watched: what counts as a change, and what is done about one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agq.commands.watching import State, seen, watch
from agq.config import Settings
from agq.errors import AgqError, UsageError


def look(*sources: str | Path, library: Path | None = None) -> State:
    def where() -> Path:
        if library is None:
            raise UsageError("there is no Zotero library")
        return library

    return seen([str(one) for one in sources], (), where)


def test_new_changed_and_lost_files_of_any_source_are_seen(tmp_path: Path) -> None:
    folder, single, database = tmp_path / "papers", tmp_path / "a.bib", tmp_path / "zotero.sqlite"
    folder.mkdir()
    for path in (folder / "one.ris", single, database):
        path.write_text("x")
    sources = (folder, single, tmp_path / "*.jsonl", "zotero", f"{database}:Physics")
    states = [look(*sources, library=database)]
    for path, text in (
        (folder / "two.ris", "y"),
        (single, "xy"),
        (tmp_path / "b.jsonl", "{}"),
        (database, "xyz"),
    ):
        path.write_text(text)
        states.append(look(*sources, library=database))
    single.unlink()
    states.append(look(*sources, library=database))
    assert len(set(states)) == len(states)
    assert look("zotero") != look("zotero", library=database)
    (folder / "notes.pdf").write_text("no metadata")
    assert look(*sources, library=database) == states[-1]


class Stopped(Exception):  # as somebody does with Ctrl-C
    pass


def watched(states: Iterator[str], runs: list[str], troubles: dict[int, AgqError]) -> None:
    """Watch what goes through these states; ends when there are no more."""
    last = [""]

    def look() -> State:
        try:
            last[0] = next(states)
        except StopIteration:
            raise Stopped from None
        return frozenset({(last[0], 0, 0)})

    def run() -> None:
        runs.append(last[0])
        if error := troubles.get(len(runs)):
            raise error

    with pytest.raises(Stopped):
        watch(run, look, Settings(quiet=True), pause=0.0)


def test_what_has_changed_is_read_when_it_is_quiet_and_once() -> None:
    runs: list[str] = []
    watched(iter("aaa" + "bc" + "cdd" + "ddd" + "d"), runs, {})
    assert runs == ["a", "d"]


def test_what_goes_wrong_is_told_and_tried_again_at_the_next_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    runs: list[str] = []
    watched(iter("abb" + "bb" + "cc"), runs, {2: AgqError("it is being written to")})
    assert runs == ["a", "b", "c"]
    assert capsys.readouterr().err.count("it is being written to") == 1


def test_what_cannot_be_begun_is_not_waited_for() -> None:
    with pytest.raises(AgqError, match="no paper"):
        watch(_fails, frozenset, Settings(quiet=True), pause=0.0)


def _fails() -> None:
    raise AgqError("no paper in it")
