"""A part of an index: papers that share no identity key with any other part's.

What becomes of a part depends on nothing outside of it, so parts can be built anywhere, in any order, and as
often as a machine fails. Each goes through the same text stage as a whole index on one machine, against a
table in memory instead of one on a disk; together they are the index that one machine would have built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from agq.index.frequencies import Counter, Frequencies
from agq.index.ledger import COLUMNS, Ledger, Tally
from agq.index.names import Names, counted
from agq.index.schema import WORK_COLUMNS, table_schema, to_work
from agq.index.table import OldRow
from agq.index.text_stage import Incoming, Scope, TextStage
from agq.index.write import Lookup, lookup_in
from agq.model import Rejected
from agq.records import Work

if TYPE_CHECKING:
    from agq.model import Vectors

Joining = Callable[[Lookup], Iterable[Incoming | Rejected]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part, built: its rows, and what an index keeps and tells of them."""

    rows: pa.Table
    summary: Summary


@dataclass(frozen=True, slots=True)
class Summary:
    """What an index keeps and tells of a part, small enough to be handed around.

    ``missing``: rows that have no vector.
    """

    papers: int
    missing: int
    tally: Tally
    merged: int
    frequencies: Frequencies
    names: Names


@dataclass(frozen=True, slots=True)
class Rules:
    """How parts are built. ``broken``: rejections of files that broke off, which prove nothing gone."""

    scope: Scope
    dim: int
    prune: bool = True
    broken: tuple[Rejected, ...] = ()


def build_part(joining: Joining, held: pa.Table | None, rules: Rules) -> Part:
    """One part: ``joining`` gives its papers as they come in, ``held`` are its rows in the index as it is."""
    table = MemoryTable(rules.dim, held)
    ledger = Ledger(table.batches(COLUMNS))
    counter = Counter()
    for row in table.dicts(("words", "embedded")):
        counter.add_words(row["words"], row["embedded"])
    stage = TextStage(ledger, rules.scope, table, counter)
    for item in joining(lookup_in(ledger, table, rules.scope)):
        if isinstance(item, Incoming):
            stage.take(item)
    if rules.prune:
        stage.prune(rules.broken)
    stage.flush()
    rows = table.whole()
    names = counted(rows.to_batches())
    return Part(
        rows,
        Summary(
            len(rows),
            rows["vector"].null_count,
            ledger.tally(),
            stage.merged,
            stage.frequencies(),
            names,
        ),
    )


def without_vector(rows: pa.Table) -> pa.Array:
    """The places of the rows that have no vector."""
    return pa.array(np.flatnonzero(rows["vector"].is_null().to_numpy()))


def with_vectors(rows: pa.Table, vectors: Vectors) -> pa.Table:
    """The rows with ``vectors``, shape (missing, dim), in those places that have none, in their order."""
    if not len(vectors):
        return rows
    column = rows["vector"].combine_chunks()
    dim = column.type.list_size
    there = column.is_valid().to_numpy(zero_copy_only=False)
    whole = np.empty((len(rows), dim), np.float16)
    whole[there] = column.drop_null().flatten().to_numpy().reshape(-1, dim)
    whole[~there] = vectors
    filled = pa.FixedSizeListArray.from_arrays(pa.array(whole.ravel(), pa.float16()), dim)
    place = rows.schema.get_field_index("vector")
    return rows.set_column(place, rows.schema.field(place), filled)


class MemoryTable:
    """Rows in memory, written and read as those of a table are. Rows are looked for by their ids alone."""

    def __init__(self, dim: int, rows: pa.Table | None = None) -> None:
        self.dim = dim
        self._schema = table_schema(dim)
        self._chunks: list[pa.Table] = []
        self._places: dict[str, tuple[int, int]] = {}
        if rows is not None and len(rows):
            self.add(rows.select(self._schema.names).cast(self._schema))

    def add(self, rows: pa.Table) -> None:
        """Append rows whose ids are not there yet."""
        chunk = len(self._chunks)
        self._chunks.append(rows)
        self._places |= {id_: (chunk, row) for row, id_ in enumerate(rows["id"].to_pylist())}

    def replace(self, rows: pa.Table) -> None:
        """Put rows in place of the ones with the same ids."""
        self.add(rows)

    def delete(self, ids: Sequence[str]) -> None:
        """Take rows out."""
        for id_ in ids:
            self._places.pop(id_, None)

    def works(self, ids: Sequence[str]) -> list[Work]:
        """The papers with these ids and their records."""
        return [to_work(row) for row in self._with_ids(WORK_COLUMNS, ids)]

    def old(self, ids: Sequence[str]) -> dict[str, OldRow]:
        """What the rows with these ids hold."""
        found = self._with_ids(("id", "words", "embedded", "vector"), ids)
        return {row["id"]: OldRow(row["words"], row["embedded"], row["vector"]) for row in found}

    def batches(self, columns: Sequence[str]) -> list[pa.RecordBatch]:
        """Some columns of all rows; none where there are no rows."""
        return self.whole().select(list(columns)).combine_chunks().to_batches() if self._places else []

    def dicts(self, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The same, row by row."""
        for batch in self.batches(columns):
            yield from batch.to_pylist()

    def whole(self) -> pa.Table:
        """All rows as they are now."""
        rows: dict[int, list[int]] = {}
        for chunk, row in self._places.values():
            rows.setdefault(chunk, []).append(row)
        taken = [self._chunks[chunk].take(pa.array(places)) for chunk, places in rows.items()]
        return pa.concat_tables(taken) if taken else self._schema.empty_table()

    def _with_ids(self, columns: Sequence[str], ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        for chunk, row in (self._places[id_] for id_ in ids if id_ in self._places):
            yield from self._chunks[chunk].slice(row, 1).select(list(columns)).to_pylist()
