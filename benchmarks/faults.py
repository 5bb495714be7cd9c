"""Send signals to agq at random moments, in every command, and count what is lost, broken or told badly.

Each round runs a command, waits a random time, and ends it by SIGKILL, SIGTERM, SIGINT, SIGHUP, or by closing
the reader of its output (SIGPIPE). Then: was there a traceback of agq's, is the index whole and complete,
does it still answer as it did, does the history open with no answer gone, is a file that was to be written
whole or not there at all, is what came out on stdout the beginning of what a quiet run says?
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
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from agq.config import Environment, load
from agq.embedders import open_encoder
from agq.errors import AgqError
from agq.history import open_history
from agq.index import open_index
from agq.model import Paper
from agq.pipeline import Task, answerer_for, ask

ROOT = Path(__file__).resolve().parents[1]
AGQ = [sys.executable, "-m", "agq"]
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGPIPE")
QUESTION = "How do neural operators compare with finite element solvers?"
ENDS = "check the sources"
CHANGING = 20
"""Papers of a second source that every index run finds changed, and so writes and encodes."""

ASKED_EVERY = 8
"""After so many rounds of a command that only reads, the index is asked; after each of one that writes."""


@dataclass
class Row:
    """What came of the rounds of one command.

    ``reached``: those in which the signal found it running. ``wrong``: papers, answers or words on stdout
    that are not those of a quiet run.
    """

    rounds: int = 0
    reached: int = 0
    tracebacks: list[str] = field(default_factory=list)
    broken_index: int = 0
    lost_papers: int = 0
    lost_answers: int = 0
    half_files: int = 0
    wrong: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)


COUNTED = (
    "rounds",
    "reached",
    "tracebacks",
    "broken_index",
    "lost_papers",
    "lost_answers",
    "half_files",
    "wrong",
)


@dataclass(frozen=True, slots=True)
class Quiet:
    """What a command does when nobody disturbs it. ``said`` is None where two runs do not say the same."""

    said: bytes | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Bench:
    """Where it all happens."""

    folder: Path
    environ: Mapping[str, str]

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def history(self) -> Path:
        return self.folder / ".local" / "state" / "agq" / "history.db"

    @property
    def out(self) -> Path:
        return self.folder / "out.md"

    @property
    def changing(self) -> Path:
        return self.folder / "changing.jsonl"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [*AGQ, "--index", str(self.index), *arguments]
        return subprocess.run(command, env=self.environ, cwd=self.folder, capture_output=True, check=False)

    def started(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [*AGQ, "--index", str(self.index), *arguments]
        return subprocess.Popen(
            command,
            env=self.environ,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def change(self, turn: int) -> None:
        """Another state of the second source, far from what is asked."""
        cards = [
            {
                "id": f"sheep-{n}",
                "title": f"Wool prices in parish {n}",
                "abstract": f"Ledger {turn} of parish {n}.",
            }
            for n in range(CHANGING)
        ]
        self.changing.write_text("\n".join(map(json.dumps, cards)) + "\n", encoding="utf-8")


def commands(bench: Bench) -> dict[str, list[str]]:
    """Every command, each with something to do."""
    note = bench.folder / "note.md"
    sources = [str(ROOT / "corpus"), str(bench.changing)]
    return {
        "index": ["index", *sources],
        "index --rebuild": ["index", "--rebuild", *sources],
        "ask": ["ask", QUESTION],
        "ask -o": ["ask", QUESTION, "-o", str(bench.out), "--force"],
        "search": ["search", QUESTION],
        "similar": ["similar", "2505.10949"],
        "show": ["show", "2505.10949"],
        "cite": ["cite", "2505.10949"],
        "check": ["check", str(note)],
        "history": ["history"],
        "more": ["more", "1"],
        "eval": ["eval", str(ROOT / "seeds")],
        "doctor": ["doctor"],
        "config": ["config"],
        "help": ["help", "settings"],
    }


def rounds(bench: Bench, name: str, arguments: Sequence[str], n: int, chance: random.Random) -> Row:
    """Signal one command ``n`` times."""
    row = Row()
    quiet = _quiet(bench, arguments)
    papers, answer, answers = _papers(bench), _asked(bench), _answers(bench)
    assert papers is not None
    for at in range(n):
        bench.out.unlink(missing_ok=True)
        if name.startswith("index"):
            bench.change(at)
        _one(bench, arguments, SIGNALS[at % len(SIGNALS)], quiet, chance, row)
        _look(bench, papers, row)
        if (name.startswith("index") or at % ASKED_EVERY == 0) and _asked(bench) != answer:
            row.wrong.append("another answer than before")
        now = _answers(bench)
        row.lost_answers += max(answers - now, 0)
        answers = max(answers, now)
    sys.stderr.write(f"{name}: {row}\n")
    return row


def _quiet(bench: Bench, arguments: Sequence[str]) -> Quiet:
    first = bench.run(*arguments)
    start = time.monotonic()
    second = bench.run(*arguments)
    return Quiet(second.stdout if first.stdout == second.stdout else None, time.monotonic() - start)


def _one(
    bench: Bench, arguments: Sequence[str], sent: str, quiet: Quiet, chance: random.Random, row: Row
) -> None:
    row.rounds += 1
    running = bench.started(*arguments)
    assert running.stdout is not None
    assert running.stderr is not None
    time.sleep(chance.uniform(0.02, quiet.seconds))
    row.reached += running.poll() is None
    if sent == "SIGPIPE":
        running.stdout.close()
        said, told = b"", running.stderr.read()
        running.wait()
    else:
        running.send_signal(getattr(signal, sent))
        said, told = running.communicate()
    code = f"{sent} {running.returncode}"
    row.codes[code] = row.codes.get(code, 0) + 1
    if b"agq" in told.partition(b"Traceback")[2] or b"Exception ignored" in told:
        row.tracebacks.append(f"{sent}: {told.decode(errors='replace')[-300:]}")
    if quiet.said is not None and not quiet.said.startswith(said):
        row.wrong.append(f"{sent}: said {said[-200:]!r}")
    if quiet.said and sent != "SIGPIPE" and running.returncode == 0 and said != quiet.said:
        row.wrong.append(f"{sent}: ended well with {len(said)} of {len(quiet.said)} bytes")


def _look(bench: Bench, papers: frozenset[Paper], row: Row) -> None:
    """Whether papers and file are what they were."""
    held = _papers(bench)
    row.broken_index += held is None
    row.lost_papers += len({paper.id for paper in papers} - {paper.id for paper in held or ()})
    if held is not None and _steady(held) != _steady(papers):
        row.wrong.append("papers are not what they were")
    row.half_files += bench.out.exists() and ENDS not in bench.out.read_text(encoding="utf-8")


def _steady(papers: frozenset[Paper]) -> frozenset[Paper]:
    """Without those that each index run finds changed."""
    return frozenset(paper for paper in papers if not paper.id.startswith("sheep-"))


def _papers(bench: Bench) -> frozenset[Paper] | None:
    try:
        with open_index(bench.index) as index:
            return frozenset(index.iterate())
    except AgqError as error:
        sys.stderr.write(f"{error}\n")
        return None


def _asked(bench: Bench) -> object:
    """The sources of the question and its answer's text."""
    settings = replace(load(Environment(ROOT, {"HOME": str(bench.folder)})), index=bench.index)
    with open_index(bench.index, load_encoder=open_encoder) as index:
        embedder = index.embedder()
        answerer = answerer_for(settings, index, embedder, bench.folder / "cache")
        answer = ask(index, embedder, Task(QUESTION), answerer).answer
    return answer.text, [source.paper.id for source in answer.sources]


def _answers(bench: Bench) -> int:
    with open_history(bench.history) as log:
        return len(log.search(limit=100_000))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all; print a table and write JSON after each command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=40, help="a command")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--only", action="append", default=[], metavar="COMMAND", help="such as 'ask -o'")
    given = parser.parse_args(arguments)
    _heed_signals()
    chance = random.Random(given.seed)
    out = ROOT / "benchmarks" / "out" / "faults.json"
    out.parent.mkdir(exist_ok=True)
    rows: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = _bench(Path(folder))
        for name, command in commands(bench).items():
            if not given.only or name in given.only:
                rows[name] = rounds(bench, name, command, given.rounds, chance)
                told = {name: asdict(row) for name, row in rows.items()}
                out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        well = bench.run("doctor")
    _print(rows)
    print(f"doctor afterwards: exit {well.returncode}")


def _heed_signals() -> None:
    """Started behind `&` or by `nohup`, this would hand on to its children that they ignore signals."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _bench(folder: Path) -> Bench:
    """An index, an answer in the history, and a note."""
    bench = Bench(folder, {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT / "src")})
    bench.change(0)
    done = bench.run("index", str(ROOT / "corpus"), str(bench.changing))
    assert done.returncode == 0, done.stderr
    (folder / "note.md").write_bytes(bench.run("ask", QUESTION).stdout)
    return bench


def _print(rows: Mapping[str, Row]) -> None:
    print(f"{'command':<16} " + " ".join(f"{name.replace('_', ' '):>12}" for name in COUNTED))
    for name, row in rows.items():
        values = (getattr(row, counted) for counted in COUNTED)
        counts = (len(value) if isinstance(value, list) else value for value in values)
        print(f"{name:<16} " + " ".join(f"{count:>12}" for count in counts))


if __name__ == "__main__":
    main()
