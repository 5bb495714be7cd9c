"""Short forms and long ones ask the same."""

from __future__ import annotations

from agq.expand import expand, may_expand
from agq.model import Paper

PAPERS = [
    Paper("a", "Ultra-diffuse galaxies", "We count ultra-diffuse galaxies (UDGs) in the Coma cluster."),
    Paper("b", "Fires", "Autonomic dysreflexia (AD) is common. Convolutional networks (CNs) see it."),
    Paper("c", "Brains", "Alzheimer disease (AD) is rarer."),
]


def test_a_short_form_is_read_as_the_long_one() -> None:
    found = expand("How do UDGs form?", PAPERS)
    assert found.text == "How do ultra-diffuse galaxies form?"
    assert found.forms == {"UDGs": "ultra-diffuse galaxies"}
    assert found.aliases == {"udg": ("ultradiffus", "ultra", "diffus", "galaxi")}


def test_a_long_form_is_known_by_its_short_one() -> None:
    found = expand("How do ultra-diffuse galaxies form?", PAPERS)
    assert found.text == "How do ultra-diffuse galaxies form?"
    assert found.forms == {"ultra-diffuse galaxies": "UDGs"}
    assert found.aliases == expand("How do UDGs form?", PAPERS).aliases


def test_of_two_meanings_the_better_paper_has_it() -> None:
    assert expand("AD in spinal cord injury", PAPERS).text == "autonomic dysreflexia in spinal cord injury"
    assert expand("AD in spinal cord injury", PAPERS[::-1]).text == "alzheimer disease in spinal cord injury"


def test_what_no_paper_explains_stays() -> None:
    found = expand("How does NASA select missions?", PAPERS)
    assert (found.text, found.forms, found.aliases) == ("How does NASA select missions?", {}, {})


def test_a_question_of_one_plain_word_has_nothing_to_expand() -> None:
    assert not may_expand("turbulence")
    assert may_expand("UDGs")
    assert may_expand("ultra-diffuse galaxies")
