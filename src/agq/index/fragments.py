"""A table in pieces: fragments read and written by many processes, made one table by one commit.

Through pylance, which comes with ``agq[ray]``: LanceDB itself writes through one process. The files are the
same; a test holds both to one version of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from agq.index.layout import TABLE

STORED = "2.2"
"""The version of Lance's files that LanceDB writes."""


@dataclass(frozen=True, slots=True)
class FragmentSlice:
    """Some rows of a version of a table: ``count`` of these fragments' from ``start`` on."""

    home: str
    version: int
    fragments: tuple[int, ...]
    start: int
    count: int


def pieces(home: str, rows: int) -> Iterator[FragmentSlice]:
    """The table in ``home`` in pieces of some ``rows``: large fragments are cut, small ones put together."""
    import lance

    held = lance.dataset(_address(home))
    waiting: list[int] = []
    count = 0
    for fragment in held.get_fragments():
        waiting.append(fragment.fragment_id)
        count += fragment.count_rows()
        if count >= rows:
            for start in range(0, count, rows):
                yield FragmentSlice(home, held.version, tuple(waiting), start, min(rows, count - start))
            waiting, count = [], 0
    if waiting:
        yield FragmentSlice(home, held.version, tuple(waiting), 0, count)


def read_piece(piece: FragmentSlice) -> pa.Table:
    """The rows of a piece."""
    import lance

    held = lance.dataset(_address(piece.home), version=piece.version)
    wanted = [one for one in held.get_fragments() if one.fragment_id in piece.fragments]
    scanner = held.scanner(fragments=wanted, offset=piece.start, limit=piece.count, scan_in_order=True)
    return scanner.to_table()


def write_fragments(home: str, rows: pa.Table) -> list[str]:
    """Write rows that belong to no table yet; what ``commit`` has to be told of them."""
    from lance.fragment import write_fragments as write

    made = write(rows, _address(home), schema=rows.schema, mode="create", data_storage_version=STORED)
    return [json.dumps(fragment.to_json()) for fragment in made]


def commit(home: str, schema: pa.Schema, fragments: Sequence[str]) -> None:
    """Make a table of fragments: whole or not at all."""
    import lance

    made = [lance.FragmentMetadata.from_json(fragment) for fragment in fragments]
    lance.LanceDataset.commit(_address(home), lance.LanceOperation.Overwrite(schema, made))


def _address(home: str) -> str:
    return f"{home}/{TABLE}.lance"
