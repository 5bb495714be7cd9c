"""An answer made of the abstracts' own sentences: no model, no key, no network.

The sentences that say most about the question are chosen across papers, made to stand alone, freed of
repetition, put under the terms that their papers share, and cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agq.answerers.base import Means
from agq.answerers.follow_up import propose
from agq.answerers.themes import Theme, themes
from agq.model import Evidence, Paper, Piece, Source
from agq.support import Grounds
from agq.text.clean import readable
from agq.text.phrases import acronyms
from agq.text.rhetoric import Role, Speaker, role, standalone
from agq.text.sentences import sentences
from agq.text.terms import terms

WORDS = 235
"""Words of an answer's sentences; headings and ids come on top and the whole stays within 250."""
PAPERS = 12
"""Papers that are read for an answer, best first."""
READ_EACH = 4
"""Sentences of a paper that are encoded, chosen by their words."""
USE_EACH = 2
"""Sentences of a paper that an answer may take."""
FAR = 0.55
"""Papers whose match is below this share of the best one's say little about the question."""

ROLES: dict[Role, float] = {
    "result": 0.10,
    "method": 0.06,
    "statement": 0.02,
    "background": -0.14,
    "outlook": -0.3,
}
"""What a sentence's part in its abstract adds to its worth for an answer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that an answer may take. ``worth`` is its relevance and what it tells, about 0 to 1."""

    source: Source
    text: str
    role: Role
    position: int
    overlap: float
    worth: float = 0.0
    relevance: float = 0.0
    vector: NDArray[np.float32] | None = None


class Extract:
    """The answerer without a model."""

    model = ""

    def __init__(self, means: Means) -> None:
        self._means = means

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """A lead, then the rest under headings where there are several themes; then questions to go on
        with.
        """
        chosen = self._chosen(evidence)
        yield from _told(chosen)
        if self._means.follow_ups:
            yield from (Piece("follow_up", question) for question in propose(evidence))

    def _chosen(self, evidence: Evidence) -> list[Candidate]:
        grounds = Grounds(
            [source.paper for source in evidence.sources],
            self._means.embedder,
            frequencies=self._means.frequencies,
            total=evidence.index.papers,
        )
        read = _preselected(evidence, grounds)
        if not read:
            return []
        rows = self._means.embedder.embed([evidence.question, *(candidate.text for candidate in read)])
        weighed = [_weighed(c, row, rows[0]) for c, row in zip(read, rows[1:], strict=True)]
        return _diverse(weighed)


def _preselected(evidence: Evidence, grounds: Grounds) -> list[Candidate]:
    """The sentences worth encoding: the few of each paper that share the question's words or tell a
    result.
    """
    wanted = frozenset(terms(evidence.question))
    weights = grounds.weights(wanted)
    total = sum(weights[term] for term in wanted) or 1.0
    found: list[Candidate] = []
    best = evidence.sources[0].match if evidence.sources else 0.0
    for source in evidence.sources[:PAPERS]:
        if source.match < FAR * best:
            continue
        own = [
            Candidate(source, text, part, i, sum(weights[t] for t in wanted & set(terms(text))) / total)
            for i, text, part in _standing(source.paper)
        ]
        own.sort(key=lambda c: -(c.overlap + ROLES[c.role]))
        found += own[:READ_EACH]
    return found


def _standing(paper: Paper) -> Iterator[tuple[int, str, Role]]:
    """The sentences of an abstract that can stand alone: position, text, part."""
    speaker = speaker_of(paper)
    abstract = readable(paper.abstract)
    for i, sentence in enumerate(sentences(abstract)):
        text = standalone(sentence, speaker)
        if text:
            yield i, text.replace("[", "(").replace("]", ")"), role(sentence)


def speaker_of(paper: Paper) -> Speaker:
    """Whose sentences a paper's are."""
    return Speaker(authors=_authors(paper), system=_system(paper))


def _authors(paper: Paper) -> str:
    names = [_family(name) for name in paper.authors]
    if not names:
        return "The authors"
    if len(names) == 1:
        return names[0]
    return f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} et al."


_PARTICLES = frozenset("van von der den de del della di da dos du la le ten ter bin al el zu zur".split())


def _family(name: str) -> str:
    """The family name with its particles: "van der Berg"; a group's name as it is."""
    words = name.split()
    if "ollaboration" in name or "onsortium" in name:
        return f"The {name}" if not name.startswith("The ") else name
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[start:])


def _system(paper: Paper) -> str:
    """The name that a title gives its method: "GeoPep: a geometry-aware ..."."""
    head, colon, _ = paper.title.partition(":")
    words = head.split()
    named = bool(colon) and len(words) == 1 and sum(c.isupper() for c in head) >= 2 and head in paper.abstract
    return head if named else ""


def _weighed(candidate: Candidate, row: NDArray[np.float32], question: NDArray[np.float32]) -> Candidate:
    relevance = 0.6 * float(row @ question) + 0.3 * candidate.overlap + 0.1 * candidate.source.match
    length = len(candidate.text.split())
    awkward = 0.004 * max(0, length - 34) + 0.01 * max(0, 10 - length)
    return replace(
        candidate,
        worth=relevance + ROLES[candidate.role] - awkward,
        relevance=relevance - awkward + (0.05 if candidate.role != "outlook" else -0.3),
        vector=row,
    )


def _diverse(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The lead, then what is worth most and is least like what has been taken, up to the words of an
    answer.
    """
    lead = max(candidates, key=lambda c: c.relevance)
    taken = [lead]
    left = [c for c in candidates if c is not lead]
    floor = 0.55 * lead.worth
    while left:
        best = max(left, key=lambda c: c.worth - 0.45 * _likeness(c, taken))
        left.remove(best)
        if best.worth < floor or _likeness(best, taken) > 0.85:
            continue
        if sum(c.source is best.source for c in taken) >= USE_EACH:
            continue
        if sum(len(c.text.split()) for c in taken) + len(best.text.split()) > WORDS:
            continue
        taken.append(best)
    return taken


def _likeness(candidate: Candidate, taken: Sequence[Candidate]) -> float:
    assert candidate.vector is not None
    return max(float(candidate.vector @ other.vector) for other in taken if other.vector is not None)


def _told(chosen: Sequence[Candidate]) -> Iterator[Piece]:
    """The chosen sentences in reading order, under headings where there are several themes."""
    if not chosen:
        return
    spelled: dict[str, str] = {}
    yield _piece(chosen[0], spelled, "")
    found = themes([(c.source.paper, c.text) for c in chosen[1:]])
    for theme in found:
        if theme.heading:
            yield Piece("heading", theme.heading)
        yield from _under(theme, chosen[1:], spelled)


def _under(theme: Theme, chosen: Sequence[Candidate], spelled: dict[str, str]) -> Iterator[Piece]:
    for n, i in enumerate(theme.members):
        yield _piece(chosen[i], spelled, "paragraph" if n == 0 and theme.heading else "")


def _piece(candidate: Candidate, spelled: dict[str, str], opens: str) -> Piece:
    text = _acronyms_told(candidate, spelled)
    paper = candidate.source.paper
    end = text[-1] if text[-1] in ".!?" else "."
    cited = f"{text.rstrip('.!?')} [{paper.id}]{end}"
    return Piece("sentence", cited, "paragraph" if opens == "paragraph" else "")


def _acronyms_told(candidate: Candidate, spelled: dict[str, str]) -> str:
    """An acronym that the abstract explains elsewhere is explained where the answer first uses it."""
    text = candidate.text
    for short, long in acronyms(readable(candidate.source.paper.abstract)).items():
        if short in spelled:
            continue
        spelled[short] = long
        words = text.split()
        if long.lower() not in text.lower() and any(w.strip("(),.;:") == short for w in words):
            text = text.replace(short, f"{long} ({short})", 1)
    return text[:1].upper() + text[1:]
