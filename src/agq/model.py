"""The frozen values that pass between the stages. Imports nothing of agq.

::

    files --read--> Paper | Rejected --embed, index--> index
    question --retrieve--> Evidence --answer--> Piece ... --verify--> Checked ... --> Answer --render--> text
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:  # `agq --help` reads this module and must not pay for numpy
    import numpy as np
    from numpy.typing import NDArray

Vectors: TypeAlias = "NDArray[np.float32]"
"""Unit rows, shape (n, dim)."""


class Embedder(Protocol):
    """Texts to vectors. Retrieve, support and verify are given one, from wherever."""

    @property
    def name(self) -> str:
        """The name by which the index knows this encoder."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, float32, shape (len(texts), dim)."""


class CrossEncoder(Protocol):
    """Reads a question together with papers."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[PaperScores]:
        """What it makes of each paper and of its sentences."""


@dataclass(frozen=True, slots=True)
class PaperScores:
    """What a paper is under a question, in logits.

    ``sentences``: shape (n, 5), a row for each sentence that there was room to read: it is on the subject; it
    belongs in a good answer; it answers by itself; it cannot be read alone; how well it opens an answer.
    ``paper``: shape (2,): the paper is on the subject; something in it belongs in a good answer.
    """

    sentences: Vectors
    paper: Vectors


class EntailmentModel(Protocol):
    """Reads a claim with what a paper says."""

    def scores(self, claim: str, passages: Sequence[Passage]) -> Vectors:
        """Shape (len(passages), 5), in logits: the passage states the claim; and, where it does not, by how
        likely: it says the opposite, another thing, less than this, nothing of it.
        """


@dataclass(frozen=True, slots=True)
class Passage:
    """Of a paper what is read with a claim or a question: its title, its authors' family names, some of its
    sentences.
    """

    title: str
    authors: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One record of metadata.

    ``date`` is ISO 8601 at the precision the record has: ``2024``, ``2024-06``, ``2024-06-13`` or empty.
    ``authors`` are in reading order, given name first. ``arxiv`` is the arXiv id without a version.
    """

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    date: str = ""
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    venue: str = ""

    @property
    def text(self) -> str:
        """Title and abstract as one text: what is encoded for the paper, in an index and beside it."""
        return f"{self.title}. {self.abstract}".strip()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read: where it stands and why. ``line`` counts from 1."""

    source: str
    reason: str
    line: int | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers may be ranked at all. Empty means no restriction.

    ``categories`` match as a whole or as a prefix up to a dot; ``since`` and ``until`` are ISO dates at any
    precision, both inclusive; ``authors`` match a name or a family name, any case; ``venues`` match a venue's
    name or a part of it; ``types`` are CSL's; ``tags`` are categories, keywords and the reader's own tags.
    Any one value passes, but ``coauthors`` have to have written a paper all together.
    """

    categories: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    authors: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    coauthors: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an index holds, as told in JSON and by ``doctor``."""

    papers: int
    vectors: int
    embedder: str
    updated: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper as the index hands it to retrieve.

    ``vector``: a unit row, or None while missing. ``words``: the terms of title and abstract, spaces
    between; empty where nobody has made them yet.
    """

    paper: Paper
    vector: NDArray[np.float32] | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class MatchParts:
    """What a match is made of, for ``--explain``; each 0 to 1.

    ``feedback``: how like the papers that fit best, 1 for the nearest of them. ``sentence``: the best
    sentence's share of the question, which tells where to look and counts for nothing.
    """

    vector: float
    text: float
    feedback: float | None = None
    sentence: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that came up for a question, and how well it fits it: ``match``, 0 to 1.

    In a list for which nothing was asked no paper is ``ranked``, and a match says nothing. ``zotero``: the
    address that shows it in the reader's own Zotero, where it came from there.
    """

    paper: Paper
    match: float
    parts: MatchParts
    ranked: bool = True
    zotero: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question limits, and which of its words no paper has.

    ``since`` and ``until`` are ISO dates, both inclusive. ``expanded``: short forms and the long forms that
    were searched beside them, or the reverse. ``missing``: content words of the question that no listed
    paper mentions in any form. ``newest``: the newest papers that fit come first. ``undated``: how many
    papers were left out because they have no date. ``unknown``: authors that no paper has.
    """

    authors: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    venue: str = ""
    type: str = ""
    ids: tuple[str, ...] = ()
    expanded: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    newest: bool = False
    undated: int = 0
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, and its answer in Markdown."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer may rest on: the papers, best match first.

    ``answerable`` is False where even the best of them is too far off. ``asked``: the question's own words
    where ``question`` is what they mean after the ``turns`` before.
    """

    question: str
    sources: tuple[Source, ...]
    answerable: bool
    index: IndexState
    seconds: float = 0.0
    understood: Understood = field(default_factory=Understood)
    asked: str = ""
    turns: tuple[Turn, ...] = ()


PieceKind = Literal["opening", "heading", "sentence", "row", "block", "follow_up", "note", "cut"]

SHOWN: frozenset[PieceKind] = frozenset({"opening", "heading", "sentence", "row", "block"})
"""The kinds of pieces that an answer's text is made of."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a model counted."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an abstract, verbatim; ``position`` counts the abstract's sentences from 0."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What one paper says on a question, in its own words; ``score`` 0 to 1.

    A paper that is known by its title only has no sentences.
    """

    id: str
    sentences: tuple[Quote, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a draft, in reading order.

    ``text`` is Markdown: what agq itself says of the papers that follow (``opening``), a sentence with its
    ``[id]`` citations, a heading without its marks, a table's row, a ``block`` that is shown and claims
    nothing (code, a formula, a rule), a question, something to tell the user (``note``), or why the draft
    ends before its end (``cut``).

    ``lead`` is the Markdown that stands between the piece before and this one: joined, leads and texts are
    the answer. ``claim``: what a row says, as a sentence; empty for the head of a table. ``finding``: what an
    entry without a model quotes.
    """

    kind: PieceKind
    text: str
    usage: Usage | None = None
    finding: Finding | None = None
    lead: str = ""
    claim: str = ""


Verdict = Literal["found", "doubtful", "not_found", "misquoted", "unknown_id", "supported", "contradicted"]
"""What a check says of a cited sentence. The last two are said by a judging chat model only."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One id behind one sentence, and what the cited abstract has of it.

    ``support``: how likely the abstract states the sentence, ``relevance``: how far it speaks of it, each 0
    to 1. ``why`` says in words what is wrong with a citation that is neither found nor supported; it
    completes "this paper ...". ``evidence``: the abstract's own sentences that decide, one or two. ``claim``:
    the part of the sentence that the id is cited for; empty for all of it.
    """

    id: str
    sentence: str
    support: float
    verdict: Verdict
    relevance: float = 0.0
    why: str = ""
    evidence: tuple[str, ...] = ()
    claim: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", tuple(self.evidence))  # a list where it comes from JSON

    @property
    def holds(self) -> bool:
        """Whether nothing is held against it."""
        return self.verdict in {"found", "supported"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A piece after verification: its text as it may be shown, unknown ids gone, doubted ones marked."""

    piece: Piece
    citations: tuple[Citation, ...] = ()
    problems: tuple[str, ...] = ()


INTERRUPTED = "it was stopped before its end"
"""Why an answer is incomplete that its reader stopped."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The finished answer: all that a renderer needs.

    ``text`` is Markdown. ``answered_by`` is empty for ``extract``, ``judged_by`` where no judge was asked or
    none of its verdicts counts. ``incomplete`` says why it ends before its end, as what follows "it"; empty
    where it is whole. ``context`` is the question with what it took over from the one before. ``ends``: where
    in ``text`` the bracket of each citation ends, -1 for one that is not shown; empty where the marks are
    final.
    """

    question: str
    text: str
    answered_by: str
    date: str
    sources: tuple[Source, ...]
    citations: tuple[Citation, ...] = ()
    findings: tuple[Finding, ...] = ()
    understood: Understood = field(default_factory=Understood)
    problems: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    index: IndexState = field(default_factory=lambda: IndexState(0, 0, "", ""))
    usage: Usage | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    incomplete: str = ""
    judged_by: str = ""
    context: str = ""
    ends: tuple[int, ...] = ()

    @property
    def interrupted(self) -> bool:
        """Whether its reader stopped it."""
        return self.incomplete == INTERRUPTED

    @property
    def cited(self) -> frozenset[str]:
        """The ids that the answer cites."""
        return frozenset(c.id for c in self.citations if c.verdict != "unknown_id")
