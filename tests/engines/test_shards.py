"""Shards: what many machines read is what one machine reads, and no two blocks need each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from agq.engines.plan import Plan
from agq.engines.ray import encoders_at
from agq.engines.shards import (
    SHIFT,
    Block,
    Index,
    Keys,
    Shard,
    cut,
    gathered,
    in_file,
    moves,
    of_rows,
    scan,
    shared,
    together,
)
from agq.engines.stages import Seen, joining, scope_of
from agq.index.frequencies import total
from agq.index.ledger import Tally
from agq.index.parts import Part, Rules, build_part
from agq.index.text_stage import Scope
from agq.model import Paper, Rejected
from agq.readers import FieldMaps, read
from agq.readers.base import Found
from library import write_library

EVERYTHING = FieldMaps({})


def scanned(folder: Path, size: int) -> tuple[list[Rejected | Shard], list[tuple[Block, Keys, Index]]]:
    found = list(cut([str(folder)], (), EVERYTHING, size))
    return found, [scan(one) for one in found if isinstance(one, Shard)]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_library(tmp_path_factory.mktemp("library"), papers=300, files=3)


@pytest.mark.parametrize("size", [700, 5_000, 10**9])
def test_shards_hold_what_the_files_hold_in_its_order(library: Path, size: int) -> None:
    whole = list(read([library]))
    found, read_in_shards = scanned(library, size)
    records = [one for block, _, _ in read_in_shards for one in block.records]
    assert records == [one for one in whole if not isinstance(one.item, Rejected)]
    told = zip((one for one in found if isinstance(one, Shard)), read_in_shards, strict=True)
    rejected = list(in_file((shard, index) for shard, (_, _, index) in told))
    assert rejected == [one.item for one in whole if isinstance(one.item, Rejected)]
    assert len(found) == (3 if size == 10**9 else len(read_in_shards))


def test_a_shard_read_again_is_the_same(library: Path) -> None:
    (first, *_), _ = scanned(library, 5_000)
    assert isinstance(first, Shard)
    (block, keys, index), (again, same_keys, same_index) = scan(first), scan(first)
    assert (block.records, index) == (again.records, same_index)
    assert np.array_equal(keys.keys, same_keys.keys)


def test_lines_longer_than_a_shard_and_without_an_end_are_read_once(tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    long = '{"id": "long", "title": "Long", "abstract": "' + "word " * 400 + '"}'
    file.write_text('{"id": "a", "title": "First"}\n' + long + '\n{"id": "z", "title": "Last"}')
    _, read_in_shards = scanned(file, 100)
    records = [one for block, _, _ in read_in_shards for one in block.records]
    ids = [one.item.id for one in records if isinstance(one.item, Paper)]
    assert ids == ["a", "long", "z"]


def test_what_is_packed_or_no_lines_is_one_shard(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"id": "a", "title": "A"}\n' * 50))
    (tmp_path / "b.bib").write_text("@article{b, title={B}, year=2020}\n" * 50)
    (tmp_path / "c.jsonl").write_bytes('{"id": "c", "title": "C"}\n'.encode("utf-16") * 1)
    shards = [one for one in cut([str(tmp_path)], (), EVERYTHING, 64) if isinstance(one, Shard)]
    assert [(Path(one.source).name, one.end) for one in shards] == [
        ("a.jsonl.gz", 0),
        ("b.bib", 0),
        ("c.jsonl", 0),
    ]


def test_what_shares_a_key_straight_or_through_others_comes_together() -> None:
    keys = np.array([1, 1, 2, 2, 3, 9, 7, 7, 7])
    numbers = np.array([10, 20, 20, 30, 40, 50, 60, 61, 62])
    nodes, lowest = together(shared(keys, numbers))
    assert dict(zip(nodes.tolist(), lowest.tolist(), strict=True)) == {
        10: 10, 20: 10, 30: 10, 60: 60, 61: 60, 62: 60,
    }  # fmt: skip
    going = moves(nodes, lowest, np.array([0, 15, 25, 35, 61]))
    assert {block: {to: list(some) for to, some in goes.items()} for block, goes in going.items()} == {
        1: {0: [20]}, 2: {0: [30]}, 4: {3: [61, 62]},
    }  # fmt: skip


def part_of(records: Sequence[Found], held: pa.Table | None, scope: Scope) -> Part:
    return build_part(lambda lookup: joining(records, lookup, {}, Seen()), held, Rules(scope, 384))


def in_parts(read_in_shards: Sequence[tuple[Block, Keys, Index]], scope: Scope) -> list[Part]:
    """The parts of an index, each built by itself, as the tasks of a cluster do."""
    all_keys = (
        np.concatenate([keys.keys for _, keys, _ in read_in_shards]),
        np.concatenate([keys.numbers for _, keys, _ in read_in_shards]),
    )
    going = moves(*together(shared(*all_keys)), np.array([index.first for _, _, index in read_in_shards]))
    blocks = [block for block, _, _ in read_in_shards]
    parts = []
    for place, home in enumerate(blocks):
        gone = np.concatenate([*going.get(place, {}).values(), np.empty(0, np.int64)])
        come = [
            blocks[block].taken(np.flatnonzero(np.isin(blocks[block].numbers, goes[place])))
            for block, goes in going.items()
            if place in goes
        ]
        parts.append(part_of(*gathered(home, gone, come), scope))
    return parts


@pytest.mark.parametrize("seed", range(4))
def test_parts_together_are_the_whole(tmp_path: Path, seed: int) -> None:
    library = write_library(tmp_path / "library", papers=200, files=3, seed=seed)
    scope = scope_of(Plan((str(library),)))
    whole = part_of([one for one in read([library]) if not isinstance(one.item, Rejected)], None, scope)
    _, read_in_shards = scanned(library, 4_000)
    parts = in_parts(read_in_shards, scope)
    assert len(parts) > 10
    rows = pa.concat_tables([part.rows for part in parts])
    assert rows.sort_by("id").equals(whole.rows.sort_by("id"))
    assert sum(part.summary.merged for part in parts) == whole.summary.merged > 10
    counts, wholes = total([part.summary.frequencies for part in parts]), whole.summary.frequencies
    assert (counts.papers, counts.content) == (wholes.papers, wholes.content)
    assert np.array_equal(counts.hashes, wholes.hashes)
    assert np.array_equal(counts.counts, wholes.counts)


@pytest.mark.parametrize("seed", range(4))
def test_an_update_in_parts_is_an_update_of_the_whole(tmp_path: Path, seed: int) -> None:
    """One of the files is read again after it has changed; the index holds papers of all of them."""
    library = write_library(tmp_path / "library", papers=120, files=3, seed=seed)
    before = part_of(
        [one for one in read([library]) if not isinstance(one.item, Rejected)],
        None,
        scope_of(Plan((str(library),))),
    ).rows
    changed = library / "01.jsonl"
    lines = changed.read_text().splitlines()
    lines[5] = lines[5].replace("We report", "We never report")
    changed.write_text("\n".join(lines[3:]) + "\n")
    scope = scope_of(Plan((str(changed),)))
    records = [one for one in read([changed]) if not isinstance(one.item, Rejected)]
    whole = part_of(records, before, scope)
    shards = [one for one in cut([str(changed)], (), EVERYTHING, 4_000) if isinstance(one, Shard)]
    held = [
        of_rows((len(shards) + place) << SHIFT, before.slice(start, 40))
        for place, start in enumerate(range(0, len(before), 40))
    ]
    parts = in_parts([*map(scan, shards), *held], scope)
    rows = pa.concat_tables([part.rows for part in parts])
    assert rows.sort_by("id").equals(whole.rows.sort_by("id"))
    tally = Tally(*(sum(counts) for counts in zip(*(part.summary.tally for part in parts), strict=True)))
    assert tally == whole.summary.tally
    assert tally.removed
    assert tally.updated


def test_encoders_run_on_gpus_where_they_can_and_on_every_core_elsewhere() -> None:
    nodes = [
        {"NodeID": "a", "Alive": True, "Resources": {"CPU": 2.0}},
        {"NodeID": "b", "Alive": True, "Resources": {"CPU": 8.0, "GPU": 1.0}},
        {"NodeID": "c", "Alive": False, "Resources": {"CPU": 8.0}},
        {"NodeID": "d", "Alive": True, "Resources": {}},
    ]
    assert encoders_at(nodes, on_gpus=False) == [("a", 0)] * 2 + [("b", 0)] * 8
    assert encoders_at(nodes, on_gpus=True) == [("a", 0)] * 2 + [("b", 1)]
