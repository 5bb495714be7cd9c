"""Building on a Ray cluster of this machine: held against one process, and with its processes killed.

``rate``: one file by both engines. Papers, merges and rejections have to be the same, row by row, and the
same papers have to come up for questions (titles of papers by chance). Where others use the machine too, a
wall clock tells little: processor seconds of all processes, workers included, are told beside it.

``kills``: workers and drivers ended by SIGKILL at random moments while a file is indexed with vectors. After
each driver the run is begun anew. At the end the index has to hold what one process would have made of it.
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
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from agq.embedders import open_encoder
from agq.gather import Query as Question
from agq.gather import gather
from agq.index import open_index
from agq.index.engine import open_table
from agq.index.layout import current_generation
from agq.index.query import TableQuery
from agq.index.schema import table_schema
from ray_cluster import cluster

OUT = Path(__file__).resolve().parent / "out"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
STORE = 10**9
"""Bytes of a node's object store."""


@dataclass
class Watched:
    """Processor seconds of processes by pid, ended ones included, and the most memory each kind took."""

    seconds: dict[int, float] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)

    def look(self, *roots: int) -> None:
        """Note all descendants of some processes."""
        for pid, (_, name, seconds, resident) in below(roots).items():
            self.seconds[pid] = max(seconds, self.seconds.get(pid, 0.0))
            self.memory[name] = max(resident, self.memory.get(name, 0))

    @property
    def total(self) -> float:
        """Processor seconds in all."""
        return sum(self.seconds.values())


def below(roots: tuple[int, ...]) -> dict[int, tuple[int, str, float, int]]:
    """Some processes and all that they started: parent, name, processor seconds, memory of their own."""
    found: dict[int, tuple[int, str, float, int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, IndexError, ValueError):
                found[int(folder.name)] = _process(folder)
    wanted, grown = set(roots), True
    while grown:
        more = {pid for pid, (parent, *_) in found.items() if parent in wanted} - wanted
        wanted, grown = wanted | more, bool(more)
    return {pid: about for pid, about in found.items() if pid in wanted}


def _process(folder: Path) -> tuple[int, str, float, int]:
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    said = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")[0]
    _, resident, shared, *_ = map(int, (folder / "statm").read_text().split())
    seconds = (int(fields[11]) + int(fields[12])) / TICKS
    return (
        int(fields[1]),
        said if said.startswith("ray::") else Path(said).name,
        seconds,
        (resident - shared) * PAGE,
    )


def run(index: Path, source: Path, *options: str) -> subprocess.Popen[str]:
    """``agq index`` in a process of its own."""
    command = [sys.executable, "-m", "agq", "index", str(source), "--json", "--index", str(index), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def watched(process: subprocess.Popen[str], *others: int) -> tuple[dict[str, Any], Watched, float]:
    """A run to its end: its report, its processes, the seconds it took."""
    watch, before, began = Watched(), Watched(), time.perf_counter()
    before.look(*others)
    while process.poll() is None:
        watch.look(process.pid, *others)
        time.sleep(0.25)
    seconds = time.perf_counter() - began
    out, err = process.communicate()
    if process.returncode:
        raise SystemExit(err)
    for pid, spent in before.seconds.items():
        watch.seconds[pid] = watch.seconds.get(pid, spent) - spent
    return json.loads(out), watch, seconds


def rows(index: Path) -> dict[str, dict[str, Any]]:
    """What an index holds, vectors left out; doubled papers end the benchmark."""
    table = open_table(current_generation(index))
    names = [name for name in table_schema(384).names if name != "vector"]
    found = [row for batch in table.batches(TableQuery(names)) for row in batch.to_pylist()]
    table.close()
    held = {row["id"]: row for row in found}
    assert len(held) == len(found), "a paper stands in it twice"
    return held


def answers(index: Path, questions: list[str]) -> list[list[tuple[str, float]]]:
    """What comes up for each question, with its match."""
    with open_index(index, load_encoder=open_encoder) as reader:
        found = [gather(reader, reader.embedder(), Question(one)) for one in questions]
    return [[(source.paper.id, round(source.match, 3)) for source in one.sources] for one in found]


def rate(source: Path, folder: Path, nodes: int, later: bool) -> dict[str, Any]:
    """One file by both engines."""
    options = ["--later"] if later else []
    local, mine, local_seconds = watched(run(folder / "local", source, *options))
    with cluster(nodes, STORE) as of:
        ray, theirs, ray_seconds = watched(
            run(folder / "ray", source, "--engine", "ray", "--address", of.address, *options), of.process.pid
        )
    one, other = rows(folder / "local"), rows(folder / "ray")
    titles = [one[id_]["title"] for id_ in random.Random(1).sample(sorted(one), min(100, len(one)))]
    asked = answers(folder / "local", titles), answers(folder / "ray", titles)
    counts = ("papers", "added", "merged", "rejected")
    return {
        "papers": local["papers"],
        "merged": local["merged"],
        "rejected": len(local["rejected"]),
        "the same papers, row by row": one == other,
        "the same report": all(local[name] == ray[name] for name in counts),
        "questions with the same answers": sum(a == b for a, b in zip(*asked, strict=True)),
        "questions": len(titles),
        "local: seconds, processor seconds": [round(local_seconds, 1), round(mine.total, 1)],
        "ray: seconds, processor seconds": [round(ray_seconds, 1), round(theirs.total, 1)],
        "ray: most memory by process, MB": {
            name: held // 10**6 for name, held in sorted(theirs.memory.items()) if held > 20 * 10**6
        },
    }


def kills(source: Path, folder: Path, workers: int, drivers: int, seed: int) -> dict[str, Any]:
    """Workers and drivers killed; what the index holds in the end."""
    chance = random.Random(seed)
    watched(run(folder / "local", source))
    killed = {"workers": 0, "drivers": 0}
    stages: dict[str, int] = {}
    with cluster(2, STORE) as of:
        options = ("--engine", "ray", "--address", of.address, "--rebuild")
        running = run(folder / "ray", source, *options)
        while killed["workers"] < workers or killed["drivers"] < drivers:
            time.sleep(chance.uniform(0.5, 4.0))
            if running.poll() is not None:
                assert running.returncode == 0, running.communicate()[1]
                running = run(folder / "ray", source, *options)
                continue
            busy = of.busy()
            if killed["drivers"] < drivers and chance.random() < drivers / (workers + drivers):
                running.send_signal(signal.SIGKILL)
                running.communicate()
                killed["drivers"] += 1
                running = run(folder / "ray", source, *options)
            elif busy and killed["workers"] < workers:
                victim = chance.choice(sorted(busy))
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    killed["workers"] += 1
                    stages[busy[victim]] = stages.get(busy[victim], 0) + 1
        out, err = running.communicate()
        assert running.returncode == 0, err
    one, other = rows(folder / "local"), rows(folder / "ray")
    report = json.loads(out)
    return {
        "killed": killed,
        "workers were at": stages,
        "papers": len(one),
        "lost": len(one.keys() - other.keys()),
        "doubled or foreign": len(other.keys() - one.keys()),
        "changed": sum(one[id_] != other[id_] for id_ in one.keys() & other.keys()),
        "without a vector": report["papers"] - _vectors(folder / "ray"),
        "generations left": len(list((folder / "ray" / "generations").iterdir())),
    }


def _vectors(index: Path) -> int:
    with open_index(index) as reader:
        return reader.state.vectors


def main() -> None:
    """Run what is asked for and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["rate", "kills"])
    parser.add_argument("source", type=Path)
    parser.add_argument("--nodes", type=int, default=2)
    parser.add_argument("--later", action="store_true", help="no vectors")
    parser.add_argument("--workers", type=int, default=20)
    parser.add_argument("--drivers", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    measures: Mapping[str, Callable[[Path], dict[str, Any]]] = {
        "rate": lambda folder: rate(asked.source, folder, asked.nodes, asked.later),
        "kills": lambda folder: kills(asked.source, folder, asked.workers, asked.drivers, asked.seed),
    }
    with tempfile.TemporaryDirectory() as folder:
        figures = measures[asked.what](Path(folder))
    asked.out.mkdir(exist_ok=True)
    (asked.out / f"cluster-{asked.what}.json").write_text(json.dumps(figures, indent=1))
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
