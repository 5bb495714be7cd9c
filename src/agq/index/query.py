"""What is read of a LanceDB table, and in which way: what both of its readers know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

BATCH_ROWS = 4096
"""Rows a batch when a table is walked through; bounds memory."""


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What to read: ``columns`` of the rows that meet ``where`` (SQL, empty for all), at most ``limit``."""

    columns: Sequence[str]
    where: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """How thoroughly a vector index is searched: partitions looked at, and candidates a hit scored
    exactly."""

    partitions: int
    refine: int


class TableReader(Protocol):
    """One version of a table, as it was when it was opened."""

    @property
    def version(self) -> int:
        """The version of the table."""

    def count(self, where: str = "") -> int:
        """How many rows meet ``where``."""

    def batches(self, query: TableQuery) -> Iterator[pa.RecordBatch]:
        """The rows of ``query``, in no particular order."""

    def nearest(self, query: TableQuery, vector: pa.Array, probe: Probe) -> pa.Table:
        """The rows nearest to ``vector`` by dot product, with ``_distance`` (1 - dot)."""

    def textual(self, query: TableQuery, words: str) -> pa.Table:
        """The rows that hold any of ``words``, best BM25 first, with ``_score``."""

    def close(self) -> None:
        """Let go of the table."""


def arrow_vector(vector: NDArray[np.float32]) -> pa.Array:
    """A vector as Arrow has it; ``pa.array`` would load pandas where that is installed, half a second."""
    return pa.Array.from_buffers(pa.float32(), len(vector), [None, pa.py_buffer(vector.tobytes())])
