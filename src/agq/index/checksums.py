"""Whether the files of an index are still what was written: a checksum of each, beside them.

The engine keeps none of its own for most of what it writes: a flipped bit would change an abstract, a vector
or a posting, and an answer with it, in silence. Against chance, not against malice: who can write the folder
can write the sums too.
"""

from __future__ import annotations

import json
import os
import random
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from agq.errors import IndexUnusable
from agq.files import replace_file
from agq.index.layout import TABLE

CHECKSUMS_FILE = "sums.json"

ALWAYS_CHECKED_BYTES = 64 * 1024 * 1024
"""Bytes that are summed each time an index is opened, in some hundredths of a second. Of a larger one, others
each time, beside all files that were touched since they were written. A run that writes, and ``agq doctor``,
sum them all; and whatever was summed, ``agq.index.rows`` looks at the papers that are read."""

_TABLE = f"{TABLE}.lance/"
_NEVER_CHANGED = (_TABLE, "encoder/")
_REPLACED = ("manifest.json", "frequencies", "authors", "venues", "centroid.npz")
_REWRITTEN = "latest_version_hint.json"
"""The engine writes this anew with each commit, and does without it where it is wrong."""
_PIECE_BYTES = 1024 * 1024

Sums = Mapping[str, tuple[int, int, int]]
"""A file below the generation -> its size in bytes, its time of change in nanoseconds, its CRC-32."""


def record(generation: Path) -> None:
    """Sum what is there; a file that was summed before, and not touched since, keeps its sum."""
    before = _recorded(generation)
    sums: dict[str, tuple[int, int, int]] = {}
    for name, file in _files(generation):
        status = file.stat()
        held = before.get(name)
        known = held is not None and held[:2] == (status.st_size, status.st_mtime_ns)
        sums[name] = held if held and known else (status.st_size, status.st_mtime_ns, _crc(file))
    replace_file(generation / CHECKSUMS_FILE, json.dumps(sums, indent=0).encode())


def damaged(generation: Path, *, thorough: bool = False) -> list[str]:
    """The files that are not what was written, by name.

    One that is gone is not among them: the engine removes files, and tells where it misses one. One that is
    replaced now and then may be newer than its sum, if a run was killed in between: that proves nothing.
    """
    sums = _recorded(generation)
    chosen = set(sums) if thorough else _chosen(sums)
    return [name for name, held in sums.items() if _differs(generation / name, name, held, name in chosen)]


def _chosen(sums: Sums) -> set[str]:
    """So many files as are cheap to sum: those that are not the table's first, then any, by chance."""
    left, chosen = ALWAYS_CHECKED_BYTES, set()
    for name in sorted(sums, key=lambda name: (name.startswith(_TABLE), random.random())):
        if sums[name][0] <= left:
            left -= sums[name][0]
            chosen.add(name)
    return chosen


def refuse_damaged(generation: Path, *, thorough: bool = False) -> None:
    """Let nobody read, and nobody build upon, what has changed since it was written.

    Raises
    ------
    IndexUnusable
        Names the file.
    """
    if found := damaged(generation, thorough=thorough):
        raise IndexUnusable(
            f"{generation / found[0]} is damaged: it has changed since it was written",
            hint="agq index --rebuild SOURCE",
        )


def _differs(file: Path, name: str, held: tuple[int, int, int], chosen: bool) -> bool:
    size, changed, crc = held
    try:
        status = file.stat()
        touched = status.st_mtime_ns != changed
        if touched and not name.startswith(_NEVER_CHANGED):
            return False
        return status.st_size != size or ((touched or chosen) and _crc(file) != crc)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _recorded(generation: Path) -> Sums:
    try:
        held: dict[str, list[int]] = json.loads((generation / CHECKSUMS_FILE).read_text(encoding="utf-8"))
        return {name: (size, changed, crc) for name, (size, changed, crc) in held.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise IndexUnusable(
            f"{generation / CHECKSUMS_FILE} is damaged: {error}", hint="agq index --rebuild SOURCE"
        ) from error


def _files(generation: Path) -> Iterator[tuple[str, Path]]:
    for folder, _, names in os.walk(generation):
        for name in names:
            file = Path(folder, name)
            below = file.relative_to(generation).as_posix()
            if name != _REWRITTEN and (below.startswith(_NEVER_CHANGED) or below in _REPLACED):
                yield below, file


def _crc(file: Path) -> int:
    crc = 0
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            crc = zlib.crc32(piece, crc)
    return crc
