"""Asking an index: candidates by vector and by text, papers by id, document frequencies."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa

from agq.errors import IndexUnusable
from agq.index.centroid import Centroid
from agq.index.checksums import refuse_damaged
from agq.index.engine import open_table
from agq.index.filters import condition, one_of
from agq.index.frequencies import Frequencies
from agq.index.layout import Manifest, current_generation
from agq.index.names import Names, collect
from agq.index.pending_vectors import Kept, keep, kept_vectors
from agq.index.query import Probe, TableQuery, TableReader, arrow_vector
from agq.index.reading import ReadersLock
from agq.index.rows import CHECKED_COLUMNS, checked, checked_work, unit
from agq.index.schema import PAPER_COLUMNS, hash64, name_key, to_paper
from agq.model import Candidate, Filters, IndexState, Paper
from agq.records import Work
from agq.text.terms import terms
from agq.text.venues import Venues, spellings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agq.model import Embedder

Result = TypeVar("Result")

NO_FILTERS = Filters()

NO_VENUE = "\x00"
"""What no paper has appeared in."""

CANDIDATE_COLUMNS = (*CHECKED_COLUMNS, "words", "vector")

PROBE = Probe(partitions=32, refine=4)
"""How thoroughly a vector index is searched."""

IDS_AT_ONCE = 500
"""Ids a query when many papers are fetched."""

OPEN_TRIES = 3
"""How often opening is tried: a generation may be replaced between reading its name and opening it."""


def open_index(path: Path, *, load_encoder: Callable[[Path], Embedder] | None = None) -> IndexReader:
    """The index at ``path``, as it is now. A context manager; what is written meanwhile does not show.

    Raises
    ------
    IndexUnusable
        There is none, or this version of agq cannot read it.
    """
    for left in reversed(range(OPEN_TRIES)):
        generation = current_generation(path)
        try:
            return IndexReader(generation, load_encoder)
        except (OSError, RuntimeError, ValueError, IndexUnusable) as error:
            if left and current_generation(path) != generation:
                continue
            if isinstance(error, IndexUnusable):
                raise
            raise IndexUnusable(
                f"the index at {path} cannot be opened: {error}", hint="agq index --rebuild"
            ) from error
    raise IndexUnusable(f"the index at {path} is being replaced again and again", hint="agq doctor")


class IndexReader:
    """One state of an index. Safe to use from several threads."""

    def __init__(self, generation: Path, load_encoder: Callable[[Path], Embedder] | None = None) -> None:
        self.generation = generation
        self._load_encoder = load_encoder
        self._lock = ReadersLock(generation)
        try:
            self.manifest = Manifest.read(generation)
            refuse_damaged(generation)
            self._table: TableReader = open_table(generation)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> IndexReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self._table.close()
        self._lock.release()

    @cached_property
    def state(self) -> IndexState:
        """How much the index holds."""
        held = self.manifest
        if held.version == self._table.version:
            return IndexState(held.papers, held.vectors, held.embedder, held.updated)
        papers, vectors = self._table.count(), self._table.count("vector IS NOT NULL")
        return IndexState(papers, vectors, held.embedder, held.updated)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that the index knows."""
        return self.manifest.sources

    @property
    def encoder_folder(self) -> Path:
        """Where the query encoder stands that belongs to this index."""
        return self.generation / "encoder"

    def embedder(self) -> Embedder:
        """The query encoder, loaded on the first call.

        Raises
        ------
        IndexUnusable
            The encoder is not the one that made the vectors.
        """
        return self._embedder

    @cached_property
    def _embedder(self) -> Embedder:
        if self._load_encoder is None:
            raise TypeError("open_index was given no load_encoder")
        loaded = self._load_encoder(self.encoder_folder)
        held = self.manifest
        if (loaded.name, loaded.dim) != (held.embedder, held.dim):
            raise IndexUnusable(
                f"the index holds vectors of {held.embedder} ({held.dim} dimensions), "
                f"its encoder is {loaded.name} ({loaded.dim} dimensions)",
                hint="agq index --rebuild",
            )
        return loaded

    def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters = NO_FILTERS) -> list[Candidate]:
        """The ``k`` papers nearest to a unit vector, shape (dim,), among those that pass, nearest first.

        Raises
        ------
        IndexUnusable
            The vector is not of this index's dimension.
        """
        if len(vector) != self.manifest.dim:
            raise IndexUnusable(
                f"the index holds vectors of {self.manifest.dim} dimensions, the question has {len(vector)}",
                hint="agq index --rebuild",
            )
        if not self.state.vectors:
            return []
        asked = arrow_vector(np.asarray(vector, np.float32))
        query = TableQuery(CANDIDATE_COLUMNS, _vectors_only(self._where(filters)), k)
        return self._read(lambda: self._candidates(self._table.nearest(query, asked, PROBE)))

    def textual(self, query: str, k: int, filters: Filters = NO_FILTERS) -> list[Candidate]:
        """The ``k`` papers that share most with the words of ``query``, by BM25, among those that pass."""
        words = " ".join(terms(query))
        if not words:
            return []
        asked = TableQuery(CANDIDATE_COLUMNS, self._where(filters), k)
        return self._read(lambda: self._candidates(self._table.textual(asked, words)))

    def get(self, ids: Sequence[str]) -> list[Paper]:
        """The papers with these ids, in their order; those that are not in the index are left out."""
        found = {row["id"]: checked(row) for row in self._rows(ids, CHECKED_COLUMNS)}
        return [found[id_] for id_ in ids if id_ in found]

    def works(self, ids: Sequence[str]) -> list[Work]:
        """The same with their records."""
        rows = self._rows(ids, (*CHECKED_COLUMNS, "record"))
        found = {row["id"]: checked_work(row) for row in rows}
        return [found[id_] for id_ in ids if id_ in found]

    def papers_by_source(self) -> Counter[tuple[str, ...]]:
        """The files that papers stand in, together, and how many papers stand in just these."""
        batches = self._batches(TableQuery(("sources",)))
        joined = Counter(held for batch in batches for held in batch.column("sources").to_pylist())
        return Counter({tuple(held.split("\n")): count for held, count in joined.items()})

    def candidates(self, ids: Sequence[str]) -> list[Candidate]:
        """The same with their vectors."""
        rows = self._rows(ids, CANDIDATE_COLUMNS)
        found = {row["id"]: self._candidate(row, row["vector"]) for row in rows}
        return [found[id_] for id_ in ids if id_ in found]

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """How many papers hold each of these terms (as ``agq.text.terms.terms`` gives them)."""
        held = self._frequencies
        return held.of(terms) if held else [0] * len(terms)

    def keep_vectors(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors that were made while asking, by paper id, where that can be done without waiting."""
        known = {row["id"]: row["embedded"] for row in self._rows(list(vectors), ("id", "embedded"))}
        keep(self.generation, {id_: Kept(known[id_], vectors[id_]) for id_ in vectors if id_ in known})

    def newest(self, k: int, filters: Filters = NO_FILTERS) -> list[Paper]:
        """The ``k`` newest papers that pass; those without a date come last."""
        where = self._where(filters)
        batches = self._batches(TableQuery(("id", "first_day"), where))
        days = [(-(row["first_day"] or 0), row["id"]) for batch in batches for row in batch.to_pylist()]
        return self.get([id_ for _, id_ in sorted(days)[:k]])

    def count(self, filters: Filters = NO_FILTERS) -> int:
        """How many papers pass."""
        where = self._where(filters)
        return self._read(lambda: self._table.count(where)) if where else self.state.papers

    def undated(self, filters: Filters = NO_FILTERS) -> int:
        """How many papers pass but for their date, which they do not have."""
        where = self._where(replace(filters, since="", until=""))
        undated = "last_day IS NULL"
        return self._read(lambda: self._table.count(f"({where}) AND {undated}" if where else undated))

    def author_counts(self, names: Sequence[str]) -> list[int]:
        """How many papers each of these authors has, whole names or family names, any case."""
        return self._names.authors.of([name_key(name) for name in names])

    def authors(self) -> Iterator[str]:
        """The authors of all papers, as they are written, some of them many times."""
        for batch in self._batches(TableQuery(("authors",))):
            yield from batch.column("authors").flatten().to_pylist()

    @cached_property
    def venues(self) -> Venues:
        """The venues as they are written, the most frequent first, and how many papers each has."""
        return Venues(self._names.venues)

    @property
    def types(self) -> Mapping[str, int]:
        """How many papers are of each of CSL's types."""
        return self._names.types

    def known_as(self, handles: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """The id of the paper that each of some identifiers names, by the identity keys it may stand under.

        Identifiers that name no paper are left out; of two papers under one key the first id counts.
        """
        asked: dict[int, list[str]] = {}
        for handle, keys in handles.items():
            for key in keys:
                asked.setdefault(hash64(key), []).append(handle)
        if not asked:
            return {}
        where = f"array_has_any(keys, [{', '.join(map(str, asked))}])"
        batches = self._batches(TableQuery(("id", "keys"), where))
        rows = sorted((row["id"], row["keys"]) for batch in batches for row in batch.to_pylist())
        found: dict[str, str] = {}
        for id_, keys in rows:
            for key in keys:
                for handle in asked.get(key, ()):
                    found.setdefault(handle, id_)
        return found

    def iterate(self) -> Iterator[Paper]:
        """All papers, in no particular order."""
        for batch in self._batches(TableQuery(PAPER_COLUMNS)):
            yield from map(to_paper, batch.to_pylist())

    def ids(self) -> list[str]:
        """The ids of all papers, in no particular order."""
        batches = self._batches(TableQuery(("id",)))
        return [held for batch in batches for held in batch.column("id").to_pylist()]

    def categories(self) -> Counter[str]:
        """Every category as it is written, and how many papers have it."""
        return Counter(self._names.categories)

    def sample(self, n: int, seed: int = 0) -> Iterator[Paper]:
        """``n`` papers (or all) by chance, the same for the same seed and papers."""
        ids = sorted(self.ids())
        chosen = random.Random(seed).sample(ids, min(n, len(ids)))
        yield from self.get(chosen)

    @cached_property
    def centroid(self) -> Centroid | None:
        """Where the middle of the papers lies; None while no run that encodes has ended."""
        return Centroid.read(self.generation)

    @cached_property
    def _names(self) -> Names:
        """What was kept of them, else what the table tells."""
        return Names.read(self.generation) or collect(lambda columns, _: self._batches(TableQuery(columns)))

    def _where(self, filters: Filters) -> str:
        """The condition that a row has to meet, venues by the spellings that papers have."""
        if filters.venues:
            filters = replace(filters, venues=spellings(filters.venues, self.venues) or (NO_VENUE,))
        return condition(filters)

    @cached_property
    def _frequencies(self) -> Frequencies | None:
        return Frequencies.read(self.generation)

    @cached_property
    def _kept(self) -> dict[str, Kept]:
        return kept_vectors(self.generation) if self.state.vectors < self.state.papers else {}

    def _batches(self, query: TableQuery) -> Iterator[pa.RecordBatch]:
        batches = self._table.batches(query)
        while (batch := self._read(lambda: next(batches, None))) is not None:
            yield batch

    def _rows(self, ids: Sequence[str], columns: Sequence[str]) -> list[dict[str, Any]]:
        asked = list(dict.fromkeys(ids))
        parts = [asked[start : start + IDS_AT_ONCE] for start in range(0, len(asked), IDS_AT_ONCE)]
        queries = [TableQuery(columns, one_of(part)) for part in parts]
        return self._read(
            lambda: [
                row for query in queries for batch in self._table.batches(query) for row in batch.to_pylist()
            ]
        )

    def _candidates(self, found: pa.Table) -> list[Candidate]:
        rows = found.drop_columns(["vector"]).to_pylist()
        vectors = _vectors(found.column("vector").combine_chunks())
        return [self._candidate(row, vector) for row, vector in zip(rows, vectors, strict=True)]

    def _candidate(self, row: Mapping[str, Any], vector: NDArray[np.float32] | None) -> Candidate:
        if vector is None:
            kept = self._kept.get(row["id"])
            vector = kept.vector if kept and kept.embedded == row["embedded"] else None
        words = (row["words"] or "").partition("\n")[0]
        return Candidate(checked(row), None if vector is None else unit(vector), words)

    @staticmethod
    def _read(read: Callable[[], Result]) -> Result:
        try:
            return read()
        except (OSError, RuntimeError, ValueError) as error:
            raise IndexUnusable(f"the index cannot be read: {error}", hint="agq index --rebuild") from error


def _vectors(column: pa.FixedSizeListArray) -> list[NDArray[np.float32] | None]:
    """The rows of a column of vectors, None where there is none. Through Arrow: a list of floats takes
    longer."""
    values = column.drop_null().flatten()
    held = _as_numpy(values).astype(np.float32).reshape(-1, column.type.list_size)
    rows = iter(held)
    return [next(rows) if valid else None for valid in column.is_valid().to_pylist()]


def _as_numpy(values: pa.Array) -> NDArray[Any]:
    """Numbers without a gap; ``to_numpy`` would load pandas where that is installed, half a second."""
    dtype = np.dtype(values.type.to_pandas_dtype())
    if not len(values):
        return np.empty(0, dtype)
    return np.frombuffer(values.buffers()[1], dtype, len(values), values.offset * dtype.itemsize)


def _vectors_only(where: str) -> str:
    return f"({where}) AND vector IS NOT NULL" if where else ""
