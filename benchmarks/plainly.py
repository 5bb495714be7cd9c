"""How often an answer of ``extract`` says that no sentence answers plainly: over the graded questions that
the corpus can answer, and over its near misses; of those on which papers are found.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import yaml

from agq.answerers import Means
from agq.answerers.extract import INDIRECT, Extract
from agq.config import Place
from agq.embedders import open_encoder
from agq.embedders.cross import OnnxCrossEncoder
from agq.index import open_index
from agq.retrieve import retrieve

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def main() -> None:
    """Print a line a kind of question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cards", type=Path, required=True, help="an index of corpus/")
    options = parser.parse_args()
    asked = [one for file in sorted(SEEDS.glob("*.yaml")) for one in yaml.safe_load(file.read_text("utf-8"))]
    found: Counter[str] = Counter()
    said: Counter[str] = Counter()
    with open_index(options.cards, load_encoder=open_encoder) as index:
        means = Means(
            index.embedder(),
            OnnxCrossEncoder(Place.here().cache),
            frequencies=index.document_frequencies,
            follow_ups=False,
        )
        for one in asked:
            kind = one.get("kind", "") if one.get("kind") in {"near-miss", "foreign"} else "answerable"
            evidence = retrieve(index, means.embedder, one["question"])
            if evidence.bears:
                found[kind] += 1
                said[kind] += any(piece.text == INDIRECT for piece in Extract(means).answer(evidence))
    for kind, total in found.items():
        print(f"{kind:12} {total:4} with papers, {said[kind] / total:.1%} without a plain answer")


if __name__ == "__main__":
    main()
