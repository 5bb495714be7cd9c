"""Questions to go on with, in the words of the sources."""

from __future__ import annotations

from collections.abc import Iterator

from agq.model import Evidence
from agq.text.phrases import shared_phrases
from agq.text.terms import terms


def propose(evidence: Evidence) -> Iterator[str]:
    """More than three questions on what the sources share and the question leaves out."""
    papers = [source.paper for source in evidence.sources]
    asked = set(terms(evidence.question))
    patterns = (
        "What limits {} in practice?",
        "How are {} validated?",
        "How well do {} generalise beyond their training data?",
        "Where do {} fall short of established methods?",
        "What do {} cost in computation?",
    )
    phrases = shared_phrases([p.title for p in papers], [p.abstract for p in papers])
    new = [p for p in phrases if p.titled and p.text.endswith("s") and not asked & set(p.stems)]
    for phrase, pattern in zip(new, patterns, strict=False):
        yield pattern.format(phrase.text)
