"""A table in pieces: fragments read and written by many processes, made one table by one commit; the same of
its indexes, whose segments are made apart and committed together.

Through pylance, which comes with ``agq[ray]``: LanceDB itself writes through one process. The files are the
same; a test holds both to one version of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from agq.index.layout import TABLE
from agq.index.maintenance import ColumnIndex

STORED = "2.2"
"""The version of Lance's files that LanceDB writes."""

SEGMENT_ROWS = 1_000_000
"""Rows that one segment of an index covers, about."""

KINDS = MappingProxyType({"FTS": "INVERTED", "BTree": "BTREE", "LabelList": "LABEL_LIST", "IvfSq": "IVF_SQ"})
"""What pylance calls the kinds of LanceDB's indexes."""


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


def groups(home: str, rows: int = SEGMENT_ROWS) -> list[list[int]]:
    """The fragments of a table in groups of some ``rows``, each to have a segment of every index."""
    import lance

    found: list[list[int]] = [[]]
    count = 0
    for fragment in lance.dataset(_address(home)).get_fragments():
        if count >= rows:
            found.append([])
            count = 0
        found[-1].append(fragment.fragment_id)
        count += fragment.count_rows()
    return found


def middles(home: str, index: ColumnIndex) -> pa.FixedSizeListArray:
    """The middles of the partitions of a vector index, which all of its segments share."""
    import lance
    from lance.indices import IndicesBuilder

    options = index.options
    builder = IndicesBuilder(lance.dataset(_address(home)), index.column)
    trained = builder.train_ivf(
        options["num_partitions"],
        distance_type=options["distance_type"],
        sample_rate=options["sample_rate"],
        max_iters=options["max_iterations"],
    )
    return trained.centroids


def index_segment(
    home: str, index: ColumnIndex, fragments: Sequence[int], centroids: pa.FixedSizeListArray | None = None
) -> Any:
    """An index of some fragments that belongs to no table yet; what ``commit_segments`` has to be told."""
    import lance

    options = dict(index.options)
    if centroids is not None:
        options = {
            "metric": options["distance_type"],
            "num_partitions": options["num_partitions"],
            "sample_rate": options["sample_rate"],
            "ivf_centroids": centroids,
        }
    return lance.dataset(_address(home)).create_index_uncommitted(
        index.column,
        KINDS[index.kind],
        name=f"{index.column}_idx",
        replace=True,
        fragment_ids=list(fragments),
        **options,
    )


def commit_segments(home: str, index: ColumnIndex, segments: Sequence[Any]) -> None:
    """Make an index of segments: whole or not at all."""
    import lance

    table = lance.dataset(_address(home))
    table.commit_existing_index_segments(f"{index.column}_idx", index.column, list(segments))


def _address(home: str) -> str:
    return f"{home}/{TABLE}.lance"
