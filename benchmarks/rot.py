"""Flip bits in a copy of a large index, one at a time, and count what asking makes of them.

The times of the file are put back, as a failing disk leaves them. Every flip ends as one of these: ``named``
(refused, with the file or the paper and the command that mends it), ``same`` (the same papers, matches and
words), ``ranked`` (papers whose words are as written, in another order or with another match), ``other`` (a
word of a paper that was never written). Every fourth flip goes into the rows, the largest file of the table,
and every paper is looked up, as ``agq show`` does: one question would hardly ever meet the one that has it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from agq.embedders import open_encoder
from agq.errors import IndexUnusable
from agq.index import open_index
from agq.index.layout import current_generation
from agq.model import Paper
from agq.retrieve import retrieve

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = (
    "How do neural operators compare with finite element solvers?",
    "What limits the mass of dark matter halos?",
    "Which graph networks predict molecular energies?",
)

Asked = dict[str, list[tuple[Paper, float]]]


def ask(index: Path) -> Asked:
    """For each question the papers and their matches."""
    with open_index(index, load_encoder=open_encoder) as opened:
        embedder = opened.embedder()
        found = {question: retrieve(opened, embedder, question) for question in QUESTIONS}
    return {
        question: [(source.paper, round(source.match, 6)) for source in evidence.sources]
        for question, evidence in found.items()
    }


def outcome(look: Callable[[], str]) -> str:
    """What becomes of it, in a word."""
    try:
        return look()
    except IndexUnusable as error:
        return "named" if "--rebuild" in error.hint else f"no hint: {error}"
    except Exception as error:  # whatever it is, nobody meant it
        return f"{type(error).__name__}: {error}"


def asked(index: Path, quiet: Asked, papers: frozenset[Paper]) -> str:
    """What becomes of the questions."""
    found = ask(index)
    if found == quiet:
        return "same"
    return "ranked" if all(p in papers for rows in found.values() for p, _ in rows) else "other"


def shown(index: Path, papers: frozenset[Paper]) -> str:
    """What becomes of every paper, looked up by its id."""
    with open_index(index) as opened:
        found = frozenset(opened.get([paper.id for paper in papers]))
    return "same" if found == papers else "other" if found - papers else f"{len(papers - found)} not found"


def flip(file: Path, bit: int) -> None:
    """One bit of a file, its times as before."""
    status = file.stat()
    with file.open("r+b") as stream:
        stream.seek(bit // 8)
        (byte,) = stream.read(1)
        stream.seek(bit // 8)
        stream.write(bytes([byte ^ (1 << bit % 8)]))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def flips(index: Path, n: int, chance: random.Random) -> dict[str, Counter[str]]:
    """The outcomes of ``n`` flips, by kind of file."""
    generation = current_generation(index)
    files = [file for file in sorted(generation.rglob("*")) if file.is_file() and file.stat().st_size]
    rows = max(generation.glob("papers.lance/data/*"), key=lambda file: file.stat().st_size)
    quiet = ask(index)
    with open_index(index) as opened:
        papers = frozenset(opened.iterate())
    ends: dict[str, Counter[str]] = {}
    for at in range(n):
        file = chance.choices(files, [file.stat().st_size for file in files])[0] if at % 4 else rows
        bit = chance.randrange(8 * file.stat().st_size)
        flip(file, bit)
        look = partial(asked, index, quiet, papers) if at % 4 else partial(shown, index, papers)
        end = outcome(look)
        flip(file, bit)
        kind = "rows, every paper shown" if not at % 4 else f"{_kind(file.relative_to(generation))}, asked"
        ends.setdefault(kind, Counter())[end] += 1
        if end not in {"same", "named"}:
            sys.stderr.write(f"{file.relative_to(generation)} bit {bit}: {end}\n")
    return ends


def _kind(file: Path) -> str:
    """``encoder``, ``papers.lance/data``, ``frequencies`` ..."""
    return "/".join(file.parts[:2] if file.parts[0] == "papers.lance" else file.parts[:1])


def main(arguments: Sequence[str] | None = None) -> None:
    """Flip, count, print a table and write JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path, help="an index of more than 64 MB; it is copied, not changed")
    parser.add_argument("--flips", type=int, default=400)
    parser.add_argument("--seed", type=int, default=8)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "index")
        shutil.copytree(given.index, copy)
        ends = flips(copy, given.flips, random.Random(given.seed))
    for kind, counts in ends.items():
        print(f"{kind:<26} {sum(counts.values()):>5}  {dict(counts)}")
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    (out / "rot.json").write_text(json.dumps(ends, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
