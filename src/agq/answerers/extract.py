"""An answer made of the abstracts' own sentences: no model that writes, no key, no network.

A cross-encoder reads the question with the sentences of the papers found. Those that tell most are chosen
across papers, made to stand alone, freed of repetition, put under the terms that their papers share, and
cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agq.answerers.follow_up import answered, propose
from agq.answerers.themes import Theme, Told, themes
from agq.answerers.worth import Sentence, Worth, standing, worth
from agq.entailment import Grounds
from agq.model import Piece
from agq.text.introduced import introduced
from agq.text.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from agq.answerers.base import Means
    from agq.model import Embedder, Evidence, Paper

WORDS = 190
"""Words of the sentences an answer takes; ids and headings come on top, within 250."""
READ = 72
"""Sentences that are read with the question, those of the best papers first."""
COMPARED = 18
"""The most telling of them, which are compared with each other."""
USE_EACH = 3
"""Sentences of a paper that an answer takes at most."""
LEAST = 0.5
"""Sentences that are worth less are left out, be there room or not: a short answer to the point is better."""
FEW, LEAST_OF_FEW = 3, 0.18
"""An answer of fewer sentences takes what is worth less, too."""
PLAINLY = 0.12
"""Where no sentence is likelier than this to answer by itself, that is said. Of the questions of ``seeds/``
that the corpus can answer one in eight is below, of its near misses one in two.
"""
INDIRECT = "no sentence of these papers answers the question by itself: these come nearest"
ALIKE = 0.82
"""Sentences whose cosine is above this say the same."""
RELATED, REPEATS = 0.5, 0.25
"""What is nearer to a sentence taken than the first is worth less, by the second per unit of cosine."""
INTRODUCED = 0.4
"""What is left of the chance that a sentence leans on its neighbours where one of them stands before it."""
INTRODUCES = 0.3
"""A sentence may introduce another where it leans less than this itself."""


@dataclass(frozen=True, slots=True, eq=False)  # one is itself: comparing would go through papers and vectors
class Candidate:
    """A sentence that an answer may take; ``vector`` of shape (dim,), unit."""

    sentence: Sentence
    worth: Worth
    vector: NDArray[np.float32]

    @property
    def paper(self) -> Paper:
        """Whose sentence it is."""
        return self.sentence.source.paper

    @property
    def value(self) -> float:
        """How much it tells, 0 to 1.5."""
        return self.worth.belongs + 0.5 * self.worth.answers

    @property
    def opening(self) -> float:
        """How well it would open the answer, 0 to 1."""
        return self.worth.answers * (1 - self.worth.dangles)

    @property
    def words(self) -> int:
        """How many words it adds to the answer at most."""
        return len(self.sentence.text.split())


class Extract:
    """The answerer without a model that writes."""

    model = ""

    def __init__(self, means: Means) -> None:
        self._means = means

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """A lead, the rest under headings where there are several themes, questions to go on with."""
        read = [sentence for source in evidence.sources for sentence in standing(source)][:READ]
        candidates = self._candidates(evidence, read)
        yield from _told(_chosen(candidates), evidence.question, self._means.embedder)
        if candidates and max(c.worth.answers for c in candidates) < PLAINLY:
            yield Piece("note", INDIRECT)
        if self._means.follow_ups:
            questions = answered(list(propose(evidence)), [s.text for s in read], self._means.cross_encoder)
            yield from (Piece("follow_up", question) for question in questions)

    def _candidates(self, evidence: Evidence, read: Sequence[Sentence]) -> list[Candidate]:
        """The sentences that tell most, best first."""
        scores = self._means.cross_encoder.scores(evidence.question, [sentence.text for sentence in read])
        best = max((source.match for source in evidence.sources), default=0.0)
        wanted = self._wanted(evidence)
        weighed = [(s, worth(s, wanted, best, row)) for s, row in zip(read, scores, strict=True)]
        weighed.sort(key=lambda one: -one[1].belongs * (1 - one[1].dangles))
        telling = weighed[:COMPARED]
        rows = self._means.embedder.embed([sentence.text for sentence, _ in telling])
        return [Candidate(s, w, row) for (s, w), row in zip(telling, rows, strict=True)]

    def _wanted(self, evidence: Evidence) -> Mapping[str, float]:
        """The question's terms and what each weighs."""
        grounds = Grounds(
            [source.paper for source in evidence.sources],
            self._means.embedder,
            frequencies=self._means.frequencies,
            total=evidence.index.papers,
        )
        return grounds.weights(frozenset(terms(evidence.question)))


def _chosen(found: Sequence[Candidate]) -> list[Candidate]:
    taken = [max(found, key=lambda c: c.opening)] if found else []
    while taken and (best := _best(found, taken)):
        taken += best
    return taken


def _best(found: Sequence[Candidate], taken: Sequence[Candidate]) -> list[Candidate]:
    """What to take next: the sentence that is worth most beside those taken, or two of a paper of which the
    first introduces the second; nothing where nothing more is worth it.
    """
    fresh = [c for c in found if c not in taken and _fits(c, taken)]
    options = [(_gain(c, taken), [c]) for c in fresh]
    options += [
        ((_gain(first, taken) + _gain(second, [*taken, first])) / 2, [first, second])
        for first in fresh
        for second in fresh
        if _introduces(first, second)
    ]
    room = WORDS - sum(c.words for c in taken)
    least = LEAST if len(taken) >= FEW else LEAST_OF_FEW
    options = [(gain, cs) for gain, cs in options if gain >= least and sum(c.words for c in cs) <= room]
    return max(options, key=lambda option: option[0], default=(0.0, []))[1]


def _fits(candidate: Candidate, taken: Sequence[Candidate]) -> bool:
    """Whether a sentence says something else than those taken, of a paper that was not heard enough."""
    heard = sum(c.paper is candidate.paper for c in taken)
    return heard < USE_EACH and _likeness(candidate, taken) <= ALIKE


def _introduces(first: Candidate, second: Candidate) -> bool:
    return (
        first.paper is second.paper
        and first.sentence.position < second.sentence.position
        and first.worth.dangles < INTRODUCES
        and _likeness(first, [second]) <= ALIKE
    )


def _gain(candidate: Candidate, taken: Sequence[Candidate]) -> float:
    """What a sentence adds to those taken, 0 to about 1.5."""
    introduced = any(
        c.paper is candidate.paper and c.sentence.position < candidate.sentence.position for c in taken
    )
    leans = candidate.worth.dangles * (INTRODUCED if introduced else 1.0)
    return candidate.value * (1 - leans) - REPEATS * max(0.0, _likeness(candidate, taken) - RELATED)


def _likeness(candidate: Candidate, taken: Sequence[Candidate]) -> float:
    return max((float(candidate.vector @ other.vector) for other in taken), default=0.0)


def _told(chosen: Sequence[Candidate], question: str, embedder: Embedder) -> Iterator[Piece]:
    """The chosen sentences in reading order, under headings where there are several themes."""
    if not chosen:
        return
    ordered = [chosen[0], *_by_paper(chosen[1:], first=chosen[0])]
    spelled = set(question.replace("?", " ").split())  # who asks with an acronym knows it
    told = [Told(c.paper, c.sentence.text, c.vector) for c in ordered]
    for n, theme in enumerate(themes(told, question, embedder)):
        if theme.heading:
            yield Piece("heading", theme.heading)
        yield from _under(theme, ordered, spelled, opens="paragraph" if n else "")


def _by_paper(chosen: Sequence[Candidate], first: Candidate) -> list[Candidate]:
    """Sentences of one paper side by side, in the order of its abstract; papers in the order they were
    chosen.
    """
    papers = list(dict.fromkeys(c.paper.id for c in (first, *chosen)))
    return sorted(chosen, key=lambda c: (papers.index(c.paper.id), c.sentence.position))


def _under(
    theme: Theme, ordered: Sequence[Candidate], spelled: set[str], opens: Literal["", "paragraph"]
) -> Iterator[Piece]:
    for i in theme.members:
        again = any(before.paper is ordered[i].paper for before in ordered[:i])
        text = _introduced(ordered[i].sentence, spelled, again=again)
        yield Piece("sentence", f"{text.rstrip('.!?')} [{ordered[i].paper.id}].", opens)
        opens = ""


def _introduced(sentence: Sentence, known: set[str], *, again: bool) -> str:
    """The sentence with its names explained where the answer first uses them, and only there."""
    text = introduced(sentence.bare, sentence.names, known, again=again)
    known |= sentence.names.used(text)
    return text
