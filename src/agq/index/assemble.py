"""A generation made beside the current one, whose rows come in parts: begun, and put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agq.index import frequencies, names
from agq.index.centroid import measure
from agq.index.checksums import record, refuse_damaged
from agq.index.fragments import SEGMENT_ROWS, commit, commit_segments, groups, index_segment, middles
from agq.index.generations import Encoder, furnished, same_encoder
from agq.index.layout import Manifest, table_home
from agq.index.ledger import Tally
from agq.index.maintenance import VECTOR, ColumnIndex, indexes
from agq.index.parts import Summary
from agq.index.schema import table_schema
from agq.index.table import TableWriter
from agq.index.write import BuildOptions, BuildReport
from agq.model import Rejected

Each = Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], list[Any]]
"""Calls a function with each of some arguments, wherever that is done; what it gave, in their order."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A generation that nobody sees yet."""

    generation: Path
    manifest: Manifest

    @property
    def home(self) -> str:
        """Where the table of the new generation goes."""
        return table_home(self.generation)


def begin(encoder: Encoder, current: Path | None, new: Callable[[], Path]) -> Begun:
    """A ``new`` generation with the encoder of the current one; where there is none, the one asked for.

    It gets its manifest when it is whole: without one, no later run goes on from it.
    """
    if current is None:
        folder = encoder.folder()
        generation = new()
        return Begun(generation, furnished(generation, folder))
    held = Manifest.read(current)
    same_encoder(held, encoder)
    refuse_damaged(current, thorough=True)
    generation = new()
    return Begun(generation, replace(furnished(generation, current / "encoder"), sources=held.sources))


def assemble(
    begun: Begun,
    parts: Sequence[Summary],
    fragments: Sequence[str],
    options: BuildOptions,
    each: Each,
) -> Manifest:
    """One table of all fragments, with its indexes and what stands beside them."""
    generation, schema = begun.generation, table_schema(begun.manifest.dim)
    papers = sum(part.papers for part in parts)
    commit(begun.home, schema, fragments)
    frequencies.total([part.frequencies for part in parts]).write(generation)
    names.total([part.names for part in parts]).write(generation)
    index_parts(begun.home, list(indexes(papers, vectors=not options.later)), each)
    table = TableWriter(generation, schema)
    if not options.later and (centroid := measure(table.rows, papers)):
        centroid.write(generation)
    missing = table.count("vector IS NULL")
    manifest = replace(
        begun.manifest,
        updated=datetime.now(UTC).isoformat(timespec="seconds"),
        sources=options.sources_beside(begun.manifest.sources),
        papers=papers,
        vectors=papers - missing,
        version=table.version,
    )
    manifest.write(generation)
    record(generation)
    return manifest


def index_parts(home: str, wanted: Sequence[ColumnIndex], each: Each, rows: int = SEGMENT_ROWS) -> None:
    """The indexes of a table, each of segments of some ``rows``."""
    trained = {
        index.column: centroids
        for index in wanted
        if index.column == VECTOR
        for centroids in each(middles, [(home, index)])
    }
    of = groups(home, rows)
    made = each(
        index_segment,
        [(home, index, group, trained.get(index.column)) for index in wanted for group in of],
    )
    for place, index in enumerate(wanted):
        commit_segments(home, index, made[place * len(of) : (place + 1) * len(of)])


def report(
    parts: Sequence[Summary], rejected: tuple[Rejected, ...], vectors: int, encoded: int
) -> BuildReport:
    """What a run has done, from what it has done in its parts."""
    tally = Tally(*(sum(counts) for counts in zip(*(part.tally for part in parts), strict=True)))
    return BuildReport(
        papers=sum(part.papers for part in parts),
        added=tally.added,
        updated=tally.updated,
        unchanged=tally.unchanged,
        merged=sum(part.merged for part in parts),
        removed=tally.removed,
        rejected=rejected,
        vectors=vectors,
        encoded=encoded,
    )
