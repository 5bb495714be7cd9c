"""A flipped bit in any file of an index is found, and the file is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from agq.errors import IndexUnusable
from agq.index import open_index
from agq.index.checksums import damaged
from agq.index.layout import current_generation
from agq.model import Paper

Build = Callable[..., object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def built(path: Path, build: Build, papers: list[Paper]) -> Path:
    """The generation of a small index."""
    build(path, papers)
    return current_generation(path)


def flip(file: Path, *, quietly: bool) -> None:
    """Flip one bit in the middle of a file; ``quietly``: its times unchanged, as a failing disk does."""
    status = file.stat()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)
    if quietly:
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def files(generation: Path) -> list[Path]:
    """All that may decide what an answer says."""
    apart = {"readers", "sums.json", "latest_version_hint.json"}
    return [
        f for f in sorted(generation.rglob("*")) if f.is_file() and f.stat().st_size and f.name not in apart
    ]


def look(path: Path) -> None:
    """Read what an answer reads."""
    with open_index(path) as index:
        index.document_frequencies(["entropi"])
        assert index.author_counts(["Lovelace"]) == [1]
        assert index.centroid


@pytest.mark.parametrize("quietly", [True, False])
def test_one_flipped_bit_in_any_file_is_found(path: Path, built: Path, quietly: bool) -> None:
    for file in files(built):
        whole, status = file.read_bytes(), file.stat()
        flip(file, quietly=quietly)
        with pytest.raises(IndexUnusable, match=r"damaged|cannot be read") as found:
            look(path)
        assert file.name in str(found.value)
        assert "--rebuild" in found.value.hint
        file.write_bytes(whole)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert damaged(built, thorough=True) == []


def test_nothing_is_built_upon_a_damaged_index(
    built: Path, path: Path, build: Build, papers: list[Paper]
) -> None:
    flip(next(built.glob("papers.lance/data/*")), quietly=True)
    with pytest.raises(IndexUnusable, match="damaged"):
        build(path, papers[:3])
    build(path, papers, rebuild=True)
    with open_index(path) as index:
        assert index.state.papers == len(papers)


def test_a_link_in_an_index_leads_nobody_out_of_it(
    built: Path, tmp_path: Path, path: Path, build: Build, papers: list[Paper]
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.npz").write_text("keep me")
    (built / "kept").symlink_to(outside)
    with pytest.raises(IndexUnusable, match="is a link to elsewhere"):
        build(path, papers[:3])
    assert (outside / "precious.npz").read_text() == "keep me"


@pytest.mark.parametrize("name", ["../../outside", "/etc", "000009/../../x", ""])
def test_the_name_of_a_generation_leads_nowhere_else(path: Path, built: Path, name: str) -> None:
    assert built.is_dir()
    (path / "current").write_text(name)
    with pytest.raises(IndexUnusable, match="names no generation"):
        open_index(path)
