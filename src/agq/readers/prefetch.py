"""Reading ahead in a process of its own, so that whoever indexes has a core to itself.

Half of the time of a large index's text stage goes into unpacking, parsing and cleaning, and Python runs on
one core. So another Python reads, and hands the records over in batches, in their order, a few batches ahead
at most: memory stays bounded. It knows nothing of the index, writes nothing, and ends when nobody listens.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from queue import Queue
from typing import IO, Any

from agq.errors import AgqError
from agq.files import STDIN
from agq.model import Paper, Rejected
from agq.readers import FieldMap, FieldMaps, Found, read
from agq.readers.sources import files

PREFETCH_BYTES_MIN = 8 * 1024 * 1024
"""Bytes of sources from which on another process pays: it takes half a second to start."""

RECORDS_PER_BATCH = 256
"""Records handed over at a time."""

BYTES_PER_BATCH = 1024 * 1024
"""Characters that close a batch before it is full: what is huge comes by itself."""

QUEUED_BATCHES_MAX = 16
"""Batches read ahead at most."""

Fields = Mapping[str, str | FieldMap]
Maker = Callable[[Paper, str], str]

_CODE = """
import marshal, sys
paths, *asked = marshal.load(sys.stdin.buffer)
sys.path[:] = paths
from agq.readers.prefetch import serve
serve(*asked)
"""
"""The other process: agq as this one found it, wherever that was."""

_paper = attrgetter(*Paper.__slots__)
_rejected = attrgetter(*Rejected.__slots__)


@contextmanager
def reading_ahead(
    sources: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    fields: Fields | None = None,
    made_by: Maker | None = None,
) -> Iterator[Iterator[Found]]:
    """The records of ``sources`` as :func:`agq.readers.read` gives them, read by another process where that
    pays: large files, more than one core, nothing from stdin.

    Parameters
    ----------
    made_by:
        A module's function, from a paper and its packed record to a string that is wanted too: the other
        process works it out, and the record has it as ``made``. Where this process reads, nothing is made.

    Raises
    ------
    AgqError
        While the records are taken: the other process has failed or was killed.
    """
    if _pays(sources, exclude):
        FieldMaps(fields or {})  # a field that no paper has is refused here
        with closing(_Ahead(list(sources), list(exclude), fields, _reference(made_by))) as ahead:
            yield ahead.records()
    else:
        yield read(sources, exclude=exclude, fields=fields)


def _pays(sources: Sequence[str], exclude: Sequence[str]) -> bool:
    if STDIN in sources or not sys.executable or (os.cpu_count() or 1) < 2:
        return False
    size = 0
    for found in files(sources, exclude):
        if isinstance(found, Path):
            with suppress(OSError):
                size += found.stat().st_size
        if size >= PREFETCH_BYTES_MIN:
            return True
    return False


class _Ahead:
    """The process that reads, and the thread that takes what it hands over."""

    def __init__(self, *asked: object) -> None:
        self._batches: Queue[Any] = Queue(QUEUED_BATCHES_MAX)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,  # a Ctrl-C is for whoever asked; this one is told to end
        )
        self._thread = threading.Thread(target=self._take, args=([sys.path, *asked],), daemon=True)
        self._thread.start()

    def _take(self, request: Any) -> None:
        assert self._process.stdin
        assert self._process.stdout
        with suppress(OSError), self._process.stdin as stdin:
            marshal.dump(request, stdin)
        for batch in _frames(self._process.stdout):
            self._batches.put(batch)
        self._batches.put(None)

    def records(self) -> Iterator[Found]:
        """What was read, in order."""
        while isinstance(batch := self._batches.get(), list):
            yield from map(_record, batch)
        if batch is None:
            raise AgqError(
                f"the sources could not be read to their end: {self._ended()}", hint="run this again"
            )
        told, trace = batch
        if told:
            error = AgqError(f"the sources could not be read: {told}", hint="run this again with --debug")
            error.add_note(trace)
            raise error

    def _ended(self) -> str:
        code = self._process.wait()
        return f"the reading process was ended by signal {-code}" if code < 0 else f"it ended with {code}"

    def close(self) -> None:
        """End the process, whatever it was at."""
        self._process.kill()
        self._process.wait()
        while self._thread.is_alive():
            with suppress(Exception):
                self._batches.get(timeout=0.05)  # the thread may wait for room
        if self._process.stdout:
            self._process.stdout.close()


def _record(held: tuple[Any, ...]) -> Found:
    source, is_paper, values, *told = held
    return Found(source, Paper(*values) if is_paper else Rejected(*values), *told)


def serve(
    sources: Sequence[str], exclude: Sequence[str], fields: Fields | None, made_by: tuple[str, str] | None
) -> None:
    """In the other process: hand over what is read, then how it ended."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a library prints is none of the records
        with suppress(BrokenPipeError):
            try:
                for batch in _batched(read(sources, exclude=exclude, fields=fields), _maker(made_by)):
                    _put(out, batch)
                _put(out, ("", ""))
            except BrokenPipeError:
                raise
            except Exception as error:  # told where somebody sees it
                _put(out, (" ".join(f"{type(error).__name__}: {error}".split()), traceback.format_exc()))


def _reference(function: Maker | None) -> tuple[str, str] | None:
    """By what the other process finds a function."""
    return (function.__module__, function.__qualname__) if function else None


def _maker(reference: tuple[str, str] | None) -> Maker:
    if not reference:
        return lambda *_: ""
    module, name = reference
    maker: Maker = getattr(import_module(module), name)
    return maker


def _batched(records: Iterable[Found], make: Maker) -> Iterator[list[tuple[Any, ...]]]:
    batch: list[tuple[Any, ...]] = []
    size = 0
    for record in records:
        item = record.item
        if isinstance(item, Paper):
            told = (record.record, record.layout, record.mapping, make(item, record.record))
            batch.append((record.source, True, _paper(item), *told))
            size += len(item.abstract) + sum(map(len, item.authors)) + len(record.record)
        else:
            batch.append((record.source, False, _rejected(item), "", record.layout, record.mapping))
        if len(batch) >= RECORDS_PER_BATCH or size >= BYTES_PER_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _put(out: IO[bytes], batch: Any) -> None:
    data = marshal.dumps(batch)
    out.write(len(data).to_bytes(8, "little") + data)
    out.flush()


def _frames(stream: IO[bytes]) -> Iterator[Any]:
    """What was put, up to where the stream ends or breaks off."""
    while len(head := stream.read(8)) == 8:
        size = int.from_bytes(head, "little")
        data = stream.read(size)
        if len(data) < size:
            return
        yield marshal.loads(data)
