"""Whether the sources of an index have changed since it was made, without reading them."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from agq import zotero
from agq.errors import UsageError

LOOKING_SECONDS_MAX = 0.04
"""Seconds that looking may take. A large tree is looked at as far as that goes: the notice is a courtesy."""


def changed(sources: Sequence[str], updated: str, *, limit: float = LOOKING_SECONDS_MAX) -> Iterator[str]:
    """Those sources that hold something newer than ``updated`` (ISO 8601), or are gone."""
    try:
        # the index tells the second, a file the nanosecond
        since = datetime.fromisoformat(updated).timestamp() + 1
    except ValueError:
        return
    until = time.monotonic() + limit
    for source in sources:
        if not _is_pattern(source) and _newer(_place(source), since, until):
            yield source
        if time.monotonic() > until:
            return


def _place(source: str) -> Path:
    """The file or folder that a source is, or whose part it is."""
    if zotero.asked(source) is not None:
        with contextlib.suppress(UsageError):
            return zotero.located(Path.home())
    part = zotero.named(source)
    return part.path if part else Path(source)


def _is_pattern(source: str) -> bool:
    return any(mark in source for mark in "*?[") and not Path(source).exists()


def _newer(path: Path, since: float, until: float) -> bool:
    try:
        if path.stat().st_mtime > since:
            return True
        return path.is_dir() and _holds_newer(path, since, until)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _holds_newer(folder: Path, since: float, until: float) -> bool:
    """A folder's own time tells of files that came and went, its files' times of changes in them."""
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.stat().st_mtime > since:
                    return True
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                if time.monotonic() > until:
                    return False
    return False
