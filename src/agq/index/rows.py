"""Whether the rows that an answer rests on are what was written, whatever the size of the index.

Opening a large index sums a part of its files (``agq.index.checksums``). A row brings its own proof along:
hashes of what is encoded, of what is only stored, and of its id. Working them out again takes some
microseconds, so every paper that is read for an answer, a list or a citation is held against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agq.errors import IndexUnusable
from agq.index.schema import PAPER_COLUMNS, embedded_hash, hash64, stored_hash, to_paper
from agq.model import Paper
from agq.records import Work, id_key

CHECKED_COLUMNS = (*PAPER_COLUMNS, "sources", "keys", "embedded", "stored", "recorded")
"""What ``checked`` needs of a row."""

LENGTH_TOLERANCE = 0.02
"""How far a vector may be from unit length: float16 keeps it within 0.001, a flipped exponent does not."""


def checked(row: Mapping[str, Any]) -> Paper:
    """The paper of a row that holds ``CHECKED_COLUMNS``.

    Raises
    ------
    IndexUnusable
        The row is not what was written.
    """
    try:
        paper = to_paper(row)
        whole = _is_written(paper, row)
    except (TypeError, AttributeError):  # a value that is never missing is
        whole = False
    if not whole:
        raise _damaged(f"the row of paper {str(row['id'])[:80]!r}")
    return paper


def _is_written(paper: Paper, row: Mapping[str, Any]) -> bool:
    ids = {hash64(f"id:{paper.id}"), hash64(id_key(paper.id))}
    return (
        embedded_hash(paper) == row["embedded"]
        and stored_hash(paper, row["sources"].split("\n"), row["recorded"]) == row["stored"]
        and not ids.isdisjoint(row["keys"])
    )


def checked_work(row: Mapping[str, Any]) -> Work:
    """The paper and the record of a row that holds ``CHECKED_COLUMNS`` and ``record``.

    Raises
    ------
    IndexUnusable
        The row is not what was written.
    """
    paper = checked(row)
    if hash64(row["record"] or "") != row["recorded"]:
        raise _damaged(f"the record of paper {paper.id[:80]!r}")
    return Work(paper, row["record"])


def unit(vector: Sequence[float] | NDArray[np.float32]) -> NDArray[np.float32]:
    """A stored vector, shape (dim,), at unit length again: float16 leaves it within 0.1 % of 1.

    Raises
    ------
    IndexUnusable
        Its length is not one that was written.
    """
    row = np.asarray(vector, np.float32)
    length = np.float32(np.linalg.norm(row))
    if not abs(length - 1) <= LENGTH_TOLERANCE:  # nor where it is no number
        raise _damaged("a vector")
    return row / length


def _damaged(what: str) -> IndexUnusable:
    return IndexUnusable(
        f"{what} is damaged: it has changed since it was written", hint="agq index --rebuild SOURCE"
    )
