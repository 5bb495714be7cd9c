"""Stand-ins that keep the contracts of ``agq.model`` and ``agq.retrieve``, and score as they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agq.model import Candidate, Filters, IndexState, Paper, PaperScores, Passage, Vectors
from agq.text.terms import terms


def unit(*values: float) -> NDArray[np.float32]:
    """These values as a row of length 1."""
    row = np.array(values, np.float32)
    return (row / np.linalg.norm(row)).astype(np.float32)


class WordEmbedder:
    """Texts that share words lie near: a dimension a term, in the order in which terms come up."""

    name = "words"
    dim = 2048

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._places: dict[str, int] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row a text."""
        self.asked += texts
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for term in terms(text):
                row[self._places.setdefault(term, len(self._places))] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        found: Vectors = rows / np.maximum(lengths, 1e-9)
        return found


class SetEmbedder:
    """Gives each text the row that was set for it; any other the ``usual`` one."""

    name = "set"

    def __init__(self, rows: Mapping[str, NDArray[np.float32]], usual: NDArray[np.float32]) -> None:
        self._rows, self._usual, self.dim = rows, usual, len(usual)
        self.asked: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row a text."""
        self.asked.append(list(texts))
        return np.stack([self._rows.get(text, self._usual) for text in texts])


class SetEntailment:
    """Says of a claim what was set for a word of it: how far it is stated, and what is likeliest if not."""

    def __init__(self, states: Mapping[str, float], otherwise: float = 6.0, suspected: int = 0) -> None:
        self._states, self._otherwise, self._suspected = states, otherwise, suspected
        self.asked: list[tuple[str, Passage]] = []

    def scores(self, claim: str, passages: Sequence[Passage]) -> Vectors:
        """The same for each passage."""
        self.asked += [(claim, passage) for passage in passages]
        states = next((logit for word, logit in self._states.items() if word in claim), self._otherwise)
        row = [states, *(float(n == self._suspected) for n in range(4))]
        return np.array([row] * len(passages), np.float32)


class SetCrossEncoder:
    """Scores a sentence, and a paper, by the first of the set words in it; ``otherwise`` where it has none.

    A sentence's scores are five logits: on the subject, belongs, answers, leans, opens; a paper's two, by all
    that is read of it: on the subject, holds something that belongs.
    """

    def __init__(
        self,
        sentences: Mapping[str, Sequence[float]] | None = None,
        papers: Mapping[str, Sequence[float]] | None = None,
        otherwise: Sequence[float] = (0.0,) * 5,
    ) -> None:
        self._sentences, self._papers, self._otherwise = sentences or {}, papers or {}, otherwise
        self.asked: list[tuple[str, Passage]] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[PaperScores]:
        """What was set for each."""
        self.asked += [(question, passage) for passage in passages]
        return [self._scored(passage) for passage in passages]

    def _scored(self, passage: Passage) -> PaperScores:
        rows = [_set_for(text, self._sentences, self._otherwise) for text in passage.sentences]
        paper = _set_for(" ".join((passage.title, *passage.sentences)), self._papers, self._otherwise[:2])
        return PaperScores(np.array(rows, np.float32).reshape(len(rows), 5), np.array(paper, np.float32))


def _set_for(text: str, rows: Mapping[str, Sequence[float]], otherwise: Sequence[float]) -> Sequence[float]:
    return next((row for word, row in rows.items() if word in text), otherwise)


@dataclass(frozen=True)
class Middle:
    """The middle of an index."""

    vector: NDArray[np.float32]
    length: float


@dataclass
class ListIndex:
    """An index that is a list of candidates; it keeps what it was asked for."""

    held: list[Candidate]
    frequencies: Mapping[str, int] = field(default_factory=dict)
    papers: int = 1000
    centroid: Middle | None = None
    queries: list[tuple[str, int, Filters]] = field(default_factory=list)
    saved: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    @property
    def state(self) -> IndexState:
        """As many papers as were named."""
        return IndexState(self.papers, len(self.held), "set", "2026-11-22")

    def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[Candidate]:
        """By cosine."""
        self.queries.append(("nearest", k, filters))
        rows = [(float(vector @ one.vector), one) for one in self._passing(filters) if one.vector is not None]
        return [one for _, one in sorted(rows, key=lambda row: -row[0])][:k]

    def textual(self, query: str, k: int, filters: Filters) -> list[Candidate]:
        """Those that share a term or are named, most terms first, without their vectors."""
        self.queries.append((query, k, filters))
        wanted = set(terms(query))
        shared = [
            (len(wanted & set(terms(one.paper.text))) + (one.paper.id in query.split()), one)
            for one in self._passing(filters)
        ]
        found = [(n, one) for n, one in shared if n]
        return [Candidate(one.paper, None, one.words) for _, one in sorted(found, key=lambda row: -row[0])][
            :k
        ]

    def candidates(self, ids: Sequence[str]) -> list[Candidate]:
        """Those with these ids."""
        return [one for one in self.held if one.paper.id in ids]

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """As was set; 1 else."""
        return [self.frequencies.get(term, 1) for term in terms]

    def keep_vectors(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Note them."""
        self.saved |= vectors

    def _passing(self, filters: Filters) -> Iterable[Candidate]:
        return [
            one
            for one in self.held
            if (not filters.ids or one.paper.id in filters.ids)
            and (not filters.since or one.paper.date >= filters.since)
        ]


def paper(key: str, title: str = "", abstract: str = "", **more: object) -> Paper:
    """A paper that needs no more than a key."""
    return Paper(key, title or f"On {key}", abstract, **more)  # type: ignore[arg-type]  # by name
