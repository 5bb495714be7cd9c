"""Milliseconds of each stage of a question on one index, by the processor (all cores together) and by the
clock: median and the slowest tenth, after one warm-up question. ``--index`` names any index; by default that
of NPL."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from agq.embedders import open_encoder
from agq.index.search import IndexReader, open_index
from agq.match import Compared, Question, compare, feedback_set
from agq.retrieve import NO_FILTERS, retrieve, understood
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
    print(f"{held} papers, {len(asked)} questions of {given.questions}; milliseconds")
    rows = [[name, *(f"{value:.1f}" for value in spread(times))] for name, times in found.items()]
    print(table(["stage", "processor, median", "p90", "clock, median", "p90"], rows))
    write(given.out, "stages", {"papers": held, "ms": {name: spread(times) for name, times in found.items()}})


def measured(index: IndexReader, asked: list[str]) -> dict[str, list[tuple[float, float]]]:
    """Stage -> processor and clock time of each question, in milliseconds."""
    embedder = index.embedder()
    understandings = {text: understood(index, embedder, text) for text in asked}
    vectors = {text: embedder.embed([text])[0] for text in asked}
    compared = {text: candidates(index, understandings[text]) for text in asked}
    retrieve(index, embedder, asked[0])
    stages: dict[str, Callable[[str], object]] = {
        "encode the question, weigh its words": lambda text: understood(index, embedder, text),
        "vectors": lambda text: index.nearest(vectors[text], CANDIDATES, NO_FILTERS),
        "text": lambda text: index.textual(text, CANDIDATES, NO_FILTERS),
        "sentences of the company": lambda text: feedback_set(
            understandings[text], compared[text], embedder.embed
        ),
        "the whole of retrieve": lambda text: retrieve(index, embedder, text),
    }

    return {name: [timed(stage, text) for text in asked] for name, stage in stages.items()}


def candidates(index: IndexReader, question: Question) -> list[Compared]:
    """What is proposed for a question, held against it."""
    assert question.vector is not None
    near = index.nearest(question.vector, CANDIDATES, NO_FILTERS)
    held = {one.paper.id: one for one in (*near, *index.textual(question.text, CANDIDATES, NO_FILTERS))}
    return [compare(question, one) for one in held.values()]


def timed(stage: Callable[[str], object], text: str) -> tuple[float, float]:
    """Milliseconds one call takes, of the processor and by the clock."""
    spent, started = time.process_time(), time.perf_counter()
    stage(text)
    return 1000 * (time.process_time() - spent), 1000 * (time.perf_counter() - started)


def spread(times: list[tuple[float, float]]) -> list[float]:
    """Median and ninth decile, of both."""
    both = zip(*times, strict=True)
    return [value for one in both for value in (statistics.median(one), statistics.quantiles(one, n=10)[-1])]


if __name__ == "__main__":
    main()
