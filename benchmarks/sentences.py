"""How well the sentences that answer are told from the others; fits the weights of
``agq/answerers/worth.py``.

All figures are of questions that the cross-encoder was not trained on (``judged.py``), and cross-validated
over them, but for "shipped": area under the ROC curve of each model, and what the best sentences are, over
the questions for which one of grade 3 exists.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agq.answerers.worth import (
    ANSWERS_BIAS,
    ANSWERS_WEIGHTS,
    BELONGS_BIAS,
    BELONGS_WEIGHTS,
    DANGLES_BIAS,
    DANGLES_WEIGHTS,
    features,
)
from agq.config import Place
from agq.embedders.cross import OnnxCrossEncoder
from judged import Judged, judged

OUT = Path(__file__).resolve().parent / "out" / "sentences.json"
FOLDS = 13
RIDGE = 0.1
_UNREAD = [i for i, name in enumerate(BELONGS_WEIGHTS) if name not in {"belongs", "answers", "dangles"}]
"""The columns of what is told without the cross-encoder."""
Array = NDArray[np.float64]
Groups = NDArray[np.int64]


def main() -> None:
    """Print the table, write it as JSON."""
    options = _options()
    rows = list(judged(options.cards, options.arxiv, held_out=True))
    values = _values(rows)
    x = np.array([[value[key] for key in BELONGS_WEIGHTS] for value in values])
    groups = np.array([row.question for row in rows])
    targets = {
        "BELONGS": (BELONGS_WEIGHTS, BELONGS_BIAS, [row.grade >= 2 for row in rows]),
        "ANSWERS": (ANSWERS_WEIGHTS, ANSWERS_BIAS, [row.grade == 3 for row in rows]),
        "DANGLES": (DANGLES_WEIGHTS, DANGLES_BIAS, [row.dangles for row in rows]),
    }
    figures: dict[str, float] = {"questions": float(len(set(groups))), "sentences": float(len(rows))}
    held: dict[str, Array] = {}
    for name, (weights, bias, wanted) in targets.items():
        y = np.array(wanted)
        held[name] = _left_out(x, y, groups)
        figures[f"{name.lower()} AUC, cross-encoder alone"] = _auc(
            y, np.array([v[name.lower()] for v in values])
        )
        figures[f"{name.lower()} AUC, without it"] = _auc(y, _left_out(x[:, _UNREAD], y, groups))
        figures[f"{name.lower()} AUC, left out"] = _auc(y, held[name])
        figures[f"{name.lower()} AUC, shipped"] = _auc(y, x @ np.array(list(weights.values())) + bias)
        if options.fit:
            print(_as_code(name, list(weights), *_fitted(x, y)))
    figures |= _of_leads(rows, held["ANSWERS"] * (1 - held["DANGLES"]))
    for name, value in figures.items():
        print(f"{name:40} {value:.3f}")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cards", type=Path, required=True, help="an index of corpus/")
    parser.add_argument("--arxiv", type=Path, help="an index of the 40,000 arXiv papers")
    parser.add_argument("--fit", action="store_true", help="print the weights fitted on all of them")
    return parser.parse_args()


def _values(rows: Sequence[Judged]) -> list[Mapping[str, float]]:
    encoder = OnnxCrossEncoder(Place.here().cache)
    values: list[Mapping[str, float]] = []
    for asked, group in groupby(rows, key=lambda row: row.asked):
        found = list(group)
        scores = encoder.scores(asked, [row.sentence.text for row in found])
        values += [
            features(row.sentence, row.wanted, row.best, one) for row, one in zip(found, scores, strict=True)
        ]
    return values


def _of_leads(rows: Sequence[Judged], scores: Array) -> dict[str, float]:
    """What the best sentences are, over the questions for which one of grade 3 exists."""
    best = []
    for number in sorted({row.question for row in rows}):
        at = [i for i, row in enumerate(rows) if row.question == number]
        if any(rows[i].grade == 3 for i in at):
            best.append(rows[max(at, key=lambda i: float(scores[i]))])
    shares: dict[str, Callable[[Judged], bool]] = {
        "first sentence: grade 3, stands alone": lambda row: row.grade == 3 and not row.dangles,
        "first sentence: grade 2 or 3": lambda row: row.grade >= 2,
        "first sentence: off the question": lambda row: row.grade == 0,
        "first sentence: dangles": lambda row: row.dangles,
    }
    return {name: sum(map(holds, best)) / len(best) for name, holds in shares.items()}


def _left_out(x: Array, y: NDArray[np.bool_], groups: Groups) -> Array:
    """The probability of each row by a model fitted without its question's fold."""
    scores = np.zeros(len(y))
    folds = np.unique(groups, return_inverse=True)[1] % FOLDS
    for fold in range(FOLDS):
        weights, bias = _fitted(x[folds != fold], y[folds != fold])
        scores[folds == fold] = 1 / (1 + np.exp(-(x[folds == fold] @ weights + bias)))
    return scores


def _fitted(x: Array, y: NDArray[np.bool_]) -> tuple[Array, float]:
    """Weights and bias of a ridge logistic model, for features as they are."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=RIDGE, max_iter=2000).fit((x - mean) / spread, y)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def _auc(y: NDArray[np.bool_], scores: Array) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, scores))


def _as_code(name: str, keys: Sequence[str], weights: Array, bias: float) -> str:
    pairs = ", ".join(f'"{key}": {weight:.2f}' for key, weight in zip(keys, weights, strict=True))
    return f"{name}_BIAS = {bias:.2f}\n{name}_WEIGHTS = {{{pairs}}}"


if __name__ == "__main__":
    main()
