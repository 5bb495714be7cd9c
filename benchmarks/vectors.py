"""Kinds of vector index on many vectors: time to build, size, time to ask and recall.

The vectors are those of the indexes that are named, as often as it takes, each with noise of its own (its
cosine to the original is 0.93). Questions are titles of papers by chance, encoded. Each kind is built and
asked in a process of its own and ended after ``--patience`` seconds; recall@50 is against an exact scan. A
graph (HNSW) stands in one partition, the others have as many partitions as rows in each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agq.embedders import open_encoder
from agq.index import open_index
from agq.index.engine import open_table
from agq.index.layout import TABLE
from agq.index.query import Probe, TableQuery, arrow_vector
from agq.index.search import PROBE
from agq.index.table import TableWriter
from build import OUT
from kinds import kinds
from scale import NOISE, unit, vectors_of

BEST = 50
QUESTIONS = 100
BATCH = 50_000
PROBES = {"": PROBE, ", twice the work": Probe(2 * PROBE.partitions, 2 * PROBE.refine)}


def configs(rows: int) -> Mapping[str, Any]:
    """What is compared, as the engine takes it: no index, and each kind."""
    return {"none": None, **kinds(rows)}


def varied(real: NDArray[np.float32], rows: int) -> Iterator[pa.Table]:
    """So many rows, in batches."""
    chance = np.random.default_rng(0)
    for start in range(0, rows, BATCH):
        ids = np.arange(start, min(rows, start + BATCH))
        made = unit(real[ids % len(real)] + chance.normal(scale=NOISE, size=(len(ids), real.shape[1])))
        flat = pa.array(made.astype(np.float16).ravel())
        vectors = pa.FixedSizeListArray.from_arrays(flat, real.shape[1])
        yield pa.table({"id": pa.array(ids), "vector": vectors})


def questions(index: Path) -> NDArray[np.float32]:
    """Titles of papers by chance, encoded."""
    with open_index(index, load_encoder=open_encoder) as opened:
        return opened.embedder().embed([paper.title for paper in opened.sample(QUESTIONS, seed=1)])


def truth(real: NDArray[np.float32], asked: NDArray[np.float32], rows: int) -> NDArray[np.int64]:
    """The best of all rows for each question, shape (questions, BEST)."""
    best = np.full((len(asked), 0), 0.0), np.empty((len(asked), 0), np.int64)
    for table in varied(real, rows):
        held = table["vector"].combine_chunks().flatten().to_numpy().reshape(len(table), -1)
        scores = np.hstack([best[0], asked @ held.astype(np.float32).T])
        numbers = np.hstack([best[1], np.tile(table["id"].to_numpy(), (len(asked), 1))])
        chosen = np.argsort(-scores, axis=1)[:, :BEST]
        best = np.take_along_axis(scores, chosen, 1), np.take_along_axis(numbers, chosen, 1)
    return best[1]


def measured(folder: Path, kind: str) -> dict[str, Any]:
    """The figures of one kind, whose table is in a folder, with what is asked and what is best."""
    with np.load(folder / "asked.npz") as held:
        asked, best = held["asked"], held["best"]
    schema = pa.schema({"id": pa.int64(), "vector": pa.list_(pa.field("item", pa.float16()), asked.shape[1])})
    table = TableWriter(folder, schema)
    figures: dict[str, Any] = {}
    config = configs(table.count())[kind]
    indexes = folder / f"{TABLE}.lance" / "_indices"
    before = set(indexes.iterdir()) if indexes.exists() else set()
    if config:
        clock, cpu = time.perf_counter(), time.process_time()
        table.index("vector", config)
        figures["build, s"] = round(time.perf_counter() - clock, 1)
        figures["build, processor s"] = round(time.process_time() - cpu, 1)
        new = set(indexes.iterdir()) - before
        size = sum(file.stat().st_size for one in new for file in one.rglob("*") if file.is_file())
        figures["size, MB"] = round(size / 1e6)
    for name, probe in PROBES.items():
        times, cpu, found = [], time.process_time(), []
        opened = open_table(folder)
        for vector in asked:
            began = time.perf_counter()
            result = opened.nearest(TableQuery(("id",), limit=BEST), arrow_vector(vector), probe)
            times.append(1000 * (time.perf_counter() - began))
            found.append(result["id"].to_pylist())
        opened.close()
        hits = [len(set(some) & set(these.tolist())) for some, these in zip(found, best, strict=True)]
        figures[f"recall@50{name}"] = round(sum(hits) / best.size, 4)
        figures[f"p50, ms{name}"] = round(float(np.median(times)), 1)
        figures[f"processor ms a question{name}"] = round(1000 * (time.process_time() - cpu) / len(asked), 1)
    return figures


def compared(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Kind -> its figures, or that it took too long."""
    real = np.array([vector for index in given.of for vector in vectors_of(index).values()])
    asked = questions(given.of[0])
    np.savez(folder / "asked.npz", asked=asked, best=truth(real, asked, given.rows))
    first, *others = varied(real, given.rows)
    table = TableWriter(folder, first.schema)
    for batch in (first, *others):
        table.add(batch)
    table.optimize(clean=True)
    figures: dict[str, Any] = {"rows": given.rows, "real vectors": len(real)}
    for kind in given.kinds or configs(given.rows):
        command = [sys.executable, __file__, "--one", kind, "--folder", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=given.patience)
            figures[kind] = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            figures[kind] = f"not built and asked within {given.patience} s"
        except subprocess.CalledProcessError as error:
            figures[kind] = error.stderr[-300:]
        print(kind, figures[kind], flush=True)
    return figures


def main() -> None:
    """Print the figures, keep them as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--of", type=Path, nargs="*", help="indexes with vectors; the first gives questions")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--kinds", nargs="*", default=[], help="these alone")
    parser.add_argument("--patience", type=int, default=600)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.folder, given.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        figures = compared(Path(folder), given)
    OUT.mkdir(exist_ok=True)
    (OUT / f"vectors-{given.rows}.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
