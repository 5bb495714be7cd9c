"""Questions and the sentences of papers found for them, judged by reading: what ``cross_encoder.py`` learns
from, what ``bearing.py`` fits and measures with.

``judged.jsonl`` names sentences by paper and number, or gives a paper's grades in the order of its sentences:
3 answers the question by itself, 2 belongs in a good answer, 1 is on the subject, 0 is not; ``d``: cannot be
read alone. Sentences that are not named were not judged. The first 1,227 questions, a third of them of agq's
own cards, the others of 40,000 arXiv papers, were judged over what was found for them. The others, with
grades in order (where it was not judged which can't be read alone), were written over papers that are near
to one another, in turn broad, a definition, a comparison, yes or no, a number, a cause, a limit, a list, how.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agq.model import Paper
from agq.readers import read

JUDGED = Path(__file__).resolve().with_name("judged.jsonl")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question's paper: the grade of its sentences by their numbers, 0 to 3, and which can't be read
    alone (None: not judged).
    """

    question: int
    asked: str
    paper: Paper
    grades: Mapping[int, int]
    leaning: frozenset[int] | None

    @property
    def best(self) -> int:
        """The grade of its best-judged sentence."""
        return max(self.grades.values())


def judged(sources: list[str], *, held_out: bool) -> Iterator[Judgement]:
    """The judged papers of the questions that are kept for measuring, or of the others, as far as the
    files ``sources`` hold them.
    """
    lines = [json.loads(line) for line in JUDGED.read_text().splitlines()]
    chosen = {n: one for n, one in enumerate(lines) if one.get("held_out", False) is held_out}
    papers = papers_of(sources, {id_ for one in chosen.values() for id_ in one["papers"]})
    for number, one in chosen.items():
        for id_, marks in one["papers"].items():
            if id_ in papers and marks:
                yield Judgement(number, one["question"], papers[id_], *_grades(marks))


def _grades(marks: str | Mapping[str, str]) -> tuple[dict[int, int], frozenset[int] | None]:
    if isinstance(marks, str):
        return {at: int(mark) for at, mark in enumerate(marks)}, None
    grades = {int(at): int(mark[0]) for at, mark in marks.items()}
    return grades, frozenset(int(at) for at, mark in marks.items() if mark.endswith("d"))


def papers_of(sources: list[str], wanted: set[str]) -> dict[str, Paper]:
    """The papers with these ids, by id."""
    records = (record.item for record in read(sources))
    return {paper.id: paper for paper in records if isinstance(paper, Paper) and paper.id in wanted}
