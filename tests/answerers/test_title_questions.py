"""Titles turned into the questions that they would answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.answerers.title_questions import questions

BODIES = ["We look for anomaly detection of Kepler planets in the Galactic disc."]


@pytest.mark.parametrize(
    ("title", "question"),
    [
        (
            "SeeTwice: Double Looks for Anomaly Quantification",
            "Which methods are there for anomaly quantification?",
        ),
        (
            "Predicting Wind Loads on Container Ships through Flow Fields",
            "How can wind loads on container ships be predicted?",
        ),
        (
            "Revisiting the Impact of Warm Winters on Early Harvests",
            "What is the impact of warm winters on early harvests?",
        ),
        ("Evidence for Late Accretion", "What is the evidence for late accretion?"),
        (
            "Hidden Binaries in Very Young Star-Forming Regions",
            "What is known about hidden binaries in very young star-forming regions?",
        ),
    ],
)
def test_what_a_title_would_answer(title: str, question: str) -> None:
    assert next(questions(title, BODIES)) == question


@pytest.mark.parametrize(
    "title",
    [
        "Attention Is All You Need",
        "SeeTwice: A Dataset of Double Looks in Very Large Museums",
        "PrivateGPT for PrivateLLM Detection",
        "The Age of Curiosity Meets the Age of Machines",
        "Rain",
        "",
    ],
)
def test_a_title_that_would_ask_badly_asks_nothing(title: str) -> None:
    assert list(questions(title, BODIES)) == []


@given(st.text(max_size=100), st.lists(st.text(max_size=60), max_size=3))
def test_any_title(title: str, bodies: list[str]) -> None:
    assert all(question.endswith("?") for question in questions(title, bodies))
