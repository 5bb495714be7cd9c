"""Sentences to themes: groups under the terms that their papers share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agq.model import Paper
from agq.text.phrases import Phrase, heading, shared_phrases


@dataclass(frozen=True, slots=True)
class Theme:
    """A heading (empty where there is none) and the positions of the sentences under it."""

    heading: str
    members: tuple[int, ...]


def themes(sentences: Sequence[tuple[Paper, str]]) -> list[Theme]:
    """Groups of sentences; a single group without a heading where there are not several themes."""
    papers = list({paper.id: paper for paper, _ in sentences}.values())
    plain = Theme("", tuple(range(len(sentences))))
    if len(papers) < 4 or len(sentences) < 4:
        return [plain]
    position = {paper.id: i for i, paper in enumerate(papers)}
    of = [position[paper.id] for paper, _ in sentences]
    phrases = shared_phrases([p.title for p in papers], [p.abstract for p in papers])
    useful = [phrase for phrase in phrases if 2 <= len(phrase.texts) <= 0.7 * len(papers) and phrase.titled]
    return _grouped(useful, of) or [plain]


def _grouped(phrases: Sequence[Phrase], of: Sequence[int]) -> list[Theme]:
    left = set(range(len(of)))
    found: list[Theme] = []
    while left and len(found) < 3:
        best = max(phrases, key=lambda p: _worth(p, left, of), default=None)
        if best is None or _worth(best, left, of) <= 0:
            break
        members = tuple(sorted(i for i in left if of[i] in best.texts))
        found.append(Theme(heading(best.text), members))
        left -= set(members)
    if len(found) < 2:
        return []
    return [*found, Theme("Further results", tuple(sorted(left)))] if left else found


def _worth(phrase: Phrase, left: set[int], of: Sequence[int]) -> float:
    members = [i for i in left if of[i] in phrase.texts]
    if len({of[i] for i in members}) < 2:
        return 0.0
    return len(members) + 0.7 * len(phrase.stems) + 0.5 * len(phrase.titled)
