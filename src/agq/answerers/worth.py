"""What a sentence of an abstract is worth in an answer, and how likely it leans on its neighbours there.

Three logistic models over what the cross-encoder says of question and sentence, and a little that it does not
see. Their weights were fitted by ``benchmarks/sentences.py`` on questions that the cross-encoder was not
trained on, which also says how far they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agq.answerers.speakers import speaker_of
from agq.entailment import logistic
from agq.text.clean import readable
from agq.text.introduced import Names, introduced, names_of
from agq.text.sentences import sentences
from agq.text.standing import standalone
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.model import Source

_BRACKETS = re.compile(r"[\[\]]")
"""Square brackets are for citations; round ones would say something else of a formula."""

BELONGS_BIAS = -1.28
BELONGS_WEIGHTS: Mapping[str, float] = {
    "paper": 2.09, "titled": 0.25, "covered": 0.96, "first": -0.09,
    "belongs": 0.59, "answers": 0.36, "dangles": 0.01,
}  # fmt: skip
"""That a sentence is a fact or finding that a good answer holds."""
ANSWERS_BIAS = -2.44
ANSWERS_WEIGHTS: Mapping[str, float] = {
    "paper": 1.84, "titled": 0.24, "covered": 1.37, "first": -0.04,
    "belongs": 0.45, "answers": 0.54, "dangles": -0.06,
}  # fmt: skip
"""That it answers the question, or a good part of it, by itself."""
DANGLES_BIAS = 0.10
DANGLES_WEIGHTS: Mapping[str, float] = {
    "paper": 0.26, "titled": -1.67, "covered": -0.63, "first": -2.85,
    "belongs": 0.13, "answers": -0.16, "dangles": 0.62,
}  # fmt: skip
"""That it speaks of what only its neighbours tell."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be quoted: ``bare`` as it stands outside of its abstract, ``text`` with its
    ``names`` introduced besides. ``position`` counts the abstract's sentences.
    """

    source: Source
    bare: str
    text: str
    names: Names
    position: int


@dataclass(frozen=True, slots=True)
class Worth:
    """Three probabilities, 0 to 1: that a sentence belongs in a good answer to the question, that it answers
    it by itself, that it cannot be read alone.
    """

    belongs: float
    answers: float
    dangles: float


def standing(source: Source) -> Iterator[Sentence]:
    """The sentences of a paper's abstract that can stand outside of it."""
    speaker = speaker_of(source.paper)
    split = list(sentences(readable(source.paper.abstract)))
    names = names_of(readable(source.paper.title), split)
    for position, raw in enumerate(split):
        bare = standalone(raw, speaker)
        if bare and not _BRACKETS.search(bare):
            yield Sentence(source, bare, introduced(bare, names), names, position)


def worth(sentence: Sentence, wanted: Mapping[str, float], best: float, scores: Sequence[float]) -> Worth:
    """``wanted``: the terms of the question and what each weighs; ``best``: the match of the best paper;
    ``scores``: what the cross-encoder says, in logits.
    """
    values = features(sentence, wanted, best, scores)
    return Worth(
        logistic(BELONGS_BIAS, BELONGS_WEIGHTS, values),
        logistic(ANSWERS_BIAS, ANSWERS_WEIGHTS, values),
        logistic(DANGLES_BIAS, DANGLES_WEIGHTS, values),
    )


def features(
    sentence: Sentence, wanted: Mapping[str, float], best: float, scores: Sequence[float]
) -> dict[str, float]:
    """What is weighed: how well the paper fits beside the best, how much of its title the sentence says, how
    much of the question the two say together, whether it is the abstract's first, and the scores.
    """
    title, said = frozenset(terms(sentence.source.paper.title)), frozenset(terms(sentence.bare))
    covered = sum(weight for term, weight in wanted.items() if term in title or term in said)
    _, belongs, answers, dangles = map(float, scores)
    return {
        "paper": sentence.source.match / best if best > 0 else 1.0,
        "titled": len(title & said) / max(1, len(title)),
        "covered": covered / (sum(wanted.values()) or 1.0),
        "first": float(sentence.position == 0),
        "belongs": belongs,
        "answers": answers,
        "dangles": dangles,
    }
