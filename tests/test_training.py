"""What ships as weights and constants is what the scripts in ``training/`` say they make.

What is learned cannot be learned again here: it takes hours, and records that are not in the repository. So
the files' names and shapes are held, and the figures that the documents tell of the data.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file

from agq.embedders.bert import KINDS_LAYER
from agq.embedders.cross import CROSS_ENCODER, SENTENCE_SCORES
from agq.embedders.entails import CLAIM_SCORES, LEARNED

SCRIPTS = {"cross_encoder.py": CROSS_ENCODER, "entailment.py": LEARNED}
"""What trains, and the weights it makes."""
WIDTH = 384
"""Of the default encoder."""


@pytest.fixture(scope="module")
def training(root: Path) -> Path:
    return root / "training"


@pytest.fixture(scope="module")
def told(training: Path) -> str:
    return (training / "README.md").read_text(encoding="utf-8")


def constant(script: Path, name: str) -> Any:
    """What a script gives a name at its outermost level; the script is not run."""
    (found,) = (
        node.value
        for node in ast.parse(script.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if ast.unparse(target) == name
    )
    return ast.literal_eval(found)


def lines(file: Path) -> list[Any]:
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def test_all_that_ships_as_weights_has_a_script_that_says_so(root: Path, training: Path, told: str) -> None:
    shipped = set((root / "src" / "agq").rglob("*.safetensors"))
    assert shipped == set(SCRIPTS.values())
    table = dict(re.findall(r"^\| `(\w+\.py)` \| (.*?) \|", told, re.MULTILINE))
    for script, weights in SCRIPTS.items():
        assert f"src/agq/embedders/{weights.name}" in table[script]
        assert weights.name in (training / script).read_text(encoding="utf-8")
    assert {script for script in table if not (training / script).exists()} == set()


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_was_learned_has_the_rank_and_the_layers_that_are_named(training: Path, script: str) -> None:
    weights = load_file(SCRIPTS[script])
    rank = constant(training / script, "RANK")
    factors = {name: value for name, value in weights.items() if name.endswith((".up", ".down"))}
    assert len(factors) > 30
    for name, value in factors.items():
        assert value.shape[1 if name.endswith(".up") else 0] == rank, name
        assert name.rpartition(".")[0] + (".down" if name.endswith(".up") else ".up") in factors
    assert {str(value.dtype) for value in weights.values()} == {"float16"}
    layers = {int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer.")}
    assert layers == set(range(KINDS_LAYER if script == "entailment.py" else 1, 6))


def test_the_heads_have_the_scores_that_are_documented() -> None:
    papers, claims = map(load_file, (CROSS_ENCODER, LEARNED))
    assert papers["head.weight"].shape == (SENTENCE_SCORES + 2, 3 * WIDTH)
    assert claims["head.weight"].shape == (CLAIM_SCORES, 3 * WIDTH)
    assert papers["kinds.weight"].shape == claims["kinds.weight"].shape == (4, WIDTH)


def test_the_claims_are_as_many_and_of_the_kinds_that_are_told(training: Path, told: str) -> None:
    papers = lines(training / "claims.jsonl.gz")
    true, false = sum(len(one["t"]) for one in papers), sum(len(one["f"]) for one in papers)
    assert f"{true + false:,} claims, half of them false, over {len(papers):,} abstracts" in told
    assert abs(true - false) < 0.01 * false
    kinds = Counter(kind for one in papers for kind, _, _ in one["f"])
    assert set(kinds) == set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE))
    assert set(kinds) | {"true", "elsewhere"} == set(constant(training / "entailment.py", "KINDS"))


def test_the_edits_are_of_claims_that_are_there(training: Path, told: str) -> None:
    false = {one["id"]: len(one["f"]) for one in lines(training / "claims.jsonl.gz")}
    edits = lines(training / "edits.jsonl.gz")
    assert f"{len(edits):,} edited sentences for {100 * len(edits) // sum(false.values()) + 1} of 100" in told
    assert len({(one["id"], one["f"]) for one in edits}) == len(edits)
    assert all(one["f"] < false[one["id"]] for one in edits)


def test_the_judged_questions_are_as_many_as_are_told(training: Path, told: str) -> None:
    questions = lines(training / "judged.jsonl")
    held = sum(one.get("held_out", False) for one in questions)
    assert f"{len(questions):,} questions" in told
    assert f"{held} of them, `held_out`, are never trained on" in told
    first = sum(isinstance(next(iter(one["papers"].values())), dict) for one in questions)
    assert f"first {first:,} questions" in told


def test_what_was_counted_is_written_by_the_script_that_it_names(root: Path, training: Path) -> None:
    files = (root / "src" / "agq" / "text" / "tagging").glob("*.tsv")
    heads = {file.stem: file.read_text(encoding="utf-8").partition("\n")[0] for file in files}
    counted = {name for name, head in heads.items() if "by training/word_classes.py" in head}
    script = (training / "word_classes.py").read_text(encoding="utf-8")
    assert counted == set(re.findall(r'\b_write\("(\w+)"', script))
    assert len(counted) > 2
