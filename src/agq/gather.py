"""A question to Evidence: its limits become filters, and the rest of it ranks the papers that pass."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agq import zotero
from agq.errors import UsageError
from agq.match import MIN_MATCH
from agq.model import Evidence, Filters, MatchParts, Paper, Source, Understood
from agq.records import zotero_address
from agq.retrieve import retrieve
from agq.retrieve import similar as retrieve_similar
from agq.understand import Limits, Reading, literal, resolved, understand

if TYPE_CHECKING:
    from agq.index import IndexReader
    from agq.model import Embedder

LIMIT_KEPT_MATCH_SHARE = 0.75
"""A limit that may have been meant otherwise holds where the best paper within it matches at least so well,
as a share of the best of all."""
NEWEST_POOL_PAPERS = 100
"""Of how many papers the newest are taken."""
NEWEST_MATCH_SHARE = 0.6
"""What a paper's match has to be, as a share of the best, to come first because it is new."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, and among which papers. ``literal``: nothing in it is understood as a limit; ``limits``
    are those that hold all the same."""

    question: str
    k: int = 8
    filters: Filters = field(default_factory=Filters)
    literal: bool = False
    limits: Limits = field(default_factory=Limits)


def gather(index: IndexReader, embedder: Embedder, query: Query) -> Evidence:
    """The papers that a question may be answered from, best match first.

    Raises
    ------
    UsageError
        The question is empty.
    """
    started = time.perf_counter()
    if not query.question.strip():
        raise UsageError("the question is empty", hint='ask something: agq ask "How ...?"')
    query = replace(query, filters=_by_own_ids(index, query.filters))
    if query.literal:
        reading = Reading(query.question, query.limits)
    else:
        reading = understand(query.question, index, query.filters)
    found = _within(index, embedder, query, reading)
    if not reading.plain:
        anywhere = _within(index, embedder, query, literal(query.question))
        found = found if _best(found) >= LIMIT_KEPT_MATCH_SHARE * _best(anywhere) else anywhere
    if query.filters.ids and not found.answerable:  # "summarise", of papers that were named
        found = _listed(index, query, query.filters, replace(found.understood, missing=()))
    found = replace(found, sources=_with_zotero(index, found.sources))
    return replace(found, question=query.question, seconds=time.perf_counter() - started)


def similar(index: IndexReader, paper_id: str, query: Query) -> tuple[Source, ...]:
    """The papers most like one, within the filters.

    Raises
    ------
    UsageError
        The index has no such paper.
    """
    filters = _by_own_ids(index, query.filters)
    return _with_zotero(index, retrieve_similar(index, paper_id, k=query.k, filters=filters))


def newest(index: IndexReader, query: Query) -> Evidence:
    """The newest papers that pass the filters, whatever they are about: none is ranked."""
    found = _listed(index, query, _by_own_ids(index, query.filters), Understood())
    unranked = [replace(source, ranked=False) for source in found.sources]
    return replace(found, sources=_with_zotero(index, unranked))


def _with_zotero(index: IndexReader, sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources with their addresses in Zotero, where the index has papers from there."""
    if not any(map(zotero.is_zotero, index.sources)):
        return tuple(sources)
    works = index.works([source.paper.id for source in sources])
    held = {work.paper.id: zotero_address(work.record) for work in works}
    return tuple(replace(source, zotero=held.get(source.paper.id, "")) for source in sources)


def _by_own_ids(index: IndexReader, filters: Filters) -> Filters:
    """The filters with the papers' own ids for whatever else names them."""
    known = resolved(index, filters.ids)
    return replace(filters, ids=tuple(known.get(one, one) for one in filters.ids))


def _within(index: IndexReader, embedder: Embedder, query: Query, reading: Reading) -> Evidence:
    """The papers within the limits of one reading of the question."""
    limits = reading.limits.understood
    filters = reading.limits.within(query.filters)
    if limits.unknown:
        return Evidence(query.question, (), answerable=False, index=index.state, understood=limits)
    if not reading.text:
        return _listed(index, query, filters, limits)
    k = max(query.k, NEWEST_POOL_PAPERS) if limits.newest else query.k
    found = retrieve(index, embedder, reading.text, k=k, filters=filters)
    sources = _newest_first(found.sources, query.k) if limits.newest else found.sources
    if limits.ids:
        sources = tuple(replace(source, match=1.0) for source in sources)
    answerable = found.answerable or bool(limits.ids and sources)
    return replace(found, sources=sources, answerable=answerable, understood=_both(limits, found.understood))


def _best(found: Evidence) -> float:
    return max((source.match for source in found.sources), default=0.0)


def _both(limits: Understood, found: Understood) -> Understood:
    return replace(limits, expanded=found.expanded, missing=found.missing)


def _listed(index: IndexReader, query: Query, filters: Filters, limits: Understood) -> Evidence:
    """All papers within the limits, newest first: nothing else was asked for, so each of them fits."""
    papers = _in_order(index, limits.ids, filters) if limits.ids else index.newest(query.k, filters)
    sources = tuple(Source(paper, 1.0, MatchParts(0.0, 0.0)) for paper in papers[: query.k])
    return Evidence(query.question, sources, bool(sources), index.state, understood=limits)


def _in_order(index: IndexReader, ids: Sequence[str], filters: Filters) -> list[Paper]:
    """The papers of these ids that pass, as they were named."""
    passing = {paper.id: paper for paper in index.newest(len(ids), filters)}
    return [passing[id_] for id_ in ids if id_ in passing]


def _newest_first(sources: Sequence[Source], k: int) -> tuple[Source, ...]:
    """The newest of the papers that fit, then the others, by their match."""
    least = max(MIN_MATCH, NEWEST_MATCH_SHARE * max((source.match for source in sources), default=0.0))
    fitting = [source for source in sources if source.match >= least]
    others = [source for source in sources if source.match < least]
    fitting.sort(key=lambda source: source.paper.date, reverse=True)
    return (*fitting, *others)[:k]
