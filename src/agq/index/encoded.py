"""Vectors of a run that is not finished, kept where all of its processes can write.

A file holds those of a batch of texts and is named by the encoder and the texts. So a run that was killed
finds what it has encoded, two processes that encode the same batch do no harm, and nothing has to be told
about who has done what.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agq.files import replace_file


class Files(Protocol):
    """Small files by name, each written whole or not at all."""

    def get(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""

    def put(self, name: str, content: bytes) -> None:
        """Write a file."""

    def clear(self) -> None:
        """Remove them all."""


class Folder:
    """Files in a folder of a disk that all processes see."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""
        try:
            return (self._path / name).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, name: str, content: bytes) -> None:
        """Write a file."""
        self._path.mkdir(parents=True, exist_ok=True)
        replace_file(self._path / name, content)

    def clear(self) -> None:
        """Remove them all."""
        shutil.rmtree(self._path, ignore_errors=True)


def batch_name(weights: str, embedded: Sequence[int]) -> str:
    """What the file of a batch is called: by the encoder's weights and the hashes of the texts."""
    told = hashlib.blake2b(weights.encode(), digest_size=16)
    told.update(np.asarray(embedded, np.int64).tobytes())
    return f"{told.hexdigest()}.npy"


def packed(vectors: NDArray[np.float32]) -> bytes:
    """Vectors as their file holds them."""
    stream = io.BytesIO()
    np.save(stream, vectors.astype(np.float16))
    return stream.getvalue()


def unpacked(content: bytes) -> NDArray[np.float16]:
    """The vectors in a file."""
    held: NDArray[np.float16] = np.load(io.BytesIO(content))
    return held
