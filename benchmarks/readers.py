"""What the readers find, how fast, and in how much memory.

    python benchmarks/readers.py counts    records of ../shared/data read, merged, rejected; beside a plain
    count
    python benchmarks/readers.py speed     arXiv records a second on one core, and where the time goes
    python benchmarks/readers.py memory    peak memory over a file of 1 GB of each format that gets that long

Each prints a table and writes benchmarks/out/readers-NAME.json.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import pstats
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from agq.model import Paper, Rejected
from agq.readers import Found, read
from agq.readers.merge import Merged, merge

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "benchmarks" / "out"
ARXIV = DATA / "arxiv" / "arxiv-metadata-40k.jsonl.gz"
GIGABYTE = 1_000_000_000

Row = dict[str, object]


def main() -> None:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["counts", "speed", "memory", "one"])
    parser.add_argument("file", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help="one format for `memory`: .bib")
    parser.add_argument("--size", type=int, default=GIGABYTE, help="bytes of a file for `memory`")
    given = parser.parse_args()
    if given.what == "one":
        print(json.dumps(one(Path(given.file))))
        return
    long = given.what == "memory"
    rows = memory(given.size, given.only) if long else speed() if given.what == "speed" else counts()
    show(rows)
    OUT.mkdir(exist_ok=True)
    (OUT / f"readers-{given.what}.json").write_text(json.dumps(rows, indent=1))


def show(rows: list[Row]) -> None:
    """The rows as a Markdown table."""
    names = list(rows[0])
    print("| " + " | ".join(names) + " |")
    print("|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(str(row[name]) for name in names) + " |")


def counts() -> list[Row]:
    """Each file of real data: a count that knows nothing of the readers, and what they make of it."""
    folders = [DATA / "bib", DATA / "arxiv", DATA / "corpus-sources"]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    rows = [counted(path) for path in files]
    found = Counter(tally(merge(read(folders))))
    total: Row = {"file": "all together", "held": sum(int(str(row["held"])) for row in rows)}
    rows.append(total | dict.fromkeys(("papers", "rejected", "without abstract"), "") | summed(found))
    lost = [row["file"] for row in rows if row["held"] != int(str(row["papers"])) + int(str(row["rejected"]))]
    print(f"files whose records do not add up: {lost or 'none'}", file=sys.stderr)
    return rows


def counted(path: Path) -> Row:
    """One file: records counted by plain text search, and by the readers."""
    found = Counter(tally(merge(read([path]))))
    name = path.relative_to(DATA).as_posix()
    return {"file": name if len(name) < 60 else f"{name[:57]}...", "held": held(path)} | summed(found)


def summed(found: Counter[str]) -> Row:
    """The counts of a run in the columns of the table."""
    reasons = {
        reason.removeprefix("rejected: "): n for reason, n in found.items() if reason.startswith("rejected: ")
    }
    return {
        "papers": found["papers"],
        "rejected": sum(reasons.values()),
        "merged": found["merged"],
        "renamed": found["renamed"],
        "without abstract": found["without abstract"],
        "reasons": "; ".join(f"{reason} {n}" for reason, n in reasons.items()),
    }


def tally(found: Iterator[Merged | Found]) -> Iterator[str]:
    """What happened to each record."""
    for one_ in found:
        if isinstance(one_, Merged):
            yield "papers"
            yield from ["merged"] * one_.repeats
            yield from ["renamed"] * bool(one_.renamed)
            yield from ["without abstract"] * (
                isinstance(one_.found.item, Paper) and not one_.found.item.abstract
            )
        elif isinstance(one_.item, Rejected):
            yield f"rejected: {one_.item.reason}"


NO_ENTRY = rb"(?im)^[ \t]*@(?!string|preamble|comment|xdata)\w+[ \t]*[{(]"
HELD: dict[str, Callable[[bytes], int]] = {
    ".bib": lambda data: len(re.findall(NO_ENTRY, data)),
    ".ris": lambda data: len(re.findall(rb"(?m)^TY  -", data)),
    ".json": lambda data: len(value) if isinstance(value := json.loads(data), list) else 1,
    ".xml": lambda data: len(re.findall(rb"<(?:paper|record)[ >]", data)),
    ".jsonl": lambda data: data.count(b"\n"),
    ".gz": lambda data: gzip.decompress(data).count(b"\n"),
}
"""Suffix -> how many records a file of it holds, by what a record begins with."""


def held(path: Path) -> int:
    """How many records a file holds."""
    return HELD[path.suffix](path.read_bytes())


def speed() -> list[Row]:
    """Records a second of processor time, the best of three, and the functions that take it."""
    best = min(spent() for _ in range(3))
    profile = cProfile.Profile()
    profile.runcall(spent)
    stats = pstats.Stats(profile)
    stats.sort_stats("tottime").print_stats(15)
    records = 39_940
    return [
        {"records": records, "processor seconds": round(best, 2), "records per second": round(records / best)}
    ]


def spent() -> float:
    """Processor seconds for the 40k arXiv records."""
    start = time.process_time()
    for _ in read([ARXIV]):
        pass
    return time.process_time() - start


def memory(size: int, only: str) -> list[Row]:
    """Peak memory and speed over a long file of each format, each read by a process of its own."""
    rows: list[Row] = []
    for name, make in LONG.items():
        if only not in ("", name.strip()):
            continue
        with tempfile.NamedTemporaryFile(suffix=name) as file:
            for piece in make(size):
                file.write(piece.encode())
            file.flush()
            script = [sys.executable, __file__, "one", file.name]
            told = json.loads(subprocess.run(script, check=True, capture_output=True, text=True).stdout)
            megabytes = Path(file.name).stat().st_size // 1_000_000
            rows.append({"format": name.strip(), "megabytes": megabytes} | told)
            print(rows[-1], file=sys.stderr, flush=True)
    return rows


def one(path: Path) -> Row:
    """Reads a file: what came, how long it took, the most memory it ever had."""
    start = time.process_time()
    found = Counter(type(record.item).__name__ for record in read([path]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "papers": found["Paper"],
        "rejected": found["Rejected"],
        "seconds": round(time.process_time() - start),
        "peak MB": peak,
    }


def repeated(size: int, record: Callable[[int], str], before: str = "", after: str = "") -> Iterator[str]:
    """``size`` bytes of records that differ by their number."""
    yield before
    done, number = 0, 0
    while done < size:
        block = "".join(record(number + n) for n in range(500))
        number += 500
        done += len(block)
        yield block
    yield after


ABSTRACT = (
    "We measure $\\\\alpha$ and find that it is what it was before, within the errors that we state. " * 12
)


def as_json(number: int) -> str:
    """A record of arXiv's snapshot."""
    return (
        f'{{"id": "2406.{number:05d}", "title": "On measurement {number}", "abstract": "{ABSTRACT}", '
        '"categories": "hep-ex", "authors_parsed": [["Author", "Ann", ""], ["Writer", "Bob", ""]], '
        '"update_date": "2024-06-13", "versions": []}\n'
    )


def as_list_item(number: int) -> str:
    """The same inside a list."""
    return as_json(number).rstrip() + ",\n"


def as_bibtex(number: int) -> str:
    """A BibTeX entry."""
    return (
        f"@article{{k{number},\n  title = {{On {{Measurement}} {number}}},\n"
        f"  author = {{Author, Ann and Writer, Bob}},\n  abstract = {{{ABSTRACT}}},\n  year = 2024\n}}\n"
    )


def as_yaml(number: int) -> str:
    """A card."""
    return (
        f"- id: k{number}\n  title: On measurement {number}\n  authors: [Ann Author, Bob Writer]\n"
        f"  abstract: '{ABSTRACT}'\n  date: 2024\n"
    )


def as_csv(number: int) -> str:
    """A row."""
    return f'k{number},On measurement {number},"Author, Ann; Writer, Bob","{ABSTRACT}",2024\n'


def as_ris(number: int) -> str:
    """A RIS record."""
    return (
        f"TY  - JOUR\nID  - k{number}\nTI  - On measurement {number}\nAU  - Author, Ann\n"
        f"AB  - {ABSTRACT}\nPY  - 2024\nER  - \n\n"
    )


def as_atom(number: int) -> str:
    """An entry of a feed."""
    return (
        f"<entry><id>http://arxiv.org/abs/2406.{number:05d}v1</id><title>On measurement {number}</title>"
        f"<summary>{ABSTRACT}</summary><published>2024-06-13T00:00:00Z</published></entry>\n"
    )


def one_line(size: int) -> Iterator[str]:
    """A single line."""
    yield '{"id": "x", "title": "'
    yield from ("x" * 1_000_000 for _ in range(size // 1_000_000))


LONG: dict[str, Callable[[int], Iterator[str]]] = {
    ".jsonl": lambda size: repeated(size, as_json),
    ".json": lambda size: repeated(size, as_list_item, "[", "{}]"),
    ".bib": lambda size: repeated(size, as_bibtex),
    ".yaml": lambda size: repeated(size, as_yaml),
    ".csv": lambda size: repeated(size, as_csv, "id,title,authors,abstract,year\n"),
    ".ris": lambda size: repeated(size, as_ris),
    ".xml": lambda size: repeated(size, as_atom, '<feed xmlns="http://www.w3.org/2005/Atom">', "</feed>"),
    " one line.jsonl": one_line,
}
"""Suffix -> what makes a file that long."""


if __name__ == "__main__":
    main()
