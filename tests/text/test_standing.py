"""How sentences stand outside of their abstract."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.standing import LONGEST, Speaker, standalone

ZOU = Speaker("Zou et al.", "GeoPep")
NOBODY = Speaker()


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        (
            "However, we show that GeoPep outperforms all baselines on three tasks.",
            "GeoPep outperforms all baselines on three tasks.",
        ),
        (
            "Our method outperforms the state of the art by 3% in our tests.",
            "GeoPep outperforms the state of the art by 3% in Zou et al.'s tests.",
        ),
        (
            "In this work, we introduce a framework for peptides, and our results confirm its accuracy.",
            "Zou et al. introduce a framework for peptides, and their results confirm its accuracy.",
        ),
        (
            "By combining A with B, we achieve a speed-up of 100 over our baseline.",
            "By combining A with B, Zou et al. achieve a speed-up of 100 over their baseline.",
        ),
        (
            "To address this challenge, we train a network on data from our simulations.",
            "Zou et al. train a network on data from their simulations.",
        ),
        (
            "The proposed method is faster than all of the other methods.",
            "GeoPep is faster than all of the other methods.",
        ),
        (
            "This paper presents a survey of neural operators for PDEs.",
            "Zou et al.'s paper presents a survey of neural operators for PDEs.",
        ),
        (
            "We therefore propose a new loss for neural operators on sparse data.",
            "Zou et al. propose a new loss for neural operators on sparse data.",
        ),
        ("(2) Scores of both models are fused into one.", "Scores of both models are fused into one."),
        ("We show that A is so, and that B is not so.", "A is so, and B is not so."),
        (
            "We show that A is so and demonstrate that B is not so.",
            "Zou et al. show that A is so and demonstrate that B is not so.",
        ),
        (
            "The results suggest that glass flows in all old windows.",
            "Zou et al.'s results suggest that glass flows in all old windows.",
        ),
        (
            "Long chains of galaxies allow us to map the web.",
            "Long chains of galaxies make it possible to map the web.",
        ),
        (
            "We observe that glass flows in all old windows.",
            "Zou et al. observe that glass flows in all old windows.",
        ),
        (
            "To make our rates of use to others, we also publish all of them.",
            "To make their rates of use to others, Zou et al. publish all of them.",
        ),
        (
            "Our code and data are available to all who ask.",
            "Zou et al.'s code and data are available to all who ask.",
        ),
        (
            "To validate that truth is preserved here, we read all of it.",
            "To validate that truth is preserved here, Zou et al. read all of it.",
        ),
        ("It is our capacity to build that we study.", None),
        (
            "The paper presents seven laws of the motion of rain.",
            "Zou et al.'s paper presents seven laws of the motion of rain.",
        ),
        (
            "Comets often visit our Solar System from very far away.",
            "Comets often visit our Solar System from very far away.",
        ),
        (
            "Strings of Type I string theory are what we re-examine here.",
            "Strings of Type I string theory are what Zou et al. re-examine here.",
        ),
        ("These results show that most PINNs fail on stiff problems.", "Most PINNs fail on stiff problems."),
        (
            "In our Galaxy, stars form in dense clouds of molecular gas.",
            "In our Galaxy, stars form in dense clouds of molecular gas.",
        ),
    ],
)
def test_made_to_stand_alone(sentence: str, alone: str | None) -> None:
    assert standalone(sentence, ZOU) == alone


@pytest.mark.parametrize(
    "sentence",
    [
        "It outperforms them on all of the tasks.",
        "Yet their ability to prove new theorems remains underexplored.",
        "These allow for an analysis of the data.",
        "The former is better than the latter in tests.",
        "This leads to a better understanding of rain.",
        "Such models are used in many parts of physics.",
        "All three act during training only, so inference is free.",
        "We live in a universe full of dark matter.",
        "For example, the market share of one company grew by half.",
        "Across these settings, the encoder outperforms all others.",
        "In prior work, we examined the rain of seven cities.",
        "In our previous work, it was reported that rain falls.",
        "These evaluations provide limited insight into the rain.",
        "Too short to say.",
        "Does it hold for all of the cases?",
        "word " * (LONGEST + 1) + ".",
    ],
)
def test_what_cannot_stand_alone(sentence: str) -> None:
    assert standalone(sentence, ZOU) is None


def test_where_nobody_is_named_it_is_the_study() -> None:
    one = Speaker("One study", single=True)
    assert standalone("This work validates our models of rain in seven cities.", one) == (
        "One study validates its models of rain in seven cities."
    )
    assert standalone("We measure rain, and with gauges we measure snow too.", one) == (
        "One study measures rain, and with gauges the authors measure snow too."
    )


def test_without_names_the_authors_speak() -> None:
    assert standalone("We train a network on many data sets.", NOBODY) == (
        "The authors train a network on many data sets."
    )
    assert standalone("Here, using noise, we train a network on data.", NOBODY) == (
        "Using noise, the authors train a network on data."
    )


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    alone = standalone(text, ZOU)
    assert alone is None or alone.strip()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "We consider a spinning black hole and show its shadow.",
            "Marra considers a spinning black hole and shows its",
        ),
        ("We carefully study seven hundred galaxies in one sample.", "Marra carefully studies seven"),
        ("We used the code on every galaxy of the whole sample.", "Marra used the code"),
        ("My main conclusion is that rain falls on all.", "Marra's main conclusion is that"),
        (
            "We build a survey of rain and identify 27 clouds.",
            "Marra builds a survey of rain and identifies 27",
        ),
        ("We re-examine the spectra of seven distant galaxies.", "Marra re-examines the spectra"),
        ("We apply the criterion to seven distant galaxies.", "Marra applies the criterion"),
        ("We can reduce errors of seven models with half the data.", "Marra can reduce errors"),
    ],
)
def test_one_author_does_what_one_does(written: str, read: str) -> None:
    told = standalone(written, Speaker(authors="Marra", single=True))
    assert told is not None
    assert told.startswith(read)


def test_a_structured_abstracts_labels_go() -> None:
    told = standalone("RESULTS: Five trajectories were found among the veterans.", Speaker())
    assert told == "Five trajectories were found among the veterans."
