"""The abstracts of the papers that were found, read with the question: what each says on it, and whether that
bears on it at all.

A cross-encoder reads every sentence with the question, the best ones of a paper once more behind the paper's
title, for much is said of "it" there, and the paper as a whole. How likely a paper bears on the question is a
logistic model over what it and its best sentence score and how well it matches.
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
from agq.text.sentences import HEADING, sentences
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.model import CrossEncoder, Paper, Source

SENTENCES_READ_MAX = 72
"""Sentences that are read, those of the best papers first."""
SENTENCES_READ_TWICE = 3
"""Sentences of a paper that are read once more behind its title."""
TITLE_WORDS_READ = 14
"""Words of a title that are read."""
MIN_BEARING_BY_TITLE = 0.45
"""Papers without an abstract that are less likely to bear on the question are not named."""
QUOTED_WORDS_MIN, QUOTED_WORDS_MAX = 4, 90
"""Words of a sentence that is quoted."""

BEARING_BIAS = -0.56
BEARING_WEIGHTS: Mapping[str, float] = {"rel": 1.38, "on": 0.5, "tells": 0.27, "holds": 0.35, "covered": 0.64}
"""That a paper is on the subject of the question: ``rel``, its match beside that of the best; ``on`` and
``tells``, of its best sentence; ``holds``, of the whole; ``covered``, the share of the question that sentence
and title have. ``training/bearing.py`` fitted the others without ``holds``; how much that counts beside half
of them was chosen on the questions over real libraries in ``BENCHMARKS.md``.
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
_JOINED = re.compile(
    r"\A(?:however|moreover|furthermore|additionally|in addition|also|thus|therefore|hence|consequently"
    r"|finally|nevertheless|nonetheless|as a result|overall|to this end),\s+",
    re.IGNORECASE,
)
"""What joins a sentence to the one before, and may go where that is not quoted."""
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of an abstract and what the cross-encoder makes of it, in logits: it is ``on`` the subject,
    it ``tells`` something that belongs in an answer, it ``leans`` on its neighbours.
    """

    quote: Quote
    on: float
    tells: float
    leans: float


@dataclass(frozen=True, slots=True)
class PaperReading:
    """What a paper says on the question: its best sentences; whether as a whole it ``holds`` something that
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
    """The papers that have an abstract, in the order given. ``wanted``: the terms of the question and what
    each weighs.
    """
    figure = FIGURE_LOGIT if _ASKS_FIGURE.search(question) else 0.0
    passages = {source.paper.id: _passage(source.paper) for source in sources}
    told = [(source, list(quotable(passages[source.paper.id].sentences))) for source in sources]
    quoted = _within(SENTENCES_READ_MAX, told)
    scores = iter(cross_encoder.scores(question, [quote.text for _, quotes in quoted for quote in quotes]))
    once = [
        PaperReading(source, tuple(_said(quote, next(scores), figure) for quote in quotes))
        for source, quotes in quoted
    ]
    best = max((source.match for source in sources), default=0.0)
    papers = cross_encoder.papers(question, [passages[source.paper.id] for source, _ in quoted])
    again = [
        replace(reading, holds=float(holds))
        for reading, (_, holds) in zip(_again(question, once, cross_encoder), papers, strict=True)
    ]
    return [replace(reading, bearing=_bearing(reading, wanted, best)) for reading in again]


def _passage(paper: Paper) -> Passage:
    return Passage(one_line(paper.title), (), tuple(sentences(one_line(paper.abstract))))


def quotable(told: Sequence[str]) -> Iterator[Quote]:
    """The sentences of an abstract that may be quoted, without headings and what joins them to others."""
    for position, sentence in enumerate(told):
        text = _JOINED.sub("", _unheaded(sentence), count=1)
        words = len(text.split()) + len(_CJK.findall(text)) // 2
        if QUOTED_WORDS_MIN <= words <= QUOTED_WORDS_MAX and not any(
            map(looks_like_id, _BRACKETS.findall(text))
        ):
            yield Quote(text, position)


def _unheaded(sentence: str) -> str:
    heading = HEADING.match(sentence)
    return sentence[heading.end() :] if heading else sentence


def _within(room: int, quoted: Sequence[tuple[Source, list[Quote]]]) -> list[tuple[Source, list[Quote]]]:
    """The papers with something to quote, as far as ``room`` sentences go; the first one whole."""
    kept: list[tuple[Source, list[Quote]]] = []
    for source, quotes in quoted:
        if quotes and (not kept or len(quotes) <= room):
            kept.append((source, quotes))
            room -= len(quotes)
    return kept


def _said(quote: Quote, scores: Sequence[float], figure: float = 0.0) -> ScoredSentence:
    """``figure``: what it counts that a sentence holds one."""
    on, belongs, answers, leans = map(float, scores)
    tells = BELONGING_WEIGHT * belongs + (1 - BELONGING_WEIGHT) * answers
    return ScoredSentence(quote, on, tells + figure * bool(_FIGURE.search(quote.text)), leans)


def _again(
    question: str, readings: Sequence[PaperReading], cross_encoder: CrossEncoder
) -> list[PaperReading]:
    """The best sentences of each paper, scored once more behind its title: the mean of both counts."""
    best = [
        replace(r, said=tuple(sorted(r.said, key=lambda one: -one.tells)[:SENTENCES_READ_TWICE]))
        for r in readings
    ]
    scores = iter(
        cross_encoder.scores(
            question, [in_context(r.paper.title, one.quote.text) for r in best for one in r.said]
        )
    )
    return [
        replace(r, said=tuple(_mean(one, _said(one.quote, next(scores))) for one in r.said)) for r in best
    ]


def in_context(title: str, sentence: str) -> str:
    """A sentence behind the title of its paper, as the cross-encoder reads it."""
    return f"{' '.join(one_line(title).split()[:TITLE_WORDS_READ]).rstrip('.')}. {sentence}"


def _mean(bare: ScoredSentence, titled: ScoredSentence) -> ScoredSentence:
    """Whether a sentence leans on others is told by what it says alone."""
    return ScoredSentence(bare.quote, (bare.on + titled.on) / 2, (bare.tells + titled.tells) / 2, bare.leans)


def _bearing(reading: PaperReading, wanted: Mapping[str, float], best: float) -> float:
    return logistic(BEARING_BIAS, BEARING_WEIGHTS, features(reading, wanted, best))


def features(reading: PaperReading, wanted: Mapping[str, float], best: float) -> dict[str, float]:
    """What tells whether a paper bears on the question; ``best``: the match of the best paper."""
    said = frozenset(terms(f"{reading.paper.title}. {reading.best.quote.text}"))
    covered = sum(weight for term, weight in wanted.items() if term in said)
    return {
        "rel": reading.source.match / best if best > 0 else 1.0,
        "on": reading.best.on,
        "tells": reading.best.tells,
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
    best = max((source.match for source in sources), default=0.0)
    scores = cross_encoder.scores(question, [source.paper.title for source in bare])
    papers = cross_encoder.papers(question, [_passage(source.paper) for source in bare])
    titles = [
        _said(Quote(one_line(source.paper.title), 0), row) for source, row in zip(bare, scores, strict=True)
    ]
    readings = [
        PaperReading(source, (title,), float(holds))
        for source, title, (_, holds) in zip(bare, titles, papers, strict=True)
    ]
    likely = {one.paper.id: _bearing(one, wanted, best) for one in readings}
    return [
        Finding(one.paper.id, (), round(likely[one.paper.id], 3))
        for one in readings
        if likely[one.paper.id] >= MIN_BEARING_BY_TITLE or one.source is sources[0]
    ]
