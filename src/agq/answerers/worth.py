"""What a sentence of an abstract is worth in an answer, and how likely it leans on its neighbours there.

Three logistic models over a handful of features: that a sentence belongs in the answer, that it could open
it, that it cannot be read alone. Their weights were fitted by ``benchmarks/sentences.py`` on sentences judged
by reading (``benchmarks/judged.jsonl``), which also says how far they hold on questions left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agq.answerers.speakers import speaker_of
from agq.support import logistic
from agq.text.aspects import aspects, seeks_figures, seeks_methods, tells
from agq.text.clean import readable
from agq.text.rhetoric import Role, announces, finds, own_work, presents, quantifies, role
from agq.text.sentences import sentences
from agq.text.standing import leans, standalone
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.model import Paper, Source

BELONGS_BIAS = -4.71
BELONGS_WEIGHTS: Mapping[str, float] = {
    "paper": 3.88, "cosine": 1.45, "subject": 0.59, "titled": 1.15, "restates": -0.84,
    "aspect": 0.41, "result": 0.47, "method": 0.45, "announces": -0.96, "own": -0.71,
    "setting": -0.07, "opening": -0.97, "finding": 0.50, "place": 0.31, "last": -0.36,
    "short": -1.76, "presents": 0.31, "only_presents": -0.54, "finds": 0.55, "figure": 0.06,
    "focus": 1.08,
}  # fmt: skip
"""That a sentence is a fact or finding that a good answer holds."""
OPENS_BIAS = -5.69
OPENS_WEIGHTS: Mapping[str, float] = {
    "paper": 3.30, "cosine": 2.49, "subject": 0.24, "titled": 1.18, "restates": -1.22,
    "aspect": 0.54, "result": 0.55, "method": 0.58, "announces": -0.92, "own": -1.22,
    "setting": 0.08, "opening": -0.98, "finding": 0.25, "place": -0.70, "last": -0.28,
    "short": -0.96, "presents": 0.46, "only_presents": -0.64, "finds": 1.06, "figure": 0.76,
    "focus": 1.18,
}  # fmt: skip
"""That it answers the question, or a good part of it, by itself."""
LEANS_BIAS = 2.28
LEANS_WEIGHTS: Mapping[str, float] = {
    "first": -3.77, "words": -1.10, "background": -0.92, "place": 0.96, "pronouns": 0.31,
    "known": 1.08, "definite": 1.18, "articles": 0.14, "own": -0.24, "setting": -1.16,
    "named": 0.24,
}  # fmt: skip
"""That it speaks of what only its neighbours tell."""

COSINE = 0.4
"""A usual cosine of a question and a sentence of a paper that bears on it, before it is known."""
SHORT = 14
"""Words below which a sentence says little."""

_PRONOUN = re.compile(
    r"\b(?:it|its|they|their|them|this|these|those|such|both|each|others?|another|same)\b", re.IGNORECASE
)
_NAMED = re.compile(r"(?=\S*[A-Z]\S*[A-Z0-9]|\S*[a-z][A-Z])[A-Za-z][\w-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as sentences are held against it.

    ``weights``: the weight of each of its terms, 1 in all; ``seeks``: the aspects it asks for; ``methods``:
    it asks what was made or tried; ``figures``: it asks for a number.
    """

    question: str
    weights: Mapping[str, float]
    seeks: tuple[str, ...]
    methods: bool
    figures: bool


def asked(question: str, weights: Mapping[str, float]) -> Asked:
    """``weights``: how much each term of the question tells, of any sum."""
    total = sum(weights.values()) or 1.0
    return Asked(
        question,
        {term: weight / total for term, weight in weights.items()},
        aspects(question),
        seeks_methods(question),
        seeks_figures(question),
    )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be quoted: ``raw`` as the abstract has it, ``text`` as it stands alone.

    ``position`` and ``of`` count the abstract's sentences; ``own``: the abstract speaks of its authors' own
    work in so many words; ``setting``: it does so only after this sentence, which sets the scene.
    """

    source: Source
    raw: str
    text: str
    part: Role
    position: int
    of: int
    own: bool
    setting: bool


def standing(source: Source) -> Iterator[Sentence]:
    """The sentences of a paper's abstract that can stand outside of it."""
    speaker = speaker_of(source.paper)
    split = list(sentences(readable(source.paper.abstract)))
    turn = next((i for i, sentence in enumerate(split) if own_work(sentence)), -1)
    for i, raw in enumerate(split):
        text = standalone(raw, speaker)
        if text:
            # square brackets are for citations
            text = text.replace("[", "(").replace("]", ")")
            yield Sentence(source, raw, text, role(raw), i, len(split), turn >= 0, i < turn)


def features(sentence: Sentence, question: Asked, best: float, cosine: float = COSINE) -> dict[str, float]:
    """What ``BELONGS_WEIGHTS`` and ``OPENS_WEIGHTS`` weigh; ``best`` is the match of the best paper.

    ``subject`` is how much it says of what question and title share, ``focus`` of what the question asks
    beside the paper's title.
    """
    said, title = frozenset(terms(sentence.text)), _title(sentence.source.paper)
    beside = {term: weight for term, weight in question.weights.items() if term not in title}
    return {
        "paper": sentence.source.match / best if best > 0 else 1.0,
        "cosine": cosine,
        "subject": sum(weight for term, weight in question.weights.items() if term in said & title),
        "focus": sum(w for term, w in beside.items() if term in said) / (sum(beside.values()) or 1.0),
        "titled": len(said & title) / max(1, len(title)),
        "restates": len(said & title) / max(1, len(said)),
        "aspect": float(tells(sentence.text, question.seeks)),
        "result": float(sentence.part == "result"),
        "method": float(sentence.part == "method"),
        "announces": float(announces(sentence.raw)),
        "presents": float(question.methods and presents(sentence.text)),
        "only_presents": float(not question.methods and presents(sentence.text)),
        "finds": 0.0 if question.methods else finds(sentence.text),
        "figure": float(question.figures and quantifies(sentence.text)),
        "own": float(sentence.own),
        "setting": float(sentence.setting),
        "opening": float(sentence.setting and sentence.position == 0),
        "finding": float(sentence.own and not sentence.setting and sentence.part == "result"),
        "place": _place(sentence),
        "last": float(sentence.position == sentence.of - 1),
        "short": max(0, SHORT - len(sentence.text.split())) / 10,
    }


def leaning_features(sentence: Sentence) -> dict[str, float]:
    """What ``LEANS_WEIGHTS`` weighs."""
    words = sentence.text.split()
    return {
        "first": float(sentence.position == 0),
        "words": math.log(max(3, len(words))),
        "background": float(sentence.part == "background"),
        "place": _place(sentence),
        "pronouns": float(len(_PRONOUN.findall(sentence.text))),
        "known": float(leans(sentence.text)),
        "definite": float(words[0] == "The"),
        "articles": float(words.count("the")),
        "own": float(sentence.own),
        "setting": float(sentence.setting),
        "named": float(bool(_NAMED.match(words[0]))),
    }


def belongs(values: Mapping[str, float]) -> float:
    """0 to 1, by ``features``: whether a sentence belongs in the answer."""
    return logistic(BELONGS_BIAS, BELONGS_WEIGHTS, values)


def opens(values: Mapping[str, float]) -> float:
    """0 to 1, by ``features``: whether a sentence answers by itself."""
    return logistic(OPENS_BIAS, OPENS_WEIGHTS, values)


def leaning(sentence: Sentence) -> float:
    """0 to 1: whether a sentence cannot be read without those before it."""
    return logistic(LEANS_BIAS, LEANS_WEIGHTS, leaning_features(sentence))


def _title(paper: Paper) -> frozenset[str]:
    return frozenset(terms(paper.title))


def _place(sentence: Sentence) -> float:
    """0 for the abstract's first sentence, 1 for its last."""
    return sentence.position / max(1, sentence.of - 1)
