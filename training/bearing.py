"""How well papers and their sentences are chosen, on questions that nothing was trained on; fits the weights
of ``agq/answerers/reading.py``.

    bearing.py corpus/ METADATA [--questions FILE --cards CARDS.agq --index A.agq B.agq ...]

On the judged questions that are kept for measuring: ``two``, the share of papers with a sentence of grade 2
or 3 whose best two sentences hold the best-judged one; ``paper`` and ``sentence``, how well the paper as a
whole and its best sentence tell papers on the subject (grade 1) and those that hold something that belongs
(grade 2) from others (AUC).

``--questions``: a file of questions over libraries, each with its index (``graded.jsonl`` says which of the
papers found answer them). ``--cards``: the index of corpus/, for those of the judged questions that it holds,
which are broader. Of what is found in both: ``AUC`` of the weights, cross-validated; and, of the papers
that would be shown, ``off``, the share with nothing on the question's subject; ``clean``, the share of
answers without such a paper; ``told``, the share with a sentence of grade 3 in the first two entries. Printed
are the weights of ``BEARING_WEIGHTS``, fitted on all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agq.answerers.findings import QuotedPaper, chosen
from agq.answerers.reading import BEARING_WEIGHTS, PaperReading, features, read
from agq.config import Environment
from agq.embedders import open_encoder
from agq.embedders.cross import OnnxCrossEncoder
from agq.entailment import SourceTexts, logistic
from agq.index import IndexReader, open_index
from agq.model import CrossEncoder, MatchParts, Passage, Source
from agq.pipeline import Task, gather
from agq.text.clean import one_line
from agq.text.sentences import sentences
from agq.text.terms import terms
from judged import Judgement, judged

OUT = Path(__file__).resolve().parents[1] / "benchmarks" / "out" / "bearing.json"
GRADED = Path(__file__).resolve().with_name("graded.jsonl")
FOLDS = 10
FOUND = 12
"""Papers of a question; those that were graded count."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What was found for a question: readings, their features, the grades of their papers' sentences."""

    readings: Sequence[PaperReading]
    values: Sequence[Mapping[str, float]]
    grades: Sequence[Mapping[int, int]]


def main() -> None:
    """Print the figures, write them as JSON."""
    options = _options()
    encoder = OnnxCrossEncoder(Environment.here().cache)
    papers = list(judged(options.sources, held_out=True))
    figures = {"two": _two(papers, encoder), **_told_apart(papers, encoder)}
    if options.questions:
        libraries = [one for path in options.index for one in _libraries(options.questions, path, encoder)]
        broad = list(_cards(papers, options.cards, encoder))
        figures |= _chosen(libraries, broad)
    for name, value in figures.items():
        print(f"{name:24} {value:.3f}")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sources", nargs=2, help="corpus/ and the arXiv records that were judged")
    parser.add_argument("--questions", type=Path, help="JSON lines: question, library")
    parser.add_argument("--cards", type=Path, help="the index of corpus/")
    parser.add_argument("--index", type=Path, nargs="+", default=[], help="LIBRARY.agq of that file's")
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


def _told_apart(papers: Sequence[Judgement], encoder: CrossEncoder) -> dict[str, float]:
    from sklearn.metrics import roc_auc_score

    best = np.array([one.best for one in papers])
    scores = [
        encoder.read(one.asked, [Passage(one_line(one.paper.title), (), tuple(_sentences(one)))])[0]
        for one in papers
    ]
    by = {
        "paper": np.stack([one.paper for one in scores]),
        "sentence": np.stack([one.sentences[:, :2].max(axis=0) for one in scores]),
    }
    return {
        f"{name}, grade {grade}": float(roc_auc_score(best >= grade, values[:, grade - 1]))
        for name, values in by.items()
        for grade in (1, 2)
    }


def _sentences(one: Judgement) -> list[str]:
    return sentences(one_line(one.paper.abstract))


def question_key(question: str) -> str:
    """By which ``graded.jsonl`` names a question."""
    return hashlib.sha256(question.encode()).hexdigest()[:16]


def _libraries(questions: Path, index: Path, encoder: CrossEncoder) -> Iterator[Graded]:
    """What an index finds for its graded questions."""
    graded = {one["question"]: one["papers"] for one in map(json.loads, GRADED.read_text().splitlines())}
    asked = [json.loads(line) for line in questions.read_text().splitlines()]
    with open_index(index, load_encoder=open_encoder) as opened:
        for question in (one["question"] for one in asked if one["library"] == index.stem):
            grades = graded.get(question_key(question), {})
            by_place = {id_: dict(enumerate(map(int, marks))) for id_, marks in grades.items()}
            yield from _found(opened, question, by_place, encoder)


def _cards(papers: Sequence[Judgement], index: Path, encoder: CrossEncoder) -> Iterator[Graded]:
    """What the index of ``corpus/`` finds for the judged questions of which it holds all papers."""
    questions: dict[str, dict[str, Mapping[int, int]]] = {}
    for one in papers:
        questions.setdefault(one.asked, {})[one.paper.id] = one.grades
    with open_index(index, load_encoder=open_encoder) as opened:
        for question, grades in questions.items():
            if len(opened.get(list(grades))) == len(grades):
                yield from _found(opened, question, grades, encoder)


def _found(
    index: IndexReader, question: str, grades: Mapping[str, Mapping[int, int]], encoder: CrossEncoder
) -> Iterator[Graded]:
    embedder = index.embedder()
    found = gather(index, embedder, Task(question, k=FOUND)).sources
    sources = [source for source in found if source.paper.id in grades]
    texts = SourceTexts(
        [source.paper for source in sources],
        embedder,
        frequencies=index.document_frequencies,
        total=index.state.papers,
    )
    wanted = texts.weights(frozenset(terms(question)))
    readings = read(question, sources, wanted, encoder)
    best = max((source.match for source in found), default=0.0)
    if readings:
        yield Graded(
            readings,
            [features(one, wanted, best) for one in readings],
            [grades[one.paper.id] for one in readings],
        )


def _chosen(libraries: Sequence[Graded], broad: Sequence[Graded]) -> dict[str, float]:
    weights, bias = _fitted([*libraries, *broad])
    print(f"BEARING_BIAS = {bias:.2f}", dict(zip(BEARING_WEIGHTS, np.round(weights, 2), strict=True)))
    held = list(_held_out([*libraries, *broad]))
    return _figures("", held[: len(libraries)]) | _figures("broad: ", held[len(libraries) :])


def _figures(name: str, graded: Sequence[Graded]) -> dict[str, float]:
    from sklearn.metrics import roc_auc_score

    likely = [reading.bearing for one in graded for reading in one.readings]
    shown = [[_grade(entry, one) for entry in chosen(one.readings, alone=True)] for one in graded]
    return {
        f"{name}AUC": float(roc_auc_score([any(g.values()) for one in graded for g in one.grades], likely)),
        f"{name}off": float(np.mean([grade == 0 for entries in shown for grade in entries])),
        f"{name}clean": float(np.mean([0 not in entries for entries in shown])),
        f"{name}told": float(np.mean([3 in entries[:2] for entries in shown])),
        f"{name}entries": float(np.mean([len(entries) for entries in shown])),
    }


def _grade(entry: QuotedPaper, graded: Graded) -> int:
    """The best grade of what is quoted of a paper."""
    grades = graded.grades[[one.paper.id for one in graded.readings].index(entry.reading.paper.id)]
    return max(grades.get(said.quote.position, 0) for said in entry.said)


def _held_out(found: Sequence[Graded]) -> Iterator[Graded]:
    """The questions in their order, with what weights say that were fitted without their fold."""
    folds = [_fitted([one for at, one in enumerate(found) if at % FOLDS != fold]) for fold in range(FOLDS)]
    for at, one in enumerate(found):
        weights, bias = folds[at % FOLDS]
        named = dict(zip(BEARING_WEIGHTS, weights, strict=True))
        bearing = [logistic(bias, named, values) for values in one.values]
        readings = [replace(r, bearing=b) for r, b in zip(one.readings, bearing, strict=True)]
        yield replace(one, readings=readings)


def _fitted(found: Sequence[Graded]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of a ridge logistic model, for features as they are: a paper is on the subject."""
    from sklearn.linear_model import LogisticRegression

    x = np.array([[values[name] for name in BEARING_WEIGHTS] for one in found for values in one.values])
    y = np.array([any(grades.values()) for one in found for grades in one.grades])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=2000).fit((x - mean) / spread, y)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


if __name__ == "__main__":
    main()
