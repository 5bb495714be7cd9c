"""Sources cut into shards: what many machines can read at once.

Reading a shard is a function of the shard alone. A shard read is a block.
Which blocks have papers in common is told by the hashes of
their identity keys: records that share one, straight or through others, are brought to one block, the one of
the first of them. Then no block needs to know of another.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agq import zotero
from agq.files import STDIN
from agq.index.fragments import FragmentSlice, read_piece
from agq.index.schema import hash64
from agq.model import Paper, Rejected
from agq.readers import FieldMap, FieldMaps, Found, read, read_lines
from agq.readers.base import LIMITS
from agq.readers.identity import identity_keys
from agq.readers.sniff import sniffed
from agq.readers.sources import files
from agq.readers.streams import opened
from agq.records import id_key

Numbers = NDArray[np.int64]

PIECE = 8 * 1024 * 1024
"""Bytes of JSON Lines a shard: some 5,000 records."""

SHIFT = 32
"""A record's number is its shard's, shifted by so many bits, and its place in it."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What one task reads: a source, or the lines of a file between two offsets, or rows that are held.

    ``end`` is 0 for a source that is read whole. ``said``: which field is called what.
    """

    number: int
    source: str = ""
    start: int = 0
    end: int = 0
    said: FieldMap | None = None
    held: FragmentSlice | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """What a shard holds, or some of it: records in their order, or rows; ``numbers`` are theirs."""

    numbers: Numbers
    records: tuple[Found, ...] = ()
    rows: pa.Table | None = None

    def taken(self, places: Numbers) -> Block:
        """The ones at these places."""
        records = tuple(self.records[place] for place in places) if self.records else ()
        rows = None if self.rows is None else self.rows.take(pa.array(places))
        return Block(self.numbers[places], records, rows)


@dataclass(frozen=True, slots=True)
class Keys:
    """Hashes of identity keys, and of each the number of what is under it."""

    keys: Numbers
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Index:
    """What is known of a block: its first number, how many papers it has and under how many keys.

    ``rejected``: what in it was no paper. ``lines``: how many lines it takes of its file.
    """

    first: int
    papers: int
    keys: int
    rejected: tuple[Rejected, ...] = ()
    lines: int = 0


def cut(
    sources: Sequence[str], exclude: Sequence[str], said: FieldMaps, size: int = PIECE
) -> Iterator[Shard | Rejected]:
    """The shards behind ``sources``, in their order."""
    number = 0
    for found in files(sources, exclude):
        if isinstance(found, Rejected):
            yield found
            continue
        whole = Shard(number, str(found), said=said.of(str(found)))
        for start, end in _lines(whole.source, size) if _is_file(whole.source) else [(0, 0)]:
            yield replace(whole, number=number, start=start, end=end)
            number += 1


def _is_file(source: str) -> bool:
    return source != STDIN and not zotero.named(source) and os.path.isfile(source)


def _lines(source: str, size: int) -> list[tuple[int, int]]:
    """Where a file of JSON Lines is cut, between lines; any other is one piece."""
    with open(source, "rb") as raw:
        total = os.fstat(raw.fileno()).st_size
        if total <= size or not _plain_lines(source):
            return [(0, 0)]
        cuts = [0]
        for start in range(size, total, size):
            if start < cuts[-1]:
                continue
            raw.seek(start - 1)
            raw.readline()
            if raw.tell() > cuts[-1]:
                cuts.append(raw.tell())
        if cuts[-1] < total:
            cuts.append(total)
    return list(pairwise(cuts))


def _plain_lines(source: str) -> bool:
    """Whether a file holds JSON Lines just as they are read: unpacked, in UTF-8, lines ended as today."""
    with open(source, "rb") as raw:
        file = opened(raw, source, LIMITS, source)
        wide = file.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in file.head[:4]
        return (
            bool(file.path) and b"\n" in file.head and not wide and sniffed(file.head, source) == "json-lines"
        )


def scan(shard: Shard) -> tuple[Block, Keys, Index]:
    """What a shard holds, its keys, and what is known of it. Depends on the shard alone."""
    first = shard.number << SHIFT
    if shard.held:
        return of_rows(first, read_piece(shard.held))
    records, lines = _records(shard)
    papers, rejected = [], []
    for one in records:
        if isinstance(one.item, Paper):
            papers.append(one)
        else:
            rejected.append(one.item)
    numbers = first + np.arange(len(papers), dtype=np.int64)
    keys = _flat(numbers, [_keys(one.item) for one in papers if isinstance(one.item, Paper)])
    known = Index(first, len(papers), len(keys.keys), tuple(rejected), lines)
    return Block(numbers, tuple(papers)), keys, known


def of_rows(first: int, rows: pa.Table) -> tuple[Block, Keys, Index]:
    """The same of rows that the index holds, under numbers from ``first`` on."""
    numbers = first + np.arange(len(rows), dtype=np.int64)
    held = zip(rows["keys"].to_pylist(), rows["id"].to_pylist(), strict=True)
    keys = _flat(numbers, [[*known, hash64(_plain_id(id_))] for known, id_ in held])
    return Block(numbers, rows=rows), keys, Index(first, len(rows), len(keys.keys))


def _records(shard: Shard) -> tuple[Iterable[Found], int]:
    """The records of a shard, and how many lines it has where it is some of a file's."""
    if not shard.end:
        return read([shard.source], fields=shard.said), 0
    with open(shard.source, "rb") as raw:
        raw.seek(shard.start)
        piece = raw.read(shard.end - shard.start)
    return read_lines(BytesIO(piece), shard.source, fields=shard.said), piece.count(b"\n")


def _keys(paper: Paper) -> list[int]:
    return [hash64(key) for key in (*identity_keys(paper), _plain_id(paper.id))]


def _plain_id(id_: str) -> str:
    """The key of an id before another paper with the same one made it ``id~2``."""
    plain, tilde, number = id_.rpartition("~")
    return id_key(plain if tilde and number.isdecimal() else id_)


def _flat(numbers: Numbers, keys: Sequence[Sequence[int]]) -> Keys:
    flat = np.array([key for some in keys for key in some], np.int64)
    return Keys(flat, np.repeat(numbers, [len(some) for some in keys]) if keys else numbers)


def shared(keys: Numbers, numbers: Numbers) -> NDArray[np.int64]:
    """Pairs of numbers that stand under one key, shape (pairs, 2): enough of them to join all that do."""
    order = np.lexsort((numbers, keys))
    keys, numbers = keys[order], numbers[order]
    same = (keys[1:] == keys[:-1]) & (numbers[1:] != numbers[:-1])
    return np.unique(np.column_stack([numbers[:-1][same], numbers[1:][same]]), axis=0)


def together(pairs: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Numbers that pairs join, straight or through others, and for each the lowest that it is joined to."""
    nodes, ends = np.unique(pairs, return_inverse=True)
    one, other = ends.reshape(-1, 2).T
    lowest = np.arange(len(nodes))
    while True:
        before = lowest.copy()
        low = np.minimum(lowest[one], lowest[other])
        np.minimum.at(lowest, one, low)
        np.minimum.at(lowest, other, low)
        lowest = lowest[lowest]
        if np.array_equal(before, lowest):
            return nodes, nodes[lowest]


def moves(nodes: Numbers, lowest: Numbers, firsts: Numbers) -> Mapping[int, Mapping[int, Numbers]]:
    """Block -> block that some of it goes to -> the numbers that go. ``firsts``: the first of each block."""
    here = np.searchsorted(firsts, nodes, side="right") - 1
    there = np.searchsorted(firsts, lowest, side="right") - 1
    found: dict[int, dict[int, list[int]]] = {}
    for place in np.flatnonzero(here != there).tolist():
        found.setdefault(int(here[place]), {}).setdefault(int(there[place]), []).append(int(nodes[place]))
    return {block: {to: np.array(some) for to, some in goes.items()} for block, goes in found.items()}


def gathered(home: Block, gone: Numbers, come: Sequence[Block]) -> tuple[list[Found], pa.Table | None]:
    """The records of a block in their order, and its rows: without what went, with what came."""
    stay = home.taken(np.flatnonzero(~np.isin(home.numbers, gone)))
    records = [
        pair for block in (stay, *come) for pair in zip(block.numbers.tolist(), block.records, strict=False)
    ]
    rows = [block.rows for block in (stay, *come) if block.rows is not None and len(block.rows)]
    in_order = [found for _, found in sorted(records, key=lambda pair: pair[0])]
    return in_order, pa.concat_tables(rows) if rows else None


def in_file(read: Iterable[Rejected | tuple[Shard, Index]]) -> Iterator[Rejected]:
    """All rejections in their order, with the lines of their files: a shard counts from its own first."""
    passed: dict[str, int] = {}
    for one in read:
        if isinstance(one, Rejected):
            yield one
            continue
        shard, known = one
        before = passed.get(shard.source, 0)
        yield from (_moved(rejected, before) for rejected in known.rejected)
        passed[shard.source] = before + known.lines


def _moved(rejected: Rejected, lines: int) -> Rejected:
    return rejected if rejected.line is None else replace(rejected, line=rejected.line + lines)
