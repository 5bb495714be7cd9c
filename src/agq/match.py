"""How well a paper fits a question: one absolute number, by which lists are ordered.

It adds up three things. The cosine of the two vectors. The share of the question's term weight that the
paper's text covers. And how like the paper is to those that fit the question best in the whole index, its
*feedback set*: what answers a question tends to lie together (pseudo-relevance feedback on vectors, after
Rocchio 1971, from very few papers, weighted by how far they lead). The set is found without filters and
among a fixed number of papers, so a match depends on the paper, the question and the state of the index, and
on nothing else that was asked for. An offset that all matches of one question share lets good hits lie in
like ranges on different indexes, and tells a question that the index knows nothing of, or that turns on a
word that no paper mentions (``agq.mentions``); it changes no order.

The constants were chosen on several public collections at once, see ``benchmarks/retrieval.py`` and
``benchmarks/held_out.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import numpy as np

from agq.text.coverage import WantedTerms, coverage, share
from agq.text.sentences import sentences
from agq.text.terms import terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agq.model import Candidate, Paper, Vectors

MIN_MATCH = 0.17
"""The least match of the best paper at which an index can answer a question, see ``benchmarks/abstention.py``
and ``benchmarks/percentage.py``."""

TEXT_SHARE = 0.5
"""How the share of the question that a text covers is weighed against the cosine."""
FEEDBACK_WEIGHT = 0.25
"""What it costs a paper to be nothing like those that fit best."""
FEEDBACK_PAPERS = 3
"""Papers of a feedback set at most."""
FEEDBACK_REACH = 0.05
"""Papers that fit less well than the best by more than this are not among them."""
FEEDBACK_SHARPNESS = 20.0
"""How fast the say of one falls with its distance from the first: at 0.05 to a third."""
FEEDBACK_SENTENCES = 3
"""Sentences of each that are looked at: those that cover most of the question."""
SENTENCE_WEIGHT = 0.3
"""What the cosine of the best of them adds to its say."""
USUAL_SIMILARITY = 0.5
"""What is taken for a paper that has no vector yet: the usual cosine of two on one matter."""

TOPIC_WEIGHT = 0.8
"""What it counts that the question is about what the index is about: the cosine of question and mean
paper."""
USUAL_TOPIC = 0.1
"""What is taken for it while an index has not been measured."""
LENGTH_WEIGHT = 0.03
"""Vectors of short texts lie nearer to questions: NPL's 25 terms a paper against SciFact's 155."""
USUAL_LENGTH = 130.0
SIZE_WEIGHT = 0.01
"""The best of more papers lies nearer to any question: by 0.013 to 0.028 for each e-fold of papers."""
USUAL_SIZE = 5_000
INDEX_SIZE_BOUNDS = (100, 50_000)
"""Smaller and larger indexes count as these."""
CHANCE_WEIGHT = 0.1
"""What it costs that some paper would cover all of the question by chance: ``chance``."""
CHANCE_MAX = 1.5

MISSING_WEIGHT = 0.25
"""What it costs all papers that the question turns on a word that none of them mentions."""

LOGISTIC_SLOPE, LOGISTIC_MIDPOINT = 6.0, 0.53
"""The logistic that spreads what was found over 0 to 100 %: it changes no order."""

Aliases = Mapping[str, tuple[str, ...]]
"""The terms that a term is short for."""
Encode = Callable[[Sequence[str]], "Vectors"]


class CentroidLike(Protocol):
    """The middle of an index."""

    @property
    def vector(self) -> NDArray[np.float32]:
        """The mean of its unit vectors, shape (dim,)."""

    @property
    def length(self) -> float:
        """The mean number of terms of title and abstract."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The papers that fit a question best, as one vector, and the cosine that the nearest of them has with
    it."""

    vector: NDArray[np.float32]
    nearest: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question as papers are held against it.

    ``vector``: its unit vector, None where the text alone counts. ``query_offset``: what all its matches have
    in common, from the index. ``named``: the ids it names. ``feedback``: None until it has been found.
    ``aliases``: the terms that one of them is short for.
    """

    text: str
    vector: NDArray[np.float32] | None
    asked: WantedTerms
    query_offset: float
    named: frozenset[str] = frozenset()
    feedback: Feedback | None = None
    aliases: Aliases = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """A paper beside a question: the cosine of their vectors, the share of the question its text covers.

    ``words``: as the candidate has them.
    """

    paper: Paper
    vector: NDArray[np.float32] | None
    cosine: float
    text: float
    words: str = ""

    @property
    def fit(self) -> float:
        """Both together."""
        return TEXT_SHARE * self.text + (1 - TEXT_SHARE) * self.cosine


def compare(question: Question, candidate: Candidate) -> Compared:
    """A candidate held against a question."""
    paper, vector = candidate.paper, candidate.vector
    cosine = 0.0 if question.vector is None or vector is None else float(question.vector @ vector)
    text = covered(question.asked, candidate, question.aliases)
    return Compared(paper, vector, cosine, text, candidate.words)


def covered(asked: WantedTerms, candidate: Candidate, aliases: Aliases = MappingProxyType({})) -> float:
    """The share of a question's term weight that a paper's text covers, short forms read as long ones."""
    paper = candidate.paper
    said = candidate.words.split() or terms(f"{paper.title} {paper.abstract}")
    names = terms(" ".join(paper.authors)) if asked.names else ()
    return coverage(asked, _spelled_out(terms(paper.title), aliases), _spelled_out(said, aliases), names)


def _spelled_out(said: list[str], aliases: Aliases) -> list[str]:
    """Terms with the long forms of the short ones among them, where these do not stand there already."""
    held = set(said) if aliases else set()
    long = [aliases[term] for term in said if term in aliases and not held.issuperset(aliases[term])]
    return [*said, *(term for terms_ in long for term in terms_)]


def feedback_set(question: Question, found: Sequence[Compared], encode: Encode | None) -> Feedback | None:
    """The feedback set of a question: the papers that fit best, each with the weight that its lead gives it.

    Parameters
    ----------
    found:
        The candidates of the whole index, each once.
    encode:
        Gives the vectors of sentences; None leaves them out.
    """
    near = [(one, one.vector) for one in found if one.vector is not None]
    if not near or question.vector is None:
        return None
    near.sort(key=lambda pair: (-pair[0].fit, pair[0].paper.id))
    first = [pair for pair in near[:FEEDBACK_PAPERS] if pair[0].fit > near[0][0].fit - FEEDBACK_REACH]
    fits = np.array([one.fit for one, _ in first])
    if encode and len(first) > 1:
        said = [_telling(question.asked, one.paper) for one, _ in first]
        fits += SENTENCE_WEIGHT * _best_cosines(question.vector, said, encode)
    say = np.exp(FEEDBACK_SHARPNESS * (fits - fits.max()))
    vectors = np.stack([vector for _, vector in first])
    mean: NDArray[np.float32] = (say / say.sum() @ vectors).astype(np.float32)
    return Feedback(mean, float((vectors @ mean).max()))


def _best_cosines(
    vector: NDArray[np.float32], said: Sequence[Sequence[str]], encode: Encode
) -> NDArray[np.float64]:
    """The highest cosine that any text of each group has with ``vector``, shape (len(said),)."""
    cosines = encode([text for some in said for text in some]) @ vector
    starts = np.cumsum([0, *(len(some) for some in said[:-1])])
    return np.maximum.reduceat(cosines, starts).astype(np.float64)


def _telling(asked: WantedTerms, paper: Paper) -> list[str]:
    """The sentences that have most of a question's words, or the title where there are none."""
    said = sentences(paper.abstract) or [paper.title]
    return sorted(said, key=lambda sentence: -share(asked, sentence))[:FEEDBACK_SENTENCES]


def feedback_similarity(question: Question, one: Compared) -> float:
    """How like a paper is to the feedback set of a question, 1 for the nearest of them: a difference of
    cosines."""
    if question.feedback is None:
        return 1.0
    cosine = USUAL_SIMILARITY if one.vector is None else float(question.feedback.vector @ one.vector)
    return 1.0 + cosine - question.feedback.nearest


def match(question: Question, one: Compared) -> float:
    """How well a paper fits a question, between 0 and 1."""
    if one.paper.id in question.named:
        return 1.0
    found = one.fit + FEEDBACK_WEIGHT * (feedback_similarity(question, one) - 1) + question.query_offset
    return 1 / (1 + math.exp(-LOGISTIC_SLOPE * (found - LOGISTIC_MIDPOINT)))


def query_offset(
    asked: WantedTerms, vector: NDArray[np.float32] | None, centroid: CentroidLike | None, papers: int
) -> float:
    """What all matches of a question in an index of so many papers have in common."""
    length = centroid.length if centroid else USUAL_LENGTH
    topic = float(centroid.vector @ vector) if centroid and vector is not None else USUAL_TOPIC
    size = min(max(papers, INDEX_SIZE_BOUNDS[0]), INDEX_SIZE_BOUNDS[1])
    return (
        TOPIC_WEIGHT * topic
        + LENGTH_WEIGHT * math.log(max(length, 1.0) / USUAL_LENGTH)
        - SIZE_WEIGHT * math.log(size / USUAL_SIZE)
        - CHANCE_WEIGHT * chance(asked, papers)
    )


def chance(asked: WantedTerms, papers: int) -> float:
    """How little it tells that a paper covers a question: 1 where one among so many does by chance.

    The weights of a question's terms are the logarithms of how rare they are; their sum is that of how rare
    a paper is that has them all, were they independent. Among N papers one is to be expected where the sum
    is ln N.
    """
    weight = sum(asked.weights.values())
    return min(math.log(max(papers, 1)) / max(weight, 1e-9), CHANCE_MAX)
