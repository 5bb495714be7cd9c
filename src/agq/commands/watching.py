"""Sources that are looked at again and again, and read when they have changed and been quiet for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from agq import zotero
from agq.commands import screen
from agq.config import Settings
from agq.errors import AgqError, UsageError

LOOK_PAUSE_SECONDS = 3.0
"""Seconds between two looks; what has changed is read when two of them see the same."""

State = frozenset[tuple[str, int, int]]
"""The files of some sources, with time and size."""


def seen(sources: Sequence[str], exclude: Sequence[str], library: Callable[[], Path]) -> State:
    """What the sources look like now. ``library``: where the user's Zotero library is."""
    return frozenset(_looked_at(path) for path in _places(sources, exclude, library))


def _places(sources: Sequence[str], exclude: Sequence[str], library: Callable[[], Path]) -> Iterator[Path]:
    from agq.model import Rejected
    from agq.readers.sources import files

    for source in sources:
        if zotero.asked(source):
            with suppress(UsageError):  # no library is a state, too
                yield library()
            continue
        if part := zotero.named(source):
            yield part.path
            continue
        for found in files([source], exclude):
            yield Path(found.source if isinstance(found, Rejected) else found)


def _looked_at(path: Path) -> tuple[str, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), stat.st_mtime_ns, stat.st_size


def watch(
    run: Callable[[], None],
    look: Callable[[], State],
    settings: Settings,
    *,
    pause: float = LOOK_PAUSE_SECONDS,
) -> None:
    """Run now, and again whenever what is looked at has changed, until somebody stops it.

    An error is reported once, not at each look, and tried again when the sources change.
    """
    before = look()
    run()
    screen.notice(settings, "watching; Ctrl-C ends it")
    while True:
        time.sleep(pause)
        now = look()
        if now == before:
            continue
        time.sleep(pause)
        if look() != now:
            continue
        before = now
        try:
            run()
        except AgqError as error:
            screen.tell_error(error.message, error.hint)
