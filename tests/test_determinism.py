"""The same question gets the same answer in every process: nothing depends on the order of a set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agq.engines.plan import Plan
from agq.pipeline import build

SEEDS = ("0", "1", "2", "3", "4")
ASK = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from agq.embedders import open_encoder
from agq.gather import Query, gather
from agq.index.search import open_index

with open_index(Path(sys.argv[1]), load_encoder=open_encoder) as index:
    for question in Path(sys.argv[2]).read_text().splitlines():
        found = asdict(gather(index, index.embedder(), Query(question)))
        found.pop("seconds")
        print(json.dumps(found))
"""
SUBJECTS = (
    "turbulence closures", "protein structure prediction", "neural operators for fluid flow",
    "gravity of antimatter", "Reynolds stress models", "UDGs and dark matter", "diffusion models",
    "papers by Smith since 2024", "large eddy simulation", "pretraining of protein language models",
)  # fmt: skip
FRAMES = (
    "{}", "What is known about {}?", "recent papers on {}", "Why do {} fail?", "How are {} evaluated?",
    "limits of {} in practice", "Compare {} with zeolites", "{} in 2025", "datasets for {}", "Is {} solved?",
)  # fmt: skip


@pytest.mark.slow
def test_a_hundred_questions_get_the_same_bytes_under_five_seeds(root: Path, tmp_path: Path) -> None:
    names = ("turbulence.yaml", "protein.yaml", "antigravity.yaml")
    sources = tuple(str(root / "corpus" / name) for name in names)
    build(tmp_path / "index", Plan(sources), tmp_path / "cache")
    questions = [frame.format(subject) for subject in SUBJECTS for frame in FRAMES]
    (tmp_path / "questions.txt").write_text("\n".join(questions))
    said = {_asked(tmp_path, seed) for seed in SEEDS}
    assert len(said) == 1
    assert said.pop().count(b"\n") == len(questions) == 100


def _asked(folder: Path, seed: str) -> bytes:
    run = subprocess.run(
        [sys.executable, "-c", ASK, folder / "index", folder / "questions.txt"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    return run.stdout
