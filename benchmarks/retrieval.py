"""nDCG@10 of each way to rank, on every graded set, through real indexes: text alone (BM25), vectors alone,
reciprocal rank fusion of the two, and agq's match."""

from __future__ import annotations

from collections.abc import Sequence

from agq.evaluate import ndcg, recall
from agq.index.search import IndexReader
from agq.model import Embedder
from agq.retrieve import retrieve
from graded import CORPUS, SPLITS, Asked, opened, options, questions, table, write

DEPTH = 100
RRF_K = 60
METHODS = ("BM25", "vectors", "RRF", "agq")

Rankings = dict[str, list[str]]


def main() -> None:
    """Print the table, write it as JSON."""
    given = options(__doc__ or "").parse_args()
    found = {}
    for name in (*SPLITS, CORPUS):
        with opened(name, given.cache) as index:
            asked = [one for one in questions(name) if one.grades]
            rankings = [ranked(index, index.embedder(), one.text) for one in asked]
        found[name] = {
            method: averages(asked, [ranking[method] for ranking in rankings]) for method in METHODS
        }
        print(f"{name}: {len(asked)} questions", flush=True)
    rows = [[name, *(f"{found[name][method]['ndcg@10']:.4f}" for method in METHODS)] for name in found]
    print(table(["nDCG@10", *METHODS], rows))
    rows = [[name, *(f"{found[name][method]['recall@100']:.4f}" for method in METHODS)] for name in found]
    print("\n" + table(["recall@100", *METHODS], rows))
    write(given.out, "retrieval", found)


def ranked(index: IndexReader, embedder: Embedder, question: str) -> Rankings:
    """The ids each method ranks first, best first."""
    text = [one.paper.id for one in index.textual(question, DEPTH)]
    near = [one.paper.id for one in index.nearest(embedder.embed([question])[0], DEPTH)]
    ours = [one.paper.id for one in retrieve(index, embedder, question, k=DEPTH).sources]
    return {"BM25": text, "vectors": near, "RRF": fused(text, near), "agq": ours}


def fused(*rankings: Sequence[str]) -> list[str]:
    """Reciprocal rank fusion (Cormack et al. 2009), k = 60."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, one in enumerate(ranking, start=1):
            scores[one] = scores.get(one, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda one: (-scores[one], one))[:DEPTH]


def averages(asked: Sequence[Asked], rankings: Sequence[Sequence[str]]) -> dict[str, float]:
    """The figures of one method over a set."""
    pairs = list(zip(rankings, asked, strict=True))
    return {
        "ndcg@10": sum(ndcg(ranking, one.grades) for ranking, one in pairs) / len(pairs),
        "recall@100": sum(recall(ranking, one.grades, DEPTH) for ranking, one in pairs) / len(pairs),
    }


if __name__ == "__main__":
    main()
