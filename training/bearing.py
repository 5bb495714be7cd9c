"""How well papers and their sentences are chosen, on questions that nothing was trained on; fits the weights
of ``agq/answerers/reading.py``.

``two``: the share of judged papers with a sentence of grade 2 or 3 whose best two sentences hold the
best-judged one. ``off``: of the papers shown that were judged, the share whose first sentence is off the
question (grade 0). ``AUC``: telling papers on the question from those off it, cross-validated; ``whole`` and
``sentence``: telling those on the subject (grade 1) and those that hold something that belongs (grade 2) by
the paper as a whole, and by its best sentence, without any index. ``--fit``
prints the weights of ``BEARING_WEIGHTS``, fitted on the same questions.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agq.answerers.findings import QuotedPaper, chosen
from agq.answerers.reading import BEARING_WEIGHTS, PaperReading, features, read
from agq.config import Environment
from agq.embedders import open_encoder
from agq.embedders.cross import OnnxCrossEncoder
from agq.entailment import SourceTexts
from agq.gather import Query, gather
from agq.index import open_index
from agq.model import CrossEncoder, MatchParts, Passage, Source
from agq.text.clean import one_line
from agq.text.sentences import sentences
from agq.text.terms import terms
from judged import Judgement, judged

OUT = Path(__file__).resolve().parents[1] / "benchmarks" / "out" / "bearing.json"
FOUND = 12
"""Papers of a question; some of them were judged."""
FOLDS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A judged paper that was found: its features, and the grade of the sentence that would open it."""

    question: int
    values: Mapping[str, float]
    grade: int


def main() -> None:
    """Print the figures, write them as JSON."""
    options = _options()
    encoder = OnnxCrossEncoder(Environment.here().cache)
    papers = list(judged(options.sources, held_out=True))
    figures: dict[str, float] = {"two": _two(papers, encoder), **_whole(papers, encoder)}
    if not options.index:
        _told(figures)
        return
    rows: list[Row] = []
    shown: list[int] = []
    for index in options.index:
        for row, entries in _found(index, papers, encoder):
            rows += row
            shown += entries
    figures["papers shown, judged"] = len(shown)
    figures["off"] = float(np.mean([grade == 0 for grade in shown]))
    figures["AUC"] = _auc(rows)
    if options.fit:
        weights, bias = _fitted(rows)
        print(f"BEARING_BIAS = {bias:.2f}", dict(zip(BEARING_WEIGHTS, np.round(weights, 2), strict=True)))
    _told(figures)


def _told(figures: Mapping[str, float]) -> None:
    for name, value in figures.items():
        print(f"{name:24} {value:.3f}")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sources", nargs="+", help="corpus/ and the arXiv records that were judged")
    parser.add_argument("--index", type=Path, action="append", default=[], help="an index of one of them")
    parser.add_argument("--fit", action="store_true")
    return parser.parse_args()


def _two(papers: Sequence[Judgement], encoder: CrossEncoder) -> float:
    held = []
    for one in papers:
        source = Source(one.paper, 1.0, MatchParts(1.0, 1.0))
        found = read(one.asked, [source], {}, encoder)
        if one.best < 2 or not found:  # belongs in an answer
            continue
        told = [said.quote.position for said in sorted(found[0].said, key=lambda said: -said.tells)]
        grades = [one.grades[at] for at in told if at in one.grades][:2]
        held.append(max(grades, default=0) == one.best)
    return float(np.mean(held))


def _whole(papers: Sequence[Judgement], encoder: CrossEncoder) -> dict[str, float]:
    from sklearn.metrics import roc_auc_score

    best = np.array([one.best for one in papers])
    told = [(one.asked, tuple(sentences(one_line(one.paper.abstract)))) for one in papers]
    whole = np.concatenate(
        [
            encoder.papers(asked, [Passage(one_line(one.paper.title), (), said)])
            for one, (asked, said) in zip(papers, told, strict=True)
        ]
    )
    sentence = np.stack([encoder.scores(asked, said)[:, :2].max(axis=0) for asked, said in told])
    return {
        f"{name}, grade {grade}": float(roc_auc_score(best >= grade, scores[:, grade - 1]))
        for name, scores in (("whole", whole), ("sentence", sentence))
        for grade in (1, 2)
    }


def _found(
    path: Path, papers: Sequence[Judgement], encoder: CrossEncoder
) -> Iterator[tuple[list[Row], list[int]]]:
    """The judged papers of each question that the index finds, and the grades of what would be shown."""
    questions: dict[int, dict[str, Judgement]] = {}
    for one in papers:
        questions.setdefault(one.question, {})[one.paper.id] = one
    with open_index(path, load_encoder=open_encoder) as index:
        embedder = index.embedder()
        for number, judgements in questions.items():
            if len(index.get(list(judgements))) < len(judgements):
                continue
            asked = next(iter(judgements.values())).asked
            sources = gather(index, embedder, Query(asked, FOUND)).sources
            texts = SourceTexts(
                [source.paper for source in sources],
                embedder,
                frequencies=index.document_frequencies,
                total=index.state.papers,
            )
            wanted = dict(texts.weights(frozenset(terms(asked))))
            readings = read(asked, sources, wanted, encoder)
            best = max((source.match for source in sources), default=0.0)
            rows = [
                Row(number, features(one, wanted, best), grade)
                for one in readings
                if (grade := _grade(one, judgements)) is not None
            ]
            grades = [_grade(entry.reading, judgements) for entry in _entries(readings)]
            yield rows, [grade for grade in grades if grade is not None]


def _entries(readings: Sequence[PaperReading]) -> list[QuotedPaper]:
    return chosen(readings[:8], alone=True)


def _grade(reading: PaperReading, judgements: Mapping[str, Judgement]) -> int | None:
    judgement = judgements.get(reading.paper.id)
    return judgement.grades.get(reading.best.quote.position) if judgement else None


def _matrix(rows: Sequence[Row]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[row.values[name] for name in BEARING_WEIGHTS] for row in rows])


def _fitted(rows: Sequence[Row]) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], float]:
    """Weights and bias of a ridge logistic model, for features as they are."""
    from sklearn.linear_model import LogisticRegression

    x, y = _matrix(rows), np.array([row.grade >= 1 for row in rows])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=2000).fit((x - mean) / spread, y)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def _auc(rows: Sequence[Row]) -> float:
    """Of models that were fitted without the question's fold."""
    from sklearn.metrics import roc_auc_score

    folds = np.unique([row.question for row in rows], return_inverse=True)[1] % FOLDS
    scores = np.zeros(len(rows))
    for fold in range(FOLDS):
        weights, bias = _fitted([row for row, at in zip(rows, folds, strict=True) if at != fold])
        held = [n for n, at in enumerate(folds) if at == fold]
        scores[held] = _matrix([rows[n] for n in held]) @ weights + bias
    return float(roc_auc_score([row.grade >= 1 for row in rows], scores))


if __name__ == "__main__":
    main()
