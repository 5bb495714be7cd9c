"""Papers into an index: text first, vectors after, each step a commit.

A kill at any moment leaves an index that opens and answers; the next run goes on where this one stopped::

    papers --compare with the ledger--> rows added, replaced, deleted      text stage: no encoder
    frequencies, text index                                               the index answers from here on
    rows without a vector --encode--> vectors put in, a batch a commit    vector stage
    compact, index, clean up, count
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from agq.errors import AgqError, IndexUnusable, UsageError
from agq.files import STDIN
from agq.index.centroid import measure
from agq.index.checksums import record, refuse_damaged
from agq.index.engine import open_table
from agq.index.frequencies import Counter, Frequencies
from agq.index.generations import Encoder, asked, begun, drop_others, same_encoder
from agq.index.layout import Manifest, current_generation, make_current, origin, refuse_links
from agq.index.ledger import COLUMNS, Ledger
from agq.index.lock import writing
from agq.index.maintenance import finish, index_text
from agq.index.names import Names, collect
from agq.index.query import TableQuery
from agq.index.schema import table_schema
from agq.index.table import TEXT_INDEX, TableWriter
from agq.index.text_stage import Incoming, Rows, Scope, TextStage
from agq.index.vector_stage import VectorStage
from agq.model import Rejected
from agq.records import Work

__all__ = [
    "BuildOptions",
    "BuildReport",
    "Encoder",
    "Lookup",
    "Progress",
    "Reading",
    "build_index",
    "silent",
]

UNINDEXED_PAPERS_MAX = 50_000
"""Papers that may wait outside of the text index while more are read, or four times those in it. A question
scans them, 8 ms a thousand; each time that they are indexed costs 0.06 ms for every paper there is."""

Lookup = Callable[[Sequence[str]], Iterable[Work]]
"""Identity keys -> the papers that the index holds under any of them, beyond the sources that are read
again."""

Reading = Callable[[Lookup], Iterable[Incoming | Rejected]]


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How an index is built.

    ``sources``: what was named, for the next run without a source. ``scope``: what is read again now, and
    by what keys a paper is known. ``forget``: sources of earlier runs that are to go, with what only they
    hold. ``wait``: seconds to wait for another writer.
    """

    sources: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)
    rebuild: bool = False
    prune: bool = True
    later: bool = False
    dry_run: bool = False
    forget: tuple[str, ...] = ()
    wait: float = 0.0

    def sources_beside(self, held: Sequence[str]) -> tuple[str, ...]:
        """The sources that an index with those ``held`` has after the run."""
        named = (source for source in self.sources if source != STDIN)
        kept = (source for source in held if source not in self.forget)
        return tuple(dict.fromkeys((*kept, *named)))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is: ``read``, ``encode`` or ``finish``. ``total`` is None where nobody knows."""

    stage: str
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a run has done. ``papers`` and ``vectors`` are what the index holds after it."""

    papers: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    removed: int = 0
    rejected: tuple[Rejected, ...] = ()
    vectors: int = 0
    encoded: int = 0
    seconds: float = 0.0

    @property
    def papers_per_second(self) -> float:
        """Papers that were added, changed or encoded, by the time it took."""
        return max(self.added + self.updated, self.encoded) / self.seconds if self.seconds else 0.0


def silent(_: Progress) -> None:
    """No word about progress."""


def build_index(
    path: Path,
    reading: Reading,
    encoder: Encoder,
    options: BuildOptions,
    progress: Callable[[Progress], None] = silent,
) -> BuildReport:
    """Bring the index at ``path`` to what ``reading`` gives.

    Parameters
    ----------
    reading:
        Called once with a look-up into the index; gives papers with their final ids, and rejections.

    Raises
    ------
    IndexLocked
        Another process writes to it.
    IndexUnusable
        It is of another version, or was made with another encoder than the one asked for.
    AgqError
        It cannot be written: no permission, no space.
    """
    started = time.perf_counter()
    if options.dry_run:
        report = _compared(path, reading, options, progress)
    else:
        report = _built(path, reading, encoder, options, progress)
    return replace(report, seconds=time.perf_counter() - started)


def _compared(
    path: Path, reading: Reading, options: BuildOptions, progress: Callable[[Progress], None]
) -> BuildReport:
    """What a run would do."""
    ledger = Ledger() if options.rebuild else _held(path)
    stage = TextStage(ledger, options.scope)
    rejected = _read(stage, reading(lookup_in(ledger, None, options.scope)), progress)
    if options.prune:
        stage.prune(rejected)
    stage.flush()
    return _report(ledger, stage, rejected)


def _held(path: Path) -> Ledger:
    """What the index holds; nothing where there is none."""
    try:
        generation = current_generation(path)
    except IndexUnusable:
        return Ledger()
    with closing(open_table(generation)) as table:
        return Ledger(table.batches(TableQuery(COLUMNS)))


def _built(
    path: Path,
    reading: Reading,
    encoder: Encoder,
    options: BuildOptions,
    progress: Callable[[Progress], None],
) -> BuildReport:
    if address := origin(path):
        raise UsageError(
            f"{path} is what is kept here of {address}",
            hint=f"--index {address}",
        )
    with told(path):
        path.mkdir(parents=True, exist_ok=True)
        with writing(path, wait=options.wait):
            job = _Job(path, encoder, options, progress)
            return job.run(reading)


class _Job:
    """One run: the generation it writes to, its table, and how far it is."""

    def __init__(
        self, path: Path, encoder: Encoder, options: BuildOptions, progress: Callable[[Progress], None]
    ) -> None:
        self.path, self.encoder, self.options, self.progress = path, encoder, options, progress
        self.current = None if options.rebuild else asked(path)
        self.generation = self.current or begun(path, encoder)
        self.manifest = Manifest.read(self.generation)
        same_encoder(self.manifest, encoder)
        refuse_links(self.generation)
        refuse_damaged(self.generation, thorough=True)
        self.table = TableWriter(self.generation, table_schema(self.manifest.dim))
        self.ledger = Ledger(self.table.rows(COLUMNS, ""))
        counted = _counted(self.generation, self.ledger)
        self.recount = counted is None or not _names_known(self.generation)
        counter = counted or _recounted(self.ledger, self.table)
        self.stage = TextStage(self.ledger, options.scope, self.table, counter)
        self.stage.committed = self._text_committed
        self.indexed_at = self.ledger.papers

    def run(self, reading: Reading) -> BuildReport:
        rejected = _read(
            self.stage, reading(lookup_in(self.ledger, self.table, self.options.scope)), self.progress
        )
        if self.options.prune:
            self.stage.prune(rejected, stdin=STDIN in self.options.forget)
        self.stage.flush()
        if self.stage.changed or self.recount or self.table.unindexed(TEXT_INDEX) is None:
            self._searchable()
        encoded = 0 if self.options.later else self._vectors().run()
        self._finish(changed=bool(encoded) or self.stage.changed)
        return replace(
            _report(self.ledger, self.stage, rejected), vectors=self.manifest.vectors, encoded=encoded
        )

    def _text_committed(self) -> None:
        """The index answers early: from the first commit on, and quickly again where much has come since."""
        outside = self.ledger.papers - self.indexed_at
        if not self.indexed_at or outside >= max(UNINDEXED_PAPERS_MAX, 4 * self.indexed_at):
            self._searchable()

    def _searchable(self) -> None:
        self.stage.frequencies().write(self.generation)
        collect(self.table.rows).write(self.generation)
        index_text(self.table, self.ledger.papers)
        self.indexed_at = self.ledger.papers
        self._note()
        if self.current is None and not self.options.rebuild:
            make_current(self.generation)
            self.current = self.generation

    def _vectors(self) -> VectorStage:
        def told(done: int, missing: int) -> None:
            self.progress(Progress("encode", done, missing))

        return VectorStage(self.table, self.generation, self.encoder.load, told, self._note)

    def _finish(self, *, changed: bool) -> None:
        complete = not self.options.later
        if complete and (changed or self.manifest.version != self.table.version):
            self.progress(Progress("finish", 0))
            finish(self.table, self.generation, self.ledger.papers)
            self._measure()
        if changed or self.manifest.version != self.table.version or self._sources() != self.manifest.sources:
            self._note()
        if self.current != self.generation:
            make_current(self.generation)
        drop_others(self.path, self.generation)

    def _measure(self) -> None:
        """Where the middle of the papers lies now."""
        if centroid := measure(self.table.rows, self.ledger.papers):
            centroid.write(self.generation)

    def _note(self, missing: int | None = None) -> None:
        """What the index holds now, into its manifest."""
        if missing is None:
            missing = self.table.count("vector IS NULL")
        self.manifest = replace(
            self.manifest,
            updated=datetime.now(UTC).isoformat(timespec="seconds"),
            sources=self._sources(),
            papers=self.ledger.papers,
            vectors=self.ledger.papers - missing,
            version=self.table.version,
        )
        self.manifest.write(self.generation)
        record(self.generation)

    def _sources(self) -> tuple[str, ...]:
        return self.options.sources_beside(self.manifest.sources)


def _counted(generation: Path, ledger: Ledger) -> Counter | None:
    """The document frequencies, where they are those of the papers in the table."""
    try:
        held = Frequencies.read(generation)
    except IndexUnusable:
        return None
    same = held and (held.papers, held.content) == (ledger.papers, ledger.content)
    return Counter(held) if same else None


def _names_known(generation: Path) -> bool:
    """Whether the names of authors and venues are kept, whole."""
    try:
        return Names.read(generation) is not None
    except IndexUnusable:
        return False


def _recounted(ledger: Ledger, table: TableWriter) -> Counter:
    counter = Counter()
    for batch in table.rows(("words", "embedded"), "") if ledger.papers else ():
        for row in batch.to_pylist():
            counter.add_words(row["words"], row["embedded"])
    return counter


def lookup_in(ledger: Ledger, table: Rows | None, scope: Scope) -> Lookup:
    """Papers that the index holds under identity keys, those left out that are being read again."""

    def look_up(keys: Sequence[str]) -> Iterable[Work]:
        found = ledger.under(keys, scope.covers)
        return table.works(found) if found and table else ()

    return look_up


def _read(
    stage: TextStage, items: Iterable[Incoming | Rejected], progress: Callable[[Progress], None]
) -> tuple[Rejected, ...]:
    rejected: list[Rejected] = []
    progress(Progress("read", 0))
    for done, item in enumerate(items, start=1):
        if isinstance(item, Rejected):
            rejected.append(item)
        else:
            stage.take(item)
        if done % 1000 == 0:
            progress(Progress("read", done))
    return tuple(rejected)


def _report(ledger: Ledger, stage: TextStage, rejected: tuple[Rejected, ...]) -> BuildReport:
    tally = ledger.tally()
    return BuildReport(
        papers=ledger.papers,
        added=tally.added,
        updated=tally.updated,
        unchanged=tally.unchanged,
        merged=stage.merged,
        removed=tally.removed,
        rejected=rejected,
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the file system and the engine raise, in words."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        reason = _reason(error)
        raise AgqError(f"the index at {path} cannot be written: {reason}", hint=_hint(reason)) from error


_NUMBERED = re.compile(r"\(?os error (\d+)\)?|\(error (\d+)\)")


def _reason(error: Exception) -> str:
    """Why, in the system's words; the engine hides its number in a longer text."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    numbered = _NUMBERED.search(str(error))
    if numbered:
        return os.strerror(int(numbered.group(1) or numbered.group(2)))
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _hint(reason: str) -> str:
    return {
        "No space left on device": "make room and run this again: nothing is lost",
        "Permission denied": "name another folder with --index, or change its permissions",
        "Read-only file system": "name another folder with --index",
    }.get(reason, "agq doctor")
