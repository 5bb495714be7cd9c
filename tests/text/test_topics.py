"""What a title is about, and what it asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.topics import asked_by, topics


def topic(title: str, *names: str) -> str:
    return "; ".join(one.text for one in topics(title, frozenset(names)))


@pytest.mark.parametrize(
    ("title", "about"),
    [
        (
            "Robust Federated Learning under Adversarial Attacks",
            "robust federated learning under adversarial attacks",
        ),
        ("ORIGIN OF STAR CLUSTERS AROUND BLACK HOLES", "the origin of star clusters around black holes"),
        ("The role of supercluster filaments in galaxies", "the role of supercluster filaments in galaxies"),
        (
            "Optimal Alignment of Efficient and Robust Networks",
            "optimal alignment of efficient and robust networks",
        ),
    ],
)
def test_a_noun_phrase_is_its_own_topic(title: str, about: str) -> None:
    assert topic(title) == about


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("Benchmarking Small Language Models", "small language models"),
        ("Towards Interpretable Radiology Reports", "interpretable radiology reports"),
        ("A Linear Model for Light Field Cameras", "light field cameras"),
        ("Robust Federated Learning via Client Clustering", "robust federated learning"),
        ("SurfSplat: Language Models for Genomics", "language models for genomics"),
        ("Nano Bio-Agents (NBA): Language Models for Genomics", "language models for genomics"),
    ],
)
def test_what_a_paper_does_is_called_and_works_with_goes(title: str, about: str) -> None:
    assert about in topic(title).split("; ")


@pytest.mark.parametrize(
    "title",
    [
        "Language Models Predict Reading Times Best",
        "Galaxies Form in Clusters",
        "Small Models",
        "Die Rolle der Frau",
        "",
    ],
)
def test_a_sentence_and_another_language_have_none(title: str) -> None:
    assert topic(title) == ""


def test_a_list_and_an_abbreviation_end_no_topic() -> None:
    assert topic("Stress of Rescue Workers, Firemen and Volunteers") == ""
    assert topic("PTSD Symptoms of Deployed U.S. Marines") == ""


def test_a_singular_that_needs_an_article_gets_it() -> None:
    assert topic("Super Dataset of Emotions") == "the super dataset of emotions"


def test_names_and_acronyms_keep_their_capitals() -> None:
    assert (
        topic("Learning in the Sierra Nevada with LLM Agents", "Sierra", "Nevada").startswith("learning")
        is False
    )
    assert (
        topic("Forest Fires in the Sierra Nevada", "Sierra", "Nevada") == "forest fires in the Sierra Nevada"
    )
    assert topic("Small LLM Agents in 3D Environments") == "small LLM agents in 3D environments"


def test_a_topic_says_what_it_is_one_of() -> None:
    (one,) = topics("Effects of Logging on Birds")
    assert (one.head, one.is_plural, one.of) == ("effects", True, True)
    (other,) = topics("Language models in genomics")
    assert (other.head, other.is_plural, other.of) == ("models", True, False)


def test_a_title_that_asks_is_a_question() -> None:
    assert (
        asked_by("PokerBench: How Far Are LLMs from Professional Players?")
        == "How Far Are LLMs from Professional Players?"
    )
    assert asked_by("Mind the gap? Language models in use") == ""
    assert asked_by("LLM Rationalis? Bargaining of agents") == ""
    assert asked_by("Why so?") == ""


@given(st.text(max_size=80))
def test_any_title_is_read(title: str) -> None:
    for one in topics(title):
        assert one.text.strip()
    assert asked_by(title) == "" or asked_by(title).endswith("?")
