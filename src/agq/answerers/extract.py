"""An answer made of the abstracts' own sentences: no model, no key, no network.

The sentences that say most about the question are chosen across papers, made to stand alone, freed of
repetition, put under the terms that their papers share, and cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from agq.answerers.follow_up import propose
from agq.answerers.speakers import speaker_of
from agq.answerers.themes import Theme, Told, themes
from agq.model import Piece
from agq.support import Grounds
from agq.text.aspects import aspects, tells
from agq.text.clean import readable
from agq.text.names import names
from agq.text.phrases import abbreviated, acronyms, expanded
from agq.text.rhetoric import Role, announces, leans, role, standalone
from agq.text.sentences import sentences
from agq.text.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from agq.answerers.base import Means
    from agq.model import Embedder, Evidence, Paper, Source

WORDS = 205
"""Words of the sentences an answer takes; ids, headings and spelled-out acronyms come on top, within 250."""
PAPERS = 12
"""Papers that are read for an answer, best first."""
READ_EACH = 4
"""Sentences of a paper that are encoded, chosen by their words."""
USE_EACH = 2
"""Sentences of a paper that an answer takes at most."""
SCENES = 3
"""After so many sentences an answer takes none that only sets the scene."""
FAR = 0.55
"""Papers whose match is below this share of the best one's say little about the question."""
FLOOR = 0.72
"""Sentences whose relevance is below this share of the lead's are left out, be there room or not."""
ALIKE = 0.82
"""Sentences whose cosine is above this say the same."""

ROLES: dict[Role, float] = {
    "result": 0.14, "method": 0.03, "statement": 0.03, "background": -0.18, "outlook": -0.35
}  # fmt: skip
"""What a sentence's part in its abstract adds to its worth for an answer."""


ANNOUNCES = 0.14
"""What it costs to tell what was set out to do rather than what was found."""
LATE = 0.10
"""What the last sentence of an abstract has over the first: findings come late."""
RESTATES = 0.12
"""What it costs to say no more than the title."""
AGAIN = 0.06
"""What it costs to be of a paper that the answer quotes already."""

LEADS: dict[Role, float] = {
    "result": 0.08, "method": 0.0, "statement": 0.04, "background": -0.06, "outlook": -0.3
}  # fmt: skip
"""What it adds to its worth as the first sentence: an answer opens with what was found."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that an answer may take.

    ``overlap`` is the share of the question's term weight in it, ``relevance`` how much it is about the
    question, ``part`` what its place and part in the abstract add, ``worth`` both; all about 0 to 1.
    """

    source: Source
    text: str
    role: Role
    position: int
    overlap: float
    aspect: bool
    troubles: bool
    part: float = 0.0
    relevance: float = 0.0
    worth: float = 0.0
    vector: NDArray[np.float32] | None = None


class Extract:
    """The answerer without a model."""

    model = ""

    def __init__(self, means: Means) -> None:
        self._means = means

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """A lead, the rest under headings where there are several themes, questions to go on with."""
        chosen = self._chosen(evidence)
        yield from _told(chosen, evidence.question, self._means.embedder)
        if self._means.follow_ups:
            yield from (Piece("follow_up", question) for question in propose(evidence))

    def _chosen(self, evidence: Evidence) -> list[Candidate]:
        papers = [source.paper for source in evidence.sources[:PAPERS]]
        grounds = Grounds(
            papers, self._means.embedder, frequencies=self._means.frequencies, total=evidence.index.papers
        )
        read = _preselected(evidence, grounds)
        if not read:
            return []
        rows = self._means.embedder.embed([evidence.question, *(candidate.text for candidate in read)])
        return _diverse([_weighed(c, row, rows[0]) for c, row in zip(read, rows[1:], strict=True)])


def _preselected(evidence: Evidence, grounds: Grounds) -> list[Candidate]:
    """The sentences worth encoding: the few of each paper that share the question's words or tell a
    result.
    """
    wanted = frozenset(terms(evidence.question))
    weights = grounds.weights(wanted)
    total = sum(weights[term] for term in wanted) or 1.0
    asked = aspects(evidence.question)
    best = evidence.sources[0].match if evidence.sources else 0.0
    found: list[Candidate] = []
    for source in evidence.sources[:PAPERS]:
        if source.match < FAR * best:
            continue
        own = [
            Candidate(
                source,
                text,
                part,
                i,
                overlap=sum(weights[t] for t in wanted & set(terms(text))) / total,
                aspect=tells(text, asked),
                troubles=not {"limits", "causes"}.isdisjoint(asked),
                part=worth,
            )
            for i, text, part, worth in _standing(source.paper)
        ]
        own.sort(key=lambda c: -(0.5 * c.overlap + ROLES[c.role] + c.part + 0.1 * c.aspect))
        found += own[:READ_EACH]
    return found


def _standing(paper: Paper) -> Iterator[tuple[int, str, Role, float]]:
    """The sentences of an abstract that can stand alone: position, text, part, what place and part add."""
    speaker = speaker_of(paper)
    title = frozenset(terms(paper.title))
    split = list(sentences(readable(paper.abstract)))
    for i, sentence in enumerate(split):
        text = standalone(sentence, speaker)
        if text:
            said = set(terms(text))
            restates = len(said & title) >= 0.75 * len(said)
            worth = LATE * i / max(1, len(split) - 1) - ANNOUNCES * announces(sentence) - RESTATES * restates
            # square brackets are for citations
            yield i, text.replace("[", "(").replace("]", ")"), _part(i, sentence), worth


def _part(position: int, sentence: str) -> Role:
    """What a sentence does; an abstract's first that tells of no work done sets the scene."""
    part = role(sentence)
    opens = position == 0 and part == "statement" and not names(sentence)
    return "background" if opens else part


def _weighed(candidate: Candidate, row: NDArray[np.float32], question: NDArray[np.float32]) -> Candidate:
    aspect = 0.09 * candidate.aspect
    relevance = (
        0.5 * float(row @ question) + 0.2 * candidate.overlap + 0.3 * candidate.source.match + aspect
    ) - 0.06 * leans(candidate.text)
    words = len(candidate.text.split())
    awkward = 0.004 * max(0, words - 34) + 0.02 * max(0, 14 - words)
    part = ROLES[candidate.role]
    if candidate.role == "background" and candidate.aspect and candidate.troubles:
        part = 0.0  # where limits are asked for, what "remains challenging" is the answer
    return replace(
        candidate, relevance=relevance, worth=relevance + part + candidate.part - awkward, vector=row
    )


def _diverse(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The lead, then what is worth most and least like what was taken, up to the words of an answer."""
    lead = max(candidates, key=lambda c: c.worth + LEADS[c.role] + 0.5 * c.relevance + 0.1 * c.aspect)
    taken = [lead]
    left = [c for c in candidates if c is not lead and c.role != "outlook"]
    while left:
        best = max(left, key=lambda c: c.worth - 0.4 * _likeness(c, taken) - AGAIN * _quoted(c, taken))
        left.remove(best)
        if _fits(best, taken):
            taken.append(best)
    return taken


def _fits(candidate: Candidate, taken: Sequence[Candidate]) -> bool:
    if candidate.relevance < FLOOR * taken[0].relevance or _likeness(candidate, taken) > ALIKE:
        return False
    if sum(c.source is candidate.source for c in taken) >= USE_EACH:
        return False
    if candidate.role == "background" and not candidate.troubles and len(taken) >= SCENES:
        return False
    return sum(len(c.text.split()) for c in (*taken, candidate)) <= WORDS


def _quoted(candidate: Candidate, taken: Sequence[Candidate]) -> bool:
    return any(other.source is candidate.source for other in taken)


def _likeness(candidate: Candidate, taken: Sequence[Candidate]) -> float:
    return max(_cosine(candidate, other) for other in taken)


def _cosine(one: Candidate, other: Candidate) -> float:
    return float(one.vector @ other.vector) if one.vector is not None and other.vector is not None else 0.0


def _told(chosen: Sequence[Candidate], question: str, embedder: Embedder) -> Iterator[Piece]:
    """The chosen sentences in reading order, under headings where there are several themes."""
    if not chosen:
        return
    ordered = [chosen[0], *_by_paper(chosen[1:], first=chosen[0])]
    spelled = set(question.replace("?", " ").split())  # who asks with an acronym knows it
    told = [Told(c.source.paper, c.text, c.vector) for c in ordered if c.vector is not None]
    for n, theme in enumerate(themes(told, question, embedder)):
        if theme.heading:
            yield Piece("heading", theme.heading)
        yield from _under(theme, ordered, spelled, opens="paragraph" if n else "")


def _by_paper(chosen: Sequence[Candidate], first: Candidate) -> list[Candidate]:
    """Sentences of one paper side by side, in the order of its abstract; papers in the order they were
    chosen.
    """
    papers = list(dict.fromkeys(c.source.paper.id for c in (first, *chosen)))
    return sorted(chosen, key=lambda c: (papers.index(c.source.paper.id), c.position))


def _under(
    theme: Theme, ordered: Sequence[Candidate], spelled: set[str], opens: Literal["", "paragraph"]
) -> Iterator[Piece]:
    for i in theme.members:
        text = _spelled_out(ordered[i], spelled)
        yield Piece("sentence", f"{text.rstrip('.!?')} [{ordered[i].source.paper.id}].", opens)
        opens = ""


def _spelled_out(candidate: Candidate, spelled: set[str]) -> str:
    """An acronym that the abstract explains is explained where the answer first uses it, and only there."""
    text = candidate.text
    for short, long in acronyms(readable(candidate.source.paper.abstract)).items():
        known = short.removesuffix("s")
        text = abbreviated(text, short, long) if known in spelled else expanded(text, short, long)
        if short in text:
            spelled.add(known)
    return text[:1].upper() + text[1:]
