"""An index of 200,000 papers: the 40k arXiv file five times over, texts varied, real vectors with noise.

The text stage runs as ``agq index --later``, a process of its own. The vectors come from an index of the
same file (``--vectors``), each copy with noise of its own. ``agq index`` then finishes: vector index,
filter indexes, compaction. Last come questions, the titles of papers by chance: cold (a process each) and
warm, by vector and by text, with and without filters; recall@50 is against an exact scan.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from agq.embedders import open_encoder
from agq.index import IndexReader, open_index
from agq.index.layout import Manifest, current_generation
from agq.index.query import TableQuery
from agq.index.schema import table_schema, vectors_table
from agq.index.table import TableWriter
from agq.model import Candidate, Filters, Vectors
from build import DATA, OUT, Watched, records, size

Asked = TypeVar("Asked")
Given = TypeVar("Given")

NOISE = 0.02
"""Standard deviation of what is added to each number of a copy's vector: its cosine to the original is
0.93."""

FILTERS = {
    "all": Filters(),
    "cs": Filters(categories=("cs",)),
    "hep-th since 2026": Filters(("hep-th",), "2026"),
}

BATCH = 20_000


def varied(file: Path, to: Path, copies: int, count: int | None) -> int:
    """Copies of each record under ids of their own, each without some of its words; how many there are."""
    written = 0
    with gzip.open(to, "wt", encoding="utf-8", compresslevel=1) as out:
        for copy in range(copies):
            for number, record in enumerate(records(file)):
                if number == count:
                    break
                said = record["abstract"].split()
                del said[copy::20]
                change = {"id": f"{record['id']}x{copy}", "title": f"{record['title']} ({copy})", "doi": None}
                out.write(json.dumps(record | change | {"abstract": " ".join(said)}) + "\n")
                written += 1
    return written


def put_vectors(index: Path, known: dict[str, NDArray[np.float32]]) -> None:
    """Give each paper the vector of the paper that it is a copy of, with noise."""
    generation = current_generation(index)
    chance = np.random.default_rng(0)
    table = TableWriter(generation, table_schema(Manifest.read(generation).dim))
    ids = [one for batch in table.rows(("id",), "") for one in batch.column("id").to_pylist()]
    origins = list(known)
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        rows = np.array(
            [known.get(one.rpartition("x")[0], known[origins[hash(one) % len(origins)]]) for one in part]
        )
        table.replace(vectors_table(part, unit(rows + chance.normal(scale=NOISE, size=rows.shape))))


def unit(rows: NDArray[Any]) -> Vectors:
    """Rows of length 1."""
    made: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return made


def vectors_of(index: Path) -> dict[str, NDArray[np.float32]]:
    """The vectors of an index, by id."""
    generation = current_generation(index)
    table = TableWriter(generation, table_schema(Manifest.read(generation).dim))
    found: dict[str, NDArray[np.float32]] = {}
    for batch in table.rows(("id", "vector"), "vector IS NOT NULL"):
        rows = batch.column("vector").flatten().to_numpy().reshape(batch.num_rows, -1)
        found |= dict(zip(batch.column("id").to_pylist(), rows.astype(np.float32), strict=True))
    return found


def timed(call: Callable[[Asked], Given], asked: Iterable[Asked]) -> tuple[list[Given], list[float]]:
    """What each call gives, and its milliseconds."""
    given, times = [], []
    for one in asked:
        started = time.perf_counter()
        given.append(call(one))
        times.append((time.perf_counter() - started) * 1000)
    return given, times


def middle(times: Sequence[float]) -> dict[str, float]:
    """p50 and p95, in milliseconds."""
    return {
        "p50, ms": round(float(np.median(times)), 1),
        "p95, ms": round(float(np.percentile(times, 95)), 1),
    }


def warm(index: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Questions one after another in one process."""
    figures: dict[str, Any] = {}
    with open_index(index, load_encoder=open_encoder) as opened:
        vectors = opened.embedder().embed(questions)
        truth = exact(opened, vectors)
        for name, filters in FILTERS.items():
            found, times = timed(partial(opened.nearest, k=50, filters=filters), vectors)
            recall = np.mean([share(*pair) for pair in zip(found, truth(filters), strict=True)])
            figures[f"vector, {name}"] = middle(times) | {"recall@50": round(float(recall), 4)}
            _, times = timed(partial(opened.textual, k=50, filters=filters), questions)
            figures[f"text, {name}"] = middle(times)
    return figures


def share(found: Sequence[Candidate], best: set[str]) -> float:
    """How many of the best have been found."""
    return len({one.paper.id for one in found} & best) / len(best) if best else 1.0


def exact(opened: IndexReader, questions: Vectors) -> Callable[[Filters], Iterator[set[str]]]:
    """The best 50 by all vectors, under a filter."""
    from agq.index.filters import condition

    def best(filters: Filters) -> Iterator[set[str]]:
        batches = list(opened._table.batches(TableQuery(("id", "vector"), condition(filters))))
        ids = [one for batch in batches for one in batch.column("id").to_pylist()]
        parts = [batch.column("vector").flatten().to_numpy().reshape(batch.num_rows, -1) for batch in batches]
        scores = np.concatenate([part.astype(np.float32) @ questions.T for part in parts])
        for column in scores.T:
            yield {ids[at] for at in np.argsort(-column)[:50]}

    return best


def cold(index: Path, questions: Sequence[str]) -> dict[str, float]:
    """A process for each question: import, open, encode, both searches."""
    program = (
        "import sys; from pathlib import Path; from agq.index import open_index; "
        "from agq.embedders import open_encoder\n"
        "with open_index(Path(sys.argv[1]), load_encoder=open_encoder) as index:\n"
        "    index.nearest(index.embedder().embed([sys.argv[2]])[0], 50); index.textual(sys.argv[2], 50)"
    )
    command = [sys.executable, "-c", program, str(index)]
    _, times = timed(lambda question: subprocess.run([*command, question], check=True), questions)
    return middle(times)


def measured(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """All stages."""
    papers = varied(DATA, folder / "papers.jsonl.gz", given.copies, given.papers)
    figures: dict[str, Any] = {"papers": papers, "text stage": Watched(folder, "--later").figures()}
    put_vectors(folder / "index", vectors_of(given.vectors))
    figures["vector and filter indexes, compaction"] = Watched(folder).figures()
    figures["size, MB"] = size(folder / "index")
    with open_index(folder / "index") as opened:
        questions = [paper.title for paper in opened.sample(given.questions, seed=1)]
    figures["cold, a process each"] = cold(folder / "index", questions[:10])
    figures |= warm(folder / "index", questions)
    return figures


def main() -> None:
    """Print the figures, keep them as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vectors", type=Path, required=True, help="an index of the 40k file")
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--papers", type=int, help="the first so many; all by default")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="where to work, kept afterwards")
    given = parser.parse_args()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
        figures = measured(given.folder, given)
    else:
        with tempfile.TemporaryDirectory() as folder:
            figures = measured(Path(folder), given)
    for name, value in figures.items():
        print(f"{name:<40}{value}")
    OUT.mkdir(exist_ok=True)
    (OUT / "scale.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
