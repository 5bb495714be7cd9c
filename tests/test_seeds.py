"""The graded questions are well formed and rest on cards that exist."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml


def entries(folder: Path) -> list[dict[str, Any]]:
    return [entry for file in sorted(folder.glob("*.yaml")) for entry in yaml.safe_load(file.read_text())]


@pytest.fixture(scope="module")
def seeds(root: Path) -> list[dict[str, Any]]:
    return entries(root / "seeds")


def test_every_graded_id_is_a_card(root: Path, seeds: list[dict[str, Any]]) -> None:
    known = {card["id"] for card in entries(root / "corpus")}
    assert not {id_ for seed in seeds for id_ in seed["ids"]} - known
    assert not [seed["question"] for seed in seeds if len(set(seed["ids"])) != len(seed["ids"])]


def test_there_are_enough_of_each(root: Path, seeds: list[dict[str, Any]]) -> None:
    kinds = Counter(seed["kind"] for seed in seeds)
    assert kinds["page"] == 1
    assert sum(kinds[kind] for kind in ("broad", "narrow", "method", "number", "synonym")) >= 40
    assert kinds["foreign"] + kinds["near-miss"] >= 12
    assert kinds["near-miss"] >= 6
    questions = [seed["question"] for seed in seeds]
    assert len(set(questions)) == len(questions)


def test_only_the_unanswerable_rest_on_nothing(seeds: list[dict[str, Any]]) -> None:
    assert {"foreign", "near-miss"} < {seed["kind"] for seed in seeds}
    for seed in seeds:
        assert bool(seed["ids"]) == (seed["kind"] not in {"foreign", "near-miss"}), seed["question"]


def test_the_pages_question_has_its_eight_papers(shared_data: Path, seeds: list[dict[str, Any]]) -> None:
    page = (shared_data.parent / "seed-antigravity-page.txt").read_text()
    (seed,) = [seed for seed in seeds if seed["kind"] == "page"]
    assert seed["question"] in page
    assert len(seed["ids"]) == 8
    assert all(id_ in page for id_ in seed["ids"])
