"""Where the middle of an index lies: the mean of its papers' vectors, and how long their texts are.

A question near the middle is about what the index is about. Measured at the end of a run, kept in one small
file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from agq.errors import IndexUnusable
from agq.files import replace_file
from agq.index.schema import said_terms

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

FILE = "centroid.npz"

SAMPLED_PAPERS = 40_000
"""Beyond so many papers, as many are measured, chosen by their hash: the mean stands long before."""


@dataclass(frozen=True, slots=True)
class Centroid:
    """``vector``: the mean of the unit rows, shape (dim,), shorter than 1 the wider the papers' topics are
    spread.

    ``length``: the mean number of terms of title and abstract.
    """

    vector: NDArray[np.float32]
    length: float

    def write(self, generation: Path) -> None:
        """Put the centroid into its generation, in one step."""
        stream = io.BytesIO()
        np.savez(stream, vector=self.vector, length=np.float32(self.length))
        replace_file(generation / FILE, stream.getvalue())

    @classmethod
    def read(cls, generation: Path) -> Centroid | None:
        """The centroid of a generation; None where it was not measured yet.

        Raises
        ------
        IndexUnusable
            It is damaged.
        """
        try:
            with np.load(generation / FILE) as held:
                return cls(held["vector"].astype(np.float32), float(held["length"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise IndexUnusable(
                f"{generation / FILE} is damaged: {error}", hint="agq index --rebuild SOURCE"
            ) from error


def measure(rows: Callable[[Sequence[str], str], Iterable[pa.RecordBatch]], papers: int) -> Centroid | None:
    """The centroid of an index of so many papers, from its ``rows(columns, where)``; None where there are no
    vectors."""
    step = papers // SAMPLED_PAPERS
    where = "vector IS NOT NULL" + (f" AND embedded % {step} = 0" if step > 1 else "")
    total: NDArray[np.float64] | float = 0.0
    length = count = 0
    for batch in rows(("words", "vector"), where):
        flat = np.asarray(batch.column("vector").flatten(), np.float64)
        total = total + flat.reshape(len(batch), -1).sum(axis=0)
        length += sum(len(said_terms(words)) for words in batch.column("words").to_pylist())
        count += len(batch)
    return Centroid((np.asarray(total) / count).astype(np.float32), length / count) if count else None
