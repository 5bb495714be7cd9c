"""Follow-up questions: on what several of the papers found speak of and the rest of the index does not.

One plain form of question, on real subjects.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from agq.text.acronyms import acronyms
from agq.text.clean import readable
from agq.text.phrases import Phrase, shared_phrases
from agq.text.terms import Frequencies, idf, terms

if TYPE_CHECKING:
    from agq.model import Evidence

NEAR_MATCH_SHARE = 0.5
"""Papers whose match is at least this share of the best one's are near the question."""
SHARED_SUBJECT_PAPERS = 2
"""Papers that speak of a subject so that more than one may answer: those subjects come first."""
NEW_WORDS_SHARE = 0.5
"""The least share of its words that a question does not have from the one asked."""
COMMON_SUBJECT_SHARE = 0.08
"""What is said in so large a share of an index tells nothing about the papers found."""
LONE_WORD_RARITY = 1.0
"""What it counts how rare a subject is of which a word stands in one paper only."""
TITLE_WEIGHT = 2.5
"""What it counts that a subject is in a title."""

_ABOUT = "What is known about {}?"


def propose(evidence: Evidence, frequencies: Frequencies | None) -> Iterator[str]:
    """Questions that differ from the one asked and from each other; the readiest first."""
    asked = _asked(evidence)
    about = {one.text: frozenset(terms(one.text)) for one in _subjects(evidence, frequencies)}
    fresh = [text for text, said in about.items() if len(said - asked) >= NEW_WORDS_SHARE * len(said)]
    told: list[frozenset[str]] = []
    for shared in (0.0, NEW_WORDS_SHARE):  # what has no word of another one, then what has
        for text in fresh:
            said = about[text]
            if all(said != one and len(said & one) <= shared * min(len(said), len(one)) for one in told):
                told.append(said)
                yield _ABOUT.format(text)


def _asked(evidence: Evidence) -> frozenset[str]:
    """The terms of the question, acronyms and what they stand for in the papers told together."""
    asked = set(terms(evidence.question))
    for source in evidence.sources:
        for short, long in acronyms(source.paper.abstract).items():
            pair = set(terms(short.removesuffix("s"))), set(terms(long))
            if any(one <= asked for one in pair):
                asked.update(*pair)
    return frozenset(asked)


def _subjects(evidence: Evidence, frequencies: Frequencies | None) -> list[Phrase]:
    """What may be asked about, that first which most of the papers share and fewest others have."""
    papers = [source.paper for source in evidence.sources]
    phrases = shared_phrases([readable(p.title) for p in papers], [readable(p.abstract) for p in papers])
    worth = _Worth(evidence, _counts(evidence, phrases, frequencies))
    ranked = [(worth.of(one), one) for one in phrases if not worth.pervades(one)]
    kept = sorted((one for one in ranked if one[0]), key=lambda one: one[0], reverse=True)
    return [phrase for _, phrase in kept]


def _counts(
    evidence: Evidence, phrases: Sequence[Phrase], frequencies: Frequencies | None
) -> Mapping[str, int]:
    """How many papers of the index have each word of the question and of the phrases."""
    stems = sorted({*terms(evidence.question), *(stem for one in phrases for stem in one.stems)})
    return dict(zip(stems, frequencies(stems) if frequencies else [0] * len(stems), strict=True))


class _Worth:
    """How readily one asks about a subject after a question."""

    def __init__(self, evidence: Evidence, counts: Mapping[str, int]) -> None:
        best = max((source.match for source in evidence.sources), default=0.0) or 1.0
        self._matches = [source.match / best for source in evidence.sources]
        self._near = frozenset(at for at, match in enumerate(self._matches) if match >= NEAR_MATCH_SHARE)
        self._total = evidence.index.papers
        self._counts = counts
        self._asked = {term: self._rarity(term) for term in set(terms(evidence.question))}

    def _rarity(self, stem: str) -> float:
        return idf(self._total, self._counts[stem])

    def pervades(self, one: Phrase) -> bool:
        """Whether the index speaks of little else."""
        most = max(2 * len(self._matches), COMMON_SUBJECT_SHARE * self._total)
        return min(self._counts[stem] for stem in one.stems) > most

    def of(self, one: Phrase) -> float:
        """More for what the nearest papers have, in titles, beside words of the question, and for what is
        rare but for what nobody else has.
        """
        weight = sum(self._matches[at] * (TITLE_WEIGHT if at in one.titled else 1) for at in one.texts)
        rarity = sum(self._rarity(stem) for stem in one.stems) / len(one.stems)
        alone = min(self._counts[stem] for stem in one.stems) < SHARED_SUBJECT_PAPERS
        return (
            self._kind(one)
            * math.log1p(weight)
            * (LONE_WORD_RARITY if alone else rarity)
            * (0.5 + min(one.peculiar, 2.0))
            * (0.3 + self._beside(one))
        )

    def _kind(self, one: Phrase) -> float:
        """What several papers speak of counts more than what one does, that more than what it only mentions;
        single words and names least; 0 for none.
        """
        shared = len(one.texts) >= SHARED_SUBJECT_PAPERS
        if self._near.isdisjoint(one.texts):
            return 0.0
        if one.named or len(one.text.removeprefix("the ").split()) == 1:
            return 0.01 if shared and one.titled else 0.0
        if shared:
            return 1.5 if one.sure else 0.7
        if not one.sure or one.text.startswith("the "):
            return 0.05
        return 0.9 if one.titled and one.told else 0.5 if one.times > 1 else 0.3

    def _beside(self, one: Phrase) -> float:
        """How much of the question stands in its sentences, 0 to 1."""
        total = sum(self._asked.values()) or 1.0
        return sum(weight for term, weight in self._asked.items() if term in one.beside) / total
