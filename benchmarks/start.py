"""How long each command takes from a cold process on the index of ``corpus/``, and how much memory.

    python benchmarks/start.py [--runs 5]

Commands run in turn, round after round, so that what else the machine does hits all alike. Prints a table
of medians (wall time, CPU time, peak memory) and writes ``benchmarks/out/start.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "benchmarks" / "out" / "start.json"
QUESTION = "Why do physics-informed neural networks fail to train?"

COMMANDS = (
    ("--version",),
    ("--help",),
    ("config",),
    ("history",),
    ("show", "AG-2025.02-1023"),
    ("cite", "AG-2025.02-1023"),
    ("search", QUESTION),
    ("similar", "AG-2025.02-1023"),
    ("ask", QUESTION, "--extract"),
    ("check", "note.md"),
    ("index",),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds on the clock and of the processor, peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def measured(arguments: tuple[str, ...], folder: Path) -> Run:
    """Run agq once in ``folder``."""
    command = [sys.executable, "-m", "agq", *arguments]
    environ = os.environ | {"HOME": str(folder / "home")}
    started = time.perf_counter()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit((folder / "output").read_text(encoding="utf-8"))
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def medians(runs: list[Run]) -> Run:
    """The median of each figure."""
    values = [statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "peak")]
    return Run(*(round(value, 3) for value in values))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    rounds = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="agq-start-") as place:
        folder = Path(place)
        (folder / "home").mkdir()
        (folder / "corpus").symlink_to(ROOT / "corpus")
        measured(("index", "corpus", "--quiet"), folder)
        measured(("ask", QUESTION, "-o", "note.md", "--quiet"), folder)
        runs = [{command: measured(command, folder) for command in COMMANDS} for _ in range(rounds)]
    found = {command[0]: medians([one[command] for one in runs]) for command in COMMANDS}
    print(f"{'command':<12}{'wall s':>8}{'CPU s':>8}{'peak MiB':>10}")
    for name, run in found.items():
        print(f"{name:<12}{run.wall:>8.2f}{run.cpu:>8.2f}{run.peak:>10.0f}")
    OUT.parent.mkdir(exist_ok=True)
    figures = {"runs": rounds, "commands": {name: asdict(run) for name, run in found.items()}}
    OUT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
