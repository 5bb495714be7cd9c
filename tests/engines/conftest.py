"""What an index holds, row by row, to hold two of them against each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agq.index.engine import open_table
from agq.index.frequencies import Frequencies
from agq.index.layout import current_generation
from agq.index.names import Names
from agq.index.query import TableQuery
from agq.index.schema import table_schema

Held = dict[str, dict[str, Any]]


def _rows(index: Path) -> Held:
    table = open_table(current_generation(index))
    rows = [row for batch in table.batches(TableQuery(table_schema(384).names)) for row in batch.to_pylist()]
    table.close()
    held = {row["id"]: row for row in rows}
    assert len(held) == len(rows), "a paper stands in it twice"
    return held


@pytest.fixture(scope="session")
def rows() -> Callable[[Path], Held]:
    """The rows of an index by their ids."""
    return _rows


@pytest.fixture(scope="session")
def same_index() -> Callable[[Path, Path], None]:
    """Two indexes hold the same papers, the same vectors within rounding, the same frequencies and names."""

    def compared(one: Path, other: Path) -> None:
        first, second = _rows(one), _rows(other)
        assert first.keys() == second.keys()
        for id_, row in first.items():
            there = second[id_]
            vectors = row.pop("vector"), there.pop("vector")
            assert row == there
            if vectors != (None, None):
                assert np.abs(np.subtract(*map(np.float32, vectors))).max() < 0.001  # type: ignore[call-overload]  # two rows
        places = current_generation(one), current_generation(other)
        counts, others = (Frequencies.read(place) for place in places)
        assert counts is not None
        assert others is not None
        assert np.array_equal(counts.hashes, others.hashes)
        assert np.array_equal(counts.counts, others.counts)
        assert (counts.papers, counts.content) == (others.papers, others.content)
        names, theirs = (Names.read(place) for place in places)
        assert names is not None
        assert theirs is not None
        assert (names.venues, names.categories, names.types) == (
            theirs.venues,
            theirs.categories,
            theirs.types,
        )
        assert np.array_equal(names.authors.hashes, theirs.authors.hashes)

    return compared
