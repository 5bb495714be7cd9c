"""Questions to go on with, in the words of the sources."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from agq.text.phrases import DOINGS, GENERIC, TOOLS, Phrase, shared_phrases
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.model import Evidence, Paper

MOST = 9
"""Questions proposed; who asks for three takes the first that the index can answer."""

_OF_TOOLS = (
    "How well do {} generalize beyond their training data?",
    "What limits the accuracy of {}?",
    "How much data do {} need?",
    "What are {} used for?",
    "How are {} validated?",
)
_OF_DOINGS = (
    "When does {} help, and when does it not?",
    "What are the limits of {}?",
    "How is {} evaluated?",
    "What does {} cost in computation?",
)
_OF_ANYTHING = (
    "What is known about {}?",
    "Which methods work best for {}?",
    "What remains open about {}?",
)
_OF_SYSTEMS = {
    "benchmark": ("What does {} show about current methods?", "What does {} measure?"),
    "dataset": ("What can be learned from {}?", "What does {} contain?"),
    "method": (
        "How does {} compare with earlier methods?",
        "Where does {} fall short?",
        "What does {} improve?",
    ),
}
FAR = 0.6
"""Papers whose match is below this share of the best one's lead away from the question."""
_BENCHMARK = re.compile(r"\bbenchmark|\bevaluation (?:suite|framework)|\btest ?bed", re.IGNORECASE)
_DATASET = re.compile(r"\bdata ?(?:set|base)\b|\bcorpus\b|\bcatalog", re.IGNORECASE)


def propose(evidence: Evidence) -> Iterator[str]:
    """More than three questions on what the sources speak of and the question leaves out; the readiest
    first.
    """
    asked = frozenset(terms(evidence.question))
    told = [asked]
    near = [s.paper for s in evidence.sources if s.match >= FAR * evidence.sources[0].match]
    every = [s.paper for s in evidence.sources]
    for question, about in itertools.chain(_candidates(near, asked), _candidates(every, asked)):
        if len(told) > MOST:
            return
        if about and not any(about <= other or other <= about for other in told[1:]):
            told.append(about)
            yield question


def _candidates(papers: Sequence[Paper], asked: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Questions with the terms that they are about: on what is new beside the question, then on its own."""
    yield from _asking(_worth_asking(papers, asked), _of_systems(papers, asked))
    yield from _asking(_worth_asking(papers, asked, new=False)[:2], iter(()), last_first=True)
    rest = [p for p in _worth_asking(papers, asked) if not (TOOLS.match(p) or DOINGS.match(p))]
    yield from ((q, frozenset(terms(about))) for q, about in _filled(_OF_ANYTHING, rest))


def _asking(
    phrases: Sequence[str], named: Iterator[tuple[str, str]], *, last_first: bool = False
) -> Iterator[tuple[str, frozenset[str]]]:
    """In turn a question on a thing, on what a paper names, on an activity."""
    step = -1 if last_first else 1
    tools = _filled(_OF_TOOLS[::step], [p for p in phrases if TOOLS.match(p)])
    doings = _filled(_OF_DOINGS[::step], [p for p in phrases if DOINGS.match(p)])
    for three in zip(_padded(tools), _padded(named), _padded(doings), range(MOST), strict=False):
        yield from ((q, frozenset(terms(about))) for q, about in three[:3] if q)


def _padded(pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from pairs
    while True:
        yield "", ""


def _worth_asking(papers: Sequence[Paper], asked: frozenset[str], *, new: bool = True) -> list[str]:
    """Multi-word subjects, those of several papers first: such as the question leaves out, or its own."""
    titles, bodies = [p.title for p in papers], [p.abstract for p in papers]
    shared = [p for p in shared_phrases(titles, bodies, least=1) if p.titled or len(p.texts) > 1]
    fit = [
        p for p in shared if len(p.stems) > 1 and len(p.text.split()) <= 4 and _is_worth(p, asked, new=new)
    ]
    return [
        p.text
        for p in sorted(fit, key=lambda p: (-len(p.texts), -len(p.titled), min(p.texts), -len(p.stems)))
    ]


def _is_worth(phrase: Phrase, asked: frozenset[str], *, new: bool) -> bool:
    """Whether a phrase says something special, and whether that is new beside the question or its own."""
    special = [w for w in re.split(r"[\s-]+", phrase.text.lower()) if w not in GENERIC]
    return bool(special) and new is not asked.issuperset(t for word in special for t in terms(word))


def _filled(patterns: Sequence[str], subjects: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pattern, subject in zip(patterns, subjects, strict=False):
        yield pattern.format(subject), subject


def _of_systems(papers: Sequence[Paper], asked: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Questions on what a paper's title names: "LeMat-GenBench: ..."."""
    used: dict[str, int] = {}
    for paper in papers:
        head, colon, rest = paper.title.partition(":")
        named = (
            bool(colon) and " " not in head and sum(c.isupper() for c in head) > 1 and head in paper.abstract
        )
        if not named or asked & set(terms(head)):
            continue
        kind = _kind(f"{rest} {paper.abstract.split('. ')[0]}")
        n = used.get(kind, 0)
        if n < len(_OF_SYSTEMS[kind]):
            used[kind] = n + 1
            yield _agreeing(_OF_SYSTEMS[kind][n].format(head), head), head


def _agreeing(question: str, name: str) -> str:
    """A name in the plural ("BLIPs") takes "do"."""
    return question.replace(f"does {name}", f"do {name}") if re.search(r"[A-Z]s$", name) else question


def _kind(about: str) -> str:
    if _BENCHMARK.search(about):
        return "benchmark"
    return "dataset" if _DATASET.search(about) else "method"
