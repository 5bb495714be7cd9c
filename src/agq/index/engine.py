"""Reading a LanceDB table without paying for ``import lancedb``.

Importing the package takes 1 to 2 seconds, most of it for the client of its cloud service. All that a
query needs is its native module, which loads in a twentieth of that. So the module is loaded from its
file, under its own name, and asked through the few calls below. Where that interface is not what is
expected here (another lancedb), the public package answers the same calls.
"""

from __future__ import annotations

import asyncio
import importlib.machinery
import importlib.util
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agq.index.layout import TABLE, table_home

Result = TypeVar("Result")

NATIVE = "lancedb._lancedb"

PANIC = "RustPanic"
"""The class, in no module that can be imported, of what the engine throws at bytes that it did not write."""

BATCH_ROWS = 4096
"""Rows a batch when a table is walked through; bounds memory."""


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What to read: ``columns`` of the rows that meet ``where`` (SQL, empty for all), at most ``limit``."""

    columns: Sequence[str]
    where: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """How thoroughly a vector index is searched: partitions looked at, and candidates a hit scored
    exactly."""

    partitions: int
    refine: int


class TableReader(Protocol):
    """One version of a table, as it was when it was opened."""

    @property
    def version(self) -> int:
        """The version of the table."""

    def count(self, where: str = "") -> int:
        """How many rows meet ``where``."""

    def batches(self, query: TableQuery) -> Iterator[pa.RecordBatch]:
        """The rows of ``query``, in no particular order."""

    def nearest(self, query: TableQuery, vector: pa.Array, probe: Probe) -> pa.Table:
        """The rows nearest to ``vector`` by dot product, with ``_distance`` (1 - dot)."""

    def textual(self, query: TableQuery, words: str) -> pa.Table:
        """The rows that hold any of ``words``, best BM25 first, with ``_score``."""

    def close(self) -> None:
        """Let go of the table."""


def arrow_vector(vector: NDArray[np.float32]) -> pa.Array:
    """A vector as Arrow has it; ``pa.array`` would load pandas where that is installed, half a second."""
    return pa.Array.from_buffers(pa.float32(), len(vector), [None, pa.py_buffer(vector.tobytes())])


def open_table(folder: Path) -> TableReader:
    """The table in a generation's folder, for reading."""
    return through(native_module(), table_home(folder))


def through(native: ModuleType | None, home: str) -> TableReader:
    """The table through the native module, or through the public package where that one is another."""
    return _native_table(native, home) or PublicTable(home)


def _native_table(native: ModuleType | None, home: str) -> TableReader | None:
    """The table through the native module; None where its calls are not what is expected here."""
    if native is None:
        return None
    try:
        table = NativeTable(native, home)
    except (TypeError, AttributeError):
        return None
    if table.is_as_expected():
        return table
    table.close()
    return None


def native_module() -> ModuleType | None:
    """LanceDB's native module, loaded once a process; None where it is not what is expected here."""
    quiet()
    if NATIVE in sys.modules:
        module = sys.modules[NATIVE]
    elif (file := _native_file()) is None:
        return None
    else:
        module = _loaded(file)
    return module if callable(getattr(module, "connect", None)) else None


def quiet() -> None:
    """Errors only from the engine's own log. To be called before it is loaded."""
    os.environ.setdefault("LANCEDB_LOG", "error")


def _native_file() -> Path | None:
    package = importlib.util.find_spec("lancedb")
    if package is None or not package.origin:
        return None
    found = sorted(Path(package.origin).parent.glob("_lancedb*.so"))
    return found[0] if found else None


def _loaded(file: Path) -> ModuleType:
    loader = importlib.machinery.ExtensionFileLoader(NATIVE, str(file))
    spec = importlib.util.spec_from_file_location(NATIVE, file, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    # a native module initialises once a process: `import lancedb` after this has to find this one
    sys.modules[NATIVE] = module
    loader.exec_module(module)
    return module


class NativeTable:
    """A table read through the native module. Its calls are coroutines; here each one is waited for."""

    def __init__(self, native: ModuleType, folder: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._turn = threading.Lock()
        try:
            self._table = self._wait(self._open, native, folder)
        except BaseException:
            self._loop.close()
            raise

    @staticmethod
    async def _open(native: ModuleType, folder: str) -> Any:
        connection = await native.connect(folder, None, None, None, None, None, None, None, None)
        return await connection.open_table(TABLE)

    def _wait(self, call: Callable[..., Coroutine[Any, Any, Result]], *arguments: Any) -> Result:
        with self._turn:
            try:
                return self._loop.run_until_complete(call(*arguments))
            except Exception as error:
                if type(error).__name__ != PANIC:
                    raise
                raise RuntimeError("the engine gave up on what it read") from error

    @property
    def version(self) -> int:
        """The version of the table."""
        return int(self._wait(_called, self._table.version))

    def count(self, where: str = "") -> int:
        """How many rows meet ``where``."""
        return int(self._wait(_called, self._table.count_rows, where or None))

    def batches(self, query: TableQuery) -> Iterator[pa.RecordBatch]:
        """The rows of ``query``, in no particular order."""
        stream = self._wait(self._execute, query, self._table.query())
        while (batch := self._wait(_next, stream)) is not None:
            yield batch

    def nearest(self, query: TableQuery, vector: pa.Array, probe: Probe) -> pa.Table:
        """The rows nearest to ``vector`` by dot product, with ``_distance`` (1 - dot)."""
        return self._wait(self._gathered, query, self._by_vector(vector, probe), "_distance")

    def textual(self, query: TableQuery, words: str) -> pa.Table:
        """The rows that hold any of ``words``, best BM25 first, with ``_score``."""
        return self._wait(self._gathered, query, self._by_words(words), "_score")

    def _by_vector(self, vector: pa.Array, probe: Probe) -> Any:
        search = self._table.query().nearest_to(vector)
        search.column("vector")
        search.distance_type("dot")
        search.maximum_nprobes(0)  # none: a narrow filter goes on until it has found enough
        search.minimum_nprobes(probe.partitions)
        search.refine_factor(probe.refine)
        return search

    def _by_words(self, words: str) -> Any:
        return self._table.query().nearest_to_text({"query": words, "columns": ["words"]})

    def is_as_expected(self) -> bool:
        """Whether the calls of a query are there and take what they are given here; nothing is read."""
        query = TableQuery(("id",), "id = ''", 1)
        zero = arrow_vector(np.zeros(1, np.float32))
        try:
            searches = (self._table.query(), self._by_words(""), self._by_vector(zero, Probe(1, 1)))
            for search in searches:
                self._limited(query, search)
        except (TypeError, AttributeError):
            return False
        return True

    async def _gathered(self, query: TableQuery, search: Any, score: str) -> pa.Table:
        stream = await self._execute(query, search, score)
        batches = [batch async for batch in stream]
        return pa.Table.from_batches(batches, stream.schema if not batches else batches[0].schema)

    async def _execute(self, query: TableQuery, search: Any, *scores: str) -> Any:
        self._limited(query, search, *scores)
        return await search.execute(BATCH_ROWS)

    @staticmethod
    def _limited(query: TableQuery, search: Any, *scores: str) -> None:
        search.select_columns([*query.columns, *scores])
        if query.where:
            search.where(query.where)
        if query.limit is not None:
            search.limit(query.limit)

    def close(self) -> None:
        """Let go of the table."""
        self._table.close()
        self._loop.close()


async def _called(method: Callable[..., Any], *arguments: Any) -> Any:
    return await method(*arguments)


async def _next(stream: Any) -> pa.RecordBatch | None:
    try:
        return await stream.__anext__()
    except StopAsyncIteration:
        return None


class PublicTable:
    """The same through the public package: slower to load, and sure to be there."""

    def __init__(self, folder: str) -> None:
        import lancedb

        self._table = lancedb.connect(folder).open_table(TABLE)

    @property
    def version(self) -> int:
        """The version of the table."""
        return int(self._table.version)

    def count(self, where: str = "") -> int:
        """How many rows meet ``where``."""
        return int(self._table.count_rows(where or None))

    def batches(self, query: TableQuery) -> Iterator[pa.RecordBatch]:
        """The rows of ``query``, in no particular order."""
        yield from self._limited(self._table.search(), query).to_batches(BATCH_ROWS)

    def nearest(self, query: TableQuery, vector: pa.Array, probe: Probe) -> pa.Table:
        """The rows nearest to ``vector`` by dot product, with ``_distance`` (1 - dot)."""
        search: Any = self._table.search(vector.to_numpy(), vector_column_name="vector")
        search = search.distance_type("dot").nprobes(probe.partitions).refine_factor(probe.refine)
        return self._limited(search, query, "_distance").to_arrow()

    def textual(self, query: TableQuery, words: str) -> pa.Table:
        """The rows that hold any of ``words``, best BM25 first, with ``_score``."""
        search = self._table.search(words, query_type="fts", fts_columns="words")
        return self._limited(search, query, "_score").to_arrow()

    @staticmethod
    def _limited(search: Any, query: TableQuery, *scores: str) -> Any:
        search = search.select([*query.columns, *scores])
        if query.where:
            search = search.where(query.where, prefilter=True)
        return search.limit(query.limit)

    def close(self) -> None:
        """Let go of the table."""
