"""How well the sentences that answer are told from the others; fits the weights of
``agq/answerers/worth.py``.

``judged.jsonl`` holds questions and the sentences of the abstracts found for them, judged by reading: 3
answers the question by itself, 2 belongs in a good answer, 1 is on the subject, 0 is not (not listed); ``d``:
cannot be read alone. Sentences are named by paper and number. Half of the questions are asked of agq's own
cards, half of the 40,000 arXiv papers (``--arxiv``, an index of them; without it the cards alone).

All figures are cross-validated over questions, 13 folds, but for "shipped": area under the ROC curve of each
model, and what the best sentences are, over the questions for which one of grade 3 exists. Whether a question
is asked of the cards or of arXiv is fitted along, and left out of the weights: they are to tell sentences
apart, not collections.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agq.answerers.worth import (
    BELONGS_BIAS,
    BELONGS_WEIGHTS,
    LEANS_BIAS,
    LEANS_WEIGHTS,
    OPENS_BIAS,
    OPENS_WEIGHTS,
    Sentence,
    asked,
    features,
    leaning_features,
    standing,
)
from agq.embedders import open_encoder
from agq.index import open_index
from agq.retrieve import retrieve
from agq.support import Grounds
from agq.text.terms import terms

HERE = Path(__file__).resolve().parent
FOLDS = 13
RIDGE = 0.3
Array = NDArray[np.float64]
Groups = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with its features, its grade (0 to 3) and whether it dangles; ``question`` is a number."""

    question: int
    arxiv: bool
    sentence: Sentence
    values: Mapping[str, float]
    leaning: Mapping[str, float]
    grade: int
    dangles: bool


def main() -> None:
    """Print the table, write it as JSON."""
    options = _options()
    paths = (options.cards, options.arxiv)
    rows = [row for path in paths if path for row in _judged(path, options.judged, path is options.arxiv)]
    groups = np.array([row.question for row in rows])
    targets = {
        "BELONGS": (
            BELONGS_WEIGHTS,
            BELONGS_BIAS,
            [row.values for row in rows],
            [r.grade >= 2 for r in rows],
        ),
        "OPENS": (OPENS_WEIGHTS, OPENS_BIAS, [row.values for row in rows], [r.grade == 3 for r in rows]),
        "LEANS": (LEANS_WEIGHTS, LEANS_BIAS, [row.leaning for row in rows], [r.dangles for r in rows]),
    }
    figures: dict[str, float] = {"questions": float(len(set(groups))), "sentences": float(len(rows))}
    held: dict[str, Array] = {}
    for name, (weights, bias, values, wanted) in targets.items():
        x, y = np.array([[v[key] for key in weights] for v in values]), np.array(wanted)
        of_set = np.array([row.arxiv for row in rows], float)
        held[name] = _left_out(x, y, groups, of_set)
        figures[f"{name.lower()} AUC, left out"] = _auc(y, held[name])
        figures[f"{name.lower()} AUC, shipped"] = _auc(y, x @ np.array(list(weights.values())) + bias)
        if options.fit:
            print(_as_code(name, list(weights), *_fitted(x, y, of_set)))
    leads = held["OPENS"] * np.sqrt(1 - held["LEANS"])
    figures |= _of_leads(rows, groups, leads)
    for name, value in figures.items():
        print(f"{name:36} {value:.3f}")
    out = HERE / "out" / "sentences.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cards", type=Path, help="an index of corpus/")
    parser.add_argument("--arxiv", type=Path, help="an index of the 40,000 arXiv papers")
    parser.add_argument("--judged", type=Path, default=HERE / "judged.jsonl")
    parser.add_argument("--fit", action="store_true", help="print the weights fitted on all of them")
    return parser.parse_args()


def _judged(path: Path, judged: Path, arxiv: bool) -> Iterator[Judged]:
    """The judged sentences of the questions whose papers the index holds."""
    with open_index(path, load_encoder=open_encoder) as index:
        embedder = index.embedder()
        for number, line in enumerate(judged.read_text().splitlines()):
            one = json.loads(line)
            if len(index.get(list(one["papers"]))) < len(one["papers"]):
                continue
            evidence = retrieve(index, embedder, one["question"], k=len(one["papers"]))
            sources = [source for source in evidence.sources if source.paper.id in one["papers"]]
            wanted = frozenset(terms(one["question"]))
            grounds = Grounds(
                [s.paper for s in sources],
                embedder,
                frequencies=index.document_frequencies,
                total=index.state.papers,
            )
            question = asked(one["question"], grounds.weights(wanted))
            found = [sentence for source in sources for sentence in standing(source)]
            vectors = embedder.embed([one["question"], *(sentence.text for sentence in found)])
            for sentence, cosine in zip(found, vectors[1:] @ vectors[0], strict=True):
                grade = one["papers"][sentence.source.paper.id].get(str(sentence.position), "0")
                yield Judged(
                    number,
                    arxiv,
                    sentence,
                    features(sentence, question, evidence.sources[0].match, float(cosine)),
                    leaning_features(sentence),
                    int(grade[0]),
                    grade.endswith("d"),
                )


def _of_leads(rows: Sequence[Judged], groups: Groups, scores: Array) -> dict[str, float]:
    """What the best sentences are, over the questions for which one of grade 3 exists."""
    best = []
    for number in sorted(set(groups.tolist())):
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


def _left_out(x: Array, y: NDArray[np.bool_], groups: Groups, of_set: Array) -> Array:
    """The probability of each row by a model fitted without its question's fold."""
    scores = np.zeros(len(y))
    folds = groups % FOLDS
    for fold in range(FOLDS):
        weights, bias = _fitted(x[folds != fold], y[folds != fold], of_set[folds != fold])
        scores[folds == fold] = 1 / (1 + np.exp(-(x[folds == fold] @ weights + bias)))
    return scores


def _fitted(x: Array, y: NDArray[np.bool_], of_set: Array) -> tuple[Array, float]:
    """Weights and bias of a ridge logistic model, for features as they are, midway between the sets."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    columns = np.column_stack([(x - mean) / spread, of_set - 0.5])
    model = LogisticRegression(C=RIDGE, max_iter=2000).fit(columns, y)
    weights = model.coef_[0][:-1] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def _auc(y: NDArray[np.bool_], scores: Array) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, scores))


def _as_code(name: str, keys: Sequence[str], weights: Array, bias: float) -> str:
    pairs = ", ".join(f'"{key}": {weight:.2f}' for key, weight in zip(keys, weights, strict=True))
    return f"{name}_BIAS = {bias:.2f}\n{name}_WEIGHTS = {{{pairs}}}"


if __name__ == "__main__":
    main()
