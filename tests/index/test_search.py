"""What an index answers: candidates, papers, frequencies, under filters."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agq.embedders import open_encoder
from agq.errors import IndexUnusable, UsageError
from agq.index import open_index
from agq.index.engine import PublicTable, through
from agq.index.native import NativeTable, native_module
from agq.index.query import Probe, TableQuery
from agq.index.search import IndexReader
from agq.model import Filters, Paper
from agq.text.terms import terms

IDS = {"2301.00001", "hep-th/9901001", "smith2020", "2406.08554", "nodate"}


def ids_passing(reader: IndexReader, **filters: object) -> set[str]:
    vector = reader.embedder().embed(["science"])[0]
    found = reader.nearest(vector, 10, Filters(**filters))  # type: ignore[arg-type]  # by name
    return {candidate.paper.id for candidate in found}


def test_papers_come_back_as_they_went_in(reader: IndexReader, papers: list[Paper]) -> None:
    wanted = [paper.id for paper in reversed(papers)]
    assert reader.get([*wanted, "unknown"]) == list(reversed(papers))
    assert set(reader.iterate()) == set(papers)


def test_state_counts(reader: IndexReader) -> None:
    state = reader.state
    assert (state.papers, state.vectors, state.embedder) == (5, 5, "all-MiniLM-L6-v2")
    assert reader.sources == ("a.bib",)


def test_nearest_by_meaning(reader: IndexReader) -> None:
    vector = reader.embedder().embed(["gravity and quantum states of collapsed stars"])[0]
    first, *_ = reader.nearest(vector, 3)
    assert first.paper.id == "hep-th/9901001"
    assert first.vector is not None
    assert np.isclose(np.linalg.norm(first.vector), 1, atol=1e-5)


@pytest.mark.parametrize("words", ["turbulent flows", "TURBULENCE", "Smith", "10.1000/turb", "smith2020"])
def test_textual_finds_words_names_and_ids(reader: IndexReader, words: str) -> None:
    assert reader.textual(words, 3)[0].paper.id == "smith2020"


def test_textual_joins_spellings(reader: IndexReader) -> None:
    assert {c.paper.id for c in reader.textual("pretraining", 5)} == {"2406.08554"}
    assert {c.paper.id for c in reader.textual("pre-training", 5)} == {"2406.08554"}


def test_words_that_nobody_uses_find_nothing(reader: IndexReader) -> None:
    assert reader.textual("zzyzx", 5) == []
    assert reader.textual("the of and", 5) == []
    assert reader.textual("'; DROP TABLE papers; --", 5) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"categories": ("physics",)}, {"smith2020", "2406.08554"}),
        ({"categories": ("CS.lg",)}, {"2301.00001"}),
        ({"categories": ("cs.L",)}, set()),
        ({"categories": ("hep-th", "q-bio")}, {"hep-th/9901001", "2406.08554"}),
        ({"authors": ("O'Brien",)}, {"2301.00001"}),
        ({"authors": ("von neumann",)}, {"hep-th/9901001"}),
        ({"authors": ("Neumann", "jane smith")}, {"hep-th/9901001", "smith2020"}),
        ({"authors": ("Smith, J.",)}, {"smith2020"}),
        ({"authors": ("Jose Muller",)}, {"2406.08554"}),
        ({"authors": ("Muell",)}, set()),
        ({"since": "2023"}, {"2301.00001", "2406.08554"}),
        ({"since": "2020-06"}, {"2301.00001", "2406.08554", "smith2020"}),
        ({"until": "1999-01"}, {"hep-th/9901001"}),
        ({"since": "2024-06-12", "until": "2024-06-12"}, {"2406.08554"}),
        ({"since": "2024-06-13"}, set()),
        ({"ids": ("hep-th/9901001", "it's not there")}, {"hep-th/9901001"}),
        ({"categories": ("physics",), "since": "2021"}, {"2406.08554"}),
        ({}, IDS),
    ],
)
def test_filters(reader: IndexReader, filters: dict[str, object], expected: set[str]) -> None:
    assert ids_passing(reader, **filters) == expected


def test_filters_come_before_ranking(reader: IndexReader) -> None:
    vector = reader.embedder().embed(["attention in language models"])[0]
    (only,) = reader.nearest(vector, 1, Filters(categories=("hep-th",)))
    assert only.paper.id == "hep-th/9901001"
    (only,) = reader.textual("model attention entropy", 1, Filters(categories=("hep-th",)))
    assert only.paper.id == "hep-th/9901001"


def test_a_date_that_is_none_is_refused(reader: IndexReader) -> None:
    with pytest.raises(UsageError, match="not a date"):
        ids_passing(reader, since="last year")


def test_document_frequencies_count_titles_and_abstracts(reader: IndexReader, papers: list[Paper]) -> None:
    expected = [
        sum(term in terms(f"{paper.title} {paper.abstract}") for paper in papers)
        for term in ("model", "entropi", "smith", "zzz")
    ]
    assert reader.document_frequencies(["model", "entropi", "smith", "zzz"]) == expected
    assert reader.document_frequencies([]) == []


def test_sample_is_repeatable(reader: IndexReader) -> None:
    assert list(reader.sample(3, seed=1)) == list(reader.sample(3, seed=1))
    assert len(set(reader.sample(99))) == 5


def test_a_vector_of_another_model_is_refused(reader: IndexReader) -> None:
    with pytest.raises(IndexUnusable, match="384 dimensions"):
        reader.nearest(np.zeros(768, np.float32), 3)


def test_no_index_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="no index"):
        open_index(tmp_path / "none", load_encoder=open_encoder)


def test_both_ways_into_the_engine_agree(small: Path, reader: IndexReader) -> None:
    native = native_module()
    assert native is not None
    home = str(reader.generation)
    fast, public = NativeTable(native, home), PublicTable(home)
    vector = pa.array(reader.embedder().embed(["entropy"])[0])
    query = TableQuery(("id", "authors"), "id != 'nodate'", 3)
    assert fast.version == public.version
    assert fast.count("id = 'nodate'") == public.count("id = 'nodate'") == 1
    assert fast.nearest(query, vector, Probe(1, 1)).equals(public.nearest(query, vector, Probe(1, 1)))
    assert fast.textual(query, "model").equals(public.textual(query, "model"))
    unlimited = TableQuery(("id",), "first_day > 20000000")
    rows = [row for batch in fast.batches(unlimited) for row in batch.to_pylist()]
    assert rows == [row for batch in public.batches(unlimited) for row in batch.to_pylist()]
    assert len(rows) == 3
    fast.close()
    public.close()


class OtherTable:
    """A table of an engine that has no search by vectors."""

    def __init__(self, table: Any) -> None:
        self.count_rows, self.version, self.close = table.count_rows, table.version, table.close

    def query(self) -> object:
        return object()


def other_engine(connect: Callable[..., Any]) -> ModuleType:
    """The native module with another ``connect``."""
    module = ModuleType("other")
    module.connect = connect  # type: ignore[attr-defined]
    return module


def test_another_engine_is_asked_through_the_public_package(reader: IndexReader) -> None:
    native = native_module()
    assert native is not None

    async def with_fewer_arguments(uri: str) -> None:
        raise AssertionError(f"{uri}: it was called with more")

    async def with_other_queries(*arguments: Any) -> object:
        connection = await native.connect(*arguments)

        class Connection:
            async def open_table(self, name: str) -> OtherTable:
                return OtherTable(await connection.open_table(name))

        return Connection()

    for connect in (with_fewer_arguments, with_other_queries):
        table = through(other_engine(connect), str(reader.generation))
        assert isinstance(table, PublicTable)
        assert table.count("id = 'nodate'") == 1
        assert [row["id"] for row in table.textual(TableQuery(("id",), "", 1), "turbul").to_pylist()] == [
            "smith2020"
        ]
    own = through(native, str(reader.generation))
    assert isinstance(own, NativeTable)
    own.close()


def test_asking_loads_no_heavy_package(small: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from agq.embedders import open_encoder
from agq.index import open_index
with open_index(Path({str(small)!r}), load_encoder=open_encoder) as index:
    assert index.nearest(index.embedder().embed(["entropy"])[0], 3) and index.textual("entropy", 3)
heavy = {{"lancedb", "torch", "transformers", "sentence_transformers", "pandas", "pydantic", "onnx"}}
print(sorted(heavy & set(sys.modules)))
import lancedb  # and the package itself still loads after its native module
print(lancedb.connect({str(small / "generations" / "000001")!r}).open_table("papers").count_rows())
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n5\n", done.stderr
    assert done.stderr == ""
