"""The entailment model as it ships: it reads claim and passage together, and its graph is made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agq.embedders import cross, entails
from agq.embedders.entails import CLAIM, PASSAGE, OnnxEntailmentModel
from agq.model import Passage

SLEEP = Passage(
    "Sleep and spatial memory in rats",
    ("Jones", "Lee"),
    ("Rats that slept after learning found the platform faster than rats kept awake.",
     "The size of the litter had no effect."),
)  # fmt: skip
STARS = Passage("Neutron stars", (), ("Neutron stars are the densest stars that are known.",))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def reader(cache: Path) -> OnnxEntailmentModel:
    return OnnxEntailmentModel(cache)


def states(reader: OnnxEntailmentModel, claim: str, passage: Passage = SLEEP) -> float:
    return float(reader.scores(claim, [passage])[0, 0])


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Sleep after learning helped rats to find the platform faster.",
         "Sleep after learning made rats find the platform more slowly."),
        ("Litter size made no difference.", "Litter size made a large difference."),
        ("Rats that had slept were faster than rats that had been kept awake.",
         "Every mammal, humans included, remembers better after sleep."),
    ],
)  # fmt: skip
def test_what_is_stated_scores_above_what_is_not(reader: OnnxEntailmentModel, true: str, false: str) -> None:
    assert states(reader, true) > states(reader, false)
    assert states(reader, true) > states(reader, true, STARS)


def test_a_score_depends_on_nothing_but_its_pair(reader: OnnxEntailmentModel) -> None:
    together = reader.scores("Rats sleep.", [SLEEP, STARS])
    alone = np.concatenate([reader.scores("Rats sleep.", [one]) for one in (STARS, SLEEP)])[::-1]
    np.testing.assert_array_equal(together, alone)


def test_claim_and_passage_are_told_apart_and_what_they_share_is_marked(reader: OnnxEntailmentModel) -> None:
    ids, kinds = reader.read("Stars are dense", STARS)
    assert len(ids) == len(kinds)
    assert kinds == sorted(kinds, key=lambda kind: kind >= 2)
    shared = {token for token, kind in zip(ids, kinds, strict=True) if kind in {1, 3}}
    assert len(shared) >= 2  # "stars", "are"


def test_authors_are_read_where_the_claim_names_them(reader: OnnxEntailmentModel) -> None:
    named, _ = reader.read("Jones finds that rats sleep.", SLEEP)
    bare, _ = reader.read("They find that rats sleep.", SLEEP)
    assert len(named) > len(bare)


def test_whatever_is_read(reader: OnnxEntailmentModel) -> None:
    assert reader.scores("", []).shape == (0, 5)
    long = Passage("wörd " * 500, (), ("x" * 10_000, "wörd " * 5_000))
    assert np.isfinite(reader.scores("wörd " * 5_000, [long, Passage("", (), ())])).all()
    assert len(reader.read("wörd " * 500, long)[0]) <= CLAIM + PASSAGE + 1


def test_the_graph_is_made_once_and_kept(reader: OnnxEntailmentModel, cache: Path) -> None:
    scores = reader.scores("Rats sleep.", [SLEEP])
    (kept,) = (cache / "encoders").iterdir()
    made = kept.stat().st_mtime_ns
    np.testing.assert_array_equal(OnnxEntailmentModel(cache).scores("Rats sleep.", [SLEEP]), scores)
    assert kept.stat().st_mtime_ns == made


def test_what_was_learned_is_small() -> None:
    assert entails.LEARNED.stat().st_size + cross.CROSS_ENCODER.stat().st_size < 7_500_000
