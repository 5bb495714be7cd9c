"""A LanceDB table, opened for reading: through the native module, which loads fast, or, where its calls are
not what is expected here (another lancedb), through the public package, which answers the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from agq.index.layout import TABLE, table_home
from agq.index.native import NativeTable, native_module
from agq.index.query import BATCH_ROWS, Probe, TableQuery, TableReader


def open_table(folder: Path) -> TableReader:
    """The table in a generation's folder, for reading."""
    return through(native_module(), table_home(folder))


def through(native: ModuleType | None, home: str) -> TableReader:
    """The table through the native module, or through the public package where that one is another."""
    return _native_table(native, home) or PublicTable(home)


def _native_table(native: ModuleType | None, home: str) -> TableReader | None:
    """The table through the native module; None where its calls are not what is expected here."""
    if native is None:
        return None
    try:
        table = NativeTable(native, home)
    except (TypeError, AttributeError):
        return None
    if table.is_as_expected():
        return table
    table.close()
    return None


class PublicTable:
    """The same through the public package: slower to load, and sure to be there."""

    def __init__(self, folder: str) -> None:
        import lancedb

        self._table = lancedb.connect(folder).open_table(TABLE)

    @property
    def version(self) -> int:
        """The version of the table."""
        return int(self._table.version)

    def count(self, where: str = "") -> int:
        """How many rows meet ``where``."""
        return int(self._table.count_rows(where or None))

    def batches(self, query: TableQuery) -> Iterator[pa.RecordBatch]:
        """The rows of ``query``, in no particular order."""
        yield from self._limited(self._table.search(), query).to_batches(BATCH_ROWS)

    def nearest(self, query: TableQuery, vector: pa.Array, probe: Probe) -> pa.Table:
        """The rows nearest to ``vector`` by dot product, with ``_distance`` (1 - dot)."""
        search: Any = self._table.search(vector.to_numpy(), vector_column_name="vector")
        search = search.distance_type("dot").nprobes(probe.partitions).refine_factor(probe.refine)
        return self._limited(search, query, "_distance").to_arrow()

    def textual(self, query: TableQuery, words: str) -> pa.Table:
        """The rows that hold any of ``words``, best BM25 first, with ``_score``."""
        search = self._table.search(words, query_type="fts", fts_columns="words")
        return self._limited(search, query, "_score").to_arrow()

    @staticmethod
    def _limited(search: Any, query: TableQuery, *scores: str) -> Any:
        search = search.select([*query.columns, *scores])
        if query.where:
            search = search.where(query.where, prefilter=True)
        return search.limit(query.limit)

    def close(self) -> None:
        """Let go of the table."""
