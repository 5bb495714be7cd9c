"""An answer made of the abstracts' own sentences: no model, no key, no network.

The sentences that say most about the question are chosen across papers, made to stand alone, freed of
repetition, put under the terms that their papers share, and cited.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agq.answerers.follow_up import propose
from agq.answerers.themes import Theme, Told, themes
from agq.answerers.worth import Asked, Sentence, asked, belongs, features, leaning, opens, standing
from agq.model import Piece
from agq.support import Grounds
from agq.text.clean import readable
from agq.text.phrases import abbreviated, acronyms, expanded
from agq.text.rhetoric import finds
from agq.text.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from agq.answerers.base import Means
    from agq.model import Embedder, Evidence, Paper, Source

WORDS = 190
"""Words of the sentences an answer takes; ids, headings and spelled-out acronyms come on top, within 250."""
PAPERS = 10
"""Papers that are read for an answer, best first."""
READ_EACH = 4
"""Sentences of a paper that are encoded, chosen by what can be told without."""
USE_EACH = 3
"""Sentences of a paper that an answer takes at most."""
LEAST = 0.45
"""Sentences that are worth less are left out, be there room or not: a short answer to the point is better."""
FEW, LEAST_OF_FEW = 3, 0.25
"""An answer of fewer sentences takes what is worth less, too."""
FINDING = 0.5
"""A set-up is followed by its finding where that is worth this share of it."""
NEAR_THE_BEST = 0.6
"""Where a sentence tells the aspect asked for it opens, if it is worth this share of the best."""
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
    """A sentence that an answer may take.

    ``value``: how much it tells, 0 to about 1.5; ``lead``: how likely it answers by itself, ``leaning``: how
    likely it cannot be read alone, both 0 to 1; ``aspect``: it tells of the aspect asked for, such as speed;
    ``vector``: of shape (dim,), unit.
    """

    sentence: Sentence
    value: float
    lead: float
    leaning: float
    aspect: bool
    vector: NDArray[np.float32]

    @property
    def paper(self) -> Paper:
        """Whose sentence it is."""
        return self.sentence.source.paper

    @property
    def tells(self) -> bool:
        """Whether it tells what came out, rather than what was set up."""
        return self.sentence.part == "result" or finds(self.sentence.text) > 0

    @property
    def words(self) -> int:
        """How many words it adds to the answer."""
        return len(self.sentence.text.split())


class Extract:
    """The answerer without a model."""

    model = ""

    def __init__(self, means: Means) -> None:
        self._means = means

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """A lead, the rest under headings where there are several themes, questions to go on with."""
        chosen = self._chosen(evidence)
        yield from _told(chosen, evidence.question, self._means.embedder)
        if self._means.follow_ups:
            yield from (Piece("follow_up", question) for question in propose(evidence))

    def _chosen(self, evidence: Evidence) -> list[Candidate]:
        found = self._candidates(evidence)
        taken = _lead(found)
        while taken and (best := _best(found, taken)):
            taken += best
        return [*taken, *_findings(found, taken)]

    def _candidates(self, evidence: Evidence) -> list[Candidate]:
        sources = evidence.sources[:PAPERS]
        grounds = Grounds(
            [source.paper for source in sources],
            self._means.embedder,
            frequencies=self._means.frequencies,
            total=evidence.index.papers,
        )
        wanted = frozenset(terms(evidence.question))
        question = asked(evidence.question, grounds.weights(wanted))
        read = [sentence for source in sources for sentence in _worth_reading(source, question)]
        rows = self._means.embedder.embed([evidence.question, *(sentence.text for sentence in read)])
        best = max((source.match for source in sources), default=0.0)
        return [
            _weighed(sentence, question, best, row, float(row @ rows[0]))
            for sentence, row in zip(read, rows[1:], strict=True)
        ]


def _worth_reading(source: Source, question: Asked) -> list[Sentence]:
    """The sentences of a paper worth encoding, by what can be told of them without."""
    ranked = sorted(
        standing(source), key=lambda s: -belongs(features(s, question, source.match)) * (1 - leaning(s))
    )
    return ranked[:READ_EACH]


def _weighed(
    sentence: Sentence, question: Asked, best: float, row: NDArray[np.float32], cosine: float
) -> Candidate:
    values = features(sentence, question, best, cosine)
    lead = opens(values)
    return Candidate(
        sentence, belongs(values) + 0.5 * lead, lead, leaning(sentence), values["aspect"] > 0, row
    )


def _lead(found: Sequence[Candidate]) -> list[Candidate]:
    """The sentence to open with, or none: one that tells what is asked of the subject where it comes near."""
    leads = [candidate for candidate in found if candidate.sentence.part != "outlook"]
    best = max((_opening(candidate) for candidate in leads), default=0.0)
    telling = [c for c in leads if c.aspect and _opening(c) >= NEAR_THE_BEST * best]
    return [max(telling or leads, key=_opening)] if leads else []


def _opening(candidate: Candidate) -> float:
    """How well a sentence would open the answer, 0 to 1."""
    return candidate.lead * math.sqrt(1 - candidate.leaning)


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


def _findings(found: Sequence[Candidate], taken: Sequence[Candidate]) -> Iterator[Candidate]:
    """What came out in the papers of which the answer tells only what was set up, where that is worth it."""
    room = WORDS - sum(c.words for c in taken)
    for paper in {c.paper.id: c.paper for c in taken}.values():
        said = [c for c in taken if c.paper is paper]
        first = min(c.sentence.position for c in said)
        results = [
            c
            for c in found
            if c.paper is paper and c.tells and c.sentence.position > first and c.words <= room
        ]
        best = max(results, key=lambda c: _gain(c, said), default=None)
        if best and not any(c.tells for c in said) and best.value >= FINDING * max(c.value for c in said):
            room -= best.words
            yield best


def _fits(candidate: Candidate, taken: Sequence[Candidate]) -> bool:
    """Whether a sentence says something else than those taken, of a paper that was not heard enough."""
    heard = sum(c.paper is candidate.paper for c in taken)
    return heard < USE_EACH and _likeness(candidate, taken) <= ALIKE


def _introduces(first: Candidate, second: Candidate) -> bool:
    return (
        first.paper is second.paper
        and first.sentence.position < second.sentence.position
        and first.leaning < INTRODUCES
        and _likeness(first, [second]) <= ALIKE
    )


def _gain(candidate: Candidate, taken: Sequence[Candidate]) -> float:
    """What a sentence adds to those taken, 0 to about 1.5."""
    introduced = any(
        c.paper is candidate.paper and c.sentence.position < candidate.sentence.position for c in taken
    )
    leans = candidate.leaning * (INTRODUCED if introduced else 1.0)
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
        text = _spelled_out(ordered[i], spelled)
        yield Piece("sentence", f"{text.rstrip('.!?')} [{ordered[i].paper.id}].", opens)
        opens = ""


def _spelled_out(candidate: Candidate, spelled: set[str]) -> str:
    """An acronym that the abstract explains is explained where the answer first uses it, and only there."""
    text = candidate.sentence.text
    for short, long in acronyms(readable(candidate.paper.abstract)).items():
        known = short.removesuffix("s")
        text = abbreviated(text, short, long) if known in spelled else expanded(text, short, long)
        if short in text:
            spelled.add(known)
    return text[:1].upper() + text[1:]
