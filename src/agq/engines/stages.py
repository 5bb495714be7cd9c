"""What every engine does with a record on the way, and what it hands to the index."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agq.embedders import DEFAULT, canonical, open_encoder, prepared
from agq.engines.plan import Built, Plan, named, reads, within
from agq.index.text_stage import Incoming, Scope
from agq.index.write import BuildOptions, BuildReport, Encoder, Lookup
from agq.model import Rejected
from agq.readers.base import Found
from agq.readers.identity import identity_keys
from agq.readers.merge import Merged, merge

DRY_RUN_PAPERS = 3
"""Papers that a dry run shows."""
JOINED_RECORDS_MAX = 1000
"""Records joined with others that are told."""


@dataclass(slots=True)
class Seen:
    """What a build tells of the papers beside their numbers."""

    renamed: list[tuple[str, str]] = field(default_factory=list)
    bare: int = 0
    first: list[Merged] = field(default_factory=list)
    joined: list[Merged] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    def note(self, found: Merged, source: str) -> None:
        """One paper more."""
        self.files.add(source)
        if found.renamed:
            self.renamed.append((found.renamed, found.paper.id))
        self.bare += not found.paper.abstract and not found.repeats
        if found.repeats and len(self.joined) < JOINED_RECORDS_MAX:
            self.joined.append(found)
        if len(self.first) < DRY_RUN_PAPERS:
            self.first.append(found)

    def add(self, later: Seen) -> None:
        """What was seen of other papers."""
        self.files |= later.files
        self.renamed += later.renamed
        self.bare += later.bare
        self.joined = (self.joined + later.joined)[:JOINED_RECORDS_MAX]
        self.first = (self.first + later.first)[:DRY_RUN_PAPERS]

    def built(self, report: BuildReport, plan: Plan) -> Built:
        """The whole story."""
        return Built(
            report, tuple(self.renamed), self.bare, tuple(self.first), tuple(self.joined), self._empty(plan)
        )

    def _empty(self, plan: Plan) -> tuple[str, ...]:
        belongs = {source: within(named(source, plan.places)) for source in plan.sources}
        return tuple(source for source, is_in in belongs.items() if not any(map(is_in, self.files)))


def joining(
    records: Iterable[Found], lookup: Lookup, names: Mapping[str, str], seen: Seen
) -> Iterator[Incoming | Rejected]:
    """Records as papers on their way into the index: duplicates joined, what is to be told noted.

    ``names``: what a source is called that is read at another place.
    """
    for found in merge(records, lookup):
        if isinstance(found, Merged):
            words = found.found.made if found.paper is found.found.item else ""
            source = names.get(found.found.source, found.found.source)
            seen.note(found, source)
            yield Incoming(found.paper, source, found.repeats, found.absorbs, words, found.record)
        elif isinstance(found.item, Rejected):
            yield found.item


def place_names(plan: Plan) -> dict[str, str]:
    """What those sources are called that are read at another place, by that place."""
    return {os.path.realpath(place): source for source, place in plan.places.items()}


def scope_of(plan: Plan) -> Scope:
    """What a run reads again, and by what keys a paper is known."""
    return Scope(reads(plan), identity_keys)


def options_of(plan: Plan) -> BuildOptions:
    """A plan as the index takes it."""
    return BuildOptions(
        sources=tuple(named(source, plan.places) for source in plan.sources),
        scope=scope_of(plan),
        rebuild=plan.rebuild,
        prune=plan.prune,
        later=plan.later,
        dry_run=plan.dry_run,
    )


def encoder_of(name: str, cache: Path) -> Encoder:
    """The encoder of that name; of no name, whatever an index has, else the default one."""
    return Encoder(canonical(name), lambda: prepared(name or DEFAULT, cache=cache), open_encoder)
