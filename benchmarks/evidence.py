"""How well relevance and the choice of sentences agree with SciFact's annotators; fits their weights.

Relevance: claims against the abstracts their annotators cited, those that bear a claim out (or refute it)
against those that are silent; area under the ROC curve, cross-validated over claims, five times five folds.
Choice: the gold sentence among the first one and three. ``--fit`` prints the weights for
``agq/entailment.py``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agq.embedders import open_encoder, prepared
from agq.entailment import CHOICE_WEIGHTS, RELEVANCE_WEIGHTS, SourceTexts
from agq.model import Paper
from agq.text.terms import terms

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "evidence"
OUT = Path(__file__).resolve().parent / "out"
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Features (n, f), labels (n,), the claim of each row (n,), and the (claim, abstract) pair of each row
    (n,).
    """

    x: Array
    y: Array
    claim: NDArray[np.int64]
    pair: NDArray[np.int64]


def main() -> None:
    """Print the table, write it as JSON."""
    options = _options()
    claims = [json.loads(line) for line in options.data.joinpath("scifact_claims_train.jsonl").open()]
    sources, stored = _sources(options.data / "scifact_corpus_sentences.jsonl", claims, options.cache)
    support, choice = _relevance_rows(claims, sources), _choice_rows(claims, sources, stored)
    figures: dict[str, Array] = {
        "pairs": np.array(len(support.y)),
        "relevance_auc_cv": _cross_validated(
            support, lambda rows, scores: auc(rows.y, scores), options.folds
        ),
        "relevance_auc_shipped": np.array(
            auc(support.y, support.x @ np.array(list(RELEVANCE_WEIGHTS.values())))
        ),
        "choice_cv": _cross_validated(choice, hits, options.folds),
        "choice_shipped": np.array(hits(choice, choice.x @ np.array(list(CHOICE_WEIGHTS.values())))),
        "by_cosine_alone": np.array(hits(choice, choice.x[:, list(CHOICE_WEIGHTS).index("near")])),
    }
    for name, value in figures.items():
        print(f"{name:22} {np.round(value, 4)}")
    if options.fit:
        print(_as_code("RELEVANCE", list(RELEVANCE_WEIGHTS), *fitted(support.x, support.y)))
        print(_as_code("CHOICE", list(CHOICE_WEIGHTS), *fitted(choice.x, choice.y)))
    OUT.mkdir(exist_ok=True)
    plain = {name: np.round(value, 4).tolist() for name, value in figures.items()}
    (OUT / "evidence.json").write_text(json.dumps(plain, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=DATA, help="the folder with SciFact's claims and sentences"
    )
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "agq", help="agq's cache")
    parser.add_argument("--folds", type=int, default=5, help="repetitions of the five folds")
    parser.add_argument("--fit", action="store_true", help="print the weights fitted on all claims")
    return parser.parse_args()


def _sources(
    path: Path, claims: Sequence[dict[str, object]], cache: Path
) -> tuple[SourceTexts, dict[str, list[str]]]:
    """The abstracts that the claims speak of, weighed over the whole collection, split as their annotators
    did.
    """
    stored = {str(d["doc_id"]): d for d in map(json.loads, path.open())}
    wanted = {key for claim in claims for key in _cited(claim)}
    texts = {key: (d["title"], d["abstract"]) for key, d in stored.items()}
    counts = Counter(t for title, body in texts.values() for t in set(terms(f"{title} {' '.join(body)}")))
    papers = [Paper(key, texts[key][0], " ".join(texts[key][1])) for key in sorted(wanted)]
    sources = SourceTexts(
        papers,
        open_encoder(prepared(cache=cache)),
        frequencies=lambda ts: [counts[t] for t in ts],
        total=len(stored),
    )
    for key in wanted:
        sources[key].sentences = tuple(texts[key][1])
    return sources, {key: texts[key][1] for key in wanted}


def _cited(claim: dict[str, object]) -> list[str]:
    cited, evidence = claim["cited_doc_ids"], claim["evidence"]
    assert isinstance(cited, list)
    assert isinstance(evidence, dict)
    return sorted({str(key) for key in cited} | set(evidence))


def _relevance_rows(claims: Sequence[dict[str, object]], sources: SourceTexts) -> Rows:
    x, y, of = [], [], []
    for n, claim in enumerate(claims):
        for key in _cited(claim):
            features = sources.relevance_features(str(claim["claim"]), key)
            x.append([features[name] for name in RELEVANCE_WEIGHTS])
            y.append(float(key in claim["evidence"]))  # type: ignore[operator]  # a JSON object
            of.append(n)
    return Rows(np.array(x), np.array(y), np.array(of), np.arange(len(y)))


def _choice_rows(
    claims: Sequence[dict[str, object]], sources: SourceTexts, stored: dict[str, list[str]]
) -> Rows:
    x, y, of, pair = [], [], [], []
    for n, claim in enumerate(claims):
        evidence = claim["evidence"]
        assert isinstance(evidence, dict)
        for key, groups in evidence.items():
            gold = {i for group in groups for i in group["sentences"]}
            for i, features in enumerate(sources.choice_features(str(claim["claim"]), key)):
                x.append([features[name] for name in CHOICE_WEIGHTS])
                y.append(float(i in gold))
                of.append(n)
                pair.append(n * 100_000 + list(stored).index(key))
    return Rows(np.array(x), np.array(y), np.array(of), np.array(pair))


def fitted(x: Array, y: Array, *, penalty: float = 1.0, steps: int = 60) -> tuple[Array, float]:
    """Weights and bias of a logistic model, by Newton's method on standardised features with a ridge
    penalty.
    """
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    z = np.column_stack([(x - mean) / scale, np.ones(len(x))])
    ridge = penalty * np.diag([1.0] * x.shape[1] + [0.0])
    w = np.zeros(z.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(z @ w, -30, 30)))
        w -= np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + ridge, z.T @ (p - y) + ridge @ w)
    weights = w[:-1] / scale
    return weights, float(w[-1] - weights @ mean)


def auc(y: Array, scores: Array) -> float:
    """The share of (positive, negative) pairs in the right order, ties half."""
    positive, negative = scores[y == 1], scores[y == 0]
    above = (positive[:, None] > negative[None, :]).mean()
    return float(above + 0.5 * (positive[:, None] == negative[None, :]).mean())


def hits(rows: Rows, scores: Array) -> tuple[float, float]:
    """How often a gold sentence is the first, and among the first three, of its abstract."""
    found = []
    for pair in np.unique(rows.pair):
        own = rows.pair == pair
        gold = rows.y[own][np.argsort(-scores[own], kind="stable")]
        found.append((gold[0], gold[:3].max()))
    first, three = np.mean(found, axis=0)
    return float(first), float(three)


def _cross_validated(rows: Rows, measure: Callable[[Rows, Array], object], times: int) -> Array:
    """The measure on scores of models that never saw the claim, mean of ``times`` splits into five folds."""
    found = []
    for seed in range(times):
        fold = np.random.default_rng(seed).integers(5, size=int(rows.claim.max()) + 1)[rows.claim]
        scores = np.zeros(len(rows.y))
        for k in range(5):
            weights, bias = fitted(rows.x[fold != k], rows.y[fold != k])
            scores[fold == k] = rows.x[fold == k] @ weights + bias
        found.append(measure(rows, scores))
    return np.mean(np.array(found), axis=0)  # type: ignore[no-any-return]  # numpy's stub


def _as_code(name: str, features: Sequence[str], weights: Array, bias: float) -> str:
    listed = ", ".join(f'"{f}": {w:.2f}' for f, w in zip(features, weights, strict=True))
    return f"{name}_BIAS = {bias:.2f}\n{name}_WEIGHTS = {{{listed}}}"


if __name__ == "__main__":
    main()
