"""What is kept of the weights that were trained: low-rank factors of what changed in a matrix, vectors whole,
in half precision.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def kept(
    name: str, now: NDArray[np.float32], before: NDArray[np.generic], rank: int
) -> dict[str, NDArray[np.float32]]:
    """A weight of the encoder as it is kept; ``before``: what the default encoder has there."""
    if now.ndim == 1:
        return {name: now}
    up, down = factors(now - before.astype(np.float32), rank)
    return {f"{name}.up": up, f"{name}.down": down}


def factors(change: NDArray[np.float32], rank: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(out, rank) and (rank, in), whose product is nearest to ``change``."""
    u, sizes, v = np.linalg.svd(change, full_matrices=False)
    root = np.sqrt(sizes[:rank])
    return u[:, :rank] * root, root[:, None] * v[:rank]


def halved(found: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float16]]:
    """The weights in half precision."""
    return {name: np.ascontiguousarray(value, np.float16) for name, value in found.items()}
