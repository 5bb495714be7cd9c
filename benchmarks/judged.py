"""Questions and the sentences of papers found for them, judged by reading: what ``cross_encoder.py`` learns
from and ``sentences.py`` measures.

``judged.jsonl`` names sentences by paper and number: 3 answers the question by itself, 2 belongs in a good
answer, 1 is on the subject, 0 is not; ``d``: cannot be read alone. Sentences that are not named were not
judged. A third of the questions is asked of agq's own cards, the others of the 40,000 arXiv papers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agq.answerers.worth import Sentence, standing
from agq.embedders import open_encoder
from agq.index import open_index
from agq.model import Evidence
from agq.retrieve import retrieve

JUDGED = Path(__file__).resolve().with_name("judged.jsonl")
READ = 12
"""Papers that were found for a question; some of them were judged."""
HELD_OUT = 10
"""Every so manieth question is never trained on."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with its grade (0 to 3) and whether it dangles; ``question`` is a number."""

    question: int
    asked: str
    arxiv: bool
    best: float
    sentence: Sentence
    grade: int
    dangles: bool

    @property
    def held_out(self) -> bool:
        """Whether its question is kept for measuring."""
        return self.question % HELD_OUT == 0


def judged(cards: Path, arxiv: Path | None) -> Iterator[Judged]:
    """The judged sentences of the questions whose papers the indexes hold."""
    for path in filter(None, (cards, arxiv)):
        with open_index(path, load_encoder=open_encoder) as index:
            embedder = index.embedder()
            for number, line in enumerate(JUDGED.read_text().splitlines()):
                one = json.loads(line)
                if len(index.get(list(one["papers"]))) == len(one["papers"]):
                    evidence = retrieve(index, embedder, one["question"], k=READ)
                    yield from _of_question(number, one, evidence, arxiv=path is arxiv)


def _of_question(number: int, one: dict[str, Any], evidence: Evidence, *, arxiv: bool) -> Iterator[Judged]:
    best = evidence.sources[0].match if evidence.sources else 1.0
    for source in evidence.sources:
        grades = one["papers"].get(source.paper.id, {})
        for sentence in standing(source):
            if grade := grades.get(str(sentence.position)):
                yield Judged(
                    number, one["question"], arxiv, best, sentence, int(grade[0]), grade.endswith("d")
                )
