"""How well an abstract bears a sentence out, and which of its sentences do.

The measure is a logistic model over a handful of features of the sentence and the abstract: what share of the
sentence's term weight the abstract holds, how near its best sentences are, whether the paper is about the
same thing. Its weights were fitted on SciFact's train claims by ``benchmarks/support.py``, which prints
them. It sees whether a text speaks of what the sentence says, with its figures and names; it does not see
contradiction.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agq.model import Embedder, Paper, Vectors
from agq.text.clean import one_line
from agq.text.numbers import unfounded_figures, unfounded_names
from agq.text.sentences import sentences
from agq.text.terms import fold, idf, terms

Frequencies = Callable[[Sequence[str]], Sequence[int]]
"""How many papers of the index hold each of the terms."""

FEATURES = ("coverage", "rare", "together", "sentence", "cosine", "second", "title", "bigrams", "length")
WEIGHTS: Mapping[str, float] = dict(zip(FEATURES, (3.5, 1.0, 1.5, 1.5, 3.0, 0.5, 1.0, 1.0, 0.0), strict=True))
BIAS = -5.0

UNKNOWN_PAPERS = 5_000
"""The size of the collection assumed where document frequencies are not known."""


@dataclass(frozen=True, slots=True)
class Support:
    """``score`` 0 to 1; ``missing``: figures and names of the sentence that the source lacks; ``best``: its
    best sentences.
    """

    score: float
    missing: tuple[str, ...] = ()
    best: tuple[str, ...] = ()


class Ground:
    """One paper, prepared to be compared with. Its sentences are encoded when first needed."""

    def __init__(self, paper: Paper, embedder: Embedder) -> None:
        self.paper = paper
        self._embedder = embedder
        self.title = one_line(paper.title)
        self.sentences = tuple(sentences(one_line(paper.abstract))) or (self.title,)

    @cached_property
    def terms(self) -> tuple[frozenset[str], ...]:
        """The terms of each sentence."""
        return tuple(frozenset(terms(sentence)) for sentence in self.sentences)

    @cached_property
    def held(self) -> frozenset[str]:
        """The terms of title and abstract."""
        return frozenset(terms(self.title)).union(*self.terms)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Neighbouring terms."""
        return frozenset(pair for text in (self.title, *self.sentences) for pair in _pairs(terms(text)))

    @cached_property
    def vectors(self) -> Vectors:
        """One row per sentence, and the title's as the last."""
        return self._embedder.embed([*self.sentences, self.title])

    def quotes(self, quotation: str) -> bool:
        """Whether the words of ``quotation`` stand in title or abstract, in this order and with nothing
        between.
        """
        return f" {_words(quotation)} " in f" {_words(self.text)} "

    @cached_property
    def text(self) -> str:
        """All that a figure or a name may be found in."""
        paper = self.paper
        parts = (self.title, *self.sentences, ", ".join(paper.authors), paper.venue, paper.date[:4], paper.id)
        return ". ".join(part for part in parts if part)


class Grounds:
    """The papers that sentences are held against.

    Parameters
    ----------
    frequencies, papers:
        Document frequencies of terms in the index and its size. Without them, a term's weight is estimated
        from the given papers alone.
    """

    def __init__(
        self,
        papers: Iterable[Paper],
        embedder: Embedder,
        *,
        frequencies: Frequencies | None = None,
        total: int = 0,
    ) -> None:
        self._embedder = embedder
        self._grounds = {paper.id: Ground(paper, embedder) for paper in papers}
        self._frequencies = frequencies
        self._total = total or UNKNOWN_PAPERS
        self._idf: dict[str, float] = {}
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._grounds

    def __getitem__(self, key: str) -> Ground:
        return self._grounds[key]

    def ids(self) -> tuple[str, ...]:
        """The papers' ids, in the order given."""
        return tuple(self._grounds)

    def weights(self, wanted: Iterable[str]) -> dict[str, float]:
        """The idf of each term."""
        unknown = [term for term in dict.fromkeys(wanted) if term not in self._idf]
        if unknown:
            self._idf.update(zip(unknown, self._idf_of(unknown), strict=True))
        return self._idf

    def _idf_of(self, unknown: Sequence[str]) -> list[float]:
        if self._frequencies is not None:
            return [idf(self._total, n) for n in self._frequencies(unknown)]
        grounds = list(self._grounds.values())
        share = self._total / max(len(grounds), 8)
        counts = [sum(term in ground.held for ground in grounds) for term in unknown]
        return [idf(self._total, round(n * share * 0.3)) for n in counts]

    def support(self, sentence: str, key: str) -> Support:
        """How well the paper ``key`` bears ``sentence`` out. ``sentence`` is plain text, without its
        citations.
        """
        ground = self._grounds[key]
        lexical = self._lexical(sentence, ground)
        best = ground.sentences[lexical.best]
        missing = (*unfounded_figures(sentence, ground.text), *unfounded_names(sentence, ground.text))
        if lexical.copied:
            return Support(1.0, missing, (best,))
        near = ground.vectors @ self.vector(sentence)
        values = {**lexical.values, **_nearness(near)}
        order = np.argsort(-near[:-1])[:2]
        return Support(_logistic(values), missing, tuple(ground.sentences[i] for i in order))

    def best(self, sentence: str) -> tuple[str, Support] | None:
        """The paper that bears ``sentence`` out best, among the three that share most of its terms."""
        shared = sorted(
            self._grounds, key=lambda one: -self._lexical(sentence, self[one]).values["coverage"]
        )[:3]
        judged = [(one, self.support(sentence, one)) for one in shared]
        return max(judged, key=lambda pair: pair[1].score, default=None)

    def vector(self, text: str) -> NDArray[np.float32]:
        """The unit row of one text; kept."""
        if text not in self._vectors:
            self._vectors[text] = self._embedder.embed([text])[0]
        return self._vectors[text]

    def _lexical(self, sentence: str, ground: Ground) -> Lexical:
        ordered = terms(sentence)
        wanted = frozenset(ordered)
        weights = self.weights(wanted)
        total = sum(weights[term] for term in wanted) or 1.0
        shares = [sum(weights[t] for t in wanted & held) / total for held in ground.terms]
        best = int(np.argmax(shares))
        second = max(
            (sum(weights[t] for t in wanted & (held | ground.terms[best])) / total for held in ground.terms),
            default=0.0,
        )
        pairs = frozenset(_pairs(ordered))
        rare = sorted(wanted, key=lambda t: -weights[t])[:3]
        values = {
            "coverage": sum(weights[t] for t in wanted & ground.held) / total,
            "rare": sum(t in ground.held for t in rare) / max(len(rare), 1),
            "together": second,
            "sentence": shares[best],
            "bigrams": len(pairs & ground.pairs) / max(len(pairs), 1),
            "length": math.log(len(wanted) + 1),
        }
        return Lexical(values, best, len(wanted))


@dataclass(frozen=True, slots=True)
class Lexical:
    """The features that need no encoder, and the sentence that shares most."""

    values: Mapping[str, float]
    best: int
    terms: int

    @property
    def copied(self) -> bool:
        """Whether the sentence stands in the abstract nearly word for word: nothing is left to be judged by
        nearness.
        """
        return self.terms >= 5 and self.values["sentence"] >= 0.9 and self.values["bigrams"] >= 0.8


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _pairs(ordered: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(ordered, ordered[1:], strict=False))


def _nearness(near: NDArray[np.float32]) -> dict[str, float]:
    """Cosines of the sentence with each sentence of the abstract; the title's is the last."""
    ordered = np.sort(near[:-1])[::-1]
    return {
        "cosine": float(ordered[0]),
        "second": float(ordered[1]) if len(ordered) > 1 else float(ordered[0]),
        "title": float(near[-1]),
    }


def _logistic(values: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + math.exp(-(BIAS + sum(WEIGHTS[name] * values[name] for name in FEATURES))))
