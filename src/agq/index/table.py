"""Writing a LanceDB table: each call is one commit, whole or not at all."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from agq.index.filters import one_of
from agq.index.layout import TABLE, table_home
from agq.index.native import native_module, quiet
from agq.index.query import BATCH_ROWS
from agq.index.schema import WORK_COLUMNS, to_work
from agq.records import Work

TEXT_INDEX = "words_idx"
VECTOR_INDEX = "vector_idx"

IDS_AT_ONCE = 1000
"""Ids a condition."""


@dataclass(frozen=True, slots=True)
class OldRow:
    """What a row held that is about to change."""

    words: str
    embedded: int
    vector: Sequence[float] | None


class TableWriter:
    """The table of a generation, for the one process that may write to it."""

    def __init__(self, generation: Path, schema: pa.Schema) -> None:
        quiet()
        native_module()  # whichever loads the native module first, the package finds the same one
        import lancedb

        self.dim = schema.field("vector").type.list_size
        connection = lancedb.connect(table_home(generation))
        self._table = connection.create_table(TABLE, schema=schema, exist_ok=True)

    @property
    def version(self) -> int:
        """The version of the table."""
        return int(self._table.version)

    def count(self, where: str = "") -> int:
        """How many rows meet ``where``."""
        return int(self._table.count_rows(where or None))

    def rows(self, columns: Sequence[str], where: str) -> Iterator[pa.RecordBatch]:
        """The rows that meet ``where``, as they are now."""
        query = self._table.search().select(list(columns))
        yield from (query.where(where) if where else query).limit(None).to_batches(BATCH_ROWS)

    def works(self, ids: Sequence[str]) -> list[Work]:
        """The papers with these ids and their records, as they are now, in no particular order."""
        return [to_work(row) for row in self._with_ids(WORK_COLUMNS, ids)]

    def old(self, ids: Sequence[str]) -> dict[str, OldRow]:
        """What the rows with these ids hold now."""
        found = self._with_ids(("id", "words", "embedded", "vector"), ids)
        return {row["id"]: OldRow(row["words"], row["embedded"], row["vector"]) for row in found}

    def _with_ids(self, columns: Sequence[str], ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        for start in range(0, len(ids), IDS_AT_ONCE):
            for batch in self.rows(columns, one_of(ids[start : start + IDS_AT_ONCE])):
                yield from batch.to_pylist()

    def add(self, rows: pa.Table) -> None:
        """Append rows whose ids are not there yet."""
        self._table.add(rows)

    def replace(self, rows: pa.Table) -> None:
        """Put rows, whole or some columns of them, in place of the ones with the same ids."""
        merge = self._table.merge_insert("id").when_matched_update_all()
        merge.execute(rows, on_bad_vectors="null")  # it takes a missing vector for a bad one

    def delete(self, ids: Sequence[str]) -> None:
        """Take rows out."""
        for start in range(0, len(ids), IDS_AT_ONCE):
            self._table.delete(one_of(ids[start : start + IDS_AT_ONCE]))

    def unindexed(self, name: str) -> int | None:
        """How many rows an index does not cover; None where there is no such index."""
        held = {index.name: index for index in self._table.list_indices()}
        return held[name].num_unindexed_rows if name in held else None

    def index(self, column: str, config: Any) -> None:
        """Make the index of a column afresh."""
        self._table.create_index(column, config=config, replace=True)

    def indexed(self) -> set[str]:
        """The columns that have an index."""
        return {column for index in self._table.list_indices() for column in index.columns}

    def optimize(self, *, clean: bool) -> None:
        """Compact small fragments and bring the indexes up to date; ``clean``: drop all versions but the
        last."""
        with _silent():
            if clean:
                self._table.optimize(cleanup_older_than=timedelta(0), delete_unverified=True)
            else:
                self._table.optimize()


@contextmanager
def _silent() -> Iterator[None]:
    """lancedb warns that cleaning up may hurt readers; here nobody reads while it is done."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
