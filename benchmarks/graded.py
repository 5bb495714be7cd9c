"""The graded questions that retrieval is measured on: public collections beside the checkout, and the
seeds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agq.embedders import open_encoder
from agq.engines.plan import Plan
from agq.evaluate import open_beir, read_grades, read_queries, read_seeds
from agq.index.search import IndexReader, open_index
from agq.pipeline import build

ROOT = Path(__file__).resolve().parents[1]
BEIR = ROOT.parent / "shared" / "data" / "beir"
SPLITS: Mapping[str, str] = {"scifact": "train", "npl": "test", "cranfield": "test"}
"""The collections, each with the split that is asked."""
CORPUS = "corpus"
"""The cards that ship with agq, asked with ``seeds/``."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what is known of it: the grades of papers (none: nothing here answers it), its kind."""

    text: str
    grades: Mapping[str, float]
    kind: str = ""


def questions(name: str) -> list[Asked]:
    """The graded questions of a set."""
    if name == CORPUS:
        seeds = read_seeds([ROOT / "seeds"])
        return [Asked(one.question, dict.fromkeys(one.ids, 1.0), one.kind) for one in seeds]
    texts, graded = read_queries(BEIR / name), read_grades(BEIR / name, SPLITS[name])
    return [Asked(texts[query], grades) for query, grades in graded.items()]


def opened(name: str, cache: Path) -> IndexReader:
    """The index of a set, built where ``cache`` has none."""
    if name != CORPUS:
        return open_beir(BEIR / name, cache=cache)
    place = cache / "eval" / CORPUS
    build(place, Plan((str(ROOT / CORPUS),)), cache)
    return open_index(place, load_encoder=open_encoder)


def options(description: str) -> argparse.ArgumentParser:
    """What all these scripts take: where indexes and encoders are cached, and where JSON goes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--cache", type=Path, default=Path.home() / ".cache" / "agq", help="indexes, encoders"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "out", help="folder for JSON")
    return parser


def write(out: Path, name: str, figures: object) -> None:
    """Put figures into ``out/name.json``."""
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
