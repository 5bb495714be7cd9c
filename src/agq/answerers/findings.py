"""An answer without a model: for each paper that bears on the question, what it says about it, in its own
words.

Every quotation is verbatim (``reading.py`` says which sentences may be quoted and what they tell); beside it
stand the paper's authors, year and title, so it need not stand alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agq.answerers.entries import Told, entry, opening, title_alone
from agq.answerers.follow_up import propose
from agq.answerers.reading import PaperReading, ScoredSentence, by_title, read
from agq.entailment import SourceTexts
from agq.model import Finding, Piece
from agq.text.lexicon import lexicon
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.answerers.base import AnswererConfig
    from agq.model import Evidence, Paper

ANSWER_WORDS_MAX = 300
"""Words of an answer: quotations, and what names their papers."""
WORDS_PER_NAMED_PAPER = 12
"""Words that name a paper, about."""
MIN_BEARING = 0.45
"""Papers less likely to bear on the question are not quoted ..."""
MIN_ODDS_SHARE = 0.32
"""... nor those whose odds are less than this share of the likeliest's ..."""
MIN_BEARING_OF_NEAREST = 0.3
"""... but for the nearest where there is no other, which must be this likely."""
MIN_PLAIN_LOGIT = -2.0
"""Where no sentence quoted tells so much, in logits, the opening says that none answers plainly."""
SECOND_LOGIT_DROP_MAX = 2.0
"""How much less than the first a second sentence of a paper may tell."""
EARLIER_LOGIT_DROP_MAX = 0.6
"""How much less where it stands before it, and opens the entry."""
MIN_LEANING_LOGIT = 1.0
"""A sentence that leans so much on the one before is quoted with it."""
SUBJECT_TITLES = 3
"""Papers whose titles stand for a question that has no word of theirs."""
SAME_TERMS_SHARE = 0.6
"""Quotations that share so many of their terms say the same."""

_REFER_BACK = lexicon("english")["words_that_refer_back"]


@dataclass(frozen=True, slots=True)
class QuotedPaper:
    """A paper that is quoted and the sentences of it, in reading order."""

    reading: PaperReading
    said: tuple[ScoredSentence, ...]

    @property
    def words(self) -> int:
        """How many words it adds to the answer, about."""
        return WORDS_PER_NAMED_PAPER + sum(len(one.quote.text.split()) for one in self.said)

    @property
    def is_plain(self) -> bool:
        """Whether the paper surely bears on the question and its words tell something on it."""
        return self.reading.bearing >= MIN_BEARING and self.reading.best.tells >= MIN_PLAIN_LOGIT

    @property
    def terms(self) -> frozenset[str]:
        """The terms of its quotation."""
        return frozenset().union(*(one.terms for one in self.said))

    @property
    def finding(self) -> Finding:
        """What is told of it."""
        quotes = tuple(one.quote for one in self.said)
        return Finding(self.reading.paper.id, quotes, round(self.reading.bearing, 3))


class Findings:
    """The answerer without a model that writes."""

    model = ""

    def __init__(self, config: AnswererConfig) -> None:
        self._config = config

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """An opening line, an entry a paper, the papers known by title, follow-up questions."""
        question = asked(evidence)
        wanted = self._wanted(question, evidence)
        reads = (question, evidence.sources, wanted, self._config.cross_encoder)
        titles = by_title(*reads)
        readings = read(*reads)
        entries = chosen(readings, alone=not titles)
        papers = {source.paper.id: source.paper for source in evidence.sources}
        yield opening(
            Told(
                quoted=[one.reading.paper for one in entries],
                titles=[papers[one.id] for one in titles],
                of=len(evidence.sources),
                sure=any(one.is_plain for one in entries),
                missing=evidence.understood.missing,
            )
        )
        listed = [entry(one.reading.paper, one.finding) for one in entries]
        listed += [title_alone(papers[one.id], one) for one in titles]
        yield from (replace(piece, lead="\n- " if n else "\n\n- ") for n, piece in enumerate(listed))
        if self._config.follow_ups:
            yield from (Piece("follow_up", text) for text in propose(question, _nearest(readings, evidence)))

    def _wanted(self, question: str, evidence: Evidence) -> Mapping[str, float]:
        """The question's terms and what each weighs."""
        texts = SourceTexts(
            [source.paper for source in evidence.sources],
            self._config.embedder,
            frequencies=self._config.frequencies,
            total=evidence.index.papers,
        )
        return texts.weights(frozenset(terms(question)))


def _nearest(readings: Sequence[PaperReading], evidence: Evidence) -> list[Paper]:
    """The papers found, those first that most likely bear on the question."""
    likely = {one.paper.id: one.bearing for one in readings}
    papers = [source.paper for source in evidence.sources]
    return sorted(papers, key=lambda paper: -likely.get(paper.id, 0.0))


def asked(evidence: Evidence) -> str:
    """The question; or, where the papers have no word of it ("summarise"), what they are about."""
    papers = [source.paper for source in evidence.sources]
    held = frozenset(terms(" ".join(paper.text for paper in papers)))
    if not held.isdisjoint(terms(evidence.question)):
        return evidence.question
    return " ".join(paper.title for paper in papers[:SUBJECT_TITLES])


def chosen(readings: Iterable[PaperReading], *, alone: bool) -> list[QuotedPaper]:
    """The papers to quote, best first. ``alone``: nothing else is told, so that the nearest will do."""
    ranked = sorted(readings, key=lambda one: -one.bearing)
    likely = [one for one in ranked if one.bearing >= MIN_BEARING and _is_near(one, ranked[0])]
    if not likely and alone:
        likely = [one for one in ranked[:1] if one.bearing >= MIN_BEARING_OF_NEAREST]
    return _filled(_different(QuotedPaper(one, _first(one)) for one in likely))


def _is_near(one: PaperReading, likeliest: PaperReading) -> bool:
    """Whether a paper is not much less likely than the likeliest, by their odds."""
    own, best = one.bearing, likeliest.bearing
    return own * (1 - best) >= MIN_ODDS_SHARE * best * (1 - own)


def _first(reading: PaperReading) -> tuple[ScoredSentence, ...]:
    """The sentence that tells most, behind the one before where it can't be understood without that."""
    best = reading.best
    before = [one for one in reading.said if one.quote.position == best.quote.position - 1]
    return (*before, best) if _leans(best) else (best,)


def _leans(said: ScoredSentence) -> bool:
    """Whether a sentence can't be understood without the one before."""
    opening = said.quote.text.split(maxsplit=1)[0].lower()
    return said.leans >= MIN_LEANING_LOGIT or opening in _REFER_BACK


def _different(entries: Iterable[QuotedPaper]) -> Iterator[QuotedPaper]:
    """Those that say something else than the ones before."""
    told: list[frozenset[str]] = []
    for one in entries:
        said = one.terms
        if not any(_is_same(said, other) for other in told):
            told.append(said)
            yield one


def _filled(entries: Iterable[QuotedPaper]) -> list[QuotedPaper]:
    """As many as there is room for, then a second sentence of each, the best papers first."""
    kept: list[QuotedPaper] = []
    for one in entries:
        if sum(other.words for other in kept) + one.words <= ANSWER_WORDS_MAX or not kept:
            kept.append(one)
    for n, one in enumerate(kept):
        longer = _with_second(one)
        if sum(other.words for other in kept) - one.words + longer.words <= ANSWER_WORDS_MAX:
            kept[n] = longer
    return kept


def _with_second(one: QuotedPaper) -> QuotedPaper:
    """The entry with another sentence of its paper, where one adds something."""
    best = one.reading.best
    others = [said for said in one.reading.said if said not in one.said and _adds(said, best)]
    others = [said for said in others if not _is_same(said.terms, best.terms)]
    if len(one.said) > 1 or not others:
        return one
    second = max(others, key=lambda said: said.tells)
    return QuotedPaper(one.reading, tuple(sorted((best, second), key=lambda said: said.quote.position)))


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two quotations say the same, by their terms."""
    return len(one & other) >= SAME_TERMS_SHARE * min(len(one), len(other))


def _adds(said: ScoredSentence, best: ScoredSentence) -> bool:
    """Whether a sentence is worth quoting beside the best one; before it, where it tells nearly as much."""
    return said.tells >= best.tells - (
        SECOND_LOGIT_DROP_MAX if said.quote.position > best.quote.position else EARLIER_LOGIT_DROP_MAX
    )
