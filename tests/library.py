"""A made-up library in several files, in which the same papers come again and again, and some records are
broken."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path

SUBJECTS = "turbulence proteins perovskites quasars transformers zeolites glaciers synapses".split()
WAYS = "measured modelled simulated learned predicted compared bounded imaged".split()


def record(number: int, rng: random.Random) -> dict[str, object]:
    """A record of a paper that no other record is of."""
    subject, way = SUBJECTS[number % 8], WAYS[number // 8 % 8]
    return {
        "id": f"24{number // 1000:02d}.{number % 1000:05d}",
        "title": f"{subject.capitalize()} {way} with method {number}: a study of {subject}",
        "abstract": f"We report {subject} {way} {number} times. " + " ".join(rng.choices(WAYS, k=12)) + ".",
        "authors": f"Ada {SUBJECTS[(number * 3) % 8].capitalize()}, Bo {WAYS[(number * 5) % 8].capitalize()}",
        "categories": "cs.LG stat.ML" if number % 3 else "physics.flu-dyn",
        "update_date": f"20{10 + number % 14}-0{1 + number % 9}-11",
    }


def again(known: Mapping[str, object], number: int, rng: random.Random) -> dict[str, object]:
    """The same paper from elsewhere, or another one under its key."""
    kind = rng.randrange(4)
    if kind == 0:  # cut short, a DOI more
        return {**known, "abstract": str(known["abstract"])[:30], "doi": f"10.1000/x{number}"}
    if kind == 1:  # under another key
        return {**known, "id": f"k{number}"}
    if kind == 2:  # published, under a DOI and another key; what is at first two papers becomes one by it
        return {
            **known,
            "id": f"p{number}",
            "doi": f"10.1000/x{number - 1}",
            "journal-ref": "Nature 12 (2020)",
        }
    return {**known, "title": f"Something else altogether, number {number}, under the same key"}


def write_library(folder: Path, papers: int, files: int, seed: int = 0) -> Path:
    """Write ``papers`` papers and a fifth more records into ``files`` files of JSON Lines."""
    rng = random.Random(seed)
    first = [record(number, rng) for number in range(papers)]
    more = [again(rng.choice(first), number, rng) for number in range(papers // 5)]
    lines = [json.dumps(one) for one in rng.sample(first + more, len(first) + len(more))]
    for place in range(0, len(lines), 29):
        lines[place] += "}"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        (folder / f"{number:02d}.jsonl").write_text("\n".join(lines[number::files]) + "\n")
    return folder
