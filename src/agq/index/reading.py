"""Who reads: readers never wait for a writer, and nothing is deleted under their feet."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
