"""How many papers hold a term: a file that is looked into without being read.

Two sorted columns, terms as 64-bit hashes and their counts, behind a header. A question's handful of terms is
found by bisection in the mapped file: a few pages are read, however many terms there are. Two of a million
terms share a hash with a probability of 3 in 100 million.
"""

from __future__ import annotations

import collections
import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agq.errors import IndexUnusable
from agq.files import replace_file
from agq.index.schema import said_terms

FILE = "frequencies"
MAGIC = 0x32_66_71_67_61  # agqf2
_HEADER = np.dtype(
    [("magic", "<u8"), ("papers", "<u8"), ("content", "<i8"), ("terms", "<u8"), ("crc", "<u8")]
)

CHECKED_BYTES_MAX = 16 * 1024 * 1024
"""Bytes of a file whose checksum is looked at when it is opened: a few milliseconds."""

CHANGED_TERMS_MAX = 500_000
"""Terms that wait in memory before they are folded into the columns."""

Hashes = NDArray[np.uint64]
Counts = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Document frequencies. ``hashes`` (terms,) sorted, ``counts`` (terms,).

    ``papers`` are the papers counted; ``content`` is the sum (modulo 2^64) of their ``embedded`` hashes, by
    which it shows whether they are the ones in the table.
    """

    hashes: Hashes
    counts: Counts
    papers: int = 0
    content: int = 0

    def of(self, terms: Sequence[str]) -> list[int]:
        """How many papers hold each of ``terms``."""
        if not len(self.hashes):
            return [0] * len(terms)
        asked = hashes_of(terms)
        at = np.minimum(np.searchsorted(self.hashes, asked), len(self.hashes) - 1)
        found = np.where(self.hashes[at] == asked, self.counts[at], 0)
        return [int(count) for count in found]

    def write(self, generation: Path, name: str = FILE) -> None:
        """Put the frequencies into the file ``name`` of their generation, in one step."""
        columns = self.hashes.tobytes() + self.counts.tobytes()
        told = (MAGIC, self.papers, self.content, len(self.hashes), zlib.crc32(columns))
        replace_file(generation / name, np.array([told], _HEADER).tobytes() + columns)

    @classmethod
    def read(cls, generation: Path, name: str = FILE) -> Frequencies | None:
        """The frequencies in the file ``name`` of a generation, mapped; None where there are none.

        Raises
        ------
        IndexUnusable
            They are damaged.
        """
        try:
            mapped = np.memmap(generation / name, np.uint8, mode="r")
            header = mapped[: _HEADER.itemsize].view(_HEADER)[0]
            count, start = int(header["terms"]), _HEADER.itemsize
            if header["magic"] != MAGIC or len(mapped) != start + 12 * count:
                raise ValueError("it is not what was written")
            if len(mapped) <= CHECKED_BYTES_MAX and zlib.crc32(mapped[start:].data) != header["crc"]:
                raise ValueError("it is not what was written")
            hashes = mapped[start : start + 8 * count].view(np.uint64)
            counts = mapped[start + 8 * count :].view(np.uint32)
            return cls(hashes, counts, int(header["papers"]), int(header["content"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, IndexError) as error:
            raise IndexUnusable(
                f"{generation / name} is damaged: {error}", hint="agq index --rebuild SOURCE"
            ) from error


def hashes_of(terms: Iterable[str]) -> Hashes:
    """64-bit hashes of terms."""
    digests = b"".join(hashlib.blake2b(term.encode(), digest_size=8).digest() for term in terms)
    return np.frombuffer(digests, np.uint64)


class Counter:
    """Document frequencies under change: papers come, papers go, ``frozen()`` gives the sum."""

    def __init__(self, base: Frequencies | None = None) -> None:
        self._base = base or Frequencies(np.empty(0, np.uint64), np.empty(0, np.uint32))
        self._changes: collections.Counter[str] = collections.Counter()
        self.papers = self._base.papers
        self.content = self._base.content

    def add_words(self, words: str, embedded: int) -> None:
        """A paper has come, with this column ``words`` and this hash."""
        self._change(words, embedded, 1)

    def remove_words(self, words: str, embedded: int) -> None:
        """A paper has gone, with this column ``words`` and this hash."""
        self._change(words, embedded, -1)

    def _change(self, words: str, embedded: int, sign: int) -> None:
        terms = set(said_terms(words))
        if sign > 0:
            self._changes.update(terms)  # counts in C
        else:
            self._changes.subtract(terms)
        self.papers += sign
        self.content = wrapped(self.content + sign * embedded)
        if len(self._changes) > CHANGED_TERMS_MAX:
            self.frozen()

    def frozen(self) -> Frequencies:
        """The frequencies as they are now."""
        hashes = np.concatenate([self._base.hashes, hashes_of(self._changes)])
        changes = np.fromiter(self._changes.values(), np.int64, len(self._changes))
        counts = np.concatenate([self._base.counts.astype(np.int64), changes])
        unique, place = np.unique(hashes, return_inverse=True)
        summed = np.bincount(place, weights=counts, minlength=len(unique)).astype(np.int64)
        there = summed > 0
        self._base = Frequencies(unique[there], summed[there].astype(np.uint32), self.papers, self.content)
        self._changes.clear()
        return self._base


def total(parts: Sequence[Frequencies]) -> Frequencies:
    """The frequencies of all papers, from those of parts of them that share none."""
    if len(parts) == 1:
        return parts[0]
    hashes = np.concatenate([part.hashes for part in parts])
    unique, place = np.unique(hashes, return_inverse=True)
    counts = np.concatenate([part.counts for part in parts])
    summed = np.bincount(place, weights=counts, minlength=len(unique)).astype(np.uint32)
    content = wrapped(sum(part.content for part in parts))
    return Frequencies(unique, summed, sum(part.papers for part in parts), content)


def wrapped(number: int) -> int:
    """``number`` modulo 2^64, as a signed 64-bit integer."""
    return (number + 2**63) % 2**64 - 2**63
