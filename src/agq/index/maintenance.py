"""What keeps an index quick: its text, scalar and vector indexes; few fragments; no old versions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agq.index.reading import nobody_reading
from agq.index.table import TEXT_INDEX, VECTOR_INDEX, TableWriter

REBUILD_SHARE = 0.2
"""Beyond this share of rows outside the text index, it is made afresh rather than added to."""

FILTER_ROWS = 50_000
"""From so many rows on, filters have indexes of their own."""


VECTOR_ROWS = 100_000
"""From so many rows on, scanning all vectors takes more than 0.1 s of two cores, and they get an index."""


VECTORS_PER_PARTITION = 32
KMEANS_ROUNDS = 8
"""Vectors a partition and rounds, by which the middles of the partitions are found: an eighth and a sixth of
what the engine takes by itself, in a thirteenth of the time, with the same recall."""


@dataclass(frozen=True, slots=True)
class ColumnIndex:
    """The index of a column: its kind, as LanceDB's module calls it, and what that is told."""

    column: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def config(self) -> Any:
        """As LanceDB takes it."""
        from lancedb import index

        return getattr(index, self.kind)(**self.options)


WORDS = ColumnIndex(
    "words",
    "FTS",
    {
        "with_position": False,
        "base_tokenizer": "whitespace",
        "max_token_length": None,
        "lower_case": False,
        "stem": False,
        "remove_stop_words": False,
        "ascii_folding": False,
    },
)
ID = ColumnIndex("id", "BTree")
VECTOR = "vector"
FILTERED = (ColumnIndex("category_keys", "LabelList"), ColumnIndex("author_keys", "LabelList"))


def vector_index(rows: int) -> ColumnIndex:
    """The index of the vectors of so many rows."""
    return ColumnIndex(
        VECTOR,
        "IvfSq",
        {
            "distance_type": "dot",
            "num_partitions": math.isqrt(rows),
            "sample_rate": VECTORS_PER_PARTITION,
            "max_iterations": KMEANS_ROUNDS,
        },
    )


def indexes(rows: int, *, vectors: bool) -> Iterator[ColumnIndex]:
    """All indexes that a table of so many rows has."""
    if rows:
        yield from (WORDS, ID)
    if rows >= FILTER_ROWS:
        yield from FILTERED
    if vectors and rows >= VECTOR_ROWS:
        yield vector_index(rows)


def index_text(table: TableWriter, rows: int) -> None:
    """Bring the text index to where asking is quick. A few rows outside of it are searched all the same."""
    outside = table.unindexed(TEXT_INDEX)
    if rows and (outside is None or outside > REBUILD_SHARE * rows):
        table.index(WORDS.column, WORDS.config())
        table.index(ID.column, ID.config())


def finish(table: TableWriter, generation: Path, rows: int) -> None:
    """Compact, bring all indexes up to date, and remove old versions where nobody reads."""
    if rows >= FILTER_ROWS:
        held = table.indexed()
        for one in FILTERED:
            if one.column not in held:
                table.index(one.column, one.config())
    index_vectors(table, rows)
    with nobody_reading(generation) as free:
        table.optimize(clean=free)


def index_vectors(table: TableWriter, rows: int) -> None:
    """Make the vector index where scanning is slow, and again when much has come since."""
    outside = table.unindexed(VECTOR_INDEX)
    if rows >= VECTOR_ROWS and (outside is None or outside > REBUILD_SHARE * rows):
        table.index(VECTOR, vector_index(rows).config())
