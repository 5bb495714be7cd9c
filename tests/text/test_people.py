"""Names of people and bodies."""

from __future__ import annotations

import pytest

from agq.text.people import cited_as, family_name


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Ludwig van Beethoven", "van Beethoven"),
        ("Guido Van Rossum", "Van Rossum"),
        ("José Silva Filho", "Silva Filho"),
        ("Berg, Ann", "Berg"),
        ("ATLAS Collaboration", "ATLAS Collaboration"),
        ("Plato", "Plato"),
    ],
)
def test_the_family_name_by_which_somebody_is_cited(author: str, family: str) -> None:
    assert family_name(author) == family


def test_two_are_named_and_more_are_others() -> None:
    assert cited_as(["Ann Berg", " ", "Li Wu"]) == "Berg and Wu"
    assert cited_as(["Ann Berg", "Li Wu", "Jo Roe"]) == "Berg et al."
    assert cited_as([]) == ""
