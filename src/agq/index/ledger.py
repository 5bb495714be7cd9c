"""What an index holds, small enough to keep in memory, whatever the papers say."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agq.compact_map import CompactIntMap
from agq.index.frequencies import wrapped
from agq.index.schema import hash64

Numbers = NDArray[np.int64]
Sources = tuple[str, ...]

COLUMNS = ("id", "embedded", "stored", "sources", "keys")


class StoredPaper(NamedTuple):
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

    def rows(self, numbers: Numbers) -> NDArray[np.intp]:
        """The rows of papers, by the hashes of their ids; -1 for those that are not there."""
        if not len(self.numbers):
            return np.full(len(numbers), -1)
        at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return np.where(self.numbers[at] == numbers, at, -1)

    def held(self, row: int) -> StoredPaper:
        sources = self.sets[self.set_numbers[row]]
        return StoredPaper(int(self.embedded[row]), int(self.stored[row]), sources)

    def under(self, key: int) -> list[int]:
        """The rows under an identity key."""
        first, last = np.searchsorted(self.keys, key), np.searchsorted(self.keys, key, side="right")
        return [int(row) for row in self.key_rows[first:last]]


class _Sets:
    """Sets of sources by number: a corpus has few, each paper has one."""

    def __init__(self, sets: Iterable[Sources]) -> None:
        self._numbers = {held: number for number, held in enumerate(sets)}
        self._sets = list(self._numbers)

    def number(self, sources: Sources) -> int:
        if sources not in self._numbers:
            self._numbers[sources] = len(self._sets)
            self._sets.append(sources)
        return self._numbers[sources]

    def of(self, number: int) -> Sources:
        return self._sets[number]


class _Now(NamedTuple):
    """What this run has changed, a place a paper; one that is gone has the set -1."""

    embedded: array[int]
    stored: array[int]
    sets: array[int]

    def grow(self) -> int:
        """One place more."""
        for column in self:
            column.append(-1)
        return len(self.sets) - 1

    def put(self, at: int, held: StoredPaper | None, sets: _Sets) -> None:
        if held is None:
            self.sets[at] = -1
        else:
            self.embedded[at], self.stored[at] = held.embedded, held.stored
            self.sets[at] = sets.number(held.sources)

    def held(self, at: int, sets: _Sets) -> StoredPaper | None:
        number = self.sets[at]
        return None if number < 0 else StoredPaper(self.embedded[at], self.stored[at], sets.of(number))

    def there(self, at: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether there is a paper at these places."""
        found: NDArray[np.bool_] = np.frombuffer(self.sets, np.int32)[at] >= 0 if len(at) else at > 0
        return found

    def same(
        self, at: NDArray[np.int32], start: _Columns, rows: NDArray[np.intp]
    ) -> NDArray[np.bool_] | bool:
        """Whether these places hold what stood in these rows."""
        if not len(at):
            return False
        embedded = np.frombuffer(self.embedded, np.int64)[at] == start.embedded[rows]
        stored = np.frombuffer(self.stored, np.int64)[at] == start.stored[rows]
        found: NDArray[np.bool_] = (
            embedded & stored & (np.frombuffer(self.sets, np.int32)[at] == start.set_numbers[rows])
        )
        return found


class Ledger:
    """The hashes of all papers, those at the start in columns, what this run changes in columns on top: some
    150 bytes a paper."""

    def __init__(self, rows: Iterable[pa.RecordBatch] = ()) -> None:
        """``rows`` are those of the table, with ``COLUMNS``."""
        self._start = _columns(list(rows))
        self._sets = _Sets(self._start.sets)
        self._changed = CompactIntMap()
        self._now = _Now(array("q"), array("q"), array("i"))
        self._run = CompactIntMap()
        self.papers = len(self._start.ids)
        self.content = wrapped(int(self._start.embedded.astype(object).sum()) if self.papers else 0)

    def find(self, id_: str) -> StoredPaper | None:
        """The paper as the table has it now."""
        return self._find(hash64(id_))

    def _find(self, number: int) -> StoredPaper | None:
        if (at := self._changed.get(number)) >= 0:
            return self._now.held(at, self._sets)
        row = self._start.row(number)
        return None if row < 0 else self._start.held(row)

    def put(self, id_: str, held: StoredPaper | None) -> None:
        """The table has the paper like this now, or (None) no longer."""
        number = hash64(id_)
        before = self._find(number)
        self.papers += (held is not None) - (before is not None)
        come, gone = (held.embedded if held else 0), (before.embedded if before else 0)
        self.content = wrapped(self.content + come - gone)
        at = self._changed.get(number)
        if at < 0:
            at = self._now.grow()
            self._changed.put(number, at)
        self._now.put(at, held, self._sets)

    def seen(self, id_: str, source: str) -> Sources:
        """Notes that this run found a paper in ``source``; all sources where it has found it so far."""
        number = hash64(id_)
        at = self._run.get(number)
        found = self._sets.of(at) if at >= 0 else ()
        if source not in found:
            found = (*found, source)
            self._run.put(number, self._sets.number(found))
        return found

    def under(self, keys: Iterable[str], left_out: Callable[[Sources], bool]) -> list[str]:
        """The ids that stood under any of ``keys`` at the start, but for those whose sources are left out."""
        if not len(self._start.keys):
            return []
        rows = dict.fromkeys(int(row) for key in keys for row in self._start.under(hash64(key)))
        return [
            self._start.ids[row].as_py() for row in rows if not left_out(self._start.held(int(row)).sources)
        ]

    def unseen(self) -> Iterator[tuple[str, StoredPaper]]:
        """The papers from the start that this run has not come upon, and that are still there."""
        run, _ = self._run.columns()
        for row in np.flatnonzero(~np.isin(self._start.numbers, run)).tolist():
            if (held := self._find(int(self._start.numbers[row]))) is not None:
                yield self._start.ids[int(row)].as_py(), held

    def tally(self) -> Tally:
        """What this run has done, paper by paper, from the start to now."""
        numbers, at = self._changed.columns()
        run, _ = self._run.columns()
        rows = self._start.rows(numbers)
        before, after = rows >= 0, self._now.there(at)
        same = before & after
        same[same] = self._now.same(at[same], self._start, rows[same])
        seen = int(np.isin(self._start.numbers, run).sum())
        again = np.isin(numbers, run) & before
        return Tally(
            added=int((after & ~before).sum()),
            updated=int((after & before & ~same).sum()),
            removed=int((before & ~after).sum()),
            unchanged=seen - int((again & ~same).sum()),
        )


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
