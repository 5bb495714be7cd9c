"""Whether an abstract speaks of what a sentence says, which of its sentences do, and whether it states it.

Relevance and the choice of sentences are logistic models over a handful of features each. Relevance looks at
what share of the sentence's term weight the abstract holds, how many terms it lacks and how near its two best
sentences lie together; the choice of sentences also at where they stand and what they tell. Their weights
were fitted on SciFact's train claims by ``benchmarks/evidence.py``, which prints them. They see whether a
text speaks of what a sentence says; they do not see contradiction.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from agq.model import Passage
from agq.text.clean import one_line
from agq.text.names import unfounded_names
from agq.text.numbers import unfounded_figures
from agq.text.rhetoric import tells_result
from agq.text.sentences import sentences
from agq.text.terms import Frequencies, fold, idf, terms, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agq.model import Embedder, EntailmentModel, Paper, Vectors

RELEVANCE_BIAS = -6.69
RELEVANCE_WEIGHTS: Mapping[str, float] = {"coverage": 2.13, "near": 7.92, "missed": -0.46, "length": 1.20}
"""Fitted by ``benchmarks/evidence.py`` on claims whose abstract supports them or does not mention them."""

MIN_RELEVANCE = 0.1
"""Below this relevance an abstract does not speak of what a sentence says. Chosen on paraphrased answers, see
``benchmarks/corruption.py``.
"""
SENTENCES_SHOWN_MAX = 2
"""Sentences of an abstract that are shown beside a claim, at most ..."""
SECOND_SENTENCE_ODDS_MIN = 0.2
"""... the second where it is chosen with this share of the probability of the first."""

CHOICE_WEIGHTS: Mapping[str, float] = {
    "near": 2.83, "share": -0.94, "lead": 2.62, "place": 5.52, "place2": -2.42, "own": 6.02, "result": 0.64,
    "title": -0.72, "length": 0.89, "last": -0.41,
}  # fmt: skip
"""Fitted by the same script on the sentences of the abstracts that bear a claim out."""

SUPPORT_BIAS = -0.181
SUPPORT_WEIGHTS: Mapping[str, float] = {"states": 0.735, "relevance": 0.152, "missing": -1.740}
"""Fitted by ``training/entailment.py`` on written claims over abstracts that the model did not learn from."""
MIN_SUPPORT = 0.33
"""Below this support it is doubtful whether the paper states a sentence: so few true claims fall below it as
``benchmarks/claims.py`` tells.
"""
SENTENCES_READ_MAX = 2
"""Sentences of an abstract that the entailment model reads."""
SUSPECTED: Mapping[str, str] = {
    "opposite": "may say the opposite: compare its words",
    "other": "may say something else: compare its words",
    "further": "may say less than this: compare its words",
    "elsewhere": "may not say this at all: compare its words",
}
"""What is suspected where it is doubtful that a paper states a sentence, in the order of the model's
scores.
"""

ASSUMED_PAPERS = 5_000
"""The size of the collection assumed where document frequencies are not known."""
SHARED_START_LETTERS = 5
"""Terms that share as many first letters, and most of their length, are forms of one word: methylate,
methylation.
"""


@dataclass(frozen=True, slots=True)
class ClaimSupport:
    """What a paper has of a sentence.

    ``relevance``: how far it speaks of it, 0 to 1. ``support``: how likely it states it. ``missing``: the
    sentence's figures and names that it lacks. ``evidence``: its own sentences that decide, one or two, in
    reading order. ``suspected``: what it may say instead, one of ``SUSPECTED``, where it is doubtful whether
    it states it.
    """

    relevance: float
    support: float
    missing: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    suspected: str = ""

    @property
    def silent(self) -> bool:
        """Whether the paper does not speak of what the sentence says."""
        return self.relevance < MIN_RELEVANCE


class SourceText:
    """One paper, prepared to be compared with: what that takes is made when first needed."""

    def __init__(self, paper: Paper, embedder: Embedder) -> None:
        self.paper = paper
        self._embedder = embedder
        self.title = one_line(paper.title)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Those of the abstract; the title where there is none."""
        return tuple(sentences(one_line(self.paper.abstract))) or (self.title,)

    @cached_property
    def terms(self) -> tuple[frozenset[str], ...]:
        """The terms of each sentence."""
        return tuple(frozenset(terms(sentence)) for sentence in self.sentences)

    @cached_property
    def held(self) -> frozenset[str]:
        """The terms of title and abstract."""
        return frozenset(terms(self.title)).union(*self.terms)

    @cached_property
    def authors(self) -> frozenset[str]:
        """The terms of the authors' names."""
        return frozenset(terms(" ".join((*self.paper.authors, "et al authors"))))

    @cached_property
    def _starts(self) -> Mapping[str, list[str]]:
        starts: dict[str, list[str]] = defaultdict(list)
        for term in self.held:
            starts[term[:SHARED_START_LETTERS]].append(term)
        return starts

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Neighbouring terms."""
        texts = (self.title, *self.sentences)
        return frozenset(pair for text in texts for pair in itertools.pairwise(terms(text)))

    @cached_property
    def vectors(self) -> Vectors:
        """One row per sentence, and the title's as the last."""
        return self._embedder.embed([*self.sentences, self.title])

    @cached_property
    def text(self) -> str:
        """All that a figure or a name may be found in; not the id, whose digits are no figure of it."""
        paper = self.paper
        parts = (self.title, *self.sentences, ", ".join(paper.authors), paper.venue, paper.date[:4])
        return ". ".join(part for part in parts if part)

    def holds(self, term: str) -> float:
        """1 where the paper has the term, 0.8 where it has another form of the word, else 0."""
        if term in self.held:
            return 1.0
        if len(term) < SHARED_START_LETTERS:
            return 0.0
        alike = self._starts.get(term[:SHARED_START_LETTERS], ())
        return (
            0.8
            if any(_same_start(term, other) >= 0.7 * max(len(term), len(other)) for other in alike)
            else 0.0
        )

    def quotes(self, quotation: str) -> bool:
        """Whether the words of ``quotation`` stand in title or abstract, in this order and with nothing
        between.
        """
        return f" {_words(quotation)} " in self._words

    @cached_property
    def _words(self) -> str:
        return f" {_words(self.text)} "


class SourceTexts:
    """The papers that sentences are held against.

    Parameters
    ----------
    entailment:
        What tells whether a paper states a sentence; without it that is as likely as it speaks of it.
    frequencies, total:
        Document frequencies of terms in the index, and how many papers it has. Without them a term's weight
        is estimated from the given papers alone.
    """

    def __init__(
        self,
        papers: Iterable[Paper],
        embedder: Embedder,
        entailment: EntailmentModel | None = None,
        *,
        frequencies: Frequencies | None = None,
        total: int = 0,
    ) -> None:
        self._embedder = embedder
        self._entailment = entailment
        self._sources = {paper.id: SourceText(paper, embedder) for paper in papers}
        self._frequencies = frequencies
        self._total = total or ASSUMED_PAPERS
        self._idf: dict[str, float] = {}
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._choices: dict[tuple[str, str], NDArray[np.float64]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._sources

    def __getitem__(self, key: str) -> SourceText:
        return self._sources[key]

    def ids(self) -> tuple[str, ...]:
        """The papers' ids, in the order given."""
        return tuple(self._sources)

    def weights(self, wanted: Iterable[str]) -> Mapping[str, float]:
        """The idf of each term, and of those asked for before."""
        unknown = [term for term in dict.fromkeys(wanted) if term not in self._idf]
        if unknown:
            self._idf.update(zip(unknown, self._idf_of(unknown), strict=True))
        return self._idf

    def _idf_of(self, unknown: Sequence[str]) -> list[float]:
        if self._frequencies is not None:
            return [idf(self._total, n) for n in self._frequencies(unknown)]
        sources = list(self._sources.values())
        # the papers at hand were found for one question and share its words: a third of their share is
        # assumed
        share = 0.3 * self._total / max(len(sources), 8)
        counts = [sum(term in source.held for source in sources) for term in unknown]
        return [idf(self._total, round(n * share)) for n in counts]

    def held(self, sentence: str, key: str, *, read: bool = True) -> ClaimSupport:
        """What the paper ``key`` has of ``sentence`` (plain text, without its citations).

        ``read``: whether the entailment model reads them. Without it support is no more than relevance.
        """
        source = self[key]
        missing = (*unfounded_figures(sentence, source.text), *unfounded_names(sentence, source.text))
        relevance, shown = self.relevance(sentence, key), self.shown(sentence, key)
        if self._entailment is None or not read or source.quotes(sentence):
            return ClaimSupport(relevance, relevance, missing, shown)
        (logits,) = self._entailment.scores(sentence, [self.passage(sentence, key)])
        support = logistic(SUPPORT_BIAS, SUPPORT_WEIGHTS, support_features(logits, relevance, missing))
        kind = list(SUSPECTED)[int(np.argmax(logits[1:]))]
        return ClaimSupport(relevance, support, missing, shown, kind if support < MIN_SUPPORT else "")

    def passage(self, sentence: str, key: str) -> Passage:
        """What is read of the paper ``key`` with ``sentence``."""
        source = self[key]
        kept = sorted(np.argsort(-self.choice(sentence, key), kind="stable")[:SENTENCES_READ_MAX])
        families = tuple(author.split()[-1] for author in source.paper.authors if author.split())
        return Passage(source.title, families, tuple(source.sentences[i] for i in kept))

    def relevance(self, sentence: str, key: str) -> float:
        """How far the paper ``key`` speaks of what ``sentence`` says, 0 to 1."""
        if self._is_copied(sentence, self[key]):
            return 1.0
        return logistic(RELEVANCE_BIAS, RELEVANCE_WEIGHTS, self.relevance_features(sentence, key))

    def relevance_features(self, sentence: str, key: str) -> dict[str, float]:
        """The features of the relevance model: ``coverage``, ``near``, ``missed``, ``length``."""
        source = self[key]
        near = source.vectors[:-1] @ self.vector(sentence)
        together = source.vectors[np.argsort(-near)[:2]].sum(axis=0)
        return {
            **self._words_held(sentence, source),
            "near": float(self.vector(sentence) @ together) / max(float(np.linalg.norm(together)), 1e-9),
        }

    def _words_held(self, sentence: str, source: SourceText) -> dict[str, float]:
        wanted = frozenset(terms(sentence)) - source.authors
        weights = self.weights(wanted)
        held = {term: source.holds(term) for term in wanted}
        total = sum(weights[term] for term in wanted) or 1.0
        return {
            "coverage": sum(weights[term] * held[term] for term in wanted) / total,
            "missed": sum(1 - part for part in held.values()),
            "length": math.log1p(len(wanted)),
        }

    def absent(self, sentence: str, key: str, n: int = 3) -> tuple[str, ...]:
        """The ``n`` words of ``sentence`` that weigh most and that the paper ``key`` has in no form, in their
        order.
        """
        source = self[key]
        words = [w for w in dict.fromkeys(tokens(sentence)) if not any(map(source.holds, terms(w)))]
        found = {
            word: terms(word)[0] for word in words if terms(word) and terms(word)[0] not in source.authors
        }
        weights = self.weights(found.values())
        kept = sorted(found, key=lambda word: -weights[found[word]])[:n]
        return tuple(word for word in found if word in kept)

    def evidence(self, sentence: str, key: str, n: int = 3) -> tuple[str, ...]:
        """The ``n`` sentences of the paper that say most about ``sentence``, best first."""
        order = np.argsort(-self.choice(sentence, key), kind="stable")[:n]
        return tuple(self[key].sentences[i] for i in order)

    def shown(self, sentence: str, key: str) -> tuple[str, ...]:
        """The one or two sentences of the paper that are shown beside ``sentence``, in reading order."""
        odds = np.exp(self.choice(sentence, key))
        order = np.argsort(-odds, kind="stable")[:SENTENCES_SHOWN_MAX]
        kept = sorted(i for i in order if odds[i] >= SECOND_SENTENCE_ODDS_MIN * odds[order[0]])
        return tuple(self[key].sentences[i] for i in kept)

    def choice(self, sentence: str, key: str) -> NDArray[np.float64]:
        """How well each sentence of the paper decides about ``sentence``, in logits up to a constant."""
        if (sentence, key) not in self._choices:
            rows = self.choice_features(sentence, key)
            logits = [sum(CHOICE_WEIGHTS[name] * row[name] for name in CHOICE_WEIGHTS) for row in rows]
            self._choices[sentence, key] = np.array(logits)
        return self._choices[sentence, key]

    def choice_features(self, sentence: str, key: str) -> list[dict[str, float]]:
        """For each sentence of the paper, the features of the choice model."""
        source = self[key]
        near = source.vectors @ self.vector(sentence)
        wanted = frozenset(terms(sentence))
        weights = self.weights(wanted)
        total = sum(weights[term] for term in wanted) or 1.0
        shares = [sum(weights[t] for t in wanted & own) / total for own in source.terms]
        often = Counter(term for own in source.terms for term in own)
        title = source.vectors[:-1] @ source.vectors[-1]
        last = len(shares) - 1
        return [
            {
                "near": float(near[i]),
                "share": share,
                "lead": share - max(shares),
                "place": i / max(last, 1),
                "place2": (i / max(last, 1)) ** 2,
                "own": sum(weights[t] / often[t] for t in wanted & source.terms[i]) / total,
                "result": float(tells_result(source.sentences[i])),
                "title": float(title[i]),
                "length": math.log1p(len(source.terms[i])),
                "last": float(i == last),
            }
            for i, share in enumerate(shares)
        ]

    def vector(self, text: str) -> NDArray[np.float32]:
        """The unit row of one text; kept."""
        if text not in self._vectors:
            self._vectors[text] = self._embedder.embed([text])[0]
        return self._vectors[text]

    def _is_copied(self, sentence: str, source: SourceText) -> bool:
        """Whether a sentence stands in the abstract nearly word for word: nothing is left to be judged
        by nearness.

        The authors' names may have been put for "we", and an acronym spelled out from elsewhere in the
        abstract.
        """
        ordered = [term for term in terms(sentence) if term not in source.authors]
        wanted = frozenset(ordered)
        if len(wanted) < 5:
            return False
        weights = self.weights(wanted)
        total = sum(weights[term] for term in wanted)
        best = max(sum(weights[term] for term in wanted & own) for own in source.terms)
        held = sum(weights[term] for term in wanted & source.held)
        pairs = frozenset(itertools.pairwise(ordered))
        return held >= 0.97 * total and best >= 0.7 * total and len(pairs & source.pairs) >= 0.75 * len(pairs)


def _same_start(one: str, other: str) -> int:
    """How many first letters two terms share."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def support_features(
    logits: NDArray[np.float32], relevance: float, missing: Sequence[str]
) -> dict[str, float]:
    """The features of the support model: the entailment model's logit, relevance as one, what is missing."""
    bounded = min(max(relevance, 0.001), 0.999)
    return {
        "states": float(logits[0]),
        "relevance": math.log(bounded / (1 - bounded)),
        "missing": float(bool(missing)),
    }


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def logistic(bias: float, weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """The probability, 0 to 1, by a logistic model's bias and weights for the values of its features."""
    return 1.0 / (1.0 + math.exp(-(bias + sum(weights[name] * values[name] for name in weights))))
