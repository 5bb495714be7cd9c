"""A question that goes on from another one takes over what it leaves out, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from agq.conversation import carried, followed, goes_on
from agq.model import Understood, Vectors

KINDS = {"perseus": 0, "coma": 0, "merger": 1, "small": 2, "large": 2, "galaxies": 2}


class Kinds:
    """An encoder to which words of one kind are alike."""

    name, dim = "kinds", 4

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), 4), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[[KINDS.get(word.lower(), 3) for word in text.split()]] = 1.0
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


EARLIER = "Was the gas of Perseus stirred by a merger?"


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("and in Coma?", "Was the gas of Coma stirred by a merger?"),
        ("what about Coma?", "Was the gas of Coma stirred by a merger?"),
        ("why?", EARLIER),
        ("and how was it measured, by lensing?", f"{EARLIER} and how was it measured, by lensing?"),
        ("How do zeolites adsorb carbon dioxide?", "How do zeolites adsorb carbon dioxide?"),
    ],
)
def test_what_is_left_out_is_taken_over(question: str, whole: str) -> None:
    assert followed(question, EARLIER, Kinds()) == whole


def test_the_same_preposition_tells_what_is_meant() -> None:
    earlier = "Do models trained on galaxies work for quasars?"
    assert followed("and for stars?", earlier, Kinds()) == "Do models trained on galaxies work for stars?"


@pytest.mark.parametrize(
    "question", ["and since 2020?", "what about dwarfs?", "How were they found?", "why?"]
)
def test_a_question_that_leaves_something_out_goes_on(question: str) -> None:
    assert goes_on(question)


@pytest.mark.parametrize("question", ["How do zeolites adsorb carbon dioxide?", "jet tagging"])
def test_a_change_of_subject_is_a_new_question(question: str) -> None:
    assert not goes_on(question)


def test_limits_are_carried_and_those_of_one_kind_replaced() -> None:
    earlier = Understood(authors=("Forbes",), since="2015", until="2018", missing=("x",), undated=4)
    assert carried(earlier, Understood()) == Understood(authors=("Forbes",), since="2015", until="2018")
    later = carried(earlier, Understood(since="2020", undated=2))
    assert later == Understood(authors=("Forbes",), since="2020", undated=2)
    assert carried(earlier, Understood(authors=("Huang",))).authors == ("Huang",)
