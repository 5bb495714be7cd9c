"""Indexes made in parts, as a cluster makes them: they answer as those that one process makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agq.index.assemble import index_parts
from agq.index.engine import open_table
from agq.index.fragments import commit, groups, write_fragments
from agq.index.maintenance import FILTERED, ID, VECTOR, WORDS, ColumnIndex
from agq.index.query import Probe, TableQuery, arrow_vector
from agq.index.schema import table_schema
from agq.index.table import TableWriter

pytestmark = pytest.mark.slow

PAPERS, DIM = 600, 32
SQ = ColumnIndex(
    VECTOR,
    "IvfSq",
    {"distance_type": "dot", "num_partitions": 8, "sample_rate": 32, "max_iterations": 8},
)
INDEXES = (WORDS, ID, *FILTERED, SQ)


def here(function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    return [function(*some) for some in arguments]


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    """Made-up rows; what they say of themselves is of no matter here."""
    chance = np.random.default_rng(5)
    words = np.array([f"word{number}" for number in range(400)])
    vectors = chance.normal(size=(PAPERS, DIM))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    schema = table_schema(DIM)
    filled = {
        "id": [f"paper{number}" for number in range(PAPERS)],
        "words": [" ".join(chance.choice(words, chance.integers(20, 60))) for _ in range(PAPERS)],
        "category_keys": [[f"kind{number % 7}"] for number in range(PAPERS)],
        "author_keys": [[f"name{number % 50}"] for number in range(PAPERS)],
    }
    columns = [
        pa.FixedSizeListArray.from_arrays(pa.array(vectors.astype(np.float16).ravel()), DIM)
        if field.name == VECTOR
        else pa.array(filled[field.name], field.type)
        if field.name in filled
        else pa.array([_nothing(field.type)] * PAPERS, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _nothing(kind: pa.DataType) -> Any:
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return ""
    return [] if pa.types.is_list(kind) else 0


@pytest.fixture(scope="module")
def tables(rows: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same rows: in one piece, indexed by LanceDB; in six, their indexes in three."""
    whole, parts = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("parts")
    table = TableWriter(whole, rows.schema)
    table.add(rows)
    for one in INDEXES:
        table.index(one.column, one.config())
    fragments = [
        made
        for start in range(0, PAPERS, 100)
        for made in write_fragments(str(parts), rows[start : start + 100])
    ]
    commit(str(parts), rows.schema, fragments)
    assert len(groups(str(parts), 200)) == 3
    index_parts(str(parts), INDEXES, here, 200)
    return whole, parts


def test_every_row_is_in_every_index(tables: tuple[Path, Path], rows: pa.Table) -> None:
    for folder in tables:
        table = TableWriter(folder, rows.schema)
        assert table.indexed() == {one.column for one in INDEXES}
        assert all(table.unindexed(f"{one.column}_idx") == 0 for one in INDEXES)


def test_words_are_found_with_the_same_scores(tables: tuple[Path, Path]) -> None:
    with closing(open_table(tables[0])) as whole, closing(open_table(tables[1])) as parts:
        for number in range(0, 400, 8):
            asked = TableQuery(("id",), limit=PAPERS), f"word{number} word{number + 3} word{number + 5}"
            one, other = (
                {row["id"]: row["_score"] for row in table.textual(*asked).to_pylist()}
                for table in (whole, parts)
            )
            assert one.keys() == other.keys()
            assert all(abs(one[id_] - other[id_]) < 1e-4 for id_ in one)


def test_vectors_are_found_as_in_a_scan(tables: tuple[Path, Path], rows: pa.Table) -> None:
    held = np.array(rows[VECTOR].combine_chunks().flatten().to_pylist(), np.float32).reshape(PAPERS, DIM)
    for folder in tables:
        with closing(open_table(folder)) as table:
            for vector in np.random.default_rng(6).normal(size=(20, DIM)).astype(np.float32):
                nearest = {f"paper{place}" for place in np.argsort(-(held @ vector))[:10]}
                found = table.nearest(TableQuery(("id",), limit=10), arrow_vector(vector), Probe(8, 4))
                assert len(nearest & set(found["id"].to_pylist())) >= 9


def test_filters_and_ids_are_met(tables: tuple[Path, Path]) -> None:
    for folder in tables:
        with closing(open_table(folder)) as table:
            assert table.count("array_has_any(category_keys, ['kind3'])") == len(range(3, PAPERS, 7))
            (batch,) = table.batches(TableQuery(("id",), "id = 'paper77'"))
            assert batch.column("id").to_pylist() == ["paper77"]
