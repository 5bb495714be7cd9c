"""Files that commands write: all or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from agq.commands.output import Target
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
