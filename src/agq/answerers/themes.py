"""Sentences to themes: groups under terms of their papers, or plain paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agq.text.phrases import DOINGS, GENERIC, TOOLS, Phrase, heading, shared_phrases, speaks_of, stems
from agq.text.terms import terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agq.model import Embedder, Paper

MOST = 3
"""Headings of an answer of 250 words."""
WORTH_HEADINGS = 5
"""Sentences below which an answer needs none."""
COVERED = 0.45
"""Headings are worth their lines where they hold this share of the sentences beside the lead's paper's."""
NEAR = 0.38
"""The least cosine of a sentence and a heading that does not use its words."""
PROPOSED = 16
"""Phrases that are encoded as headings that may be."""
PARAGRAPH = 120
"""Words after which an answer without headings begins a new paragraph."""


@dataclass(frozen=True, slots=True)
class Told:
    """A chosen sentence: its paper, its text, its unit vector of shape (dim,)."""

    paper: Paper
    text: str
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Theme:
    """A heading (empty for a plain paragraph) and the positions of the sentences under it."""

    heading: str
    members: tuple[int, ...]


def themes(told: Sequence[Told], asked: str, embedder: Embedder) -> list[Theme]:
    """Groups of sentences in reading order, the lead and what goes under no heading first.

    ``told`` begins with the lead; ``asked`` is the question, whose own words make no theme.
    """
    themed = _themed(told, asked, embedder) if len(told) >= WORTH_HEADINGS else []
    held = {i for theme in themed for i in theme.members}
    rest = [i for i in range(len(told)) if i not in held]
    return [*_paragraphs(rest, told), *themed]


def _paragraphs(positions: Sequence[int], told: Sequence[Told]) -> list[Theme]:
    """Plain paragraphs of about ``PARAGRAPH`` words; a paper's sentences stay together."""
    groups: list[list[int]] = [[]]
    words = 0
    for i in positions:
        follows = groups[-1] and told[groups[-1][-1]].paper.id == told[i].paper.id
        if words > PARAGRAPH and not follows:
            groups.append([])
            words = 0
        groups[-1].append(i)
        words += len(told[i].text.split())
    if len(groups) > 1 and len(groups[-1]) == 1:  # a sentence is no paragraph
        last = groups.pop()
        groups[-1] += last
    return [Theme("", tuple(group)) for group in groups]


def _themed(told: Sequence[Told], asked: str, embedder: Embedder) -> list[Theme]:
    """Two or three headings that hold most of the sentences after the lead, or none."""
    phrases = _proposed(told, frozenset(terms(asked)))
    if len(phrases) < 2:
        return []
    fit = _fit(told, phrases, embedder)
    chosen = _chosen(fit)
    groups = _assigned(fit, chosen)
    others = sum(one.paper.id != told[0].paper.id for one in told)
    if len(groups) < 2 or sum(map(len, groups.values())) < COVERED * others:
        return []
    ordered = sorted(groups.items(), key=lambda item: item[1][0])
    return [Theme(heading(phrases[p].text), tuple(members)) for p, members in ordered]


def _proposed(told: Sequence[Told], asked: frozenset[str]) -> list[Phrase]:
    papers = list({one.paper.id: one.paper for one in told}.values())
    shared = shared_phrases([p.title for p in papers], [p.abstract for p in papers], least=1)
    fit = [phrase for phrase in shared if is_theme(phrase, asked)]
    return sorted(fit, key=lambda p: (-len(p.texts), -len(p.titled), min(p.texts)))[:PROPOSED]


def is_theme(phrase: Phrase, asked: frozenset[str]) -> bool:
    """Whether a phrase may head a part of an answer: a thing or an activity that is not all the
    question's.
    """
    words = phrase.text.lower().replace("-", " ").split()
    starts = {stem[:6] for stem in asked}
    own = sum(stem[:6] in starts for stem in phrase.stems)
    return (
        bool(phrase.titled)
        and (len(phrase.texts) > 1 or own < 0.5 * len(phrase.stems))
        and 2 <= len(phrase.text.split()) <= 3
        and not GENERIC.issuperset(words)
        and not starts.issuperset(stem[:6] for stem in phrase.stems)
        and bool(TOOLS.match(phrase.text) or DOINGS.match(phrase.text))
    )


def _fit(told: Sequence[Told], phrases: Sequence[Phrase], embedder: Embedder) -> NDArray[np.float32]:
    """How well each sentence after the lead goes under each phrase, shape (sentences, phrases); 0 where
    it does not. Sentences of one paper go together, those of the lead's paper with the lead.
    """
    near = np.stack([one.vector for one in told[1:]]) @ embedder.embed([p.text for p in phrases]).T
    texts = [stems(f"{one.paper.title}. {one.text}") for one in told[1:]]
    said = np.array([[speaks_of(text, p) for p in phrases] for text in texts])
    fit = np.where(said | (near >= NEAR), near + 0.15 * said, 0.0).astype(np.float32)
    papers = [one.paper.id for one in told]
    together = [[paper == other for other in papers[1:]] for paper in papers[1:]]
    pooled: NDArray[np.float32] = np.stack([fit[row].max(axis=0) for row in np.array(together)])
    pooled[[paper == papers[0] for paper in papers[1:]]] = 0.0
    return pooled


def _chosen(fit: NDArray[np.float32]) -> list[int]:
    """Greedily the phrases that add most; each adds less for sentences that others hold already."""
    chosen: list[int] = []
    held = np.zeros(len(fit), np.float32)
    while len(chosen) < MOST:
        gains = np.maximum(fit - held[:, None], 0.0).sum(axis=0)
        best = int(np.argmax(gains))
        if best in chosen or gains[best] < NEAR:
            break
        chosen.append(best)
        held = np.maximum(held, fit[:, best])
    return chosen


def _assigned(fit: NDArray[np.float32], chosen: Sequence[int]) -> dict[int, list[int]]:
    """Phrase -> positions of its sentences in the answer; phrases of a single sentence fall away."""
    left = list(chosen)
    while left:
        groups: dict[int, list[int]] = {p: [] for p in left}
        for i, row in enumerate(fit):
            best = max(left, key=lambda p: row[p])
            if row[best] > 0:
                groups[best].append(i + 1)
        thin = [p for p, members in groups.items() if len(members) < 2]
        if not thin:
            return groups
        left.remove(thin[0])
    return {}
