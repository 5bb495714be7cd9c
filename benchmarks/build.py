"""An index of a large file: time to the first answer and to the last vector, memory, size, and runs after it.

Each run is ``agq index`` as a process of its own, watched from outside: when the index first answers a
question from text, when it is done, the most memory it held (of the process that writes or the one that
reads ahead for it, whichever held more). Then once more with nothing changed, and with one paper in a hundred
changed, half of them in what is encoded, half in what is only stored.

``--start INDEX`` takes the vectors from an index of the same papers, so that only the changed ones are
encoded: the first run then finds all papers under another path, and writes their rows anew.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agq.errors import IndexUnusable
from agq.index import open_index

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "arxiv" / "arxiv-metadata-40k.jsonl.gz"
OUT = Path(__file__).resolve().parent / "out"
QUESTION = "neural network training dynamics"


class Watched:
    """One ``agq index`` in a process of its own, and what is seen of it from outside."""

    def __init__(self, folder: Path, *options: str) -> None:
        index, source = folder / "index", folder / "papers.jsonl.gz"
        command = [
            sys.executable,
            "-m",
            "agq",
            "--index",
            str(index),
            "index",
            str(source),
            "--json",
            *options,
        ]
        self._index, self._new = index, not (index / "current").exists()
        self._out, self._error = folder / "out", folder / "error"
        self._started = time.perf_counter()
        with self._out.open("w") as out, self._error.open("w") as error:
            environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache")}
            self._process = subprocess.Popen(command, stdout=out, stderr=error, env=environment)

    def figures(self) -> dict[str, Any]:
        """Wait for the end; its report and the figures."""
        first, status, used = self._watch()
        seconds = time.perf_counter() - self._started
        if status:
            raise SystemExit(self._error.read_text())
        told = json.loads(self._out.read_text())
        return {
            "papers": told["papers"],
            "added, updated, unchanged": [told[key] for key in ("added", "updated", "unchanged")],
            "merged, rejected": [told["merged"], len(told["rejected"])],
            "first answer, s": first,
            "seconds": round(seconds, 1),
            "processor seconds": round(used.ru_utime + used.ru_stime, 1),
            "peak memory, MB": used.ru_maxrss // 1024,
            "load average": round(os.getloadavg()[0], 1),
        }

    def _watch(self) -> tuple[float | None, int, resource.struct_rusage]:
        first = None
        while True:
            process, status, used = os.wait4(self._process.pid, os.WNOHANG)
            if process:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                return first, self._process.returncode, used
            if self._new and first is None and self._answers():
                first = round(time.perf_counter() - self._started, 1)
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with open_index(self._index) as opened:
                return bool(opened.textual(QUESTION, 5))
        except IndexUnusable:
            return False


def records(file: Path) -> Iterator[dict[str, Any]]:
    """The records of a packed JSON Lines file."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def copied(file: Path, to: Path, *, count: int | None = None, change: float = 0.0) -> None:
    """The first ``count`` records, a share of them changed in turns: another abstract, another category."""
    chance = random.Random(0)
    with gzip.open(to, "wt", encoding="utf-8", compresslevel=1) as out:
        for number, record in enumerate(records(file)):
            if number == count:
                break
            if chance.random() < change:
                part = "abstract" if chance.random() < 0.5 else "categories"
                record[part] = f"{record[part]} {'Revised.' if part == 'abstract' else 'math.HO'}"
            out.write(json.dumps(record) + "\n")


def size(index: Path) -> int:
    """Megabytes on disk."""
    return sum(file.stat().st_size for file in index.rglob("*") if file.is_file()) // 1_000_000


def measured(
    folder: Path, data: Path, count: int | None, options: list[str], start: Path | None
) -> dict[str, Any]:
    """A first run, one with nothing changed, one with 1 % changed."""
    index, source = folder / "index", folder / "papers.jsonl.gz"
    copied(data, source, count=count)
    if start:
        shutil.copytree(start, index)
    figures: dict[str, Any] = {"first run": Watched(folder, *options).figures()}
    figures["size, MB"] = size(index)
    figures["nothing changed"] = Watched(folder, *options).figures()
    copied(data, source, count=count, change=0.01)
    figures["1 % changed"] = Watched(folder, *options).figures()
    figures["size then, MB"] = size(index)
    return figures


def main() -> None:
    """Print the figures, keep them as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="packed JSON Lines in arXiv's layout")
    parser.add_argument("--papers", type=int, help="the first so many; all by default")
    parser.add_argument("--later", action="store_true", help="without the vectors")
    parser.add_argument("--start", type=Path, help="an index of the same papers, for its vectors")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        options = ["--later"] if given.later else []
        figures = measured(Path(folder), given.data, given.papers, options, given.start)
    for name, value in figures.items():
        print(f"{name:<20}{value}")
    OUT.mkdir(exist_ok=True)
    kind = "-start" if given.start else "-later" if given.later else ""
    name = f"build{kind}{f'-{given.papers}' if given.papers else ''}.json"
    (OUT / name).write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
