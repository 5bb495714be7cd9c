"""Rot in a table whose files were not summed, as in the larger part of a large index: the rows tell."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from agq.errors import IndexUnusable
from agq.index import open_index
from agq.index.layout import current_generation
from agq.index.rows import unit
from agq.index.search import IndexReader
from agq.model import Candidate, Paper

FLIPS = 60


@pytest.fixture
def unsummed(tmp_path: Path, build: Callable[..., object], papers: list[Paper]) -> Path:
    """An index of which nothing is summed."""
    build(tmp_path / "index", papers)
    (current_generation(tmp_path / "index") / "sums.json").unlink()
    return tmp_path / "index"


def flipped(content: bytes, bit: int) -> bytes:
    """``content`` with one bit another."""
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def read(path: Path, papers: list[Paper]) -> str:
    """What becomes of reading: ``same``, ``named``, or another paper than was written."""
    ids = [paper.id for paper in papers]
    try:
        with open_index(path) as index:
            found = {one.paper for one in (*_shown(index), *index.candidates(ids))} | set(index.get(ids))
    except IndexUnusable as error:
        return "named" if "--rebuild" in error.hint else f"no hint: {error}"
    return "same" if found <= set(papers) else f"other: {found - set(papers)}"


def _shown(index: IndexReader) -> list[Candidate]:
    return [*index.nearest(np.eye(384, dtype=np.float32)[0], 10), *index.textual("entropy turbulence", 10)]


@pytest.mark.slow
def test_no_flipped_bit_shows_a_paper_that_was_never_written(unsummed: Path, papers: list[Paper]) -> None:
    chance = random.Random(5)
    ends: Counter[str] = Counter()
    for file in unsummed.glob("generations/*/papers.lance/data/*"):
        content = file.read_bytes()
        for _ in range(FLIPS):
            file.write_bytes(flipped(content, chance.randrange(8 * len(content))))
            ends[read(unsummed, papers)] += 1
        file.write_bytes(content)
    assert set(ends) == {"same", "named"}
    assert ends["named"] > FLIPS // 20


@pytest.mark.parametrize(
    "text", [b"Black hole entropy", b"hep-th/9901001", b"John von Neumann", b"10.1000/turb"]
)
def test_a_letter_that_changed_is_told_with_the_paper(
    unsummed: Path, papers: list[Paper], text: bytes
) -> None:
    found = 0
    for file in unsummed.glob("generations/*/papers.lance/data/*"):
        content = file.read_bytes()
        at = content.find(text)
        if at >= 0:
            found += 1
            file.write_bytes(flipped(content, 8 * (at + len(text) - 1)))
    assert found
    with open_index(unsummed) as index, pytest.raises(IndexUnusable, match="damaged"):
        index.candidates([paper.id for paper in papers] + index.ids())


def test_a_vector_of_another_length_is_told() -> None:
    vector = np.full(384, 384**-0.5, np.float16)
    for bit in (10, 15):  # too little to matter
        changed = unit(with_bit(vector, bit).astype(np.float32))
        assert float(unit(vector.astype(np.float32)).dot(changed)) > 0.99
    for wrong in (with_bit(vector, 14).astype(np.float32), np.full(384, np.nan, np.float32)):
        with pytest.raises(IndexUnusable, match="a vector is damaged"):
            unit(wrong)


def with_bit(vector: NDArray[np.float16], bit: int) -> NDArray[np.float16]:
    """The vector with this bit of its eighth number another."""
    words = vector.copy().view(np.uint16)
    words[7] ^= 1 << bit
    return words.view(np.float16)
