"""Ten questions answered by ``extract`` over an index, with the time that takes on top of retrieval.

With ``--model`` a chat model answers them instead, and what verification did to its answers is told: the
draft, citations by verdict, and everything it reported. ``--model small`` without ``--base-url`` starts the
small model that the tests use.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from agq.answerers import ANSWERERS, Answerer, AnswererConfig
from agq.config import ChatSettings, Environment
from agq.embedders import open_encoder
from agq.embedders.cross import OnnxCrossEncoder
from agq.errors import AnswererFailed
from agq.gather import Query, gather
from agq.index import open_index
from agq.index.search import IndexReader
from agq.model import Answer, Checked, Embedder, Evidence, Piece
from agq.verify import assemble, verify

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from e2e import model as small  # the path comes first

QUESTIONS = (
    "How does machine learning accelerate physics simulations compared to traditional numerical methods?",
    "Why does training a PINN go wrong, and what remedies have been suggested?",
    "How is retrieval-augmented generation evaluated for scientific literature?",
    "How do normalizing flows help lattice QCD?",
    "How accurate are machine-learned weather forecasts at long lead times?",
    "Which emulators predict the clustering power spectrum cheaply enough for a galaxy survey likelihood?",
    "What have sparse autoencoders shown about networks that are not plain text LLMs?",
    "Can symbolic regression recover physical laws from noisy data?",
    "How is uncertainty quantified in neural network potentials?",
    "Does combining keyword search with embeddings beat each of them alone?",
)


def main() -> None:
    """Print the answers and the table, write JSON."""
    options = _options()
    rows: list[dict[str, object]] = []
    with contextlib.ExitStack() as stack:
        if options.model and not options.base_url:
            weights = small.weights()
            if weights is None:
                raise SystemExit("no small model here: name a server with --base-url")
            options.base_url = stack.enter_context(small.served(weights))
        index = stack.enter_context(open_index(options.index, load_encoder=open_encoder))
        embedder = index.embedder()
        embedder.embed(["warm up"])
        for question in _questions(options):
            rows.append(_row(question, index, embedder, options))  # noqa: PERF401  # printed as it comes
    seconds = [float(str(row["seconds"])) for row in rows]
    cpu = [float(str(row["cpu_seconds"])) for row in rows]
    print(f"\nseconds on top of retrieval: median {statistics.median(seconds):.2f}, most {max(seconds):.2f}")
    print(f"processor seconds, over all cores: median {statistics.median(cpu):.2f}, most {max(cpu):.2f}")
    out = Path(__file__).resolve().parent / "out"
    out.mkdir(exist_ok=True)
    name = f"answers-{options.model or 'extract'}-{options.index.name.strip('.')}"
    told = (f"# {row['question']}\n\n{row['answer']}\n" for row in rows)
    (out / f"{name}.md").write_text("\n".join(told), encoding="utf-8")
    (out / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=Path, help="a file with others, one a line")
    parser.add_argument("-n", type=int, default=len(QUESTIONS), help="how many of the questions")
    parser.add_argument("--model", default="")
    parser.add_argument("--base-url", default="")
    parser.add_argument("--max-tokens", type=int, default=600)
    parser.add_argument("--context", type=int, default=4096, help="tokens that the model can read")
    parser.add_argument("--temperature", type=float, default=0.2)
    parser.add_argument("-k", type=int, default=8)
    return parser.parse_args()


def _questions(options: argparse.Namespace) -> Sequence[str]:
    listed = options.questions.read_text(encoding="utf-8").splitlines() if options.questions else QUESTIONS
    return [question for question in listed if question.strip()][: options.n]


def _row(
    question: str, index: IndexReader, embedder: Embedder, options: argparse.Namespace
) -> dict[str, object]:
    evidence = gather(index, embedder, Query(question, options.k))
    config = AnswererConfig(
        embedder,
        OnnxCrossEncoder(Environment.here().cache),
        frequencies=index.document_frequencies,
        chat=ChatSettings(
            options.model,
            options.base_url,
            max_tokens=options.max_tokens,
            timeout=600,
            context_tokens=options.context if options.model else 0,
            temperature=options.temperature,
        ),
    )
    answerer = ANSWERERS["chat" if options.model else "extract"](config)
    start, cpu = time.perf_counter(), time.process_time()
    draft: list[Piece] = []
    answer, fault = _answered(answerer, evidence, embedder, index, draft)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    verdicts = Counter(citation.verdict for citation in answer.citations)
    drafted = "\n".join(piece.text for piece in draft if piece.kind in {"opening", "heading", "sentence"})
    if options.model:
        print(f"\n# {question}\n\nThe draft:\n\n{drafted}\n\nThe answer:\n\n{answer.text}\n")
    else:
        print(f"\n# {question}\n\n{answer.text}\n")
    print(f"[{len(answer.text.split())} words, {seconds:.2f} s, cpu {cpu:.2f} s, {dict(verdicts)}]")
    for line in (*answer.problems, *([f"fault: {fault}"] if fault else []), *answer.follow_ups):
        print(f"  - {line}")
    return {
        "question": question,
        "draft": drafted,
        "answer": answer.text,
        "marks": [[c.id, c.verdict, c.why] for c in answer.citations],
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "verdicts": dict(verdicts),
        "problems": list(answer.problems),
        "follow_ups": list(answer.follow_ups),
        "fault": fault,
    }


def _answered(
    answerer: Answerer, evidence: Evidence, embedder: Embedder, index: IndexReader, draft: list[Piece]
) -> tuple[Answer, str]:
    checked: list[Checked] = []
    fault = ""

    def kept() -> Iterator[Piece]:
        for piece in answerer.answer(evidence):
            draft.append(piece)
            yield piece

    try:
        for piece in verify(kept(), evidence, embedder, frequencies=index.document_frequencies):
            checked.append(piece)  # noqa: PERF402  # what came before a fault is kept
    except AnswererFailed as error:
        fault = error.message
    return assemble(checked, evidence, answered_by=answerer.model, date="", incomplete=fault), fault


if __name__ == "__main__":
    main()
