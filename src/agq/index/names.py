"""Who wrote what an index holds, where it appeared and under which categories: what a question may name.

Two files beside the table, written whenever it becomes searchable. ``authors`` counts the papers under every
key of an author's name, as ``frequencies`` counts terms: a name is looked up without reading the others.
``venues`` holds a checksum and, as JSON, venues and categories as they are written, and types: there are few
of them.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.errors import IndexUnusable
from agq.files import replace_file
from agq.index import frequencies
from agq.index.frequencies import Frequencies, hashes_of

if TYPE_CHECKING:
    import pyarrow as pa

AUTHORS = "authors"
VENUES = "venues"
COLUMNS = ("author_keys", "categories", "venue", "type")
VENUES_KEPT_MAX = 20_000
"""The most frequent ones are kept. Records that tell a venue by volume and page have one each."""

Rows = Callable[[Sequence[str], str], Iterable["pa.RecordBatch"]]


@dataclass(frozen=True, slots=True)
class Names:
    """``authors``: papers by author key. ``venues``, ``categories``, ``types``: papers by name, most frequent
    first."""

    authors: Frequencies
    venues: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)

    def write(self, generation: Path) -> None:
        """Put the names into their generation."""
        self.authors.write(generation, AUTHORS)
        held = {"venues": self.venues, "categories": self.categories, "types": self.types}
        said = json.dumps(held, ensure_ascii=False).encode("utf-8", "replace")
        replace_file(generation / VENUES, b"%08x\n%s" % (zlib.crc32(said), said))

    @classmethod
    def read(cls, generation: Path) -> Names | None:
        """The names of a generation; None where there are none.

        Raises
        ------
        IndexUnusable
            They are damaged.
        """
        authors = Frequencies.read(generation, AUTHORS)
        try:
            check, _, said = (generation / VENUES).read_bytes().partition(b"\n")
            if int(check, 16) != zlib.crc32(said):
                raise ValueError("it is not what was written")
            held = json.loads(said)
            named = (held["venues"], held["categories"], held["types"])
            return None if authors is None else cls(authors, *named)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexUnusable(
                f"{generation / VENUES} is damaged: {error}", hint="agq index --rebuild SOURCE"
            ) from error


def collect(rows: Rows) -> Names:
    """The names in ``rows(columns, where)``."""
    return total([counted(rows(COLUMNS, ""))])


def counted(rows: Iterable[pa.RecordBatch]) -> Names:
    """The names in rows, all of them."""
    authors: Counter[str] = Counter()
    venues: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for batch in rows:
        authors.update(batch.column("author_keys").flatten().to_pylist())
        categories.update(batch.column("categories").flatten().to_pylist())
        venues.update(filter(None, batch.column("venue").to_pylist()))
        types.update(filter(None, batch.column("type").to_pylist()))
    return Names(_counted(authors), venues, categories, types)


def total(parts: Sequence[Names]) -> Names:
    """The names of an index, from those of its parts."""
    return Names(
        frequencies.total([part.authors for part in parts]),
        _first(_summed(part.venues for part in parts), VENUES_KEPT_MAX),
        _first(_summed(part.categories for part in parts)),
        _first(_summed(part.types for part in parts)),
    )


def _summed(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    held: Counter[str] = Counter()
    for part in parts:
        held.update(part)
    return held


def _counted(authors: Mapping[str, int]) -> Frequencies:
    hashes = hashes_of(authors)
    order = np.argsort(hashes)
    counts = np.fromiter(authors.values(), np.uint32, len(authors))
    return Frequencies(hashes[order], counts[order])


def _first(counted: Mapping[str, int], most: int | None = None) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:most])
