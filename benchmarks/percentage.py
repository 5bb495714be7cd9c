"""What the percentage does over real libraries: the best match of questions that a library can and cannot
answer, how far the first twenty spread, what another wording changes, and what agq says to near questions
that cannot be answered.

The graded questions and the libraries lie beside the checkout; the pairs of wordings are ``rephrased.jsonl``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from agq.embedders import open_encoder
from agq.engines.plan import Plan
from agq.gather import Query, gather
from agq.index.search import IndexReader, open_index
from agq.match import MIN_MATCH
from agq.model import Evidence
from agq.pipeline import build
from graded import BEIR, ROOT, options, table, write

DATA = BEIR.parent
QUESTIONS = DATA / "questions"
LOW, CLOSE = 0.4, 0.1
NEXT_DOOR = """
Does lithium reduce suicide attempts in bipolar disorder?
How deep is the Mariana Trench?
beekeeping with computer vision to find varroa mites
Which vaccine works best against dengue fever?
Are there ultra-diffuse galaxies on Mars?
Do SSRIs reduce PTSD symptoms in children?
soil erosion in vineyards measured by LiDAR
Can language models write haiku in Basque?
detection of counterfeit banknotes with neural networks
How salty is the ocean of Enceladus?
""".strip().splitlines()
"""Questions that library D, 3,000 recent arXiv papers, cannot answer, though its fields are near."""


def main() -> None:
    """Print the tables, write the figures as JSON."""
    given = options(__doc__ or "").parse_args()
    asked = [json.loads(line) for line in (QUESTIONS / "libraries.jsonl").read_text("utf-8").splitlines()]
    pairs = [json.loads(line) for line in (ROOT / "benchmarks" / "rephrased.jsonl").read_text().splitlines()]
    rows, figures = [], {}
    for name in sorted({one["library"] for one in asked}):
        with library(name, given.cache) as index:
            of = {kind: _bests(index, asked, name, kind) for kind in ("answer", "nothing")}
            spread = _spreads(index, asked, name)
            apart = [abs(a - b) for a, b in _worded(index, pairs, name)]
            if name == "D":
                _print_next_door(index)
        figures[name] = {**of, "spread": spread, "apart": apart}
        rows.append([name, *_row(of, spread, apart)])
    heads = [
        "answered, median best",
        "not answerable below 40 %",
        "first to twentieth, median",
        "other words within 10",
    ]
    print(table(["library", *heads], rows))
    write(given.out, "percentage", figures)


def _bests(index: IndexReader, asked: list[dict[str, str]], name: str, kind: str) -> list[float]:
    mine = (one["question"] for one in asked if one["library"] == name and one["expect"] == kind)
    return [_best(_found(index, question, 1)) for question in mine]


def _spreads(index: IndexReader, asked: list[dict[str, str]], name: str) -> list[float]:
    mine = (one["question"] for one in asked if one["library"] == name and one["expect"] == "answer")
    found = [[source.match for source in _found(index, question, 20).sources] for question in mine]
    return [matches[0] - matches[-1] for matches in found if len(matches) == 20 and matches[0] >= LOW]


def _worded(index: IndexReader, pairs: list[dict[str, str]], name: str) -> Iterator[tuple[float, float]]:
    for pair in pairs:
        if pair["library"] == name:
            yield _best(_found(index, pair["one"], 1)), _best(_found(index, pair["other"], 1))


def _row(of: Mapping[str, list[float]], spread: list[float], apart: list[float]) -> list[str]:
    low = np.mean([one < LOW for one in of["nothing"]])
    close = np.mean([one <= CLOSE for one in apart])
    median = float(np.median(of["answer"]))
    return [f"{median:.0%}", f"{low:.0%}", f"{np.median(spread):.0%}", f"{close:.0%} of {len(apart)}"]


def _print_next_door(index: IndexReader) -> None:
    for question in NEXT_DOOR:
        found = _found(index, question, 8)
        missing = ", ".join(found.understood.missing) or "-"
        said = "no answer" if _best(found) < MIN_MATCH else "answers"
        print(f"{_best(found):4.0%}  {said:9}  not mentioned: {missing:30}  {question}")
    print()


def _found(index: IndexReader, question: str, k: int) -> Evidence:
    return gather(index, index.embedder(), Query(question, k))


def _best(found: Evidence) -> float:
    return found.sources[0].match if found.sources else 0.0


@contextmanager
def library(name: str, cache: Path) -> Iterator[IndexReader]:
    """The index of a library of the graded questions, built where ``cache`` has none."""
    parts = json.loads((QUESTIONS / "libraries.json").read_text("utf-8"))[name]
    place = cache / "eval" / f"library-{name}"
    sources = [_part(part, cache) if isinstance(part, dict) else str(DATA / part) for part in parts]
    build(place, Plan(tuple(sources)), cache)
    with open_index(place, load_encoder=open_encoder) as index:
        yield index


def _part(part: Mapping[str, object], cache: Path) -> str:
    """Every so manieth line of a large file, as a file of its own."""
    first, step, count = (int(str(part[name])) for name in ("first", "step", "count"))
    file = cache / "eval" / f"part-{first}-{step}-{count}.jsonl"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(DATA / str(part["file"]), "rt", encoding="utf-8") as lines:
            kept = [line for number, line in enumerate(lines) if number % step == first]
        file.write_text("".join(kept[:count]), encoding="utf-8")
    return str(file)


if __name__ == "__main__":
    main()
