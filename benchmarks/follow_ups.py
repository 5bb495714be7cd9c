"""The further questions that ``ask`` proposes over an index, below the question and its papers, for reading.

    follow_ups.py INDEX --questions FILE

They are written to ``benchmarks/out/follow-ups-INDEX.md``. Whether a researcher would ask them is for a
reader to say; told are how many there are, and the processor seconds that proposing them takes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from agq.answerers.follow_up import propose
from agq.embedders import open_encoder
from agq.index import open_index
from agq.index.search import IndexReader
from agq.model import Embedder
from agq.pipeline import Task, answerable, gather

sys.path.insert(0, str(Path(__file__).resolve().parent))

from answers import QUESTIONS  # the path comes first

SHOWN = 3


def main() -> None:
    """Print the questions and write them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=Path, help="a file with others, one a line")
    options = parser.parse_args()
    asked = options.questions.read_text(encoding="utf-8").splitlines() if options.questions else QUESTIONS
    with open_index(options.index, load_encoder=open_encoder) as index:
        told = [one for question in asked if question.strip() for one in _told(index, question)]
    out = Path(__file__).resolve().parent / "out"
    out.mkdir(exist_ok=True)
    page = "\n".join(text for text, _, _ in told)
    (out / f"follow-ups-{options.index.stem.strip('.')}.md").write_text(page, encoding="utf-8")
    print(page)
    full = sum(count == SHOWN for _, count, _ in told)
    seconds = statistics.median(took for _, _, took in told)
    print(f"\n{SHOWN} questions for {full} of {len(told)} that are answered; {seconds:.3f} s, median")


def _told(index: IndexReader, question: str) -> Iterator[tuple[str, int, float]]:
    """What is shown for a question, how many further ones there are, the seconds that finding them took."""
    embedder: Embedder = index.embedder()
    task = Task(question)
    evidence = gather(index, embedder, task)
    if not evidence.answerable:
        return
    start = time.process_time()
    proposed = list(propose(question, [source.paper for source in evidence.sources]))
    took = time.process_time() - start
    fits = answerable(index, embedder, task)
    kept = [one for one in proposed[: 3 * SHOWN] if fits(one)][:SHOWN]
    papers = "".join(f"- {source.match:.0%} {source.paper.title}\n" for source in evidence.sources)
    further = "".join(f"{n}. {one}\n" for n, one in enumerate(kept, 1))
    yield f"# {question}\n\n{papers}\n{further}", len(kept), took


if __name__ == "__main__":
    main()
