"""The abstracts of the papers that were found, read with the question: what each says on it, and whether that
bears on it at all.

A cross-encoder reads each paper whole with the question and scores its sentences where they stand. How likely
a paper bears on the question is a logistic model over that and how well the paper matches;
``training/bearing.py`` fits it.
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
    from agq.model import CrossEncoder, Marks, Paper, Source

READ = 72
"""Sentences that are read, those of the best papers first."""
BEST = 3
"""Sentences of a paper that are kept."""
BY_TITLE = 0.45
"""Papers without an abstract that are less likely to bear on the question are not named."""
SHORTEST, LONGEST = 4, 90
"""Words of a sentence that is quoted."""

BEARS_BIAS = -1.82
BEARS_WEIGHTS: Mapping[str, float] = {"rel": 2.75, "on": 1.01, "tells": 0.53, "holds": 0.0, "covered": 1.27}
"""That a paper is on the subject of the question: ``rel``, its match beside that of the best; ``on`` and
``tells``, of its best sentence; ``holds``, of the whole; ``covered``, the share of the question that
sentence and title have.
"""

BELONGS = 0.7
"""What it counts that a sentence belongs in an answer; that it answers alone counts the rest."""

FIGURE = 0.4
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
class Said:
    """A sentence of an abstract and what the cross-encoder makes of it, in logits: it is ``on`` the subject,
    it ``tells`` something that belongs in an answer, it ``leans`` on its neighbours, how well it ``opens``
    the answer.
    """

    quote: Quote
    on: float
    tells: float
    leans: float
    opens: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a paper says on the question: its best sentences, what the cross-encoder makes of the whole
    (``holds``: something that belongs in an answer, in logits), and how likely it bears on it, 0 to 1.
    """

    source: Source
    said: tuple[Said, ...]
    holds: float = 0.0
    bears: float = 0.0

    @property
    def paper(self) -> Paper:
        """Whose words they are."""
        return self.source.paper

    @property
    def best(self) -> Said:
        """The sentence that tells most."""
        return max(self.said, key=lambda one: one.tells)


def read(
    question: str, sources: Sequence[Source], wanted: Mapping[str, float], cross_encoder: CrossEncoder
) -> list[Reading]:
    """The papers that have an abstract to quote, in the order given. ``wanted``: the terms of the question
    and what each weighs.
    """
    figure = FIGURE if _ASKS_FIGURE.search(question) else 0.0
    told = list(_within(READ, [(source, _passage(source.paper)) for source in sources]))
    marks = cross_encoder.read(question, [passage for _, passage in told])
    best = max((source.match for source in sources), default=0.0)
    readings = [_reading(source, each, figure) for (source, _), each in zip(told, marks, strict=True)]
    return [replace(reading, bears=_bears(reading, wanted, best)) for reading in readings if reading.said]


def _within(room: int, told: Sequence[tuple[Source, Passage]]) -> Iterator[tuple[Source, Passage]]:
    """The papers that have an abstract, as far as ``room`` sentences go; the first one whole."""
    begun = False
    for source, passage in told:
        if passage.sentences and (not begun or len(passage.sentences) <= room):
            begun = True
            room -= len(passage.sentences)
            yield source, passage


def _passage(paper: Paper) -> Passage:
    return Passage(one_line(paper.title), (), tuple(sentences(one_line(paper.abstract))))


def _reading(source: Source, marks: Marks, figure: float) -> Reading:
    said = [_said(quote, marks.sentences[quote.position], figure) for quote in quotable(source.paper)]
    kept = sorted(said, key=lambda one: -one.tells)[:BEST]
    return Reading(source, tuple(kept), float(marks.paper[1]))


def quotable(paper: Paper) -> Iterator[Quote]:
    """The sentences of an abstract that may be quoted, without headings and what joins them to others."""
    for position, sentence in enumerate(sentences(one_line(paper.abstract))):
        text = _JOINED.sub("", _unheaded(sentence), count=1)
        words = len(text.split()) + len(_CJK.findall(text)) // 2
        if SHORTEST <= words <= LONGEST and not any(map(looks_like_id, _BRACKETS.findall(text))):
            yield Quote(text, position)


def _unheaded(sentence: str) -> str:
    heading = HEADING.match(sentence)
    return sentence[heading.end() :] if heading else sentence


def _said(quote: Quote, scores: Sequence[float], figure: float = 0.0) -> Said:
    """``figure``: what it counts that a sentence holds one."""
    on, belongs, answers, leans, opens = map(float, scores)
    tells = BELONGS * belongs + (1 - BELONGS) * answers
    return Said(quote, on, tells + figure * bool(_FIGURE.search(quote.text)), leans, opens)


def _bears(reading: Reading, wanted: Mapping[str, float], best: float) -> float:
    return logistic(BEARS_BIAS, BEARS_WEIGHTS, features(reading, wanted, best))


def features(reading: Reading, wanted: Mapping[str, float], best: float) -> dict[str, float]:
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
    marks = cross_encoder.read(question, [_passage(source.paper) for source in bare])
    likely = [_by_title(source, each, wanted, best) for source, each in zip(bare, marks, strict=True)]
    return [
        Finding(source.paper.id, (), round(bears, 3))
        for source, bears in zip(bare, likely, strict=True)
        if bears >= BY_TITLE or source is sources[0]
    ]


def _by_title(source: Source, marks: Marks, wanted: Mapping[str, float], best: float) -> float:
    """How likely a paper bears on the question by its title: that stands for its best sentence."""
    on, holds = map(float, marks.paper)
    title = Said(Quote(one_line(source.paper.title), 0), on, holds, 0.0, 0.0)
    return _bears(Reading(source, (title,), holds), wanted, best)
