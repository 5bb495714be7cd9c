"""An index on an object store.

The layout is that of a folder, but a generation is never changed once it is asked: whoever writes makes a new
one, under a name that nobody else has, and moves ``current`` if it is still where it was. Two who write at
once leave one winner, and one who is told. What is mapped or read whole (manifest, encoder, frequencies,
names, centroid) is kept on this machine, a file by its hash. So is the table where it has no vector index and
every question would read all of it; a larger one is read where it is::

    CACHE/stores/
      blobs/SHA-256            what several indexes and generations have in common: the encoder
      HASH OF THE ADDRESS/     a mirror: an index whose generations have all, or all but the table
        origin                 the address
        work/                  a whole copy, where this machine has written to it
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from agq.errors import AgqError, IndexUnusable
from agq.files import replace_file
from agq.index.checksums import record, refuse_damaged
from agq.index.generations import drop_others
from agq.index.layout import (
    CURRENT,
    ELSEWHERE,
    GENERATIONS,
    MANIFEST,
    ORIGIN,
    Manifest,
    current_generation,
    is_index,
    make_current,
    new_generation,
    refuse_other_name,
)
from agq.index.lock import writing
from agq.index.maintenance import VECTOR_ROWS
from agq.index.reading import ReadersLock
from agq.index.store import DAY, NO_FILE, Store, Tag
from agq.index.transfer import (
    bring_small,
    bring_table,
    drop_unused,
    hashes,
    put_table,
    send_small,
    send_table,
)

BLOBS = "blobs"


def home_at(url: str, generation: str) -> str:
    """What holds the table of a generation, for all who can read the store."""
    return f"{url}/{GENERATIONS}/{generation}"


def refresh(url: str, mirror: Path, *, table: bool = False) -> Tag:
    """Bring a mirror to what is asked now; the tag of ``current``, ``NO_FILE`` where there is no index.

    ``table``: with the table, where it is one to be kept here. One request where nothing has changed.
    """
    store = Store(url)
    found = store.tagged(CURRENT)
    mirror.mkdir(parents=True, exist_ok=True)
    replace_file(mirror / ORIGIN, f"{url}\n".encode())
    if found is None:
        (mirror / CURRENT).unlink(missing_ok=True)
        return NO_FILE
    generation = mirror / GENERATIONS / _name(url, found.content)
    if not (generation / MANIFEST).exists():
        _mirrored(store, generation, mirror.parent / BLOBS)
    if table and (generation / ELSEWHERE).exists() and Manifest.read(generation).papers < VECTOR_ROWS:
        _with_table(store, generation)
    if not is_index(mirror) or current_generation(mirror) != generation:
        make_current(generation)
        drop_others(mirror, generation)
        drop_unused(mirror.parent / BLOBS)
    return found.tag


def stage(url: str, mirror: Path) -> Path:
    """A new generation in a mirror, whose table goes to the store."""
    made = mirror / GENERATIONS / _new_name()
    made.mkdir(parents=True)
    (made / "readers").touch()
    replace_file(made / ELSEWHERE, f"{home_at(url, made.name)}\n".encode())
    return made


def publish(url: str, generation: Path, tag: Tag) -> None:
    """Write the small files of a generation, whose table is there, and have it asked from now on.

    ``tag``: of the ``current`` that the run began with.

    Raises
    ------
    AgqError
        Another one has been quicker.
    """
    store = Store(url)
    found = store.tagged(CURRENT)
    before = _place(_name(url, found.content)) if found else ""
    send_small(store, generation, _place(generation.name), before)
    if not store.replace(CURRENT, f"{generation.name}\n".encode(), tag):
        raise AgqError(
            f"another agq has written to {url} meanwhile: what it wrote stands, this run changed nothing",
            hint="run this again",
        )
    _clean(store, generation.name)


def push(folder: Path, url: str, tag: Tag | None = None) -> str:
    """Copy the index in a folder to the store; the name that it has there.

    ``tag`` as for ``publish``; where it is None, whatever is there now is replaced.
    """
    store = Store(url)
    found = store.tagged(CURRENT)
    if tag is None:
        tag = found.tag if found else NO_FILE
    before = _place(_name(url, found.content)) if found else ""
    with _read(folder) as generation:
        refuse_damaged(generation, thorough=True)
        with _copied_as(generation) as staged:
            send_table(store, generation, _place(staged.name), before)
            publish(url, staged, tag)
            return staged.name


def pull(url: str, folder: Path, mirror: Path | None = None) -> Manifest:
    """Copy the index at ``url`` into a folder, beside what is there, and have it asked there.

    ``mirror``: of the same index, whose files are linked where they are the same.

    Raises
    ------
    IndexUnusable
        There is none at ``url``.
    """
    store = Store(url)
    found = store.tagged(CURRENT)
    if found is None:
        raise IndexUnusable(f"there is no index at {url}", hint=f"agq index SOURCE --index {url}")
    there = _place(_name(url, found.content))
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder):
        generation = new_generation(folder)
        bring_small(store, there, generation, mirror.parent / BLOBS if mirror else None)
        bring_table(store, there, generation, _held_in(mirror) if mirror else ())
        record(generation)
        make_current(generation)
        drop_others(folder, generation)
        return Manifest.read(generation)


def _held_in(mirror: Path) -> list[Path]:
    """The generations in a mirror and in the copy that is worked on: they have most of a later table."""
    return [*mirror.glob(f"{GENERATIONS}/*"), *mirror.glob(f"*/{GENERATIONS}/*")]


def _name(url: str, content: bytes) -> str:
    name = content.decode("ascii", "replace").strip()
    refuse_other_name(name, f"{url}/{CURRENT}")
    return name


def _new_name() -> str:
    """A name that nobody else has, later than all before."""
    return f"{time.time_ns()}{random.SystemRandom().randrange(1000):03d}"


def _place(generation: str) -> str:
    """Where a generation's files are in the store: how their names begin."""
    return f"{GENERATIONS}/{generation}/"


def _mirrored(store: Store, generation: Path, blobs: Path) -> None:
    """A generation's small files, made complete under another name first."""
    generation.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=generation.parents[1], prefix=".") as folder:
        half = Path(folder) / "half"
        half.mkdir()
        bring_small(store, _place(generation.name), half, blobs)
        replace_file(half / ELSEWHERE, f"{home_at(store.url, generation.name)}\n".encode())
        record(half)
        with suppress(OSError):  # another process was quicker
            half.rename(generation)


def _with_table(store: Store, generation: Path) -> None:
    """The table to the rest of a generation; from then on it is read here."""
    mirror = generation.parents[1]
    with tempfile.TemporaryDirectory(dir=mirror, prefix=".") as folder:
        bring_table(store, _place(generation.name), Path(folder), _held_in(mirror))
        put_table(Path(folder), generation)
    record(generation)
    (generation / ELSEWHERE).unlink(missing_ok=True)


@contextmanager
def _read(folder: Path) -> Iterator[Path]:
    """The generation that is asked in a folder; nobody removes it meanwhile."""
    generation = current_generation(folder)
    lock = ReadersLock(generation)
    try:
        yield generation
    finally:
        lock.release()


@contextmanager
def _copied_as(generation: Path) -> Iterator[Path]:
    """The small files of a generation under a name of their own."""
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / _new_name()
        for name in hashes(generation):
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(generation / name, staged / name)
        yield staged


def _clean(store: Store, current: str) -> None:
    """Remove generations from a day before this one and earlier: of runs that were killed, and asked then.

    The one that was asked up to now has readers still.
    """
    names = store.names(GENERATIONS)
    made = sorted({name.split("/")[1] for name in names}, key=int)
    before = made[: made.index(current)]
    old = [name for name in before[:-1] if int(name[:-3] or 0) < time.time_ns() - DAY.total_seconds() * 1e9]
    store.drop([name for name in names if name.split("/")[1] in old])
