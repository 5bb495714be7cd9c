"""Who writes, and who reads: one writer an index; readers never wait, but nothing is deleted while they
read."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from agq.errors import IndexLocked
from agq.index.layout import write_atomically

LOCK = "lock"
HOLDER = "lock.json"


@contextmanager
def writing(index: Path, *, wait: float = 0.0) -> Iterator[None]:
    """The right to write to an index; another process's is waited for up to ``wait`` seconds.

    Raises
    ------
    IndexLocked
        Another process holds it. The message says which.
    """
    lock = FileLock(index / LOCK, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise IndexLocked(
            f"another agq writes to {index}: {_holder(index)}",
            hint="wait until it is done, then run this again",
        ) from None
    try:
        write_atomically(index / HOLDER, json.dumps(_self()).encode())
        yield
    finally:
        with suppress(OSError):
            (index / HOLDER).unlink(missing_ok=True)
        lock.release()


def _self() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _holder(index: Path) -> str:
    try:
        held = json.loads((index / HOLDER).read_text(encoding="utf-8"))
        return f"process {held['pid']} on {held['host']}, since {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has not said which process it is"


class ReadersLock:
    """Held, shared, by everyone who reads a generation: what is deleted is deleted when nobody holds it.

    On a read-only or foreign file system there may be nothing to hold: there is no one to delete either.
    """

    TRIES = 10
    PAUSE = 0.02
    """Seconds between tries while old files are being deleted, which takes a fraction of a second."""

    def __init__(self, generation: Path) -> None:
        self._handle: int | None = None
        for _ in range(self.TRIES):
            try:
                self._handle = _flock(generation, fcntl.LOCK_SH)
                break
            except BlockingIOError:
                time.sleep(self.PAUSE)
            except OSError:
                break

    def release(self) -> None:
        """Let go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def nobody_reading(generation: Path) -> Iterator[bool]:
    """Whether nobody reads a generation; while the block runs, nobody begins to (for long)."""
    try:
        handle = _flock(generation, fcntl.LOCK_EX)
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)


def _flock(generation: Path, kind: int) -> int:
    handle = os.open(generation / "readers", os.O_RDONLY)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
