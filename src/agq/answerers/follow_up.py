"""Follow-up questions: about what several of the papers found speak of and the rest of the index does not.

Plain questions on real subjects. How one may be asked about is told by the kind of thing it is: what is done,
what is used, or anything else.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from agq.text.clean import one_line
from agq.text.phrases import DOINGS, EMPTY, GENERIC_WORDS, Phrase, sentence_case, shared_phrases
from agq.text.terms import Frequencies, idf, terms

if TYPE_CHECKING:
    from agq.model import Evidence, Paper

NEAR_MATCH_SHARE = 0.5
"""Papers whose match is below this share of the best one's lead away from the question."""
SUBJECT_PAPERS_MIN = 3
"""Papers of which subjects are taken, be they near or not."""
SHARED_SUBJECT_PAPERS = 2
"""Papers that speak of a subject so that more than one may answer: those subjects come first."""
ALONE, PAIRED = 2, 8
"""Subjects that are asked about first, and among which two may be asked about together."""
SUBJECT_WORDS_MAX = 3
"""Words of a subject."""
NEW_WORDS_SHARE = 0.5
"""The least share of its words that a question has neither from the one asked nor from another proposed."""
TITLE_QUESTIONS = 1
"""Questions that are titles of papers."""

COMMON_SUBJECT_SHARE = 0.08
"""What is said in so large a share of an index tells nothing about the papers found."""

_DONE, _OPEN = "How is {} done?", "What is known about {}?"
_TWO = "How do {} relate to {}?"
_ASKABLE = re.compile(rf"[^'’]*[^s'’]s|{DOINGS.pattern}")
"""Of one countable thing nobody asks without an article."""
_ASKS = re.compile(
    r"(?:[^?]*[:.] )?((?:What|How|Why|When|Where|Which|Do|Does|Did|Is|Are|Can|Should|Will|Could)\b[^?:]*\?)$"
)
"""A title, or the end of one, that is a question."""
_LEANS = re.compile(r"\b(?:it|they|them|their|this|these|that|we|our|us|i|you|your|my|one|here)\b", re.I)


def propose(evidence: Evidence, frequencies: Frequencies | None) -> Iterator[str]:
    """Questions that differ from the one asked and from each other; the readiest first."""
    best = max((source.match for source in evidence.sources), default=0.0)
    near = [source.paper for source in evidence.sources if source.match >= NEAR_MATCH_SHARE * best]
    papers = (
        near
        if len(near) >= SUBJECT_PAPERS_MIN
        else [source.paper for source in evidence.sources[:SUBJECT_PAPERS_MIN]]
    )
    asked = frozenset(terms(evidence.question))
    told: list[frozenset[str]] = []
    subjects = _subjects(papers, frequencies, evidence.index.papers)
    for question, about in [*_titles(papers)[:TITLE_QUESTIONS], *_of_subjects(subjects)]:
        if len(about - asked) > NEW_WORDS_SHARE * len(about) and all(
            len(about - one) >= NEW_WORDS_SHARE * len(about) for one in told
        ):
            told.append(about)
            yield question


def _titles(papers: Sequence[Paper]) -> list[tuple[str, frozenset[str]]]:
    """What titles ask that can be asked without them: "When can digital personas approximate surveys?"."""
    bodies = [one_line(paper.abstract) for paper in papers]
    found = [match[1] for paper in papers if (match := _ASKS.match(one_line(paper.title)))]
    asked = [sentence_case(question, bodies) for question in found if not _LEANS.search(question)]
    return [(question, frozenset(terms(question))) for question in asked if len(question.split()) >= 5]


def _subjects(papers: Sequence[Paper], frequencies: Frequencies | None, total: int) -> list[Phrase]:
    """What may be asked about, that first which most of the papers share and fewest others have."""
    titles, bodies = [one_line(p.title) for p in papers], [one_line(p.abstract) for p in papers]
    phrases = [one for one in shared_phrases(titles, bodies, least=1) if _is_subject(one)]
    counts = _counts({stem for one in phrases for stem in one.stems}, frequencies)

    def worth(one: Phrase) -> tuple[bool, float]:
        rarity = sum(idf(total, counts[stem]) for stem in one.stems) / len(one.stems)
        return len(one.texts) >= SHARED_SUBJECT_PAPERS, rarity * math.log1p(len(one.texts))

    least = max(2 * len(papers), COMMON_SUBJECT_SHARE * total)
    special = [one for one in phrases if min(counts[stem] for stem in one.stems) <= least]
    return sorted(special, key=worth, reverse=True)


def _counts(stems: set[str], frequencies: Frequencies | None) -> Mapping[str, int]:
    """How many papers of the index have each."""
    listed = sorted(stems)
    return dict(zip(listed, frequencies(listed) if frequencies else [0] * len(listed), strict=True))


def _is_subject(phrase: Phrase) -> bool:
    """Whether a phrase may be asked about as it stands: several words, not all of them said everywhere."""
    words = re.split(r"[\s-]+", phrase.text.lower())
    return (
        len(phrase.stems) > 1
        and len(phrase.text.split()) <= SUBJECT_WORDS_MAX
        and bool(phrase.told)
        and (bool(phrase.titled) or len(phrase.texts) >= SHARED_SUBJECT_PAPERS)
        and any({word, word.removesuffix("s")}.isdisjoint(GENERIC_WORDS | EMPTY) for word in words)
        and bool(_ASKABLE.fullmatch(phrase.text))
    )


def _of_subjects(subjects: Sequence[Phrase]) -> Iterator[tuple[str, frozenset[str]]]:
    """What is known of the first ones, how two of one paper go together, what is known of the rest."""
    yield from ((_asked(one.text), frozenset(one.stems)) for one in subjects[:ALONE])
    plural = [one for one in subjects if one.text.endswith("s") and not DOINGS.match(one.text)]
    for one, other in itertools.combinations(plural[ALONE:PAIRED], 2):
        if one.texts & other.texts and not frozenset(one.stems) & frozenset(other.stems):
            yield _TWO.format(one.text, other.text), frozenset((*one.stems, *other.stems))
            break
    yield from ((_asked(one.text), frozenset(one.stems)) for one in subjects[ALONE:])


def _asked(subject: str) -> str:
    return (_DONE if DOINGS.match(subject) else _OPEN).format(subject)
