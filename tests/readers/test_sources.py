"""What a person names, and which files that is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agq.model import Rejected
from agq.readers.sources import files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.bib",
        "a.jsonl.gz",
        "old/c.ris",
        "old/deep/d.yaml",
        "drafts/e.csv",
        ".hidden/f.bib",
        ".git/g.json",
        "README.md",
        "photo.png",
        "agq.yaml",
        "Papers.BIB",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path


def named(found: list[Path | str | Rejected], folder: Path) -> list[str]:
    return [
        Path(one).relative_to(folder.resolve()).as_posix() for one in found if not isinstance(one, Rejected)
    ]


def test_a_folder_is_its_metadata_files_at_any_depth(folder: Path) -> None:
    assert named(list(files([folder])), folder) == [
        "Papers.BIB",
        "a.jsonl.gz",
        "b.bib",
        "drafts/e.csv",
        "old/c.ris",
        "old/deep/d.yaml",
    ]


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (["drafts/"], ["Papers.BIB", "a.jsonl.gz", "b.bib", "old/c.ris", "old/deep/d.yaml"]),
        (["*.bib", "!b.bib", "old"], ["Papers.BIB", "a.jsonl.gz", "b.bib", "drafts/e.csv"]),
        (["/old/*", "!/old/deep"], ["Papers.BIB", "a.jsonl.gz", "b.bib", "drafts/e.csv", "old/deep/d.yaml"]),
    ],
)
def test_excludes_work_as_in_gitignore(folder: Path, exclude: list[str], left: list[str]) -> None:
    assert named(list(files([folder], exclude)), folder) == left


def test_a_glob_is_the_files_that_match(folder: Path) -> None:
    assert named(list(files([f"{folder}/**/*.ris", f"{folder}/*.bib"])), folder) == ["old/c.ris", "b.bib"]


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    assert named(list(files([folder / "b.bib", folder, f"{folder}/*.bib"])), folder).count("b.bib") == 1


def test_a_named_file_is_read_whatever_its_suffix(folder: Path) -> None:
    assert named(list(files([folder / "README.md"])), folder) == ["README.md"]


def test_a_name_with_brackets_that_is_there_is_no_glob(folder: Path) -> None:
    (folder / "set[1].bib").write_text("x")
    assert named(list(files([folder / "set[1].bib"])), folder) == ["set[1].bib"]


def test_links_that_go_round_end(folder: Path) -> None:
    os.symlink(folder, folder / "old" / "round")
    assert len(named(list(files([folder])), folder)) == 6
