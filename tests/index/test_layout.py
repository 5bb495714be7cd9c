"""What the number of the format promises."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from agq.index import layout
from agq.index.layout import FORMAT, current_generation
from agq.index.schema import embedded_hash, hash64, stored_hash, table_schema, words
from agq.model import Paper

SAMPLE = Paper(
    "hep-th/9901001~2",
    "Pre-training GPT-4's Schrödinger equations: a re-examination",
    "The 2.5-fold speed-ups of Müller et al. were studied at 300 K; CO2 adsorbs on MOF-5 (p < 0.05).",
    ("José Müller", "O'Brien, Mary"),
    ("cs.LG", "physics.chem-ph"),
    "2024-06",
    doi="10.1000/turb.5",
    arxiv="2406.08554",
)

WRITTEN = {1: -8373367449699836414, 2: 4569764237287982601}
"""By format: what of the sample stands in an index."""


def test_what_is_stored_changes_with_the_number_of_the_format_only() -> None:
    stored = (
        *(f"{column.name} {column.type}" for column in table_schema(384)),
        words(SAMPLE),
        str(embedded_hash(SAMPLE)),
        str(stored_hash(SAMPLE, ("a.bib", "b.bib"), 7)),
    )
    assert hash64("\x1d".join(stored)) == WRITTEN[FORMAT], (
        "columns, hashes or terms are others than before: raise FORMAT in index/layout.py, note the hash here"
    )


def test_the_folder_is_as_its_description_says(
    tmp_path: Path, papers: list[Paper], build: Callable[..., object]
) -> None:
    index = tmp_path / "index"
    build(index, papers)
    told = set(
        re.findall(
            r"[\w.]+", " ".join(re.findall(r"^ {6,10}(\S+(?:, \S+)*)  +\S", layout.__doc__ or "", re.M))
        )
    )
    generation = current_generation(index)
    there = {path.name for path in (*index.iterdir(), *generation.iterdir())} - {"generations"}
    assert there - told == set()
    only_at_times = {"lock.json", "kept"}
    assert told - there == only_at_times
