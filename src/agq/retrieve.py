"""Question to Evidence: candidates from vectors and from text, one absolute match for each, the best of them.

A match depends on the paper, the question and the index's document frequencies, and on nothing else that was
found: asking for more papers, or among fewer with a filter, leaves it as it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from agq.errors import UsageError
from agq.model import Candidate, Evidence, Filters, IndexState, MatchParts, Paper, Source
from agq.text.coverage import Wanted, coverage, wanted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agq.model import Embedder

BEARS = 0.30
"""The least match of the best paper at which an index bears on a question."""
CANDIDATES = 100
"""How many papers vectors and text propose each."""
ENCODED_AT_ONCE = 8
ENCODING_SECONDS = 1.0
"""How long a question may wait for the vectors of papers that have none yet."""
WORDS_AT_ONCE = 150
"""Longer questions are encoded in pieces: the encoder reads 256 tokens, some 180 words."""
NO_FILTERS = Filters()


class Index(Protocol):
    """What retrieval asks of an index."""

    @property
    def state(self) -> IndexState: ...

    def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[Candidate]: ...

    def textual(self, query: str, k: int, filters: Filters) -> list[Candidate]: ...

    def candidates(self, ids: Sequence[str]) -> list[Candidate]: ...

    def document_frequencies(self, terms: Sequence[str]) -> list[int]: ...

    def keep_vectors(self, vectors: Mapping[str, NDArray[np.float32]]) -> None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is held against papers: its text, its unit vector, its weighed terms."""

    text: str
    vector: NDArray[np.float32]
    asked: Wanted


def retrieve(
    index: Index, embedder: Embedder, question: str, *, k: int = 8, filters: Filters = NO_FILTERS
) -> Evidence:
    """The ``k`` papers that fit ``question`` best, best first, each with its match.

    Raises
    ------
    UsageError
        The question is empty.
    """
    started = time.perf_counter()
    if not question.strip():
        raise UsageError("the question is empty", hint='ask something: agq ask "How ...?"')
    state = index.state
    asked = Question(
        question, _encoded(question, embedder), wanted(question, state.papers, index.document_frequencies)
    )
    found = _with_vectors(index, embedder, _candidates(index, asked, max(k, CANDIDATES), filters), asked)
    sources = _best(asked, found, k)
    bears = bool(sources) and sources[0].match >= BEARS
    return Evidence(question, sources, bears, state, time.perf_counter() - started)


def _encoded(text: str, embedder: Embedder) -> NDArray[np.float32]:
    """The unit vector of a question; of a long one, the mean of its pieces."""
    words = text.split()
    pieces = [" ".join(words[i : i + WORDS_AT_ONCE]) for i in range(0, len(words), WORDS_AT_ONCE)]
    mean = embedder.embed(pieces).mean(axis=0)
    unit: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return unit


def _candidates(index: Index, question: Question, k: int, filters: Filters) -> list[Candidate]:
    """The papers that vectors and text propose, each once; one with a vector wins over itself without."""
    proposed = [*index.nearest(question.vector, k, filters), *index.textual(question.text, k, filters)]
    return list({c.paper.id: c for c in sorted(proposed, key=lambda c: c.vector is not None)}.values())


def _with_vectors(
    index: Index, embedder: Embedder, found: list[Candidate], question: Question
) -> list[Candidate]:
    """The candidates, those without a vector encoded now, best covered first, as far as the time allows."""
    bare = [c for c in found if c.vector is None]
    if not bare:
        return found
    bare.sort(key=lambda c: _covered(question.asked, c.paper), reverse=True)
    vectors = _encode(bare, embedder)
    index.keep_vectors(vectors)
    return [Candidate(c.paper, vectors.get(c.paper.id, c.vector)) for c in found]


def _encode(bare: Sequence[Candidate], embedder: Embedder) -> dict[str, NDArray[np.float32]]:
    until = time.perf_counter() + ENCODING_SECONDS
    vectors: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(bare), ENCODED_AT_ONCE):
        batch = [c.paper for c in bare[start : start + ENCODED_AT_ONCE]]
        rows = embedder.embed([f"{paper.title}. {paper.abstract}".strip() for paper in batch])
        vectors |= {paper.id: row for paper, row in zip(batch, rows, strict=True)}
        if time.perf_counter() > until:
            break
    return vectors


def _best(question: Question, found: Iterable[Candidate], k: int) -> tuple[Source, ...]:
    scored = (_scored(question, candidate) for candidate in found)
    return tuple(sorted(scored, key=lambda source: (-source.match, source.paper.id))[:k])


def _scored(question: Question, candidate: Candidate) -> Source:
    cosine = 0.0 if candidate.vector is None else max(0.0, float(question.vector @ candidate.vector))
    text = _covered(question.asked, candidate.paper)
    return Source(candidate.paper, match(cosine, text), MatchParts(vector=cosine, text=text))


def _covered(asked: Wanted, paper: Paper) -> float:
    return coverage(asked, paper.title, paper.abstract, paper.authors)


def match(vector: float, text: float) -> float:
    """How well a paper fits a question, 0 to 1: half the cosine, half the share that its text covers."""
    return min(1.0, 0.5 * vector + 0.5 * text)


def similar(index: Index, paper_id: str, *, k: int = 8, filters: Filters = NO_FILTERS) -> tuple[Source, ...]:
    """The ``k`` papers most like the paper ``paper_id``, by the cosine of their vectors and the words they share.

    Raises
    ------
    UsageError
        The index has no such paper.
    """
    own = index.candidates([paper_id])
    if not own:
        raise UsageError(f"no paper {paper_id!r} in the index", hint="agq search TITLE finds its id")
    paper, vector = own[0].paper, own[0].vector
    text = f"{paper.title}. {paper.abstract}".strip()
    asked = wanted(text, index.state.papers, index.document_frequencies)
    if vector is None:
        found = index.textual(paper.title, CANDIDATES, filters)
        vector = np.zeros(1, np.float32)
    else:
        found = index.nearest(vector, max(k + 1, CANDIDATES), filters)
    return _best(Question(text, vector, asked), [c for c in found if c.paper.id != paper_id], k)
