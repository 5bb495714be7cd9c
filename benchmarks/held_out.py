"""Whether the constants of the ranking fit one set: for each set they are chosen on the other sets alone, on
a grid, and the nDCG@10 that they reach on the set left out stands beside what ships and beside the best that
the grid holds for this very set."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agq.evaluate import ndcg
from agq.index.search import IndexReader
from agq.match import (
    FEEDBACK_PAPERS,
    FEEDBACK_REACH,
    FEEDBACK_SENTENCES,
    FEEDBACK_SHARPNESS,
    FEEDBACK_WEIGHT,
    SENTENCE_WEIGHT,
    TEXT_SHARE,
    compare,
)
from agq.model import Embedder
from agq.retrieve import understood
from agq.text.coverage import share
from agq.text.sentences import sentences
from graded import CORPUS, SPLITS, Asked, opened, options, questions, table, write

DEPTH = 100
SHARES, WEIGHTS, SHARPS, SAID = (
    (0.4, 0.5, 0.6),
    (0.0, 0.15, 0.25, 0.35),
    (20.0, 40.0, 80.0),
    (0.0, 0.1, 0.2, 0.3),
)
Constants = tuple[float, float, float, float]
SHIPPED: Constants = (TEXT_SHARE, FEEDBACK_WEIGHT, FEEDBACK_SHARPNESS, SENTENCE_WEIGHT)


@dataclass(frozen=True, slots=True)
class Pool:
    """A question's candidates: ``text`` and ``cosine`` (n,), ``vectors`` (n, dim), ``said`` (n,): the cosine
    of each one's best sentence, 0 where it is never among the first."""

    ids: Sequence[str]
    grades: Mapping[str, float]
    text: NDArray[np.float64]
    cosine: NDArray[np.float64]
    vectors: NDArray[np.float32]
    said: NDArray[np.float64]


def main() -> None:
    """Print the table, write it as JSON."""
    given = options(__doc__ or "").parse_args()
    grid = list(itertools.product(SHARES, WEIGHTS, SHARPS, SAID))
    found: dict[str, dict[Constants, float]] = {}
    for name in (*SPLITS, CORPUS):
        with opened(name, given.cache) as index:
            pools = [pool(index, index.embedder(), one) for one in questions(name) if one.grades]
        found[name] = {constants: reached(pools, constants) for constants in grid}
        print(f"{name} done", flush=True)
    rows = [row(name, found) for name in found]
    print(
        table(
            ["held out", "text / company / sharp / sentence", "held out", "ships", "best of the grid"], rows
        )
    )
    figures = {name: [[*constants, value] for constants, value in of.items()] for name, of in found.items()}
    write(given.out, "held_out", figures)


def pool(index: IndexReader, embedder: Embedder, one: Asked) -> Pool:
    """The candidates of one question."""
    question = understood(index, embedder, one.text)
    assert question.vector is not None
    near, textual = index.nearest(question.vector, DEPTH), index.textual(one.text, DEPTH)
    held = {candidate.paper.id: candidate for candidate in (*near, *textual)}
    compared = [compare(question, candidate) for candidate in held.values()]
    text, cosine = np.array([c.text for c in compared]), np.array([c.cosine for c in compared])
    said = np.zeros(len(compared))
    for n in {n for part in SHARES for n in first(part * text + (1 - part) * cosine)}:
        paper = compared[n].paper
        best = sorted(sentences(paper.abstract) or [paper.title], key=lambda s: -share(question.asked, s))
        said[n] = float((embedder.embed(best[:FEEDBACK_SENTENCES]) @ question.vector).max())
    vectors = np.stack([c.vector for c in compared if c.vector is not None])
    return Pool([c.paper.id for c in compared], one.grades, text, cosine, vectors, said)


def first(fits: NDArray[np.float64]) -> list[int]:
    """Which papers keep company."""
    order = np.argsort(-fits, kind="stable")[:FEEDBACK_PAPERS]
    return [int(n) for n in order if fits[n] > fits[order[0]] - FEEDBACK_REACH]


def reached(pools: Sequence[Pool], constants: Constants) -> float:
    """nDCG@10 of a set with other constants, as ``agq.match`` uses them."""
    part, weight, sharp, sentence = constants
    total = 0.0
    for one in pools:
        fits = part * one.text + (1 - part) * one.cosine
        best = first(fits)
        leads = fits[best] + sentence * one.said[best]
        say = np.exp(sharp * (leads - leads.max()))
        scores = fits + weight * (one.vectors @ (say / say.sum() @ one.vectors[best]))
        order = np.argsort(-scores, kind="stable")[:10]
        total += ndcg([one.ids[n] for n in order], one.grades)
    return total / len(pools)


def row(name: str, found: Mapping[str, Mapping[Constants, float]]) -> list[str]:
    """One line: chosen on the other sets by the mean of what share of their best they reach."""
    others = [found[other] for other in found if other != name]
    chosen = max(found[name], key=lambda c: sum(of[c] / max(of.values()) for of in others))
    of = found[name]
    told = " / ".join(f"{value:g}" for value in chosen)
    return [name, told, f"{of[chosen]:.4f}", f"{of[SHIPPED]:.4f}", f"{max(of.values()):.4f}"]


if __name__ == "__main__":
    main()
