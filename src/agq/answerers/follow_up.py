"""Follow-up questions: on what several of the papers found speak of and the rest of the index does not.

Two plain forms of question, on real subjects: what is known about one; and, where it has no word of what was
asked about, what connects it with that, for by itself it would have lost what it is about.
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
_BESIDE = "What connects {} with {}?"


def propose(evidence: Evidence, frequencies: Frequencies | None) -> Iterator[str]:
    """Questions that differ from the one asked and from each other; the readiest first."""
    short = _short_forms(evidence)
    asked = _spelled_out(evidence.question, short)
    phrases = _phrases(evidence)
    subject = _asked_about(phrases, asked)
    about = {one.text: _spelled_out(one.text, short) for one in _subjects(evidence, phrases, frequencies)}
    fresh = [text for text, said in about.items() if len(said - asked) >= NEW_WORDS_SHARE * len(said)]
    told: list[frozenset[str]] = []
    for shared in (0.0, NEW_WORDS_SHARE):  # what has no word of another one, then what has
        for text in fresh:
            said = about[text]
            if all(said != one and len(said & one) <= shared * min(len(said), len(one)) for one in told):
                told.append(said)
                yield _ABOUT.format(text) if said & asked or not subject else _BESIDE.format(text, subject)


def _phrases(evidence: Evidence) -> list[Phrase]:
    papers = [source.paper for source in evidence.sources]
    return shared_phrases([readable(p.title) for p in papers], [readable(p.abstract) for p in papers])


def _asked_about(phrases: Sequence[Phrase], asked: frozenset[str]) -> str:
    """What the question is about, as the papers write it: of the phrases that have all their words from it,
    one of several words that most papers have, the longest of these; empty where several papers have none.
    """
    found = [
        one
        for one in phrases
        if len(one.texts) >= SHARED_SUBJECT_PAPERS and frozenset(terms(one.text)) <= asked
    ]
    return (
        max(found, key=lambda one: (len(one.stems) > 1, len(one.texts), len(one.stems), one.text)).text
        if found
        else ""
    )


def _short_forms(evidence: Evidence) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The terms of the papers' acronyms and of what they stand for."""
    return [
        (frozenset(terms(short.removesuffix("s"))), frozenset(terms(long)))
        for source in evidence.sources
        for short, long in acronyms(source.paper.abstract).items()
    ]


def _spelled_out(text: str, short: Sequence[tuple[frozenset[str], frozenset[str]]]) -> frozenset[str]:
    """The terms of a text; with an acronym those of what it stands for, and the reverse."""
    said = frozenset(terms(text))
    return said.union(*(one | other for one, other in short if one <= said or other <= said))


def _subjects(evidence: Evidence, phrases: Sequence[Phrase], frequencies: Frequencies | None) -> list[Phrase]:
    """What may be asked about, that first which most of the papers share and fewest others have."""
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
