"""Word classes in their sentence."""

from __future__ import annotations

from agq.text.word_classes import split, word_classes


def classes(sentence: str) -> dict[str, str]:
    """Each word of a sentence and its class."""
    words = split(sentence)
    return dict(zip(words, word_classes().classes(words), strict=True))


def test_a_word_is_a_noun_or_a_verb_by_its_place() -> None:
    assert classes("We estimate the mass of the cluster.")["estimate"] == "v"
    assert classes("The estimate of the mass is low.")["estimate"] == "n"


def test_words_that_are_not_listed_go_by_their_ending_or_last_part() -> None:
    found = classes("The woodpeckers of pyrodiverse forests and machine-learned blorphs recover.")
    assert found["woodpeckers"] == "s"
    assert found["machine-learned"] == "j"
    assert found["blorphs"] == "s"


def test_every_class_can_follow_every_other() -> None:
    assert len(word_classes().classes(split("of of the ) the ( ; 7 very very is is"))) == 12
    assert word_classes().classes(["galaxies"]) in {"s", "n"}
