"""Kinds of vector index on one large index: time to build, size, warm questions and recall.

``--index`` is an index of many papers with their vectors (``scale.py --folder F`` leaves one in ``F/index``);
it is copied, and each kind in turn takes the place of the one before. Questions are titles of papers by
chance; recall@50 is against an exact scan; each kind is asked with the partitions looked at and the refining
that agq asks with, and with less and more of both.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from agq.embedders import open_encoder
from agq.index import IndexReader, open_index
from agq.index.filters import condition
from agq.index.layout import TABLE, Manifest, current_generation
from agq.index.maintenance import KMEANS_ROUNDS, VECTORS_PER_PARTITION
from agq.index.query import Probe, TableQuery
from agq.index.schema import table_schema
from agq.index.search import CANDIDATE_COLUMNS, PROBE
from agq.index.table import VECTOR_INDEX, TableWriter
from agq.model import Vectors
from build import OUT
from scale import FILTERS, exact

PROBES = {
    "as asked": PROBE,
    "less": Probe(PROBE.partitions // 2, PROBE.refine // 2),
    "more": Probe(2 * PROBE.partitions, 2 * PROBE.refine),
}
BEST = 50


def kinds(rows: int) -> Mapping[str, Any]:
    """What is compared, as the engine takes it: as many partitions as rows in one, but for the graph; their
    middles found as agq finds them, or (the last) as the engine does by itself."""
    from lancedb.index import IvfHnswSq, IvfPq, IvfRq, IvfSq

    shared: dict[str, Any] = {
        "distance_type": "dot",
        "sample_rate": VECTORS_PER_PARTITION,
        "max_iterations": KMEANS_ROUNDS,
    }
    many = math.isqrt(rows)
    return {
        "IVF_SQ": IvfSq(num_partitions=many, **shared),
        "IVF_RQ": IvfRq(num_partitions=many, **shared),
        "IVF_HNSW_SQ": IvfHnswSq(num_partitions=1, **shared),
        "IVF_PQ, 96 bytes": IvfPq(num_partitions=many, num_sub_vectors=96, **shared),
        "IVF_PQ, 48 bytes": IvfPq(num_partitions=many, num_sub_vectors=48, **shared),
        "IVF_SQ, engine's own training": IvfSq(distance_type="dot", num_partitions=many),
    }


def built(table: TableWriter, folder: Path, config: Any) -> dict[str, float]:
    """Seconds by the clock and of the processors, and megabytes of its files."""
    before = set((folder / "_indices").iterdir())
    clock, cpu = time.perf_counter(), time.process_time()
    table.index("vector", config)
    seconds = {
        "build, s": round(time.perf_counter() - clock, 1),
        "build, processor s": round(time.process_time() - cpu, 1),
    }
    new = set((folder / "_indices").iterdir()) - before
    size = sum(file.stat().st_size for one in new for file in one.rglob("*") if file.is_file())
    return seconds | {"size, MB": round(size / 1e6)}


def asked(
    opened: IndexReader, vectors: Vectors, probe: Probe, truth: Mapping[str, list[set[str]]]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Filter -> milliseconds and recall of the questions under it."""
    for name, filters in FILTERS.items():
        where = condition(filters)
        where = f"({where}) AND vector IS NOT NULL" if where else ""
        query = TableQuery(CANDIDATE_COLUMNS, where, BEST)
        clock, cpu, recall = [], [], []
        for vector, best in zip(vectors, truth[name], strict=True):
            wall, used = time.perf_counter(), time.process_time()
            found = opened._table.nearest(query, pa.array(vector), probe)
            clock.append(1000 * (time.perf_counter() - wall))
            cpu.append(1000 * (time.process_time() - used))
            recall.append(len(best.intersection(found.column("id").to_pylist())) / max(1, len(best)))
        yield (
            name,
            {
                "p50, ms": round(float(np.median(clock)), 1),
                "p95, ms": round(float(np.percentile(clock, 95)), 1),
                "processor p50, ms": round(float(np.median(cpu)), 1),
                "recall@50": round(float(np.mean(recall)), 4),
            },
        )


def measured(index: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Kind -> its figures, the exact scan first."""
    generation = current_generation(index)
    table = TableWriter(generation, table_schema(Manifest.read(generation).dim))
    folder = generation / f"{TABLE}.lance"
    if "vector" in table.indexed():
        table._table.drop_index(VECTOR_INDEX)
    with open_index(index, load_encoder=open_encoder) as opened:
        vectors = opened.embedder().embed([paper.title for paper in opened.sample(given.questions, seed=1)])
        truth = {name: list(exact(opened, vectors)(filters)) for name, filters in FILTERS.items()}
        figures: dict[str, Any] = {"exact": {"as asked": dict(asked(opened, vectors, PROBE, truth))}}
    for kind, config in kinds(table.count()).items():
        if given.kinds and kind not in given.kinds:
            continue
        figures[kind] = built(table, folder, config)
        with open_index(index) as opened:
            for name, probe in PROBES.items():
                figures[kind][name] = dict(asked(opened, vectors, probe, truth))
        print(kind, figures[kind], flush=True)
        kept(figures)
    return figures


def kept(figures: Mapping[str, Any]) -> None:
    """What is known so far, as JSON."""
    OUT.mkdir(exist_ok=True)
    (OUT / "kinds.json").write_text(json.dumps(figures, indent=1) + "\n")


def main() -> None:
    """Print the figures, keep them as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--kinds", nargs="*", default=[], help="these alone")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "index"
        shutil.copytree(given.index, copy)
        figures = measured(copy, given)
    print(f"{'':<30}{'build s':>9}{'MB':>6}  " + "".join(f"{f'{n}: p50, p95, recall':>34}" for n in FILTERS))
    for kind, told in figures.items():
        rows = [f"{v['p50, ms']:>14}{v['p95, ms']:>9}{v['recall@50']:>11}" for v in told["as asked"].values()]
        print(f"{kind:<30}{told.get('build, s', ''):>9}{told.get('size, MB', ''):>6}  " + "".join(rows))


if __name__ == "__main__":
    main()
