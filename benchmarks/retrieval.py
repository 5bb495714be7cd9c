"""nDCG@10 of each way to rank, on every graded set, through real indexes: text alone (BM25), vectors alone,
two usual ways to fuse them, and agq's match with and without its parts.

*RRF*: reciprocal rank fusion of the two lists. *min-max*: the mean of BM25 score and cosine, each stretched
to 0..1 over the papers that either list proposes. *fit*: cosine and covered share alone. *company*: with the
likeness to the papers that fit best. *agq*: what ships, these papers chosen with a look at their sentences.
``--long``: whole abstracts as questions, relevant the papers that were judged relevant together with
theirs."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agq.evaluate import ndcg, recall
from agq.index.search import IndexReader
from agq.match import Compared, Question, compare, feedback_set, match
from agq.model import Candidate, Embedder, Source
from agq.retrieve import retrieve, similar, understood
from agq.text.terms import idf, terms
from graded import CORPUS, SPLITS, Asked, opened, options, questions, table, write

DEPTH = 100
RRF_K = 60
K1, B = 1.2, 0.75
METHODS = ("BM25", "vectors", "RRF", "min-max", "fit", "company", "agq")
LONG = 150
"""Whole abstracts asked a set."""

Rankings = dict[str, list[str]]


def main() -> None:
    """Print the tables, write them as JSON."""
    parser = options(__doc__ or "")
    parser.add_argument("--long", action="store_true", help="whole abstracts as questions")
    given = parser.parse_args()
    names = SPLITS if given.long else (*SPLITS, CORPUS)
    found = {}
    for name in names:
        with opened(name, given.cache) as index:
            found[name] = measured_long(index, name) if given.long else measured(index, name)
        print(f"{name} done", flush=True)
    for figure in ("ndcg@10", "recall@100"):
        rows = [[name, *(f"{found[name][method][figure]:.4f}" for method in METHODS)] for name in found]
        print(table([figure, *METHODS], rows) + "\n")
    write(given.out, "retrieval_long" if given.long else "retrieval", found)


def measured(index: IndexReader, name: str) -> dict[str, dict[str, float]]:
    """Method -> its figures on the questions of a set."""
    asked = [one for one in questions(name) if one.grades]
    return averages(asked, [ranked(index, index.embedder(), one.text) for one in asked])


def ranked(index: IndexReader, embedder: Embedder, text: str) -> Rankings:
    """The ids each method ranks first, best first."""
    question = understood(index, embedder, text)
    ours = retrieve(index, embedder, text, k=DEPTH).sources
    return every_way(index, question, text, ours, frozenset())


def measured_long(index: IndexReader, name: str) -> dict[str, dict[str, float]]:
    """The same with whole abstracts, asked as `agq similar` asks them: by the vectors that are stored."""
    asked, rankings = [], []
    for id_, grades in long_questions(questions(name)):
        (own,) = index.candidates([id_])
        question = replace(understood(index, index.embedder(), own.paper.text), vector=own.vector)
        ours = similar(index, id_, k=DEPTH)
        asked.append(Asked(own.paper.text, grades))
        rankings.append(every_way(index, question, own.paper.text, ours, frozenset([id_])))
    return averages(asked, rankings)


def long_questions(asked: Sequence[Asked]) -> list[tuple[str, Mapping[str, float]]]:
    """Papers by chance, each with those that were judged relevant together with it, two at least."""
    together: dict[str, set[str]] = {}
    for one in asked:
        relevant = {id_ for id_, grade in one.grades.items() if grade > 0}
        for id_ in relevant:
            together.setdefault(id_, set()).update(relevant - {id_})
    ids = [id_ for id_ in sorted(together) if len(together[id_]) > 1]
    random.Random(1).shuffle(ids)
    return [(id_, dict.fromkeys(together[id_], 1.0)) for id_ in ids[:LONG]]


def every_way(
    index: IndexReader, question: Question, text: str, ours: Sequence[Source], without: frozenset[str]
) -> Rankings:
    """One question ranked by every method; the papers ``without`` are left out."""
    textual = [one for one in index.textual(text, DEPTH + 1) if one.paper.id not in without][:DEPTH]
    assert question.vector is not None
    near = [one for one in index.nearest(question.vector, DEPTH + 1) if one.paper.id not in without][:DEPTH]
    lists = [[one.paper.id for one in textual], [one.paper.id for one in near]]
    both = list({one.paper.id: one for one in (*textual, *near)}.values())
    compared = [compare(question, one) for one in both]
    kept = replace(question, feedback=feedback_set(question, compared, None))
    return {
        "BM25": lists[0],
        "vectors": lists[1],
        "RRF": fused(*lists),
        "min-max": convex(bm25(index, text, both), {one.paper.id: one.cosine for one in compared}),
        "fit": by_match(question, compared),
        "company": by_match(kept, compared),
        "agq": [one.paper.id for one in ours],
    }


def by_match(question: Question, compared: Sequence[Compared]) -> list[str]:
    """Ids by their match, best first."""
    found = {one.paper.id: match(question, one) for one in compared}
    return sorted(found, key=lambda id_: (-found[id_], id_))[:DEPTH]


def fused(*rankings: Sequence[str]) -> list[str]:
    """Reciprocal rank fusion (Cormack et al. 2009), k = 60."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, one in enumerate(ranking, start=1):
            scores[one] = scores.get(one, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda one: (-scores[one], one))[:DEPTH]


def convex(*scores: Mapping[str, float]) -> list[str]:
    """The sum of scores, each stretched to 0..1 (a convex combination with equal weights, Bruch et al.
    2023)."""
    total: dict[str, float] = {}
    for of in scores:
        low, high = min(of.values(), default=0.0), max(of.values(), default=1.0)
        for id_, score in of.items():
            total[id_] = total.get(id_, 0.0) + (score - low) / max(high - low, 1e-9)
    return sorted(total, key=lambda id_: (-total[id_], id_))[:DEPTH]


def bm25(index: IndexReader, text: str, held: Sequence[Candidate]) -> dict[str, float]:
    """The BM25 score of papers."""
    wanted = terms(text)
    distinct = list(dict.fromkeys(wanted))
    frequencies = dict(zip(distinct, index.document_frequencies(distinct), strict=True))
    weights = {term: wanted.count(term) * idf(index.state.papers, n) for term, n in frequencies.items()}
    usual = index.centroid.length if index.centroid else 1.0
    scores = {}
    for one in held:
        said = one.words.split()
        flat = K1 * (1 - B + B * len(said) / usual)
        counts = {term: said.count(term) for term in distinct}
        scores[one.paper.id] = sum(weights[t] * n * (K1 + 1) / (n + flat) for t, n in counts.items())
    return scores


def averages(asked: Sequence[Asked], rankings: Sequence[Rankings]) -> dict[str, dict[str, float]]:
    """The figures of each method over a set."""
    pairs = list(zip(rankings, asked, strict=True))
    return {
        method: {
            "ndcg@10": sum(ndcg(ways[method], one.grades) for ways, one in pairs) / len(pairs),
            "recall@100": sum(recall(ways[method], one.grades, DEPTH) for ways, one in pairs) / len(pairs),
        }
        for method in METHODS
    }


if __name__ == "__main__":
    main()
