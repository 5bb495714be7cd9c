"""Kill an index run at random moments, again and again, while others ask; count what is broken, lost or
doubled.

Each round starts a run (a first build, an update, a ``--rebuild``) as a process of its own and ends it
with SIGKILL after a random time. Then the index is opened and looked through. Every few rounds a run is
let finish, and the index has to hold the source's papers exactly, with a vector each, having encoded no
more than what was missing. Meanwhile askers open the index, ask it by text and by vector, and note every
failure. The source is padded so that a process of its own reads it; one that outlives its run is counted.
The figures so far are written after each kill.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import yaml

from agq.embedders import prepared
from agq.engines.plan import Plan
from agq.errors import AgqError
from agq.index import open_index
from agq.index.layout import CURRENT
from agq.index.write import Progress
from agq.model import Paper
from agq.pipeline import build
from agq.readers import read
from agq.readers.prefetch import PREFETCH_BYTES_MIN
from agq.text.sentences import sentences

ROOT = Path(__file__).resolve().parents[1]
OUT = Path(__file__).resolve().parent / "out"

SPANS = {"started": 4.0, "read": 1.0, "encode": 4.0, "finish": 0.4}
"""Stages in which runs are killed, and for how many seconds at most after they begin."""

ROUNDS_TO_FINISH = 5
"""After so many kills a run is let finish."""

PAUSE = 1.0
"""Seconds between two questions of an asker: the runs need a part of the machine."""

PATIENCE = 60.0
"""Seconds in which all processes of a killed run must have ended."""

MARK = "KILLS_FOLDER"
"""A variable by which the processes of this benchmark are known, whoever their parent is by now."""


@dataclass
class Tally:
    """What happened. ``stages``: how many kills fell into each."""

    kills: int = 0
    finished: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    left_running: list[str] = field(default_factory=list)
    encoded_again: int = 0
    asked: int = 0
    failed_asks: list[str] = field(default_factory=list)


def texts(count: int) -> list[Paper]:
    """Short papers from the shipped cards: one sentence each, so that a run takes seconds."""
    files = sorted((ROOT / "corpus").glob("*.yaml"))
    cards = [card for file in files for card in yaml.safe_load(file.read_text())]
    made = [
        Paper(
            f"{card['id']}.{number}", f"{card['title']} ({number})", sentence, date=str(card.get("date", ""))
        )
        for card in cards
        for number, sentence in enumerate(sentences(card["abstract"]))
    ]
    return made[:count]


def write_source(file: Path, papers: Sequence[Paper]) -> None:
    """The papers as JSON Lines, with what no paper needs, so that they are worth a process that reads."""
    fields = ("id", "title", "abstract", "date")
    padding = {"comment": "-" * (PREFETCH_BYTES_MIN // max(len(papers), 1) + 1)}
    lines = [json.dumps({field: getattr(paper, field) for field in fields} | padding) for paper in papers]
    file.write_text("\n".join(lines) + "\n")


def varied(papers: Sequence[Paper], chance: random.Random) -> list[Paper]:
    """Another state of the source: one paper in ten gone, in ten with another abstract, in ten with
    another date."""
    made = []
    for paper in papers:
        lot = chance.random()
        if lot < 0.1:
            continue
        if lot < 0.2:
            made.append(replace(paper, abstract=f"{paper.abstract} Revised {chance.randrange(1000)}."))
        elif lot < 0.3:
            made.append(replace(paper, date=f"{chance.randrange(1990, 2026)}"))
        else:
            made.append(paper)
    return made


def child(source: Path, index: Path, cache: Path, rebuild: bool, stage: Path) -> None:
    """The run that gets killed: says which stage it is in, and at the end what it has encoded."""
    handle = stage.open("w", buffering=1)

    def tell(progress: Progress) -> None:
        handle.seek(0)
        handle.write(f"{progress.stage:<8}")

    handle.write("started ")
    built = build(index, Plan((str(source),), rebuild=rebuild), cache, tell)
    print(built.report.encoded)


def asker(index: Path, log: Path, seed: int) -> None:
    """Asks until it is told to stop: one line a success or a failure."""
    chance = np.random.default_rng(seed)
    stop = False

    def end(*_: object) -> None:
        nonlocal stop
        stop = True

    signal.signal(signal.SIGTERM, end)
    with log.open("w", buffering=1) as lines:
        while not stop:
            if (index / CURRENT).exists():
                lines.write(asked(index, chance) + "\n")
            time.sleep(PAUSE)


def asked(index: Path, chance: np.random.Generator) -> str:
    """One question, as ``ok`` or as what went wrong."""
    vector = chance.normal(size=384).astype(np.float32)
    vector /= np.linalg.norm(vector)
    try:
        with open_index(index) as opened:
            found = opened.textual("model data learning", 20)
            near = opened.nearest(vector, 20) if opened.state.vectors else []
            time.sleep(float(chance.random()) * 0.3)  # a reader takes its time, and the ground must not move
            again = opened.get([one.paper.id for one in (*found, *near)])
            wanted = {one.paper.id for one in (*found, *near)}
            if not found or {paper.id for paper in again} != wanted:
                return f"found {len(found)}, {len(again)} of {len(wanted)} again"
    except (AgqError, OSError, RuntimeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return "ok"


class Rounds:
    """The kills, one after another, on one index."""

    def __init__(self, folder: Path, papers: Sequence[Paper], seed: int) -> None:
        self.folder, self.papers = folder, papers
        self.index, self.source, self.stage = folder / "index", folder / "papers.jsonl", folder / "stage"
        self.cache = folder / "cache"
        self.chance = random.Random(seed)
        self.tally = Tally()
        self.known: dict[str, set[Paper]] = {}
        prepared(cache=self.cache)
        self._source(papers)

    def _source(self, papers: Sequence[Paper]) -> None:
        write_source(self.source, papers)
        items = [record.item for record in read([self.source])]  # what agq makes of it
        self.now = [item for item in items if isinstance(item, Paper)]
        for paper in self.now:
            self.known.setdefault(paper.id, set()).add(paper)

    def round(self, kind: str) -> None:
        """One run, killed."""
        if kind == "update":
            self._source(varied(self.papers, self.chance))
        process = self._started(rebuild=kind == "rebuild")
        self._wait_for(self.chance.choice(list(SPANS)), process)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            self.tally.kills += 1
            self.tally.kinds[kind] += 1
            self.tally.stages[self.stage.read_text().strip() or "started"] += 1
        elif process.returncode:
            self.tally.broken.append(f"{kind} ended by itself with {process.returncode}")
        process.communicate()
        self._none_left()
        self.look()

    def _wait_for(self, stage: str, process: subprocess.Popen[str]) -> None:
        """Until the run is somewhere in this stage, or has ended."""
        while process.poll() is None and self.stage.read_text().strip() not in (stage, "finish"):
            time.sleep(0.005)
        time.sleep(self.chance.uniform(0, SPANS[stage]))

    def _none_left(self) -> None:
        """What the run started must end by itself soon."""
        until = time.monotonic() + PATIENCE
        while (left := _running(self.folder)) and time.monotonic() < until:
            time.sleep(0.05)
        self.tally.left_running += left

    def look(self) -> None:
        """Whatever is there must open, and hold each paper once, in a state that its source had."""
        if not (self.index / CURRENT).exists():
            return
        try:
            with open_index(self.index) as opened:
                papers = list(opened.iterate())
        except AgqError as error:
            self.tally.broken.append(f"does not open: {error}")
            return
        doubled = len(papers) - len({paper.id for paper in papers})
        strange = sum(paper not in self.known.get(paper.id, ()) for paper in papers)
        if doubled or strange:
            self.tally.broken.append(f"{doubled} doubled, {strange} in a state that no source had")

    def finish(self, *, rebuild: bool = False) -> None:
        """A run to its end: exactly the source, a vector each, nothing encoded that was there."""
        missing = None if rebuild else self._missing()
        process = self._started(rebuild=rebuild)
        out, _ = process.communicate()
        self.tally.finished += 1
        if process.returncode:
            self.tally.broken.append(f"a whole run failed: {process.returncode}")
            return
        if missing is not None:
            self.tally.encoded_again += max(0, int(out) - missing)
        with open_index(self.index) as opened:
            held, vectors = set(opened.iterate()), opened.state.vectors
        if held != set(self.now) or vectors != len(held):
            lost, foreign = len(set(self.now) - held), len(held - set(self.now))
            self.tally.broken.append(f"after a whole run: {lost} lost, {foreign} too many, {vectors} vectors")

    def _missing(self) -> int | None:
        """How many of the source's papers have no vector of their present text."""
        if not (self.index / CURRENT).exists():
            return None
        with open_index(self.index) as opened:
            there = opened.candidates([paper.id for paper in self.now])
        ready = {(one.paper.id, one.paper.text) for one in there if one.vector is not None}
        return sum((paper.id, paper.text) not in ready for paper in self.now)

    def _started(self, *, rebuild: bool) -> subprocess.Popen[str]:
        self.stage.write_text("started")
        task = ["--child", str(self.folder), *(["--rebuild"] if rebuild else [])]
        return subprocess.Popen(
            [sys.executable, __file__, *task],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | {MARK: str(self.folder)},
        )


def _running(folder: Path) -> list[str]:
    """The runs in this folder, and what they have started, that are there now."""
    mark, found = f"{MARK}={folder}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


def kill(folder: Path, given: argparse.Namespace, so_far: Callable[[Tally], None]) -> Tally:
    """So many kills, then what they did; ``so_far`` is told after each."""
    rounds = Rounds(folder, texts(given.papers), given.seed)
    logs = [folder / f"asker{number}.log" for number in range(given.askers)]
    asking = [
        subprocess.Popen([sys.executable, __file__, "--asker", str(folder), "--seed", str(number)])
        for number in range(given.askers)
    ]
    try:
        while rounds.tally.kills < given.kills:
            kinds = ["update", "update", "rebuild"] if (rounds.index / CURRENT).exists() else ["first"]
            rounds.round(rounds.chance.choice(kinds))
            if rounds.tally.kills % ROUNDS_TO_FINISH == 0:
                rounds.finish(rebuild=rounds.chance.random() < 0.3)
            _count_asks(rounds.tally, logs)
            so_far(rounds.tally)
        rounds.finish()
    finally:
        for one in asking:
            one.terminate()
        for one in asking:
            one.wait()
    _count_asks(rounds.tally, logs)
    return rounds.tally


def _count_asks(tally: Tally, logs: Sequence[Path]) -> None:
    lines = [line for log in logs if log.exists() for line in log.read_text().splitlines()]
    tally.asked = len(lines)
    tally.failed_asks = [line for line in lines if line != "ok"]


def figures(tally: Tally, seconds: float) -> dict[str, object]:
    """What is printed and written."""
    return {
        "kills": tally.kills,
        "by stage": dict(tally.stages),
        "by kind of run": dict(tally.kinds),
        "runs let finish": tally.finished,
        "broken, lost or doubled": tally.broken,
        "processes left running": tally.left_running,
        "papers encoded again": tally.encoded_again,
        "asked meanwhile": tally.asked,
        "failed asks": tally.failed_asks,
        "seconds": round(seconds),
    }


def show(told: Mapping[str, object]) -> None:
    """The figures as a table."""
    for name, value in told.items():
        print(f"{name:<26}{len(value) if isinstance(value, list) else value}")
        for line in value[:10] if isinstance(value, list) else ():
            print(f"    {line}")


def main() -> None:
    """``--child`` and ``--asker`` are for the processes that this starts itself."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--papers", type=int, default=300)
    parser.add_argument("--askers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=OUT, help="a folder for the JSON")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--asker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--rebuild", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        folder = given.child
        child(folder / "papers.jsonl", folder / "index", folder / "cache", given.rebuild, folder / "stage")
    elif given.asker:
        asker(given.asker / "index", given.asker / f"asker{given.seed}.log", given.seed)
    else:
        raise SystemExit(_measured(given))


def _measured(given: argparse.Namespace) -> int:
    """Kill, show, write; 1 where anything was wrong."""
    started = time.perf_counter()
    given.out.mkdir(exist_ok=True)

    def so_far(tally: Tally) -> None:
        told = figures(tally, time.perf_counter() - started)
        (given.out / "kills.json").write_text(json.dumps(told, indent=1) + "\n")
        print(
            f"{tally.kills} kills in {told['seconds']} s, {len(tally.broken)} broken, {tally.asked} asked, "
            f"{len(tally.failed_asks)} failed",
            file=sys.stderr,
            flush=True,
        )

    with tempfile.TemporaryDirectory() as folder:
        tally = kill(Path(folder), given, so_far)
    so_far(tally)
    show(figures(tally, time.perf_counter() - started))
    return bool(tally.broken or tally.failed_asks or tally.encoded_again or tally.left_running)


if __name__ == "__main__":
    main()
