"""An index on an object store against the same one on a disk: seconds, requests and bytes a question.

The store is moto's S3 server on this machine: it answers at once, so the seconds are those of the work, and
the requests and bytes tell what a real one adds. Each run of ``agq search`` is a process of its own; ``cold``
has nothing in its cache, ``warm`` what the run before it left. Last, every tenth request gets a 503.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from agq.index import open_index
from s3_server import Server, s3_server

OUT = Path(__file__).resolve().parent / "out"


def search(question: str, index: str, home: Path, server: Server) -> dict[str, Any]:
    """One question: seconds by the clock, processor seconds, what the store was asked, what came."""
    home.mkdir(exist_ok=True)
    server.counts()
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "agq", "search", question, "--format", "json", "--index", index],
        env={"HOME": str(home), "PATH": os.environ["PATH"], **server.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = [(one["id"], round(one["match"], 3)) for one in json.loads(done.stdout)["sources"]]
    return {"seconds": seconds, "processor": spent, **server.counts(), "found": found}


def told(runs: list[dict[str, Any]]) -> dict[str, float]:
    """The medians of some runs."""
    names = ("seconds", "processor", "requests", "bytes", "refused")
    return {name: round(median(run[name] for run in runs), 2) for name in names}


def measured(index: Path, count: int) -> dict[str, Any]:
    """All figures."""
    with open_index(index) as reader:
        titles = [paper.title for paper in reader.sample(200, seed=3)]
        papers = reader.state.papers
    questions = random.Random(3).sample(titles, count)
    with s3_server() as server, tempfile.TemporaryDirectory() as folder:
        url, homes = f"{server.bucket('bench')}/papers", Path(folder)
        os.environ |= server.environ
        subprocess.run([sys.executable, "-m", "agq", "push", str(index), url], check=True)
        pushed = server.counts()
        local = [search(one, str(index), homes / "local", server) for one in questions]
        cold = [search(one, url, homes / f"cold{number}", server) for number, one in enumerate(questions[:3])]
        search(questions[0], url, homes / "warm", server)
        warm = [search(one, url, homes / "warm", server) for one in questions]
        server.behave(busy=0.1)
        busy = [search(one, url, homes / "warm", server) for one in questions]
    same = [run["found"] for run in local]
    return {
        "papers": papers,
        "push": pushed,
        "local": told(local),
        "cold": told(cold),
        "warm": told(warm),
        "one in ten refused": told(busy),
        "questions": count,
        "with the answers of the local index": sum(
            run["found"] == one for run, one in zip(warm, same, strict=True)
        ),
        "the same with refusals": sum(run["found"] == one for run, one in zip(busy, same, strict=True)),
    }


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=int, default=10)
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    figures = measured(asked.index.resolve(), asked.questions)
    asked.out.mkdir(exist_ok=True)
    (asked.out / "store.json").write_text(json.dumps(figures, indent=1))
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
