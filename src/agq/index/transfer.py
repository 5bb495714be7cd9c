"""The files of a generation to an object store and from it.

The table's data and index files are written once, under names that are never given twice: one that is there
already, on this machine or in the store, is linked or copied there and not sent again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from agq.errors import AgqError, IndexUnusable
from agq.index.checksums import CHECKSUMS_FILE, damaged
from agq.index.layout import ELSEWHERE, TABLE
from agq.index.store import DAY, Store

FILES = "files.json"
"""The small files of a generation and their hashes; written when all of them are there."""

FILES_AT_ONCE = 8

COPIED_BYTES_MAX = 5 * 10**9
"""What S3 copies in one request."""

_TABLE = f"{TABLE}.lance"
_LEFT_OUT = frozenset({"readers", ELSEWHERE, CHECKSUMS_FILE, FILES})
_KEPT = "kept/"
_WRITTEN_ONCE = tuple(f"{_TABLE}/{part}/" for part in ("data", "_indices", "_deletions"))


def send_table(store: Store, generation: Path, to: str, before: str) -> None:
    """The table of a generation to the place ``to`` in the store; what is at ``before`` too is copied."""
    there = store.names(before + _TABLE) if before else {}

    def send(name: str, file: Path) -> None:
        size = file.stat().st_size
        if name.startswith(_WRITTEN_ONCE) and there.get(before + name) == size <= COPIED_BYTES_MAX:
            store.copy(before + name, to + name)
        else:
            store.upload(file, to + name)

    _all(send, [one for one in files(generation) if one[0].startswith(f"{_TABLE}/")])


def bring_table(store: Store, there: str, folder: Path, held: Iterable[Path]) -> None:
    """The table at the place ``there`` in the store into a folder, what generations here have linked."""
    here = _reusable(held)

    def bring(path: str, size: int) -> None:
        name = path.removeprefix(there)
        file = inside(folder, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        if not (name in here and _taken(here[name], file, size)):
            store.download(path, file)
        if file.stat().st_size != size:
            raise AgqError(f"{store.url}/{path} came broken off", hint="run this again")

    _all(bring, list(store.names(there + _TABLE).items()))


def put_table(from_: Path, generation: Path) -> None:
    """The table in a folder into a generation, in one step; one that is there stays."""
    with suppress(OSError):  # another process was quicker
        (from_ / _TABLE).rename(generation / _TABLE)


def send_small(store: Store, generation: Path, to: str, before: str) -> None:
    """The files beside the table, and last the list of them; what is at ``before`` too is copied."""
    small = hashes(generation)
    held = _listed(store, before) if before else {}

    def send(name: str, sha256: str) -> None:
        if held.get(name) == sha256:
            store.copy(before + name, to + name)
        else:
            store.upload(generation / name, to + name)

    _all(send, list(small.items()))
    store.put(to + FILES, json.dumps(small, indent=0).encode())


def bring_small(store: Store, there: str, folder: Path, blobs: Path | None) -> None:
    """The same from the store; with ``blobs``, from those that are there by their hashes."""
    small = _listed(store, there)
    (folder / "readers").touch()
    for name, sha256 in small.items():
        file = inside(folder, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        if blobs is None:
            _checked(store, there + name, file, sha256)
        else:
            _linked(_blob(store, there + name, blobs, sha256), file)


def drop_unused(blobs: Path) -> None:
    """Remove the files that no generation is linked to, and none is about to be."""
    before = time.time() - DAY.total_seconds()
    for blob in blobs.glob("*"):
        with suppress(OSError):
            status = blob.stat()
            if status.st_nlink == 1 and status.st_mtime < before:
                blob.unlink()


def files(generation: Path) -> Iterator[tuple[str, Path]]:
    """All files of a generation and their names in it."""
    for file in sorted(generation.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            yield file.relative_to(generation).as_posix(), file


def hashes(generation: Path) -> dict[str, str]:
    """The files beside the table that make an index, and their hashes."""
    return {
        name: _sha256(file)
        for name, file in files(generation)
        if name not in _LEFT_OUT and not name.startswith((f"{_TABLE}/", _KEPT))
    }


def inside(generation: Path, name: str) -> Path:
    """A file of a generation. What lies in a store may be somebody else's: no name leads elsewhere."""
    file = generation / name
    if not file.resolve().is_relative_to(generation.resolve()):
        raise IndexUnusable(f"the index has a file called {name}", hint="agq index --rebuild SOURCE")
    return file


def _listed(store: Store, there: str) -> Mapping[str, str]:
    """The small files of a generation in the store, and their hashes.

    Raises
    ------
    IndexUnusable
        It has none: whoever wrote it has not ended.
    """
    told = store.get(there + FILES)
    if told is None:
        raise IndexUnusable(
            f"{store.url}/{there} is not whole", hint="agq doctor, or agq index --rebuild SOURCE"
        )
    small: Mapping[str, str] = json.loads(told)
    return small


def _all(call: Callable[..., None], arguments: Iterable[tuple[object, ...]]) -> None:
    """Calls, some at once; the first error is raised when all have ended."""
    with ThreadPoolExecutor(FILES_AT_ONCE) as at_once:
        running = [at_once.submit(call, *some) for some in arguments]
    for one in running:
        one.result()


def _reusable(held: Iterable[Path]) -> dict[str, Path]:
    """Files of tables that are here, are still what was written, and stay so."""
    found: dict[str, Path] = {}
    for generation in held:
        with suppress(OSError, IndexUnusable):
            broken = set(damaged(generation, thorough=True))
            here = dict(files(generation))
            found |= {name: here[name] for name in here.keys() - broken if name.startswith(_WRITTEN_ONCE)}
    return found


def _taken(there: Path, file: Path, size: int) -> bool:
    """Whether a file was there in this size, and now is here too."""
    try:
        if there.stat().st_size != size:
            return False
        _linked(there, file)
    except OSError:
        return False
    return True


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


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
