"""The papers that were found, read with the question: what each says on it, and whether that bears on it at
all.

A cross-encoder reads each paper whole, so that a sentence is understood where it stands. How likely a paper
bears on the question is a logistic model over what it and its best sentence score and how well it matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agq.entailment import logistic
from agq.model import Finding, Passage, Quote
from agq.text.citations import looks_like_id
from agq.text.clean import one_line
from agq.text.sentences import sentences, unheaded
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.model import CrossEncoder, Paper, PaperScores, Source

MIN_BEARING_BY_TITLE = 0.45
"""Papers without an abstract that are less likely to bear on the question are not named."""
QUOTED_WORDS_MIN, QUOTED_WORDS_MAX = 4, 90
"""Words of a sentence that is quoted."""

BEARING_BIAS = -3.32
BEARING_WEIGHTS: Mapping[str, float] = {"rel": 3.36, "opens": 0.18, "holds": 0.3, "covered": 2.32}
"""That a paper is on the subject of the question: ``rel``, its match beside that of the best; ``opens``, how
well its best sentence opens an answer, and ``holds``, whether as a whole it has something that belongs, both
in logits; ``covered``, the share of the question that title and best sentence have. Fitted by
``training/bearing.py``.
"""

BELONGING_WEIGHT = 0.7
"""What it counts that a sentence belongs in an answer; that it answers alone counts the rest."""

FIGURE_LOGIT = 0.4
"""What a figure in a sentence counts where one is asked for."""

_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_ASKS_FIGURE = re.compile(
    r"\bhow (?:much|many|large|big|small|fast|often|long|far|accurate(?:ly)?|massive|old|common|high|low"
    r"|likel\w+|strong\w*|precise\w*|early|late|deep|well|bright|heavy|hot|cold|\w+er)\b"
    r"|\bwhat (?:is the |was the )?(?:\w+ )?(?:value|mass|rate|size|number|fraction|percentage"
    r"|proportion|share|age|distance|prevalence|accuracy|odds)\b|\bper ?cent|\bat what\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\w-])\d")
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of an abstract and what the cross-encoder makes of it, in logits: it ``tells`` something
    that belongs in an answer, it ``leans`` on its neighbours, it ``opens`` an answer well.
    """

    quote: Quote
    tells: float
    leans: float
    opens: float

    @property
    def terms(self) -> frozenset[str]:
        """The terms of its words."""
        return frozenset(terms(self.quote.text))


@dataclass(frozen=True, slots=True)
class PaperReading:
    """What a paper says on the question: its sentences; whether as a whole it ``holds`` something that
    belongs in an answer, in logits; how likely it bears on the question, 0 to 1.
    """

    source: Source
    said: tuple[ScoredSentence, ...]
    holds: float = 0.0
    bearing: float = 0.0

    @property
    def paper(self) -> Paper:
        """Whose words they are."""
        return self.source.paper

    @property
    def best(self) -> ScoredSentence:
        """The sentence that tells most."""
        return max(self.said, key=lambda one: one.tells)


def read(
    question: str, sources: Sequence[Source], wanted: Mapping[str, float], cross_encoder: CrossEncoder
) -> list[PaperReading]:
    """The papers that have something to quote, in the order given. ``wanted``: the terms of the question and
    what each weighs.
    """
    figure = FIGURE_LOGIT if _ASKS_FIGURE.search(question) else 0.0
    passages = [_passage(source.paper) for source in sources]
    found = (
        PaperReading(source, tuple(_said(passage, scores, figure)), float(scores.paper[1]))
        for source, passage, scores in zip(
            sources, passages, cross_encoder.read(question, passages), strict=True
        )
    )
    best = _best_match(sources)
    return [replace(one, bearing=_bearing(one, wanted, best)) for one in found if one.said]


def _passage(paper: Paper) -> Passage:
    return Passage(one_line(paper.title), (), tuple(sentences(one_line(paper.abstract))))


def _best_match(sources: Sequence[Source]) -> float:
    return max((source.match for source in sources), default=0.0)


def _said(passage: Passage, scores: PaperScores, figure: float) -> Iterator[ScoredSentence]:
    """The sentences that may be quoted, as far as they were read. ``figure``: what it counts that a sentence
    holds one.
    """
    for quote in quotable(passage.sentences[: len(scores.sentences)]):
        yield _scored(quote, scores.sentences[quote.position], figure)


def _scored(quote: Quote, scores: Sequence[float], figure: float = 0.0) -> ScoredSentence:
    _, belongs, answers, leans, opens = map(float, scores)
    tells = BELONGING_WEIGHT * belongs + (1 - BELONGING_WEIGHT) * answers
    return ScoredSentence(quote, tells + figure * bool(_FIGURE.search(quote.text)), leans, opens)


def quotable(told: Sequence[str]) -> Iterator[Quote]:
    """The sentences of an abstract that may be quoted, without headings."""
    for position, sentence in enumerate(told):
        text = unheaded(sentence)
        words = len(text.split()) + len(_CJK.findall(text)) // 2
        if QUOTED_WORDS_MIN <= words <= QUOTED_WORDS_MAX and not any(
            map(looks_like_id, _BRACKETS.findall(text))
        ):
            yield Quote(text, position)


def _bearing(reading: PaperReading, wanted: Mapping[str, float], best: float) -> float:
    return logistic(BEARING_BIAS, BEARING_WEIGHTS, features(reading, wanted, best))


def features(reading: PaperReading, wanted: Mapping[str, float], best: float) -> dict[str, float]:
    """What tells whether a paper bears on the question; ``best``: the match of the best paper."""
    said = frozenset(terms(f"{reading.paper.title}. {reading.best.quote.text}"))
    covered = sum(weight for term, weight in wanted.items() if term in said)
    return {
        "rel": reading.source.match / best if best > 0 else 1.0,
        "opens": max(one.opens for one in reading.said),
        "holds": reading.holds,
        "covered": covered / (sum(wanted.values()) or 1.0),
    }


def by_title(
    question: str, sources: Sequence[Source], wanted: Mapping[str, float], cross_encoder: CrossEncoder
) -> list[Finding]:
    """The papers without an abstract that bear on the question by their titles; the best match of all in any
    case.
    """
    bare = [source for source in sources if not source.paper.abstract.strip()]
    titles = [one_line(source.paper.title) for source in bare]
    read = cross_encoder.read(question, [Passage(title, (), (title,)) for title in titles])
    best = _best_match(sources)
    found = []
    for source, title, scores in zip(bare, titles, read, strict=True):
        said = tuple(_scored(Quote(title, 0), row) for row in scores.sentences)
        reading = PaperReading(source, said, float(scores.paper[1]))
        found.append((source, _bearing(reading, wanted, best) if said else 0.0))
    return [
        Finding(source.paper.id, (), round(bearing, 3))
        for source, bearing in found
        if bearing >= MIN_BEARING_BY_TITLE or source is sources[0]
    ]
