"""Questions to go on with: on what several of the papers found speak of and the rest of the index does not.

Plain questions on real subjects. How one may be asked about is told by the kind of thing it is: what is done,
what is used, or anything else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from agq.text.clean import one_line
from agq.text.phrases import DOINGS, EMPTY, GENERIC, TOOLS, Phrase, sentence_case, shared_phrases
from agq.text.terms import idf, terms

if TYPE_CHECKING:
    from agq.entailment import Frequencies
    from agq.model import Evidence, Paper

MOST = 12
"""Questions proposed; who asks for three takes the first that the index can answer."""
FAR = 0.5
"""Papers whose match is below this share of the best one's lead away from the question."""
SHARED, SHARED_COUNTS = 2, 20.0
"""Papers that speak of a subject so that more than one may answer: those subjects come first."""
LONGEST = 3
"""Words of a subject."""
DISTINCT = 0.5
"""The least share of its words that a question has neither from the one asked nor from another proposed."""
TITLES = 1
"""Questions that are titles of papers."""

_DONE, _USED, _OPEN = "How is {} done?", "What are {} used for?", "What is known about {}?"
_ASKS = re.compile(
    r"(?:[^?]*[:.] )?((?:What|How|Why|When|Where|Which|Do|Does|Did|Is|Are|Can|Should|Will|Could)\b[^?:]*\?)$"
)
"""A title, or the end of one, that is a question."""
_LEANS = re.compile(r"\b(?:it|they|them|their|this|these|that|we|our|us|i|you|your|my|one|here)\b", re.I)


def propose(evidence: Evidence, frequencies: Frequencies | None) -> Iterator[str]:
    """Questions that differ from the one asked and from each other; the readiest first."""
    best = max((source.match for source in evidence.sources), default=0.0)
    near = [source.paper for source in evidence.sources if source.match >= FAR * best]
    told = [frozenset(terms(evidence.question))]
    for question, about in [*_titles(near)[:TITLES], *_subjects(near, frequencies, evidence.index.papers)]:
        if len(told) <= MOST and all(_differs(about, other) for other in told):
            told.append(about)
            yield question


def _differs(about: frozenset[str], other: frozenset[str]) -> bool:
    return len(about - other) >= DISTINCT * len(about) and not other <= about


def _titles(papers: Sequence[Paper]) -> list[tuple[str, frozenset[str]]]:
    """What titles ask that can be asked without them: "When can digital personas approximate surveys?"."""
    bodies = [one_line(paper.abstract) for paper in papers]
    found = [match[1] for paper in papers if (match := _ASKS.match(one_line(paper.title)))]
    asked = [sentence_case(question, bodies) for question in found if not _LEANS.search(question)]
    return [(question, frozenset(terms(question))) for question in asked if len(question.split()) >= 5]


def _subjects(
    papers: Sequence[Paper], frequencies: Frequencies | None, total: int
) -> Iterator[tuple[str, frozenset[str]]]:
    """A question on each subject, those first that most of the papers share and fewest others have."""
    titles, bodies = [one_line(p.title) for p in papers], [one_line(p.abstract) for p in papers]
    phrases = [one for one in shared_phrases(titles, bodies, least=1) if _is_subject(one)]
    rare = _rarity({stem for one in phrases for stem in one.stems}, frequencies, total)

    def worth(one: Phrase) -> float:
        known = sum(rare[stem] for stem in one.stems) / len(one.stems)
        return known * math.log1p(len(one.texts)) + (SHARED_COUNTS if len(one.texts) >= SHARED else 0.0)

    for one in sorted(phrases, key=worth, reverse=True):
        yield _asked(one.text), frozenset(one.stems)


def _is_subject(phrase: Phrase) -> bool:
    """Whether a phrase may be asked about as it stands: several words, not all of them said everywhere."""
    words = re.split(r"[\s-]+", phrase.text.lower())
    return (
        len(phrase.stems) > 1
        and len(phrase.text.split()) <= LONGEST
        and (bool(phrase.titled & phrase.told) or len(phrase.texts) >= SHARED)
        and any({word, word.removesuffix("s")}.isdisjoint(GENERIC | EMPTY) for word in words)
        and (phrase.text.endswith("s") or bool(DOINGS.match(phrase.text)))
    )


def _rarity(stems: set[str], frequencies: Frequencies | None, total: int) -> Mapping[str, float]:
    listed = sorted(stems)
    counts = frequencies(listed) if frequencies else [0] * len(listed)
    return {stem: idf(total, count) for stem, count in zip(listed, counts, strict=True)}


def _asked(subject: str) -> str:
    if DOINGS.match(subject):
        return _DONE.format(subject)
    return (_USED if TOOLS.match(subject) else _OPEN).format(subject)
