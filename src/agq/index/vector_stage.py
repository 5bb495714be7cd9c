"""The vector stage: papers without a vector get one, a batch a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.index.pending_vectors import forget, kept_vectors
from agq.index.schema import PAPER_COLUMNS, to_paper, vectors_table
from agq.model import Paper

if TYPE_CHECKING:
    from agq.index.table import TableWriter
    from agq.model import Embedder, Vectors

PAPERS_PER_COMMIT = 512
"""Papers a commit: what a kill can cost."""

PAPERS_PER_REPORT = 32
"""Papers encoded between two words about progress."""


class VectorStage:
    """Puts in the vectors that are missing.

    ``load`` gives the encoder of a generation's folder; ``told`` hears how many of how many papers are
    encoded, ``committed`` how many are still without a vector.
    """

    def __init__(
        self,
        table: TableWriter,
        generation: Path,
        load: Callable[[Path], Embedder],
        told: Callable[[int, int], None],
        committed: Callable[[int], None],
    ) -> None:
        self._table, self._generation, self._load = table, generation, load
        self._told, self._committed = told, committed

    def run(self) -> int:
        """Put in all that are missing; how many had to be encoded."""
        if not self._missing():
            return 0
        self._put_kept()
        return self._encode(missing) if (missing := self._missing()) else 0

    def _missing(self) -> int:
        return self._table.count("vector IS NULL")

    def _encode(self, missing: int) -> int:
        self._told(0, missing)
        done = 0
        embedder = self._load(self._generation / "encoder")
        for papers in _batches(self._table):
            vectors = self._vectors(embedder, papers, done, missing)
            self._table.replace(vectors_table([paper.id for paper in papers], vectors))
            done += len(papers)
            self._committed(missing - done)
        return done

    def _vectors(self, embedder: Embedder, papers: Sequence[Paper], done: int, missing: int) -> Vectors:
        parts: list[Vectors] = []
        for start in range(0, len(papers), PAPERS_PER_REPORT):
            part = papers[start : start + PAPERS_PER_REPORT]
            parts.append(embedder.embed([paper.text for paper in part]))
            self._told(done + start + len(part), missing)
        return np.concatenate(parts)

    def _put_kept(self) -> None:
        """Vectors that were made while asking, for texts that are still the same."""
        kept = kept_vectors(self._generation)
        if not kept:
            return
        where = "vector IS NULL"
        rows = [row for batch in self._table.rows(("id", "embedded"), where) for row in batch.to_pylist()]
        good = [
            row["id"] for row in rows if row["id"] in kept and kept[row["id"]].embedded == row["embedded"]
        ]
        if good:
            vectors = np.array([kept[id_].vector for id_ in good])
            self._table.replace(vectors_table(good, vectors))
        forget(self._generation)


def _batches(table: TableWriter) -> Iterator[list[Paper]]:
    """The papers without a vector, ``PAPERS_PER_COMMIT`` at a time."""
    waiting: list[Paper] = []
    for rows in table.rows(PAPER_COLUMNS, "vector IS NULL"):
        waiting += map(to_paper, rows.to_pylist())
        while len(waiting) >= PAPERS_PER_COMMIT:
            yield waiting[:PAPERS_PER_COMMIT]
            waiting = waiting[PAPERS_PER_COMMIT:]
    if waiting:
        yield waiting
