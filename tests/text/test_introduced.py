"""Names are explained where a sentence is quoted without the one that explains them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.introduced import Names, introduced, names_of

ABSTRACT = (
    "Legged robots drift when their odometry (OD) fails.",
    "We present AutoOdom, a proprioceptive odometry system for legged robots that learns from errors.",
    "AutoOdom cuts drift by 57% against the Legolas baseline.",
    "Large language models (LLMs) were not used.",
)
NAMES = names_of("AutoOdom: Learning to Walk Straight", ABSTRACT)


def test_a_given_name_is_explained_by_the_sentence_that_gives_it() -> None:
    assert introduced(ABSTRACT[2], NAMES) == (
        "AutoOdom (a proprioceptive odometry system for legged robots) cuts drift by 57% against the Legolas "
        "baseline."
    )


def test_only_where_it_was_not_explained_before_and_does_not_explain_itself() -> None:
    assert introduced(ABSTRACT[2], NAMES, {"AutoOdom"}) == ABSTRACT[2]
    assert introduced("The authors present AutoOdom, an odometry system for robots.", NAMES) == (
        "The authors present AutoOdom, an odometry system for robots."
    )
    assert introduced("AutoOdom is a system for odometry.", NAMES) == "AutoOdom is a system for odometry."


@pytest.mark.parametrize(
    "said",
    [
        "The AutoOdom framework wins.",
        "A tool is AutoOdom, which wins.",
        "AutoOdom's errors are small.",
        "Pure LLM's errors and Neural LLMs (NLLMs) are small.",
    ],
)
def test_no_bracket_splits_what_belongs_together(said: str) -> None:
    assert introduced(said, NAMES) == said


def test_acronyms_are_spelled_out_once() -> None:
    assert introduced("LLMs fail often.", NAMES) == "Large language models (LLMs) fail often."
    assert introduced("Large language models (LLMs) fail often.", NAMES, {"LLM"}) == "LLMs fail often."


@pytest.mark.parametrize(
    ("title", "sentence", "name", "what"),
    [
        ("GeoPep: A Language Model for Peptides", "GeoPep wins.", "GeoPep", "a Language Model for Peptides"),
        (
            "A title",
            "We study an agent for planning many trips, called TripGPT.",
            "TripGPT",
            "an agent for planning many trips",
        ),
        (
            "A title",
            "We introduce Skala, a deep functional of the density (DFD), which wins.",
            "Skala",
            "a deep functional of the density",
        ),
        (
            "A title",
            "AQVolt is a dataset of 322,656 calculations of halides.",
            "AQVolt",
            "a dataset of 322,656 calculations of halides",
        ),
    ],
)
def test_what_explains_a_name(title: str, sentence: str, name: str, what: str) -> None:
    assert names_of(title, [sentence]).given == {name: what}


@pytest.mark.parametrize(
    "title",
    [
        "GeoPep: Towards Peptides",
        "GeoPep: Designing Peptides",
        "GeoPep: On Peptides",
        "GeoPep: Can Peptides Be Designed?",
        "GeoPep",
    ],
)
def test_not_every_title_says_what_a_name_is(title: str) -> None:
    assert not names_of(title, ["GeoPep wins."]).given


@pytest.mark.parametrize("text", ["However, a long way remains to be gone.", "We propose a novel framework."])
def test_ordinary_words_are_no_names(text: str) -> None:
    assert not names_of("A title", [text]).given


def test_a_name_behind_its_parts_is_spelled_out_by_them() -> None:
    names = names_of("A title", ["We present Compositional Neural Operators (CompNO) for flows."])
    assert introduced("CompNO wins.", names) == "Compositional Neural Operators (CompNO) wins."
    assert not names_of("A title", ["We met in New York City (USA) for it."]).long_forms


def test_what_is_theirs_is_told_by_the_title_once_a_paper() -> None:
    names = names_of("Fast [and] Frugal Decoding", ["We decode."])
    said = "The method of Qiu et al. outperforms five others."
    assert introduced(said, names) == (
        "The method of Qiu et al. (“Fast (and) Frugal Decoding”) outperforms five others."
    )
    assert introduced(said, names, again=True) == said
    assert introduced("Qiu and Li's approach wins.", names) == (
        "Qiu and Li's approach (“Fast (and) Frugal Decoding”) wins."
    )


def test_addresses_stay_as_they_are() -> None:
    said = "Code is at https://github.com/x/AutoOdom and at LLMs.example.org/LLMs."
    assert introduced(said, NAMES) == said


@given(st.text(max_size=80), st.lists(st.text(max_size=120), max_size=4), st.text(max_size=120))
def test_any_text(title: str, sentences: list[str], text: str) -> None:
    names = names_of(title, sentences)
    assert isinstance(introduced(text, names), str)
    assert introduced(text, Names()) == text[:1].upper() + text[1:]
