"""LanceDB's native module: how it is loaded without ``import lancedb``, and each of the calls into it.

Importing the package takes 1 to 2 seconds, most of it for the client of its cloud service. All that a
query needs is its native module, which loads in a twentieth of that. So the module is loaded from its
file, under its own name, and asked through the few calls below. None of them is a promise of lancedb's: a
table says by ``is_as_expected`` whether they are as they are used here.
"""

from __future__ import annotations

import asyncio
import importlib.machinery
import importlib.util
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from agq.index.layout import TABLE
from agq.index.query import BATCH_ROWS, Probe, TableQuery, arrow_vector

Result = TypeVar("Result")

NATIVE = "lancedb._lancedb"

PANIC = "RustPanic"
"""The class, in no module that can be imported, of what the engine throws at bytes that it did not write."""


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
