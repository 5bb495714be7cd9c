"""Whether sources have changed: seen without reading them, and in no time."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agq.commands.staleness import LOOKING_SECONDS_MAX, changed

LONG = 600.0
"""Seconds to look, on however busy a machine."""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder of files, all of an hour ago."""
    (tmp_path / "deep").mkdir()
    for path in (tmp_path / "a.bib", tmp_path / "deep" / "b.bib"):
        path.write_text("x")
    for path in (tmp_path / "a.bib", tmp_path / "deep" / "b.bib", tmp_path / "deep", tmp_path):
        os.utime(path, (time.time() - 3600,) * 2)
    return tmp_path


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
