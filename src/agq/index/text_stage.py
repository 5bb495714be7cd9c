"""The text stage: papers as they come, compared with what is held, and only what is new or changed
written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from agq.files import STDIN
from agq.index.frequencies import Counter, Frequencies
from agq.index.ledger import Ledger, Sources, StoredPaper
from agq.index.schema import Row, to_table
from agq.model import Paper, Rejected
from agq.records import Work

if TYPE_CHECKING:
    import pyarrow as pa

    from agq.index.table import OldRow

PAPERS_PER_COMMIT = 2000
"""New papers a commit."""

CHANGED_PAPERS_HELD_MAX = 20_000
"""Changed papers held back at most. They wait, because a later record may bring a paper back to what is
held."""


def _own_id(paper: Paper) -> tuple[str, ...]:
    return (f"id:{paper.id}",)


def _nothing(_: str) -> bool:
    return False


def _no_matter() -> None:
    """What happens after a commit where nobody cares."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``reads``: whether a stored source is read again in this run. ``keys``: what a paper may come under
    again."""

    reads: Callable[[str], bool] = _nothing
    keys: Callable[[Paper], tuple[str, ...]] = _own_id

    def covers(self, sources: Sources) -> bool:
        """Whether all of a paper's sources are read again."""
        return all(map(self.reads, sources))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A paper on its way in, with its final id, and the file it was read from.

    ``repeats``: the record is of a paper that has come before. ``absorbs``: ids that turned out to be
    this paper. ``words``: the column of that name, where it is known already. ``record`` is packed.
    """

    paper: Paper
    source: str
    repeats: bool = False
    absorbs: tuple[str, ...] = ()
    words: str = ""
    record: str = ""


class Rows(Protocol):
    """What the text stage writes to and looks into: the table of a generation, or one in memory."""

    dim: int

    def works(self, ids: Sequence[str], /) -> Sequence[Work]:
        """The papers with these ids and their records, as they are now, in no particular order."""

    def old(self, ids: Sequence[str], /) -> Mapping[str, OldRow]:
        """What the rows with these ids hold now."""

    def add(self, rows: pa.Table, /) -> None:
        """Append rows whose ids are not there yet."""

    def replace(self, rows: pa.Table, /) -> None:
        """Put rows in place of the ones with the same ids."""

    def delete(self, ids: Sequence[str], /) -> None:
        """Take rows out."""


class TextStage:
    """Takes papers, writes what is new or changed. Without a table it only compares."""

    def __init__(
        self,
        ledger: Ledger,
        scope: Scope,
        table: Rows | None = None,
        counter: Counter | None = None,
    ) -> None:
        self._ledger, self._scope, self._table = ledger, scope, table
        self._counter = counter or Counter()
        self._new: dict[str, Row] = {}
        self._late: dict[str, Row] = {}
        self._gone: list[str] = []
        self.merged = 0
        self.changed = False
        self.committed: Callable[[], None] = _no_matter

    def take(self, item: Incoming) -> None:
        """One paper more."""
        for gone in item.absorbs:
            self._drop(gone)
        self.merged += item.repeats
        seen = self._ledger.seen(item.paper.id, item.source)
        held = self._ledger.find(item.paper.id)
        elsewhere = [source for source in held.sources if not self._scope.reads(source)] if held else []
        self._place(Row.of(Work(item.paper, item.record), (*elsewhere, *seen), item.words), held)
        if len(self._new) >= PAPERS_PER_COMMIT or len(self._late) >= CHANGED_PAPERS_HELD_MAX:
            self.flush()

    def prune(self, rejected: Iterable[Rejected], *, stdin: bool = False) -> None:
        """Take out papers whose record is gone from the sources that were read; a file that broke off proves
        nothing, and stdin only where it is to be forgotten."""
        broken = {one.source for one in rejected if one.line is None and one.record is None}
        partly: dict[str, Sources] = {}
        for id_, held in self._ledger.unseen():
            read = {
                source for source in held.sources if (stdin or source != STDIN) and self._scope.reads(source)
            }
            if not read or read & broken:
                continue
            left = tuple(source for source in held.sources if source not in read)
            if left:
                partly[id_] = left
            else:
                self._gone.append(id_)
        for work in self._table.works(list(partly)) if self._table and partly else ():
            self._late[work.paper.id] = Row.of(work, partly[work.paper.id])

    def flush(self) -> None:
        """Write what waits."""
        self.changed = self.changed or bool(self._new or self._late or self._gone)
        self._remove(list(self._gone))
        self._replace(list(self._late.values()))
        self._add(list(self._new.values()))
        self._new, self._late, self._gone = {}, {}, []
        self.committed()

    def frequencies(self) -> Frequencies:
        """The document frequencies of what has been written."""
        return self._counter.frozen()

    def _place(self, row: Row, held: StoredPaper | None) -> None:
        id_ = row.paper.id
        if held is None:
            self._new[id_] = row
        elif (held.embedded, held.stored) == (row.embedded, row.stored):
            self._late.pop(id_, None)
        else:
            self._late[id_] = row

    def _drop(self, id_: str) -> None:
        self._new.pop(id_, None)
        self._late.pop(id_, None)
        if self._ledger.find(id_):
            self._gone.append(id_)

    def _add(self, rows: Sequence[Row]) -> None:
        if self._table and rows:
            made = to_table(rows, self._table.dim, self._scope.keys)
            self._table.add(made)
            self._count(made["words"].to_pylist(), rows)
        self._note(rows)

    def _replace(self, rows: Sequence[Row]) -> None:
        """Changed rows keep their vectors where the text is the same."""
        if self._table and rows:
            old = self._table.old([row.paper.id for row in rows])
            vectors = {
                row.paper.id: old[row.paper.id].vector
                for row in rows
                if row.paper.id in old and old[row.paper.id].embedded == row.embedded
            }
            made = to_table(rows, self._table.dim, self._scope.keys, vectors)
            self._table.replace(made)
            for held in old.values():
                self._counter.remove_words(held.words, held.embedded)
            self._count(made["words"].to_pylist(), rows)
        self._note(rows)

    def _remove(self, ids: Sequence[str]) -> None:
        if self._table and ids:
            old = self._table.old(ids)
            self._table.delete(ids)
            for held in old.values():
                self._counter.remove_words(held.words, held.embedded)
        for id_ in ids:
            self._ledger.put(id_, None)

    def _count(self, words: Sequence[str], rows: Sequence[Row]) -> None:
        for said, row in zip(words, rows, strict=True):
            self._counter.add_words(said, row.embedded)

    def _note(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._ledger.put(row.paper.id, StoredPaper(row.embedded, row.stored, row.sources))
