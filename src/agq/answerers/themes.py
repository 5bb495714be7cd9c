"""Sentences to themes: groups under the terms that their papers share, or plain paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agq.text.phrases import GENERIC, Phrase, heading, shared_phrases, speaks_of
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.model import Paper

MOST = 3
"""Headings of an answer of 250 words."""
COVERED = 0.6
"""Headings are worth their lines where they hold this share of the sentences."""
PARAGRAPH = 120
"""Words after which an answer without headings begins a new paragraph."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A heading (empty for a plain paragraph) and the positions of the sentences under it."""

    heading: str
    members: tuple[int, ...]


def themes(sentences: Sequence[tuple[Paper, str]], asked: str) -> list[Theme]:
    """Groups of sentences in reading order, the lead and what goes under no heading first.

    ``sentences`` begins with the lead; ``asked`` is the question, whose own words make no theme of it.
    """
    papers = list({paper.id: paper for paper, _ in sentences}.values())
    shared = shared_phrases([p.title for p in papers], [p.abstract for p in papers])
    themed = _grouped(shared, sentences, frozenset(terms(asked)))
    held = {i for theme in themed for i in theme.members}
    if len(themed) < 2 or len(held) < COVERED * (len(sentences) - 1):
        return _paragraphs(range(len(sentences)), sentences)
    rest = [i for i in range(len(sentences)) if i not in held]
    return [*_paragraphs(rest, sentences), *themed]


def _paragraphs(positions: Sequence[int], sentences: Sequence[tuple[Paper, str]]) -> list[Theme]:
    """Plain paragraphs of about ``PARAGRAPH`` words; a paper's sentences stay together."""
    groups: list[list[int]] = [[]]
    words = 0
    for i in positions:
        follows = groups[-1] and sentences[groups[-1][-1]][0].id == sentences[i][0].id
        if words > PARAGRAPH and not follows:
            groups.append([])
            words = 0
        groups[-1].append(i)
        words += len(sentences[i][1].split())
    return [Theme("", tuple(group)) for group in groups]


def _grouped(
    shared: Sequence[Phrase], sentences: Sequence[tuple[Paper, str]], asked: frozenset[str]
) -> list[Theme]:
    """Greedily the phrase that speaks of most sentences that are under none yet."""
    about = [f"{paper.title}. {text}" for paper, text in sentences]
    left = set(range(1, len(sentences)))
    found: list[Theme] = []
    while len(found) < MOST:
        candidates = [phrase for phrase in shared if is_theme(phrase, asked)]
        best = max(candidates, key=lambda p: _worth(p, left, sentences, about), default=None)
        if best is None or _worth(best, left, sentences, about) <= 0:
            break
        members = _members(best, left, about)
        found.append(Theme(heading(best.text), tuple(sorted(members))))
        left -= members
    return found


def is_theme(phrase: Phrase, asked: frozenset[str]) -> bool:
    """Whether a phrase tells one part of the answer from another: not the question's words, not everybody's."""
    words = [word for word in phrase.text.lower().replace("-", " ").split() if word not in GENERIC]
    starts = {stem[:6] for stem in asked}
    return bool(phrase.titled) and bool(words) and not starts.issuperset(stem[:6] for stem in phrase.stems)


def _members(phrase: Phrase, left: set[int], about: Sequence[str]) -> set[int]:
    return {i for i in left if speaks_of(about[i], phrase)}


def _worth(
    phrase: Phrase, left: set[int], sentences: Sequence[tuple[Paper, str]], about: Sequence[str]
) -> float:
    """0 for a phrase that makes no theme: of one paper only, or of all that there is."""
    members = _members(phrase, left, about)
    papers = {sentences[i][0].id for i in members}
    if len(papers) < 2 or len(members) > 0.75 * (len(sentences) - 1):
        return 0.0
    return len(members) + 0.8 * min(len(phrase.stems), 3) + 0.3 * len(phrase.titled)
