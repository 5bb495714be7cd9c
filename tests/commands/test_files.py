"""Files that commands write and look at: all or nothing, and in no time."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agq.commands.output import Target
from agq.commands.staleness import LOOKING_SECONDS_MAX, changed
from agq.errors import AgqError, UsageError


def test_appending_leaves_a_blank_line_and_what_was_there(tmp_path: Path) -> None:
    note = tmp_path / "n.md"
    for before, between in (("a", "\n\n"), ("a\n", "\n"), ("a\n\n", ""), ("", "")):
        note.write_bytes(before.encode())
        Target(note, append=True).write("# b\n")
        assert note.read_text() == f"{before}{between}# b\n"


def test_bytes_that_are_no_utf8_stay_as_they_are(tmp_path: Path) -> None:
    note = tmp_path / "n.md"
    note.write_bytes(b"caf\xe9\r\n")
    Target(note, append=True).write("b\n")
    assert note.read_bytes() == b"caf\xe9\r\n\nb\n"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("a\n")
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    Target(tmp_path / "link.md", force=True).write("b\n")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "b\n"


def test_what_cannot_be_written_is_refused_beforehand(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("a")
    for path in (tmp_path, tmp_path / "no" / "x.md", tmp_path / "there.md"):
        with pytest.raises(UsageError):
            Target(path).check()
    Target(tmp_path / "there.md", append=True).check()
    Target(tmp_path / "new.md").check()


def test_a_write_that_fails_says_why_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    with pytest.raises(AgqError, match=r"x\.md"):
        Target(tmp_path / "x.md", force=True).write("b")
    assert [path.name for path in tmp_path.iterdir()] == ["x.md"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder of files, all of an hour ago."""
    (tmp_path / "deep").mkdir()
    for path in (tmp_path / "a.bib", tmp_path / "deep" / "b.bib"):
        path.write_text("x")
    for path in (tmp_path / "a.bib", tmp_path / "deep" / "b.bib", tmp_path / "deep", tmp_path):
        os.utime(path, (time.time() - 3600,) * 2)
    return tmp_path


LONG = 600.0
"""Seconds to look, on however busy a machine."""


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def test_nothing_newer_is_no_change(library: Path) -> None:
    assert list(changed([str(library), str(library / "a.bib")], now(), limit=LONG)) == []


@pytest.mark.parametrize("what", ["changed", "added", "removed", "gone"])
def test_what_changed_since_is_seen(library: Path, what: str) -> None:
    later = (time.time() + 60,) * 2
    if what == "changed":
        os.utime(library / "deep" / "b.bib", later)
    elif what == "added":
        (library / "deep" / "c.bib").write_text("x")
        os.utime(library / "deep", later)
    elif what == "removed":
        (library / "deep" / "b.bib").unlink()
        os.utime(library / "deep", later)
    source = library / "nowhere" if what == "gone" else library
    assert list(changed([str(source)], now(), limit=LONG)) == [str(source)]


def test_looking_ends_when_its_time_is_up(library: Path) -> None:
    gone = str(library / "nowhere")
    assert list(changed([str(library), gone], now(), limit=LONG)) == [gone]
    assert list(changed([str(library), gone], now(), limit=0.0)) == []
    assert LOOKING_SECONDS_MAX < 0.1
