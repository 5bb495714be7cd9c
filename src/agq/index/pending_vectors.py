"""Vectors made while asking, kept beside the table until the next run puts them in.

One file a question, written in one step, so that asking needs no lock and never waits for a writer.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from agq.files import replace_file

FOLDER = "kept"

PENDING_FILES_MAX = 1000
"""Beyond so many files nothing more is kept: reading them would cost more than it saves."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A vector, shape (dim,), and the ``embedded`` hash of the text that it was made from."""

    embedded: int
    vector: NDArray[np.float32]


def keep(generation: Path, vectors: Mapping[str, Kept]) -> None:
    """Keep vectors by paper id. Where that cannot be done, nothing happens."""
    if not vectors:
        return
    ids = list(vectors)
    stream = io.BytesIO()
    np.savez(
        stream,
        ids=np.array(ids),
        embedded=np.array([kept.embedded for kept in vectors.values()], np.int64),
        vectors=np.array([kept.vector for kept in vectors.values()], np.float16),
    )
    name = hashlib.blake2b("\n".join(ids).encode(), digest_size=10).hexdigest()
    with suppress(OSError):
        folder = generation / FOLDER
        folder.mkdir(exist_ok=True)
        if len(list(folder.iterdir())) < PENDING_FILES_MAX:
            replace_file(folder / f"{name}.npz", stream.getvalue())


def kept_vectors(generation: Path) -> dict[str, Kept]:
    """What has been kept. Damaged files count for nothing."""
    found: dict[str, Kept] = {}
    for file in sorted((generation / FOLDER).glob("*.npz")):
        with suppress(OSError, ValueError, KeyError, EOFError, BadZipFile), np.load(file) as held:
            made = map(Kept, held["embedded"].tolist(), held["vectors"].astype(np.float32))
            found |= dict(zip(held["ids"].tolist(), made, strict=True))
    return found


def forget(generation: Path) -> None:
    """Drop what has been kept: it stands in the table now."""
    for file in (generation / FOLDER).glob("*.npz"):
        with suppress(OSError):
            file.unlink()
