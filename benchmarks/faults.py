"""Send signals to agq at random moments, in every command, and count what is lost, broken or told badly.

Each round runs a command, waits a random time, and ends it by SIGKILL, SIGTERM, SIGINT, SIGHUP, or by closing
the reader of its output (SIGPIPE). Then: was there a traceback of agq's, is the index whole and complete,
does the history open with no answer gone, is a file that was to be written whole or not there at all?
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
from dataclasses import asdict, dataclass, field
from pathlib import Path

from agq.history import open_history
from agq.index import open_index

ROOT = Path(__file__).resolve().parents[1]
AGQ = [sys.executable, "-m", "agq"]
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGPIPE")
QUESTION = "How do neural operators compare with finite element solvers?"
ENDS = "check the sources"


@dataclass
class Row:
    """What came of the rounds of one command. ``reached``: those in which the signal found it running."""

    rounds: int = 0
    reached: int = 0
    tracebacks: list[str] = field(default_factory=list)
    broken_index: int = 0
    lost_papers: int = 0
    lost_answers: int = 0
    half_files: int = 0
    codes: dict[str, int] = field(default_factory=dict)


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

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*AGQ, "--index", str(self.index), *arguments]
        return subprocess.run(
            command, env=self.environ, cwd=self.folder, capture_output=True, text=True, check=False
        )

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


def commands(bench: Bench) -> dict[str, list[str]]:
    """Every command, each with something to do."""
    note = bench.folder / "note.md"
    corpus = str(ROOT / "corpus")
    return {
        "index": ["index", corpus],
        "index --rebuild": ["index", "--rebuild", corpus],
        "ask": ["ask", QUESTION],
        "ask -o": ["ask", QUESTION, "-o", str(bench.folder / "out.md"), "--force"],
        "search": ["search", QUESTION],
        "similar": ["similar", "2505.10949"],
        "show": ["show", "2505.10949"],
        "cite": ["cite", "2505.10949"],
        "check": ["check", str(note)],
        "history": ["history"],
        "more": ["more", "1"],
        "doctor": ["doctor"],
        "config": ["config"],
    }


def rounds(bench: Bench, name: str, arguments: Sequence[str], n: int, chance: random.Random) -> Row:
    """Signal one command ``n`` times."""
    row = Row()
    start = time.monotonic()
    bench.run(*arguments)
    takes = time.monotonic() - start
    papers, answers = _papers(bench), _answers(bench)
    for at in range(n):
        (bench.folder / "out.md").unlink(missing_ok=True)
        sent = SIGNALS[at % len(SIGNALS)]
        _one(bench, arguments, sent, chance.uniform(0.02, takes), row)
        held = _papers(bench)
        row.broken_index += held is None
        row.lost_papers += max((papers or 0) - (held or 0), 0)
        now = _answers(bench)
        row.lost_answers += max(answers - now, 0)
        answers = max(answers, now)
        out = bench.folder / "out.md"
        row.half_files += out.exists() and ENDS not in out.read_text(encoding="utf-8")
    sys.stderr.write(f"{name}: {row}\n")
    return row


def _one(bench: Bench, arguments: Sequence[str], sent: str, after: float, row: Row) -> None:
    row.rounds += 1
    running = bench.started(*arguments)
    assert running.stdout is not None
    if sent == "SIGPIPE":
        running.stdout.close()
        told = running.stderr.read() if running.stderr else b""
        running.wait()
        row.reached += 1
    else:
        time.sleep(after)
        row.reached += running.poll() is None
        running.send_signal(getattr(signal, sent))
        _, told = running.communicate()
    code = f"{sent} {running.returncode}"
    row.codes[code] = row.codes.get(code, 0) + 1
    if b"agq" in told.partition(b"Traceback")[2] or b"Exception ignored" in told:
        row.tracebacks.append(f"{sent}: {told.decode(errors='replace')[-300:]}")


def _papers(bench: Bench) -> int | None:
    try:
        with open_index(bench.index) as index:
            return len(index.ids())
    except Exception as error:  # whatever it is, the index is broken
        sys.stderr.write(f"{error}\n")
        return None


def _answers(bench: Bench) -> int:
    with open_history(bench.history) as log:
        return len(log.search(limit=100_000))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all; print a table and write JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=40, help="a command")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--only", action="append", default=[], metavar="COMMAND", help="such as 'ask -o'")
    given = parser.parse_args(arguments)
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), {"PATH": os.environ["PATH"], "HOME": folder})
        done = bench.run("index", str(ROOT / "corpus"))
        assert done.returncode == 0, done.stderr
        asked = bench.run("ask", QUESTION)
        (bench.folder / "note.md").write_text(asked.stdout, encoding="utf-8")
        rows = {
            name: rounds(bench, name, command, given.rounds, chance)
            for name, command in commands(bench).items()
            if not given.only or name in given.only
        }
        well = bench.run("doctor")
    print(f"{'command':<16} rounds reached tracebacks broken lost papers lost answers half files")
    for name, row in rows.items():
        counts = (row.rounds, row.reached, len(row.tracebacks), row.broken_index, row.lost_papers)
        print(f"{name:<16} " + " ".join(f"{c:>7}" for c in (*counts, row.lost_answers, row.half_files)))
    print(f"doctor afterwards: exit {well.returncode}")
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    told = {name: asdict(row) for name, row in rows.items()}
    (out / "faults.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
