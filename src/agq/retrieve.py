"""Question to Evidence: candidates from vectors and from text, one absolute match for each, the best of them.

What a match is stands in ``agq.match``. It depends on the paper, the question and the state of the index:
asking for more papers, or among fewer with a filter, leaves it as it is.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from agq.errors import UsageError
from agq.expand import Expanded, expand, may_expand
from agq.match import (
    MIN_MATCH,
    MISSING_WEIGHT,
    CentroidLike,
    Compared,
    Question,
    compare,
    covered,
    feedback_set,
    feedback_similarity,
    match,
    query_offset,
)
from agq.mentions import NEEDED_PROBABILITY, PAPERS_READ, Language, Unmentioned, unmentioned
from agq.model import Candidate, Evidence, Filters, IndexState, MatchParts, Source, Understood
from agq.text.coverage import share, wanted
from agq.text.handles import AROUND, may_name
from agq.text.sentences import sentences
from agq.text.terms import terms, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agq.model import Embedder

CANDIDATES_PER_LIST = 100
"""How many papers vectors and text propose each."""
SEARCHED_WORDS_MAX = 48
"""Longer questions are searched by their weightiest words."""
WORDS_PER_ENCODING = 150
"""Longer questions are encoded in pieces: the encoder reads 256 tokens, some 180 words."""
ENCODED_PIECES_MAX = 8
"""At most so many pieces; the rest of a longer question counts by its words alone."""
PAPERS_PER_ENCODING = 8
ENCODING_SECONDS = 1.0
"""How long a question may wait for the vectors of papers that have none yet."""
PAPERS_READ_FOR_LONG_FORMS = 12
"""How many of the papers that fit best are looked through for what a short form means."""
NAMED_IDS_MAX = 16
"""How many ids a question is searched for."""
NO_FILTERS = Filters()

_ARXIV = re.compile("^arxiv:", re.IGNORECASE)
_VERSION = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})v\d+")


class SearchIndex(Protocol):
    """What retrieval asks of an index."""

    @property
    def state(self) -> IndexState:
        """What it holds."""

    @property
    def centroid(self) -> CentroidLike | None:
        """Its middle, where it has been measured."""

    def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[Candidate]:
        """The k papers with the nearest vectors."""

    def textual(self, query: str, k: int, filters: Filters) -> list[Candidate]:
        """The k papers that share most with the words of ``query``."""

    def candidates(self, ids: Sequence[str]) -> list[Candidate]:
        """The papers with these ids."""

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """How many papers hold each of the terms."""

    def keep_vectors(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors that were missing."""


@runtime_checkable
class Vocabulary(Protocol):
    """An encoder that can tell a word of the language from a slip of the fingers."""

    def knows(self, word: str) -> bool:
        """Whether ``word`` is in its vocabulary."""

    def rank(self, word: str) -> int | None:
        """The place of ``word`` in a vocabulary that begins with what is most common."""


def retrieve(
    index: SearchIndex, embedder: Embedder, question: str, *, k: int = 8, filters: Filters = NO_FILTERS
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
    named = _named(index, question, filters)
    asked = understood(index, embedder, _meant(question, named))
    asked = replace(asked, named=frozenset(one.paper.id for one in named))
    anywhere = _proposed(index, asked, CANDIDATES_PER_LIST)
    read = _expanded(asked, anywhere)
    if read.aliases:
        asked = _respelled(index, embedder, asked, read)
        anywhere = _proposed(index, asked, CANDIDATES_PER_LIST)
    passing = _passing(index, asked, k, filters, anywhere)
    held = _once([*named, *anywhere, *passing])
    compared = _compared(asked, _with_vectors(index, embedder, held, asked))
    asked = replace(asked, feedback=feedback_set(asked, _among(compared, anywhere), embedder.embed))
    found = _among(compared, [*named, *passing])
    absent = _absent(index, embedder, asked, _ranked(asked, _among(compared, anywhere))[:PAPERS_READ])
    cost = MISSING_WEIGHT * max((one.needed for one in absent), default=0.0)
    asked = replace(asked, query_offset=asked.query_offset - cost)
    ranked = _ranked(asked, found)
    sources = tuple(_with_sentence(asked, _source(asked, one)) for one in ranked[:k])
    answerable = bool(sources) and sources[0].match >= MIN_MATCH
    missing = tuple(one.name for one in absent)
    seconds = time.perf_counter() - started
    found_out = Understood(expanded=read.forms, missing=missing)
    return Evidence(question, sources, answerable, index.state, seconds, found_out)


def _expanded(question: Question, proposed: Sequence[Candidate]) -> Expanded:
    """The question with the short and long forms that the first papers found for it explain."""
    if question.named or not may_expand(question.text):
        return Expanded(question.text)
    compared = _compared(question, _once(proposed))
    first = sorted(compared.values(), key=lambda one: (-one.fit, one.paper.id))[:PAPERS_READ_FOR_LONG_FORMS]
    return expand(question.text, [one.paper for one in first])


def _respelled(index: SearchIndex, embedder: Embedder, question: Question, read: Expanded) -> Question:
    """The question as it is read with its short forms spelled out."""
    again = question if read.text == question.text else understood(index, embedder, read.text)
    return replace(again, named=question.named, aliases=read.aliases)


def _absent(
    index: SearchIndex, embedder: Embedder, question: Question, listed: Sequence[Compared]
) -> tuple[Unmentioned, ...]:
    """The words that a question needs and none of the papers mentions, where anything is known of words."""
    if not isinstance(embedder, Vocabulary) or question.named:
        return ()
    language = Language(embedder.embed, index.document_frequencies, embedder.rank)
    absent = unmentioned(question.text, question.vector, listed, language)
    return tuple(one for one in absent if one.needed >= NEEDED_PROBABILITY)


def similar(
    index: SearchIndex, paper_id: str, *, k: int = 8, filters: Filters = NO_FILTERS
) -> tuple[Source, ...]:
    """The ``k`` papers most like the paper ``paper_id``: its title and abstract are the question.

    Raises
    ------
    UsageError
        The index has no such paper.
    """
    own = index.candidates([paper_id])
    if not own:
        raise UsageError(f"no paper {paper_id!r} in the index", hint="agq search TITLE finds its id")
    asked = _weighed(index, own[0].paper.text, own[0].vector)
    anywhere = _proposed(index, asked, CANDIDATES_PER_LIST)
    passing = _passing(index, asked, k + 1, filters, anywhere)
    compared = _compared(asked, _once([*anywhere, *passing]))
    compared.pop(paper_id, None)
    asked = replace(asked, feedback=feedback_set(asked, _among(compared, anywhere), None))
    return tuple(_source(asked, one) for one in _ranked(asked, _among(compared, passing))[:k])


def _named(index: SearchIndex, question: str, filters: Filters) -> list[Candidate]:
    """The papers whose ids stand in the question and that pass the filters."""
    words = _bare(question)
    alone = len(words) == 1
    ids = [word for word in dict.fromkeys(words) if alone or may_name(word)][:NAMED_IDS_MAX]
    found = index.candidates(ids) if ids else []
    if not (found and filters):
        return found
    held = tuple(one.paper.id for one in found if not filters.ids or one.paper.id in filters.ids)
    return index.textual(" ".join(held), len(held), replace(filters, ids=held)) if held else []


def _bare(question: str) -> list[str]:
    """The words of a question as ids would be written: no brackets, no ``arXiv:``, no version."""
    return [_VERSION.sub(r"\1", _ARXIV.sub("", word.strip(AROUND))) for word in question.split()]


def _meant(question: str, named: Sequence[Candidate]) -> str:
    """A question that is nothing but ids asks for what these papers are about."""
    ids = {one.paper.id for one in named}
    return " ".join(one.paper.text for one in named) if ids.issuperset(_bare(question)) else question


def understood(index: SearchIndex, embedder: Embedder, text: str) -> Question:
    """A question as the papers of ``index`` are held against it, its feedback set not found yet."""
    knows = embedder.knows if isinstance(embedder, Vocabulary) else None
    return _weighed(index, text, _encoded(text, embedder), knows)


def _weighed(
    index: SearchIndex,
    text: str,
    vector: NDArray[np.float32] | None,
    knows: Callable[[str], bool] | None = None,
) -> Question:
    """A question with its terms weighed, and with what all its matches in this index have in common."""
    papers = index.state.papers
    asked = wanted(text, papers, index.document_frequencies, knows)
    return Question(text, vector, asked, query_offset(asked, vector, index.centroid, papers))


def _encoded(text: str, embedder: Embedder) -> NDArray[np.float32]:
    """The unit vector of a question; of a long one, the mean of its pieces."""
    words = text.split()[: ENCODED_PIECES_MAX * WORDS_PER_ENCODING]
    pieces = [" ".join(words[i : i + WORDS_PER_ENCODING]) for i in range(0, len(words), WORDS_PER_ENCODING)]
    mean = embedder.embed(pieces).mean(axis=0)
    unit: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return unit


def _passing(
    index: SearchIndex, question: Question, k: int, filters: Filters, anywhere: Sequence[Candidate]
) -> Sequence[Candidate]:
    """The candidates that may be listed. Those of the whole index choose the feedback set; without filters
    they are the same."""
    if k <= CANDIDATES_PER_LIST and not filters:
        return anywhere
    return _proposed(index, question, max(k, CANDIDATES_PER_LIST), filters)


def _proposed(
    index: SearchIndex, question: Question, k: int, filters: Filters = NO_FILTERS
) -> list[Candidate]:
    """The papers that vectors and text propose, some of them twice."""
    near = [] if question.vector is None else index.nearest(question.vector, k, filters)
    return [*near, *index.textual(_searched(question), k, filters)]


def _searched(question: Question) -> str:
    """The words to search by: the weightiest ones of a long question, and what was meant by misspelt ones."""
    weights = question.asked.weights
    words = dict.fromkeys(tokens(question.text))
    if len(words) > SEARCHED_WORDS_MAX:
        weigh = {word: max((weights.get(term, 0.0) for term in terms(word)), default=0.0) for word in words}
        words = dict.fromkeys(sorted(words, key=weigh.__getitem__, reverse=True)[:SEARCHED_WORDS_MAX])
    return " ".join((*words, *question.asked.corrections, *question.aliases))


def _once(proposed: Iterable[Candidate]) -> list[Candidate]:
    """Each paper once, with its vector where either mention has it."""
    return list(
        {one.paper.id: one for one in sorted(proposed, key=lambda one: one.vector is not None)}.values()
    )


def _with_vectors(
    index: SearchIndex, embedder: Embedder, found: list[Candidate], question: Question
) -> list[Candidate]:
    """The candidates, those without a vector encoded now, best covered first, as far as the time allows."""
    bare = [one for one in found if one.vector is None]
    if not bare:
        return found
    bare.sort(key=lambda one: covered(question.asked, one), reverse=True)
    vectors = _encode(bare, embedder)
    index.keep_vectors(vectors)
    return [replace(one, vector=vectors.get(one.paper.id, one.vector)) for one in found]


def _encode(bare: Sequence[Candidate], embedder: Embedder) -> dict[str, NDArray[np.float32]]:
    until = time.perf_counter() + ENCODING_SECONDS
    vectors: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(bare), PAPERS_PER_ENCODING):
        batch = [one.paper for one in bare[start : start + PAPERS_PER_ENCODING]]
        rows = embedder.embed([paper.text for paper in batch])
        vectors |= {paper.id: row for paper, row in zip(batch, rows, strict=True)}
        if time.perf_counter() > until:
            break
    return vectors


def _compared(question: Question, held: Iterable[Candidate]) -> dict[str, Compared]:
    """Candidates held against a question, by their ids."""
    return {one.paper.id: compare(question, one) for one in held}


def _among(compared: Mapping[str, Compared], some: Iterable[Candidate]) -> list[Compared]:
    """Those of the compared papers that are among ``some``, each once."""
    ids = dict.fromkeys(one.paper.id for one in some)
    return [compared[id_] for id_ in ids if id_ in compared]


def _ranked(question: Question, found: Iterable[Compared]) -> list[Compared]:
    """The papers by their match, best first."""
    return sorted(found, key=lambda one: (-match(question, one), one.paper.id))


def _source(question: Question, one: Compared) -> Source:
    parts = MatchParts(
        vector=_share(one.cosine), text=_share(one.text), feedback=_share(feedback_similarity(question, one))
    )
    return Source(one.paper, match(question, one), parts)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _with_sentence(question: Question, source: Source) -> Source:
    """The source with the share of the question that its best sentence has by itself; shown by --explain."""
    said = (share(question.asked, sentence) for sentence in sentences(source.paper.abstract))
    return replace(source, parts=replace(source.parts, sentence=max(said, default=0.0)))
