"""Whether the standard library does what agq has written for itself: the same work, done both ways.

    python benchmarks/trim.py [--papers 200000] [map shelf ledger ahead]

*map*: ``agq.compact_map`` beside a table in a temporary file of SQLite, and beside a dictionary. *shelf*:
what ``agq.readers.merge`` keeps of papers, beside two such tables. *ledger*: ``agq.index.ledger`` in a first
run and in one that changes a hundredth, beside four. *ahead*: ``agq.readers.prefetch`` beside one process of
``concurrent.futures``. Each in a process of its own; MB: its peak beyond what it held before, without the
temporary file. The loss is that of the time beside the whole of reading and merging (``text``), which is what
somebody waits for: a part that takes twice as long where it is a twentieth of that loses 5 %.
"""

from __future__ import annotations

import argparse
import json
import marshal
import multiprocessing
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from agq.compact_map import CompactIntMap
from agq.index.frequencies import wrapped
from agq.index.ledger import Ledger, Sources, StoredPaper, Tally
from agq.index.schema import hash64
from agq.model import Paper, Rejected
from agq.readers import Found, read
from agq.readers.merge import merge
from agq.readers.prefetch import QUEUED_BATCHES_MAX, RECORDS_PER_BATCH, reading_ahead
from agq.records import Work
from graded import table

OUT = Path(__file__).resolve().parent / "out" / "trim.json"
WORDS = "turbulence protein quasar glacier synapse lattice model method data field flow learning".split()


@dataclass(frozen=True, slots=True)
class Measured:
    """What was done, how, over how many papers: seconds by the clock, of this process's core, megabytes."""

    what: str
    how: str
    papers: int
    seconds: float
    cpu: float
    megabytes: float


def measured(what: str, how: str, papers: int, work: Callable[[int], None]) -> Measured:
    """Seconds and peak memory of one piece of work, in a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measure, args=(work, papers, theirs))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{what} {how} failed")
    seconds, cpu, megabytes = ours.recv()
    print(
        f"{what} {how}: {seconds:.1f} s, {cpu:.1f} s of a core, {megabytes:.0f} MB",
        file=sys.stderr,
        flush=True,
    )
    return Measured(what, how, papers, seconds, cpu, megabytes)


def _measure(work: Callable[[int], None], papers: int, told: Any) -> None:
    before, begun, spent = _peak(), time.perf_counter(), time.process_time()
    work(papers)
    told.send((time.perf_counter() - begun, time.process_time() - spent, _peak() - before))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def temporary(*tables: str) -> sqlite3.Connection:
    """A database in a file that goes with it; nothing of it outlives a crash, so nothing is made safe."""
    database = sqlite3.connect("", isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE"
    )
    for one in tables:
        database.execute(f"CREATE TABLE {one}")
    database.execute("BEGIN")
    return database


# --- numbers by key ---


class SqliteMap:
    """What ``CompactIntMap`` does, in a table."""

    def __init__(self) -> None:
        self._table = temporary("held (key INTEGER PRIMARY KEY, number INTEGER)")

    def put(self, key: int, number: int) -> None:
        self._table.execute("INSERT OR REPLACE INTO held VALUES (?, ?)", (key, number))

    def get(self, key: int, default: int = -1) -> int:
        found = self._table.execute("SELECT number FROM held WHERE key = ?", (key,)).fetchone()
        return found[0] if found else default


class Dictionary(dict[int, int]):
    """The same as a dictionary does it."""

    def put(self, key: int, number: int) -> None:
        self[key] = number


def mapped(made: Callable[[], Any]) -> Callable[[int], None]:
    """Three keys a paper, each put once and looked for twice: once before it is there."""

    def work(papers: int) -> None:
        held, chance = made(), random.Random(1)
        for n in range(3 * papers):
            key = chance.getrandbits(64) - (1 << 63)
            held.get(key)
            held.put(key, n & 0x7FFFFFFF)
        chance = random.Random(1)
        assert all(held.get(chance.getrandbits(64) - (1 << 63), -1) >= 0 for _ in range(3 * papers))

    return work


# --- papers that wait to be merged ---


class SqliteShelf:
    """What the shelf of ``agq.readers.merge`` does, in two tables."""

    def __init__(self) -> None:
        self._tables = temporary(
            "works (slot INTEGER PRIMARY KEY, held BLOB)",
            "keys (key INTEGER, slot INTEGER, PRIMARY KEY (key, slot)) WITHOUT ROWID",
        )

    def close(self) -> None:
        self._tables.close()

    def put(self, work: Work) -> int:
        slot = self._tables.execute("INSERT INTO works (held) VALUES (?)", (_packed(work),)).lastrowid
        assert slot
        return slot

    def again(self, slot: int, work: Work) -> None:
        self._tables.execute("UPDATE works SET held = ? WHERE slot = ?", (_packed(work), slot))

    def drop(self, slot: int) -> None:
        self._tables.execute("DELETE FROM works WHERE slot = ?", (slot,))

    def name(self, slot: int, keys: Iterable[str]) -> None:
        self._tables.executemany(
            "INSERT OR IGNORE INTO keys VALUES (?, ?)", [(hash(key), slot) for key in keys]
        )

    def under(self, keys: Iterable[str]) -> dict[int, Work]:
        slots: set[int] = set()
        for key in map(hash, keys):
            found = self._tables.execute(
                "SELECT slot FROM keys WHERE key = ? ORDER BY slot DESC LIMIT 64", (key,)
            )
            slots.update(slot for (slot,) in found)
        held: dict[int, Work] = {}
        for slot in sorted(slots):
            row = self._tables.execute("SELECT held FROM works WHERE slot = ?", (slot,)).fetchone()
            if row:
                *values, record = marshal.loads(row[0])
                held[slot] = Work(Paper(*values), record)
        return held


def _packed(work: Work) -> bytes:
    return marshal.dumps((*(getattr(work.paper, name) for name in Paper.__slots__), work.record))


def found(papers: int) -> Iterator[Found]:
    """Papers as a file of them gives them; every sixth is one of those before in another state."""
    for n in range(papers):
        number = n if n % 6 else n // 2
        chance = random.Random(number)
        words = chance.choices(WORDS, k=120 if n % 6 else 60)
        paper = Paper(
            f"24{number // 100_000:02}.{number % 100_000:05}",
            f"On {' '.join(words[:6])} {number}",
            " ".join(words),
            (f"Ann {words[0].capitalize()}", f"Bo {words[1].capitalize()}"),
            ("cs.LG",),
            f"20{10 + number % 14}-01",
            doi=f"10.1000/{number}" if n % 6 == 0 else "",
            arxiv=f"24{number // 100_000:02}.{number % 100_000:05}",
        )
        yield Found("a.jsonl", paper)


def text(papers: int) -> None:
    """All of reading and merging but the parsing of a file: what the others are a part of."""
    for _ in merge(found(papers)):
        pass


def shelved(shelf: type) -> Callable[[int], None]:
    """Merging with another shelf."""

    def work(papers: int) -> None:
        setattr(sys.modules["agq.readers.merge"], "_Shelf", shelf)  # noqa: B010  # that one is replaced
        text(papers)

    return work


# --- what an index holds ---


class SqliteLedger:
    """What ``agq.index.ledger`` does, in four tables."""

    def __init__(self, rows: Iterable[pa.RecordBatch] = ()) -> None:
        self._tables = temporary(
            "start (number INTEGER PRIMARY KEY, id TEXT, embedded INTEGER, stored INTEGER, sources TEXT)",
            "keys (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID",
            "now (number INTEGER PRIMARY KEY, embedded INTEGER, stored INTEGER, sources TEXT)",
            "run (number INTEGER PRIMARY KEY, sources TEXT)",
        )
        for batch in rows:
            held = batch.to_pylist()
            self._tables.executemany(
                "INSERT INTO start VALUES (?, ?, ?, ?, ?)",
                [
                    (hash64(row["id"]), row["id"], row["embedded"], row["stored"], row["sources"])
                    for row in held
                ],
            )
            pairs = [(key, hash64(row["id"])) for row in held for key in row["keys"]]
            self._tables.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", pairs)
        self.papers = self._one("SELECT count(*) FROM start")
        self.content = wrapped(sum(one for (one,) in self._tables.execute("SELECT embedded FROM start")))

    def _one(self, query: str) -> int:
        return int(self._tables.execute(query).fetchone()[0])

    def find(self, id_: str) -> StoredPaper | None:
        return self._find(hash64(id_))

    def _find(self, number: int) -> StoredPaper | None:
        for place in ("now", "start"):
            row = self._tables.execute(
                f"SELECT embedded, stored, sources FROM {place} WHERE number = ?",
                (number,),
            ).fetchone()
            if row:
                return None if row[2] is None else StoredPaper(row[0], row[1], tuple(row[2].split("\n")))
        return None

    def put(self, id_: str, held: StoredPaper | None) -> None:
        number = hash64(id_)
        before = self._find(number)
        self.papers += (held is not None) - (before is not None)
        come, gone = (held.embedded if held else 0), (before.embedded if before else 0)
        self.content = wrapped(self.content + come - gone)
        row = (number, held.embedded, held.stored, "\n".join(held.sources)) if held else (number, 0, 0, None)
        self._tables.execute("INSERT OR REPLACE INTO now VALUES (?, ?, ?, ?)", row)

    def seen(self, id_: str, source: str) -> Sources:
        number = hash64(id_)
        row = self._tables.execute("SELECT sources FROM run WHERE number = ?", (number,)).fetchone()
        sources = tuple(row[0].split("\n")) if row else ()
        if source not in sources:
            sources = (*sources, source)
            self._tables.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (number, "\n".join(sources)))
        return sources

    def under(self, keys: Iterable[str], left_out: Callable[[Sources], bool]) -> list[str]:
        rows: dict[str, str] = {}
        for key in keys:
            rows |= dict(
                self._tables.execute(
                    "SELECT id, sources FROM keys JOIN start USING (number) WHERE key = ?",
                    (hash64(key),),
                )
            )
        return [id_ for id_, sources in rows.items() if not left_out(tuple(sources.split("\n")))]

    def unseen(self) -> Iterator[tuple[str, StoredPaper]]:
        query = "SELECT number, id FROM start WHERE number NOT IN (SELECT number FROM run)"
        for number, id_ in self._tables.execute(query).fetchall():
            if (held := self._find(number)) is not None:
                yield id_, held

    def tally(self) -> Tally:
        changed = "FROM now LEFT JOIN start USING (number)"
        same = "now.embedded = start.embedded AND now.stored = start.stored AND now.sources = start.sources"
        return Tally(
            added=self._one(f"SELECT count(*) {changed} WHERE start.id IS NULL AND now.sources NOT NULL"),
            updated=self._one(
                f"SELECT count(*) {changed} WHERE start.id NOT NULL AND now.sources NOT NULL AND NOT ({same})"
            ),
            removed=self._one(f"SELECT count(*) {changed} WHERE start.id NOT NULL AND now.sources IS NULL"),
            unchanged=self._one("SELECT count(*) FROM start JOIN run USING (number)")
            - self._one(
                f"SELECT count(*) {changed} JOIN run USING (number) "
                f"WHERE start.id NOT NULL AND (now.sources IS NULL OR NOT ({same}))"
            ),
        )


def held_rows(papers: int) -> Iterator[pa.RecordBatch]:
    """What a table holds of papers."""
    for start in range(0, papers, 10_000):
        numbers = range(start, min(papers, start + 10_000))
        yield pa.RecordBatch.from_pydict(
            {
                "id": [f"paper{n}" for n in numbers],
                "embedded": pa.array([_hash(n, 1) for n in numbers], pa.int64()),
                "stored": pa.array([_hash(n, 2) for n in numbers], pa.int64()),
                "sources": ["a.bib"] * len(numbers),
                "keys": [[hash64(f"{kind}{n}") for kind in ("id:", "doi:", "title:")] for n in numbers],
            }
        )


def _hash(number: int, kind: int) -> int:
    return (number * 0x9E3779B97F4A7C15 + kind * 0xC2B2AE3D27D4EB4F) % (1 << 63)


def first_run(ledger: Callable[..., Any]) -> Callable[[int], None]:
    """Every paper is new."""

    def work(papers: int) -> None:
        held = ledger()
        for n in range(papers):
            sources = held.seen(f"paper{n}", "a.bib")
            assert held.find(f"paper{n}") is None
            held.put(f"paper{n}", StoredPaper(_hash(n, 1), _hash(n, 2), sources))
        assert held.tally() == Tally(papers, 0, 0, 0)

    return work


def second_run(ledger: Callable[..., Any]) -> Callable[[int], None]:
    """All are there, one of a hundred has changed, one of a hundred is gone."""

    def work(papers: int) -> None:
        held = ledger(held_rows(papers))
        for n in range(papers):
            if n % 100 == 1:
                continue
            held.under([f"id:{n}", f"doi:{n}", f"title:{n}"], lambda sources: sources == ("a.bib",))
            sources = held.seen(f"paper{n}", "a.bib")
            assert held.find(f"paper{n}")
            if n % 100 == 0:
                held.put(f"paper{n}", StoredPaper(_hash(n, 3), _hash(n, 2), sources))
        gone = [id_ for id_, _ in held.unseen()]
        for id_ in gone:
            held.put(id_, None)
        part = papers // 100
        assert held.tally() == Tally(0, part, part, papers - 2 * part), held.tally()

    return work


# --- reading ahead ---

_reading: Iterator[Found]


def _begin(sources: Sequence[str]) -> None:
    global _reading  # noqa: PLW0603  # a worker of a pool has no other place for what lasts
    _reading = read(sources)


def _batch(size: int) -> list[Found]:
    return list(islice(_reading, size))


def by_futures(file: Path) -> Iterator[Found]:
    """The records of a file, read by the one process of a pool."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, _begin, ([str(file)],)) as pool:
        waiting: deque[Future[list[Found]]] = deque(
            pool.submit(_batch, RECORDS_PER_BATCH) for _ in range(QUEUED_BATCHES_MAX)
        )
        while batch := waiting.popleft().result():
            waiting.append(pool.submit(_batch, RECORDS_PER_BATCH))
            yield from batch


def by_prefetch(file: Path) -> Iterator[Found]:
    """The same by ``agq.readers.prefetch``."""
    with reading_ahead([str(file)]) as records:
        yield from records


def by_itself(file: Path) -> Iterator[Found]:
    """The same in this process."""
    yield from read([str(file)])


def ahead(read_by: Callable[[Path], Iterator[Found]], file: Path) -> Callable[[int], None]:
    """What is read is merged, which takes the other core."""

    def work(papers: int) -> None:
        count = sum(not isinstance(one.item, Rejected) for one in _only_found(merge(read_by(file))))
        assert count == papers, count

    return work


def _only_found(items: Iterable[Any]) -> Iterator[Found]:
    yield from (one if isinstance(one, Found) else one.found for one in items)


def written(file: Path, papers: int) -> None:
    """The papers as JSON Lines."""
    with file.open("w", encoding="utf-8") as out:
        for one in found(papers):
            assert isinstance(one.item, Paper)
            values = {"id": one.item.id, "title": one.item.title, "abstract": one.item.abstract}
            values |= {"authors": ", ".join(one.item.authors), "categories": "cs.LG", "doi": one.item.doi}
            out.write(json.dumps(values | {"update_date": one.item.date}) + "\n")


def main() -> None:
    """Print a table and write the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("parts", nargs="*", default=["map", "shelf", "ledger", "ahead"])
    options.add_argument("--papers", type=int, default=200_000)
    given = options.parse_args()
    rows = [measured("text", "all", given.papers, text)]
    shelf = sys.modules["agq.readers.merge"]._Shelf
    both: list[tuple[str, str, str, Callable[[int], None]]] = [
        ("map", "map", "compact_map", mapped(CompactIntMap)),
        ("map", "map", "sqlite3", mapped(SqliteMap)),
        ("map", "map", "dict", mapped(Dictionary)),
        ("shelf", "shelf", "merge.py", shelved(shelf)),
        ("shelf", "shelf", "sqlite3", shelved(SqliteShelf)),
        ("ledger", "ledger, first run", "ledger.py", first_run(Ledger)),
        ("ledger", "ledger, first run", "sqlite3", first_run(SqliteLedger)),
        ("ledger", "ledger, second run", "ledger.py", second_run(Ledger)),
        ("ledger", "ledger, second run", "sqlite3", second_run(SqliteLedger)),
    ]
    rows += [measured(what, how, given.papers, work) for part, what, how, work in both if part in given.parts]
    if "ahead" in given.parts:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "papers.jsonl"
            written(file, given.papers)
            ways = {"itself": by_itself, "prefetch.py": by_prefetch, "concurrent.futures": by_futures}
            rows += [measured("ahead", how, given.papers, ahead(way, file)) for how, way in ways.items()]
    print(table(["part", "how", "papers", "s", "s of a core", "MB"], [_cells(row) for row in rows]))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def _cells(row: Measured) -> list[str]:
    return [
        row.what,
        row.how,
        f"{row.papers:,}",
        f"{row.seconds:.1f}",
        f"{row.cpu:.1f}",
        f"{row.megabytes:.0f}",
    ]


if __name__ == "__main__":
    main()
