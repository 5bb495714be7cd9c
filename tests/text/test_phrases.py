"""Terms that texts share, as a person would write them within a sentence."""

from __future__ import annotations

import pytest

from agq.text.phrases import shared_phrases

TITLES = [
    "Neural Operators for Fluid Flow",
    "Fast Surrogates by Neural Operators",
    "A Bayesian View of Dark Matter",
]
BODIES = [
    "A neural operator maps fields to fields. It uses Gaussian noise.",
    "We train neural operators with Gaussian noise and the Monte Carlo method.",
    "Bayesian inference on dark matter halos, with the Monte Carlo method. Halos of dark matter.",
]


def written(*bodies: str, titles: tuple[str, ...] = ()) -> list[str]:
    """The terms of some bodies."""
    return [one.text for one in shared_phrases([*titles, *[""] * (len(bodies) - len(titles))], bodies)]


def test_terms_are_found_in_titles_and_bodies() -> None:
    found = {phrase.text: phrase for phrase in shared_phrases(TITLES, BODIES)}
    assert found["neural operators"].texts == {0, 1}
    assert found["neural operators"].titled == {0, 1}
    assert "dark matter" in found


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        ("The code implements a fast solver for galaxy clusters.", "code implements"),
        ("We discuss strategies for weak lensing.", "discuss strategies"),
        ("Recent work on galaxy clusters gives experimental results.", "recent work"),
        ("Recent work on galaxy clusters gives experimental results.", "experimental results"),
        ("Numerical experiments with galaxy clusters follow.", "numerical experiments"),
        ("It is a fact in the realm of the Hubble tension.", "realm of the Hubble tension"),
        ("Posttraumatic stress disorder after hurricanes.", "stress disorder"),
        ("A halo of 10 solar masses, and another of 12 solar masses.", "solar masses"),
        ("Lewis's woodpecker (Melanerpes lewis) nests in burned forests.", "Melanerpes lewis"),
        ("Galaxies brighter than the limit are bound.", "galaxies brighter"),
        (
            "The longitudinal course of depression is the longitudinal course of grief.",
            "the longitudinal course",
        ),
        ("Understanding user preferences is what we do.", "understanding user preferences"),
        ("All rights reserved by galaxy clusters.", "rights reserved"),
    ],
)
def test_what_is_no_term(sentence: str, never: str) -> None:
    assert never.lower() not in " | ".join(written(sentence, sentence)).lower().split(" | ")


def test_a_countable_thing_is_in_the_plural_or_has_its_article() -> None:
    body = "We fit a globular cluster and the dark sector. The dark sector is of dark matter."
    found = written(body)
    assert "globular cluster" not in found
    assert "the dark sector" in found
    assert "dark matter" in found
    assert "globular clusters" in written(body, "Old globular clusters are metal poor.")


def test_an_acronym_is_spelled_out_and_the_same_term() -> None:
    found = shared_phrases(
        ["", ""], ["We study ultra-diffuse galaxies (UDGs) and their halos.", "UDGs are found in clusters."]
    )
    assert [one.texts for one in found if one.text == "ultra-diffuse galaxies"] == [{0, 1}]
    body = "A partial differential equation (PDE) is hard. We solve PDEs, and the PDE of heat."
    assert "partial differential equations" in written(body)
    assert "partial differential equation" not in written(body)
    assert "UDGs" not in [one.text for one in found]


def test_a_title_is_written_as_in_a_sentence() -> None:
    assert "large language models" in written("", titles=("Large Language Models under Bayesian Inference",))
    assert "Bayesian inference" in written("", titles=("Large Language Models under Bayesian Inference",))


def test_a_part_of_a_longer_term_is_none() -> None:
    titles = ("Machine Learning Interatomic Potentials", "On Machine Learning Interatomic Potentials")
    found = written("", "", titles=titles)
    assert "machine learning interatomic potentials" in found
    assert "learning interatomic potentials" not in found
