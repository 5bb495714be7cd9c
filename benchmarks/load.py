"""Many askers at once while the index is rebuilt under them, and many questions in one process.

``askers``: so many processes ask one index at once, again and again, while another rebuilds it without a
pause. Every answer is held against the one of a quiet index. ``questions``: one process asks so many
questions in a row; its memory after each tenth.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import yaml

from agq.config import Environment, load
from agq.embedders import open_encoder
from agq.index import open_index
from agq.pipeline import Task, answerer_for, ask

ROOT = Path(__file__).resolve().parents[1]
AGQ = [sys.executable, "-m", "agq"]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What came of asking a crowd's questions: ``other`` answers are not those of the quiet index."""

    askers: int
    asked: int
    failed: int
    other: int
    rebuilds: int
    seconds_median: float
    seconds_slowest: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident megabytes of one process, after each tenth of its questions."""

    questions: int
    megabytes: tuple[float, ...]
    seconds: float


def questions() -> list[str]:
    """The graded questions that ship with the project."""
    files = sorted((ROOT / "seeds").glob("*.y*ml"))
    return [str(item["question"]) for file in files for item in yaml.safe_load(file.read_text("utf-8"))]


def crowd(index: Path, askers: int, rounds: int, environ: dict[str, str]) -> Crowd:
    """Ask with a crowd while the index is rebuilt."""
    asked = questions()[:askers]
    quiet = [_answer(index, question, environ)[0] for question in asked]
    done = threading.Event()
    rebuilds = [0]
    builder = threading.Thread(target=_rebuild, args=(index, environ, done, rebuilds))
    builder.start()
    try:
        with ThreadPoolExecutor(askers) as pool:
            runs = [list(pool.map(lambda q: _answer(index, q, environ), asked)) for _ in range(rounds)]
    finally:
        done.set()
        builder.join()
    answers = [(found, quiet[n]) for run in runs for n, (found, _) in enumerate(run)]
    seconds = sorted(took for run in runs for _, took in run)
    return Crowd(
        askers,
        len(answers),
        sum(found is None for found, _ in answers),
        sum(found is not None and found != expected for found, expected in answers),
        rebuilds[0],
        round(seconds[len(seconds) // 2], 2),
        round(seconds[-1], 2),
    )


def _answer(index: Path, question: str, environ: dict[str, str]) -> tuple[object, float]:
    """The answer's text and sources, or None where the run failed; the seconds it took."""
    start = time.perf_counter()
    command = [*AGQ, "--index", str(index), "ask", "--extract", "--no-history", "-f", "json", question]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode not in {0, 3}:
        sys.stderr.write(done.stderr)
        return None, took
    told = json.loads(done.stdout)
    return (told["answer"], [(source["id"], source["match"]) for source in told["sources"]]), took


def _rebuild(index: Path, environ: dict[str, str], done: threading.Event, count: list[int]) -> None:
    command = [*AGQ, "--index", str(index), "--quiet", "index", "--rebuild", str(ROOT / "corpus")]
    while not done.is_set():
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
        count[0] += 1


def memory(index: Path, n: int) -> Memory:
    """Ask ``n`` questions in this process."""
    asked = questions()
    found: list[float] = []
    start = time.perf_counter()
    settings = replace(load(Environment(ROOT, {"HOME": "/nonexistent"})), index=index)
    with open_index(index, load_encoder=open_encoder) as opened:
        embedder = opened.embedder()
        answerer = answerer_for(settings, opened, embedder, Environment.here().cache)
        for at in range(1, n + 1):
            task = Task(f"{asked[at % len(asked)]} ({at})")
            for _ in ask(opened, embedder, task, answerer):
                pass
            if at % max(n // 10, 1) == 0:
                found.append(_resident())
                sys.stderr.write(f"{at} questions, {found[-1]} MB\n")
    return Memory(n, tuple(found), round(time.perf_counter() - start, 1))


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run both; print a table and write JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--askers", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--questions", type=int, default=1000)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        environ = {"PATH": os.environ["PATH"], "HOME": folder, "OMP_NUM_THREADS": "1"}
        environ["PYTHONPATH"] = str(ROOT / "src")
        index = Path(folder, "index")
        build = [*AGQ, "--index", str(index), "--quiet", "index", str(ROOT / "corpus")]
        subprocess.run(build, env=environ, check=True)
        held = memory(index, given.questions)
        print(
            f"{held.questions} questions in {held.seconds} s; MB after each tenth: {held.megabytes}",
            flush=True,
        )
        crowded = crowd(index, given.askers, given.rounds, environ)
    print(f"{crowded.askers} askers, {crowded.asked} questions during {crowded.rebuilds} rebuilds: ", end="")
    print(f"{crowded.failed} failed, {crowded.other} other answers; ", end="")
    print(f"{crowded.seconds_median} s in the middle, {crowded.seconds_slowest} s the slowest")
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    figures = {"memory": asdict(held), "crowd": asdict(crowded)}
    (out / "load.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
