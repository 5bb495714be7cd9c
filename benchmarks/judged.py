"""Questions and the sentences of papers found for them, judged by reading: what ``cross_encoder.py`` learns
from and ``sentences.py`` measures.

``judged.jsonl`` names sentences by paper and number: 3 answers the question by itself, 2 belongs in a good
answer, 1 is on the subject, 0 is not; ``d``: cannot be read alone. Sentences that are not named were not
judged. A third of the questions is asked of agq's own cards, the others of the 40,000 arXiv papers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agq.answerers.worth import Sentence, standing
from agq.embedders import open_encoder
from agq.entailment import Grounds
from agq.index import open_index
from agq.model import Evidence
from agq.retrieve import retrieve
from agq.text.terms import terms

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
    wanted: Mapping[str, float]
    best: float
    sentence: Sentence
    grade: int
    dangles: bool


def judged(cards: Path, arxiv: Path | None, *, held_out: bool) -> Iterator[Judged]:
    """The judged sentences of the questions whose papers the indexes hold, of those that are kept for
    measuring or of the others.
    """
    for path in filter(None, (cards, arxiv)):
        with open_index(path, load_encoder=open_encoder) as index:
            embedder = index.embedder()
            for number, line in enumerate(JUDGED.read_text().splitlines()):
                one = json.loads(line)
                if (number % HELD_OUT == 0) is held_out and len(index.get(list(one["papers"]))) == len(
                    one["papers"]
                ):
                    evidence = retrieve(index, embedder, one["question"], k=READ)
                    grounds = Grounds(
                        [source.paper for source in evidence.sources],
                        embedder,
                        frequencies=index.document_frequencies,
                        total=index.state.papers,
                    )
                    wanted = grounds.weights(frozenset(terms(one["question"])))
                    yield from _of_question(number, one, evidence, wanted)


def _of_question(
    number: int, one: dict[str, Any], evidence: Evidence, wanted: Mapping[str, float]
) -> Iterator[Judged]:
    best = evidence.sources[0].match if evidence.sources else 1.0
    for source in evidence.sources:
        grades = one["papers"].get(source.paper.id, {})
        for sentence in standing(source):
            if grade := grades.get(str(sentence.position)):
                yield Judged(
                    number, one["question"], wanted, best, sentence, int(grade[0]), grade.endswith("d")
                )
