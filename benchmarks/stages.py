"""Milliseconds of each stage of a question on one index: encoding, vectors, text, scoring; median and the
slowest tenth, after one warm-up question. ``--index`` names any index; by default that of NPL."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from agq.embedders import open_encoder
from agq.index.search import IndexReader, open_index
from agq.retrieve import NO_FILTERS, retrieve
from graded import opened, options, questions, table, write

CANDIDATES = 100


def main() -> None:
    """Print the table, write it as JSON."""
    parser = options(__doc__ or "")
    parser.add_argument("--index", type=Path, help="an index to ask")
    parser.add_argument("--questions", default="npl", help="the set whose questions are asked")
    given = parser.parse_args()
    opening = (
        open_index(given.index, load_encoder=open_encoder) if given.index else opened("npl", given.cache)
    )
    asked = [one.text for one in questions(given.questions)][:100]
    with opening as index:
        found = measured(index, asked)
        held = index.state.papers
    print(f"{held} papers, {len(asked)} questions of {given.questions}")
    print(
        table(["stage", "median ms", "p90 ms"], [[name, *map(told, times)] for name, times in found.items()])
    )
    write(given.out, "stages", {"papers": held, "ms": found})


def measured(index: IndexReader, asked: list[str]) -> dict[str, tuple[float, float]]:
    """Stage -> median and ninth decile, in milliseconds."""
    embedder = index.embedder()
    vectors = {text: embedder.embed([text])[0] for text in asked}
    retrieve(index, embedder, asked[0])
    stages: dict[str, Callable[[str], object]] = {
        "encode the question": lambda text: embedder.embed([text]),
        "vectors": lambda text: index.nearest(vectors[text], CANDIDATES, NO_FILTERS),
        "text": lambda text: index.textual(text, CANDIDATES, NO_FILTERS),
        "the whole of retrieve": lambda text: retrieve(index, embedder, text),
    }
    return {name: spread([timed(stage, text) for text in asked]) for name, stage in stages.items()}


def timed(stage: Callable[[str], object], text: str) -> float:
    """Milliseconds one call takes."""
    started = time.perf_counter()
    stage(text)
    return 1000 * (time.perf_counter() - started)


def spread(times: list[float]) -> tuple[float, float]:
    """Median and ninth decile."""
    return statistics.median(times), statistics.quantiles(times, n=10)[-1]


def told(milliseconds: float) -> str:
    """One decimal."""
    return f"{milliseconds:.1f}"


if __name__ == "__main__":
    main()
