"""A Ray cluster: the same index, made beside the current one by many processes, and shown by one commit.

::

    sources --cut--> shards --scan--> blocks of records, and the hashes of their identity keys
    keys    --who shares one--> which records go to which block
    blocks  --join, compare with what is held--> rows, as one machine makes them
    rows    --encode, a batch at a time, each kept at once--> vectors
    rows and vectors --write--> fragments --one commit--> table --> indexes --> current

Ray runs what is lost again: every step is a function of its input, and what it leaves behind, vectors and
fragments, is named by its content or belongs to nothing until the commit. A run that was killed is begun
anew, and finds the vectors that it had made.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from agq import __version__
from agq.embedders import open_encoder
from agq.embedders.card import LIBRARY, EncoderCard
from agq.engines.plan import Built, Plan
from agq.engines.shards import (
    Block,
    Index,
    Keys,
    Numbers,
    Shard,
    cut,
    gathered,
    in_file,
    moves,
    scan,
    shared,
    together,
)
from agq.engines.stages import Seen, encoder_of, joining, options_of, place_names
from agq.errors import AgqError, UsageError
from agq.files import STDIN
from agq.index.assemble import Begun, assemble, begin, report
from agq.index.encoded import Files, Folder, batch_name, packed, unpacked
from agq.index.fragments import pieces, write_fragments
from agq.index.generations import asked, drop_others
from agq.index.layout import is_index, make_current, new_generation, table_home
from agq.index.lock import writing
from agq.index.parts import Rules, Summary, build_part, with_vectors, without_vector
from agq.index.reading import ReadersLock
from agq.index.remote import home_at, publish, refresh, stage
from agq.index.schema import PAPER_COLUMNS, to_paper
from agq.index.store import NO_FILE, Store
from agq.index.write import BuildReport, Progress, told
from agq.model import Embedder, Rejected
from agq.readers import FieldMaps

BATCH = 256
"""Papers encoded at a time: what a killed worker costs."""

FRAGMENT = 50_000
"""Rows that one task writes as a fragment, about."""

KEYS_A_TASK = 20_000_000
"""Identity keys that one task compares, about: half a gigabyte."""

HELD = 5000
"""Rows that one task reads of the index as it is."""

ALWAYS = -1
"""How often what was lost with its process or machine is run again: until it is done."""


def build(path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None], /) -> Built:
    """Files to an index, on the cluster at ``plan.address``, or on one of this machine's own."""
    began, made = time.perf_counter(), not path.exists()
    with told(path), _cluster(plan.address) as ray:
        path.mkdir(parents=True, exist_ok=True)
        with writing(path):
            built = _Run(ray, path, plan, cache, progress).built()
    if made and not is_index(path):  # there was no paper
        shutil.rmtree(path, ignore_errors=True)
    return replace(built, report=replace(built.report, seconds=time.perf_counter() - began))


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """Ray, connected; what its tasks raise, as it was raised.

    Raises
    ------
    UsageError
        Ray is not installed.
    AgqError
        There is no cluster, or it could not finish.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray  # noqa: PLC0415  (importing agq never imports it)
    except ImportError:
        raise UsageError("building on Ray needs Ray", hint="pip install 'agq[ray]'") from None
    joined = ray.is_initialized()
    try:
        if not joined:
            _connect(ray, address)
        with redirect_stdout(sys.stderr):  # Ray tells of workers that died where only results belong
            yield ray
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, AgqError):
            raise error.cause from error
        raise _unfinished(error.cause) from error
    except ray.exceptions.RayError as error:
        raise _unfinished(error) from error
    finally:
        if not joined:
            ray.shutdown()


def _connect(ray: Any, address: str) -> None:
    try:
        ray.init(address or None, log_to_driver=False, include_dashboard=False, logging_level="ERROR")
    except Exception as error:  # Ray raises that very class where a node does not start
        at = f"at {address}" if address else "on this machine"
        reason = str(error).strip().split("\n", 1)[0]
        raise AgqError(f"no Ray cluster {at}: {reason}", hint="ray start --head starts one") from error


def _unfinished(error: BaseException) -> AgqError:
    reason = " ".join(str(error).strip().split("\n", 1)[0].split())
    return AgqError(
        f"the cluster could not finish: {type(error).__name__}: {reason}",
        hint="run this again: what was encoded is kept",
    )


@dataclass(frozen=True, slots=True)
class _Scanned:
    """A block that was read: what is known of it, and where the cluster keeps it and its keys."""

    shard: Shard
    index: Index
    block: Any
    keys: Any


class _Run:
    """One build."""

    def __init__(
        self, ray: Any, path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None]
    ) -> None:
        self.ray, self.path, self.plan, self.progress = ray, path, plan, progress
        self.options = options_of(plan)
        self.encoder = encoder_of(plan.embedder, cache)
        self.tag = refresh(plan.store, path) if plan.store else NO_FILE
        self.store: Files = Store(f"{plan.store}/encoded") if plan.store else Folder(path / "encoded")

    def built(self) -> Built:
        """Everything, in its order."""
        self._same_version()
        current = None if self.plan.rebuild else asked(self.path)
        scanned, rejected = self._sources()
        if current is None and not any(one.index.papers for one in scanned):
            return Built(BuildReport(rejected=rejected), empty=self.plan.sources)
        begun = begin(self.encoder, current, self._generation)
        if current:
            scanned += self._held(len(scanned), self._home_of(current))
        lock = ReadersLock(begun.generation)  # nobody takes it for one that is asked no more
        try:
            parts = self._joined(scanned, rejected, begun.manifest.dim)
            told_of = self._assembled(parts, rejected, begun)
        finally:
            lock.release()
        self.store.clear()
        seen = Seen()
        for part in parts:
            seen.add(part.seen)
        return seen.built(told_of, self.plan)

    def _home_of(self, generation: Path) -> str:
        """What holds the table of a generation, for all of the cluster."""
        return home_at(self.plan.store, generation.name) if self.plan.store else table_home(generation)

    def _generation(self) -> Path:
        """A new generation; of an index on an object store, what this machine has of it."""
        return stage(self.plan.store, self.path) if self.plan.store else new_generation(self.path)

    def _assembled(self, parts: Sequence[_Part], rejected: tuple[Rejected, ...], begun: Begun) -> BuildReport:
        """The new generation whole, and asked from now on."""
        fragments, encoded = self._written(parts, begun)
        summaries = [part.summary for part in parts]
        self.progress(Progress("finish", 0))
        manifest = assemble(begun, summaries, fragments, self.options, self._each)
        if self.plan.store:
            publish(self.plan.store, begun.generation, self.tag)
        make_current(begun.generation)
        drop_others(self.path, begun.generation)
        return report(summaries, rejected, manifest.vectors, encoded)

    def _task(self, function: Callable[..., Any], **options: Any) -> Any:
        return self.ray.remote(max_retries=ALWAYS, **options)(function)

    def _each(self, function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What a function gives for each of some arguments, all of the cluster at work."""
        task = self._task(function)
        results: list[Any] = self.ray.get([task.remote(*some) for some in arguments])
        return results

    def _same_version(self) -> None:
        there = self.ray.get(self._task(_version).remote())
        if there != __version__:
            raise UsageError(
                f"the cluster has agq {there}, this is {__version__}",
                hint=f"pip install agq=={__version__} on its machines",
            )

    def _sources(self) -> tuple[list[_Scanned], tuple[Rejected, ...]]:
        """The blocks of all sources, and what in them was no paper."""
        self.progress(Progress("read", 0))
        found = list(cut(self.plan.read_at, self.plan.exclude, FieldMaps(self.plan.fields)))
        scanned = self._read([one for one in found if isinstance(one, Shard)])
        known = {block.shard.number: block.index for block in scanned}
        read = [one if isinstance(one, Rejected) else (one, known[one.number]) for one in found]
        return scanned, tuple(in_file(read))

    def _held(self, number: int, home: str) -> list[_Scanned]:
        """The blocks of the index as it is."""
        held = pieces(home, HELD)
        return self._read([Shard(number + place, held=piece) for place, piece in enumerate(held)])

    def _read(self, shards: Sequence[Shard]) -> list[_Scanned]:
        """What the shards hold, read by the cluster; stdin by this process."""
        task = self._task(scan, num_returns=3)
        running = [
            (shard, map(self.ray.put, scan(shard)) if shard.source == STDIN else task.remote(shard))
            for shard in shards
        ]
        scanned: list[_Scanned] = []
        for shard, (block, keys, index) in running:
            scanned.append(_Scanned(shard, self.ray.get(index), block, keys))
            self.progress(Progress("read", sum(one.index.papers for one in scanned)))
        return scanned

    def _moves(self, scanned: Sequence[_Scanned]) -> Mapping[int, Mapping[int, Numbers]]:
        """What has to change its block, so that no two of them share a key."""
        keys = [one.keys for one in scanned]
        tasks = 1 + sum(one.index.keys for one in scanned) // KEYS_A_TASK
        if tasks == 1:
            columns: list[Sequence[Any]] = [keys]
        else:
            split = self._task(_split, num_returns=tasks)
            columns = list(zip(*(split.remote(some, tasks) for some in keys), strict=True))
        pairs = self.ray.get([self._task(_shared).remote(*column) for column in columns])
        return moves(*together(np.concatenate(pairs)), np.array([one.index.first for one in scanned]))

    def _joined(self, scanned: Sequence[_Scanned], rejected: tuple[Rejected, ...], dim: int) -> list[_Part]:
        """The rows of each block, duplicates joined and compared with what is held."""
        broken = tuple(one for one in rejected if one.line is None and one.record is None)
        rules = self.ray.put((self.plan, Rules(self.options.scope, dim, self.plan.prune, broken)))
        going = self._moves(scanned)
        coming: dict[int, list[Any]] = {}
        for block, goes in going.items():
            move = self._task(_move, num_returns=len(goes))
            sent = move.remote(scanned[block].block, list(goes.values()))
            for to, some in zip(goes, sent if len(goes) > 1 else [sent], strict=True):
                coming.setdefault(to, []).append(some)
        join = self._task(_join, num_returns=2)
        running = []
        for place, one in enumerate(scanned):
            gone = np.concatenate(list(going[place].values())) if place in going else np.empty(0, np.int64)
            if one.index.papers:
                running.append(join.remote(rules, one.block, gone, *coming.get(place, ())))
        return [_Part(rows, *self.ray.get(about)) for rows, about in running]

    def _written(self, parts: Sequence[_Part], begun: Begun) -> tuple[list[str], int]:
        """All rows as fragments of the new table, with their vectors; how many were encoded now."""
        write = self._task(_write, num_cpus=0)
        running: list[Any] = []
        encoded = 0
        for group in _grouped(self._encoded(parts, begun)):
            encoded += sum(fresh for _, _, fresh in group)
            names = [made for _, made, _ in group]
            running.append(write.remote(begun.home, self.store, names, *(part.rows for part, _, _ in group)))
        return [fragment for written in self.ray.get(running) for fragment in written], encoded

    def _encoded(self, parts: Sequence[_Part], begun: Begun) -> Iterator[_Encoded]:
        """Each part when its vectors are made."""
        from ray.util import ActorPool  # noqa: PLC0415  (with Ray)

        wanted = {place: part.batches for place, part in enumerate(parts) if not self.plan.later}
        names: dict[int, dict[int, str]] = {place: {} for place in range(len(parts))}
        fresh = dict.fromkeys(names, 0)
        yield from (
            (part, [], 0) for place, part in enumerate(parts) if not wanted.get(place) and part.papers
        )
        batches = [(place, number) for place, count in wanted.items() for number in range(count)]
        if not batches:
            return
        missing = sum(part.summary.missing for part in parts)
        files = {file.name: file.read_bytes() for file in (begun.generation / "encoder").iterdir()}
        weights = f"{begun.manifest.embedder} {begun.manifest.weights}"
        given = self.ray.put(files), weights, self.store
        pool: Any = ActorPool(self._encoders(len(batches), begun.generation / "encoder"))
        for place, number in batches:
            pool.submit(
                lambda actor, batch: actor.encode.remote(*given, parts[batch[0]].rows, batch), (place, number)
            )
        done = 0
        self.progress(Progress("encode", 0, missing))
        while pool.has_next():
            place, number, name, count, new = pool.get_next_unordered()
            names[place][number] = name
            fresh[place] += new
            done += count
            self.progress(Progress("encode", done, missing))
            if len(names[place]) == wanted[place]:
                yield parts[place], [names[place][at] for at in range(wanted[place])], fresh[place]

    def _encoders(self, most: int, folder: Path) -> list[Any]:
        """As many encoders as the cluster can use, each where it is best or, if that is lost, elsewhere.

        None of them holds a core while it runs: one that is begun again, and what is made again for it,
        could wait for a free one for ever.
        """
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415  (with Ray)

        encoder = self.ray.remote(max_restarts=ALWAYS, max_task_retries=ALWAYS)(_Encoder)
        at = encoders_at(self.ray.nodes(), on_gpus=EncoderCard.read(folder).kind == LIBRARY)
        return [
            encoder.options(
                num_cpus=0,
                num_gpus=gpus,
                scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=True),
            ).remote()
            for node, gpus in at[:most]
        ]


@dataclass(frozen=True, slots=True)
class _Part:
    """A block that was joined: where the cluster keeps its rows, and what is told of them."""

    rows: Any
    summary: Summary
    seen: Seen

    @property
    def papers(self) -> int:
        """How many rows there are."""
        return self.summary.papers

    @property
    def batches(self) -> int:
        """How many batches it takes to encode what has no vector."""
        return -(-self.summary.missing // BATCH)


_Encoded = tuple[_Part, list[str], int]
"""A part, the batches that its vectors are in, and how many of them are new."""


def encoders_at(nodes: Sequence[Mapping[str, Any]], *, on_gpus: bool) -> list[tuple[str, int]]:
    """Where encoders run best, as Ray tells of its ``nodes``: a node, and how many GPUs each of them takes.

    One a core; or, where they can run ``on_gpus`` and a node has some, one for each of those.
    """
    found: list[tuple[str, int]] = []
    for node in nodes:
        has = node["Resources"] if node["Alive"] else {}
        gpus = int(has.get("GPU", 0)) if on_gpus else 0
        found += [(node["NodeID"], 1)] * gpus if gpus else [(node["NodeID"], 0)] * int(has.get("CPU", 0))
    return found


def _version() -> str:
    return __version__


def _split(keys: Keys, tasks: int) -> tuple[Keys, ...]:
    """The keys by the task that compares them."""
    task = keys.keys.view(np.uint64) % np.uint64(tasks)
    return tuple(Keys(keys.keys[task == one], keys.numbers[task == one]) for one in range(tasks))


def _shared(*keys: Keys) -> Any:
    whole = [np.concatenate([getattr(some, name) for some in keys]) for name in ("keys", "numbers")]
    return shared(*whole)


def _move(block: Block, goes: Sequence[Numbers]) -> Any:
    """What goes to each of some blocks."""
    sent = [block.taken(np.flatnonzero(np.isin(block.numbers, numbers))) for numbers in goes]
    return sent if len(sent) > 1 else sent[0]


def _join(told_of: tuple[Plan, Rules], home: Block, gone: Numbers, *come: Block) -> tuple[Any, Any]:
    """The rows of a block, and what is told of them."""
    plan, rules = told_of
    records, held = gathered(home, gone, come)
    seen = Seen()
    part = build_part(lambda lookup: joining(records, lookup, place_names(plan), seen), held, rules)
    return part.rows, (part.summary, seen)


class _Encoder:
    """An encoder on one core, loaded once."""

    def __init__(self) -> None:
        self._embedder: Embedder | None = None

    def encode(
        self, files: Mapping[str, bytes], weights: str, store: Files, rows: pa.Table, which: tuple[int, int]
    ) -> tuple[int, int, str, int, int]:
        """One batch of the rows without a vector, put into the store: which, its name, size, how many new."""
        place, number = which
        batch = rows.take(without_vector(rows)[number * BATCH : (number + 1) * BATCH])
        name = batch_name(weights, batch["embedded"].to_pylist())
        if store.get(name) is not None:
            return place, number, name, len(batch), 0
        self._embedder = self._embedder or _loaded(files)
        papers = [to_paper(row) for row in batch.select(list(PAPER_COLUMNS)).to_pylist()]
        store.put(name, packed(self._embedder.embed([paper.text for paper in papers])))
        return place, number, name, len(batch), len(batch)


def _loaded(files: Mapping[str, bytes]) -> Embedder:
    """An encoder of a folder's files, wherever this runs."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        return open_encoder(Path(folder), threads=1)


def _grouped(parts: Iterable[_Encoded]) -> Iterator[list[_Encoded]]:
    """Parts that make a fragment together, as soon as they are there."""
    group: list[_Encoded] = []
    for one in parts:
        group.append(one)
        if sum(part.papers for part, _, _ in group) >= FRAGMENT:
            yield group
            group = []
    if group:
        yield group


def _write(home: str, store: Files, names: Sequence[Sequence[str]], *rows: pa.Table) -> list[str]:
    """Rows of some parts with their vectors, as fragments that belong to no table yet."""
    whole = [_whole(part, made, store) for part, made in zip(rows, names, strict=True)]
    return write_fragments(home, pa.concat_tables(whole))


def _whole(rows: pa.Table, names: Sequence[str], store: Files) -> pa.Table:
    """Rows with the vectors of these batches."""
    made = [unpacked(content) for name in names if (content := store.get(name)) is not None]
    if len(made) < len(names):
        raise AgqError("vectors of this run are gone: another run has ended meanwhile", hint="run this again")
    return with_vectors(rows, np.concatenate(made)) if made else rows
