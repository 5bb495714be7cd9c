"""What an index holds, small enough to keep in memory, whatever the papers say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agq.index.frequencies import wrapped
from agq.index.schema import hash64

Numbers = NDArray[np.int64]
Sources = tuple[str, ...]

COLUMNS = ("id", "embedded", "stored", "sources", "keys")


class Held(NamedTuple):
    """A paper as the table has it: its two hashes and the files it came from."""

    embedded: int
    stored: int
    sources: Sources


class Tally(NamedTuple):
    """How many papers a run has added, changed, removed, and found as they were."""

    added: int
    updated: int
    removed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Columns:
    """The table at the start of a run, sorted by the hash of the id: about 60 bytes a paper.

    ``keys`` (sorted) and ``key_rows`` say which rows stand under an identity key.
    """

    ids: pa.Array
    numbers: Numbers
    embedded: Numbers
    stored: Numbers
    set_numbers: NDArray[np.int32]
    sets: list[Sources]
    keys: Numbers
    key_rows: Numbers

    def row(self, number: int) -> int:
        """The row of a paper, by the hash of its id; -1 where it is not there."""
        at = int(np.searchsorted(self.numbers, number))
        return at if at < len(self.numbers) and self.numbers[at] == number else -1

    def held(self, row: int) -> Held:
        sources = self.sets[self.set_numbers[row]]
        return Held(int(self.embedded[row]), int(self.stored[row]), sources)

    def under(self, key: int) -> list[int]:
        """The rows under an identity key."""
        first, last = np.searchsorted(self.keys, key), np.searchsorted(self.keys, key, side="right")
        return [int(row) for row in self.key_rows[first:last]]


class Ledger:
    """The hashes of all papers, those at the start in columns, what this run changes in dictionaries on
    top."""

    def __init__(self, rows: Iterable[pa.RecordBatch] = ()) -> None:
        """``rows`` are those of the table, with ``COLUMNS``."""
        self._start = _columns(list(rows))
        self._changes: dict[int, Held | None] = {}
        self._run: dict[int, Sources] = {}
        self.papers = len(self._start.ids)
        self.content = wrapped(int(self._start.embedded.astype(object).sum()) if self.papers else 0)

    def find(self, id_: str) -> Held | None:
        """The paper as the table has it now."""
        number = hash64(id_)
        if number in self._changes:
            return self._changes[number]
        row = self._start.row(number)
        return None if row < 0 else self._start.held(row)

    def put(self, id_: str, held: Held | None) -> None:
        """The table has the paper like this now, or (None) no longer."""
        before = self.find(id_)
        self.papers += (held is not None) - (before is not None)
        come, gone = (held.embedded if held else 0), (before.embedded if before else 0)
        self.content = wrapped(self.content + come - gone)
        self._changes[hash64(id_)] = held

    def seen(self, id_: str, source: str) -> Sources:
        """Notes that this run found a paper in ``source``; all sources where it has found it so far."""
        number = hash64(id_)
        found = self._run.get(number, ())
        if source not in found:
            found = (*found, source)
            self._run[number] = found
        return found

    def under(self, keys: Iterable[str], left_out: Callable[[Sources], bool]) -> list[str]:
        """The ids that stood under any of ``keys`` at the start, but for those whose sources are left out."""
        if not len(self._start.keys):
            return []
        rows = dict.fromkeys(int(row) for key in keys for row in self._start.under(hash64(key)))
        return [
            self._start.ids[row].as_py() for row in rows if not left_out(self._start.held(int(row)).sources)
        ]

    def unseen(self) -> Iterator[tuple[str, Held]]:
        """The papers from the start that this run has not come upon, and that are still there."""
        run = np.fromiter(self._run, np.int64, len(self._run))
        for row in np.flatnonzero(~np.isin(self._start.numbers, run)).tolist():
            number = int(self._start.numbers[row])
            if (held := self._changes.get(number, self._start.held(row))) is not None:
                yield self._start.ids[int(row)].as_py(), held

    def tally(self) -> Tally:
        """What this run has done, paper by paper, from the start to now."""
        start = {number: self._start.row(number) for number in self._changes}
        before = {number: self._start.held(row) for number, row in start.items() if row >= 0}
        after = {number: held for number, held in self._changes.items() if held is not None}
        updated = sum(number in after and after[number] != held for number, held in before.items())
        removed = len(before.keys() - after.keys())
        seen = np.isin(self._start.numbers, np.fromiter(self._run, np.int64, len(self._run))).sum()
        touched = sum(number in self._run for number in before)
        same = sum(number in self._run and after.get(number) == held for number, held in before.items())
        return Tally(len(after.keys() - before.keys()), updated, removed, int(seen) - touched + same)


def _columns(batches: Sequence[pa.RecordBatch]) -> _Columns:
    if not batches:
        none = np.empty(0, np.int64)
        return _Columns(pa.array([], pa.string()), none, none, none, none.astype(np.int32), [], none, none)
    table = pa.Table.from_batches(batches).combine_chunks()
    numbers = np.fromiter((hash64(held) for held in table["id"].to_pylist()), np.int64, len(table))
    order = np.argsort(numbers)
    table = table.take(pa.array(order)).combine_chunks()
    sources = table["sources"].chunk(0).dictionary_encode()
    lists = table["keys"].chunk(0)
    keys, rows = lists.flatten().to_numpy(), lists.value_parent_indices().to_numpy()
    by_key = np.argsort(keys, kind="stable")
    return _Columns(
        ids=table["id"].chunk(0),
        numbers=numbers[order],
        embedded=table["embedded"].to_numpy(),
        stored=table["stored"].to_numpy(),
        set_numbers=sources.indices.to_numpy(),
        sets=[tuple(joined.split("\n")) for joined in sources.dictionary.to_pylist()],
        keys=keys[by_key],
        key_rows=rows[by_key],
    )
