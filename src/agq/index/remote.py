"""An index on an object store.

The layout is that of a folder, but a generation is never changed once it is asked: whoever writes makes a new
one, under a name that nobody else has, and moves ``current`` if it is still where it was. Two who write at
once leave one winner, and one who is told. The table is read where it is. What is mapped or read whole
(manifest, encoder, frequencies, names, centroid) is kept on this machine, a file by its hash::

    CACHE/stores/
      blobs/SHA-256            what several indexes and generations have in common: the encoder
      HASH OF THE ADDRESS/     a mirror: an index whose generations have all but the table
        origin                 the address
        work/                  a whole copy, where this machine has written to it
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from agq.errors import AgqError, IndexUnusable
from agq.files import replace_file
from agq.index.checksums import CHECKSUMS_FILE as SUMS
from agq.index.checksums import record, refuse_damaged
from agq.index.generations import drop_others
from agq.index.layout import (
    CURRENT,
    ELSEWHERE,
    GENERATIONS,
    MANIFEST,
    ORIGIN,
    TABLE,
    Manifest,
    current_generation,
    is_index,
    make_current,
    new_generation,
    refuse_other_name,
)
from agq.index.lock import writing
from agq.index.reading import ReadersLock
from agq.index.store import DAY, Store

FILES = "files.json"
"""The small files of a generation and their hashes; written when all of them are there."""

BLOBS = "blobs"
_LEFT_OUT = frozenset({"readers", ELSEWHERE, SUMS, FILES})
_TABLE = f"{TABLE}.lance/"
_KEPT = "kept/"


def refresh(url: str, mirror: Path) -> str:
    """Bring a mirror to what is asked now; the tag of ``current``, empty where there is no index.

    One request where nothing has changed.
    """
    store = Store(url)
    found = store.tagged(CURRENT)
    mirror.mkdir(parents=True, exist_ok=True)
    replace_file(mirror / ORIGIN, f"{url}\n".encode())
    if found is None:
        (mirror / CURRENT).unlink(missing_ok=True)
        return ""
    generation = mirror / GENERATIONS / _name(url, found.content)
    if not (generation / MANIFEST).exists():
        _mirrored(store, generation, mirror.parent / BLOBS)
    if not is_index(mirror) or current_generation(mirror) != generation:
        make_current(generation)
        drop_others(mirror, generation)
    return found.tag


def stage(url: str, mirror: Path) -> Path:
    """A new generation in a mirror, whose table goes to the store."""
    made = mirror / GENERATIONS / _new_name()
    made.mkdir(parents=True)
    (made / "readers").touch()
    replace_file(made / ELSEWHERE, f"{url}/{GENERATIONS}/{made.name}\n".encode())
    return made


def publish(url: str, generation: Path, tag: str) -> None:
    """Write the small files of a generation, whose table is there, and have it asked from now on.

    ``tag``: of the ``current`` that the run began with.

    Raises
    ------
    AgqError
        Another one has been quicker.
    """
    store = Store(url)
    small = _small(generation)
    for name in small:
        store.upload(generation / name, f"{GENERATIONS}/{generation.name}/{name}")
    store.put(f"{GENERATIONS}/{generation.name}/{FILES}", json.dumps(small, indent=0).encode())
    if not store.replace(CURRENT, f"{generation.name}\n".encode(), tag):
        raise AgqError(
            f"another agq has written to {url} meanwhile: what it wrote stands, this run changed nothing",
            hint="run this again",
        )
    _clean(store, generation.name)


def push(folder: Path, url: str, tag: str | None = None) -> str:
    """Copy the index in a folder to the store; the name that it has there.

    ``tag`` as for ``publish``; where it is None, whatever is there now is replaced.
    """
    store = Store(url)
    if tag is None:
        held = store.tagged(CURRENT)
        tag = held.tag if held else ""
    with _read(folder) as generation:
        refuse_damaged(generation, thorough=True)
        with _copied_as(generation) as staged:
            for name, file in _files(generation):
                if name.startswith(_TABLE):
                    store.upload(file, f"{GENERATIONS}/{staged.name}/{name}")
            publish(url, staged, tag)
            return staged.name


def pull(url: str, folder: Path) -> Manifest:
    """Copy the index at ``url`` into a folder, beside what is there, and have it asked there.

    Raises
    ------
    IndexUnusable
        There is none at ``url``.
    """
    store = Store(url)
    held = store.tagged(CURRENT)
    if held is None:
        raise IndexUnusable(f"there is no index at {url}", hint=f"agq index SOURCE --index {url}")
    there = f"{GENERATIONS}/{_name(url, held.content)}/"
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder):
        generation = new_generation(folder)
        _fetch(store, there, generation, None)
        sizes = store.names(f"{there}{_TABLE}".rstrip("/"))
        for name, size in sizes.items():
            file = _inside(generation, name.removeprefix(there))
            file.parent.mkdir(parents=True, exist_ok=True)
            store.download(name, file)
            if file.stat().st_size != size:
                raise AgqError(f"{url}/{name} came broken off", hint="run this again")
        record(generation)
        make_current(generation)
        drop_others(folder, generation)
        return Manifest.read(generation)


def _name(url: str, content: bytes) -> str:
    name = content.decode("ascii", "replace").strip()
    refuse_other_name(name, f"{url}/{CURRENT}")
    return name


def _new_name() -> str:
    """A name that nobody else has, later than all before."""
    return f"{time.time_ns()}{random.SystemRandom().randrange(1000):03d}"


def _mirrored(store: Store, generation: Path, blobs: Path) -> None:
    """A generation's small files, made complete under another name first."""
    generation.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=generation.parents[1], prefix=".") as folder:
        half = Path(folder) / "half"
        half.mkdir()
        _fetch(store, f"{GENERATIONS}/{generation.name}/", half, blobs)
        replace_file(half / ELSEWHERE, f"{store.url}/{GENERATIONS}/{generation.name}\n".encode())
        record(half)
        with suppress(OSError):  # another process was quicker
            half.rename(generation)


def _fetch(store: Store, there: str, generation: Path, blobs: Path | None) -> None:
    """The small files of a generation, from those that are here, by their hashes, or from the store."""
    told = store.get(there + FILES)
    if told is None:
        raise IndexUnusable(
            f"{store.url}/{there} is not whole", hint="agq doctor, or agq index --rebuild SOURCE"
        )
    (generation / "readers").touch()
    files: Mapping[str, str] = json.loads(told)
    for name, sha256 in files.items():
        file = _inside(generation, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        if blobs is None:
            _checked(store, there + name, file, sha256)
        else:
            _linked(_blob(store, there + name, blobs, sha256), file)


def _inside(generation: Path, name: str) -> Path:
    """A file of a generation. What lies in a store may be somebody else's: no name leads elsewhere."""
    file = generation / name
    if not file.resolve().is_relative_to(generation.resolve()):
        raise IndexUnusable(f"the index has a file called {name}", hint="agq index --rebuild SOURCE")
    return file


def _blob(store: Store, name: str, blobs: Path, sha256: str) -> Path:
    blob = blobs / sha256
    if not blob.exists():
        blobs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=blobs, prefix=".") as folder:
            half = Path(folder) / "half"
            _checked(store, name, half, sha256)
            half.replace(blob)
    return blob


def _checked(store: Store, name: str, file: Path, sha256: str) -> None:
    store.download(name, file)
    if _sha256(file) != sha256:
        file.unlink()
        raise IndexUnusable(f"{store.url}/{name} is not what was written", hint="agq index --rebuild SOURCE")


def _linked(blob: Path, file: Path) -> None:
    try:
        os.link(blob, file)
    except OSError:  # on another disk, or on one that has no links
        shutil.copyfile(blob, file)


def _small(generation: Path) -> dict[str, str]:
    """The files beside the table that make an index, and their hashes."""
    return {
        name: _sha256(file)
        for name, file in _files(generation)
        if name not in _LEFT_OUT and not name.startswith((_TABLE, _KEPT))
    }


def _files(generation: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(generation.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            yield file.relative_to(generation).as_posix(), file


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
        for name in _small(generation):
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
