"""Questions to go on with: on what the papers found share, in words that fit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agq.answerers.follow_up import propose
from agq.model import Evidence, IndexState, MatchParts, Paper, Source

FLOODS = Paper(
    "1",
    "Streamflow forecasting with flood maps",
    "Streamflow forecasting is limited by sparse gauges. Flood maps from satellites show the Indus basin.",
)
PERSONAS = Paper(
    "2",
    "When can digital personas approximate survey findings of flood victims?",
    "Digital personas reduce cost. Flood maps and climate change were studied with flood victims.",
)


def asked(question: str, *papers: Paper) -> list[str]:
    sources = tuple(Source(paper, 0.8, MatchParts(0.8, 0.8)) for paper in papers)
    evidence = Evidence(question, sources, answerable=True, index=IndexState(2, 2, "e", "now"))
    return list(propose(evidence, None))


def test_a_title_that_asks_is_asked() -> None:
    found = asked("How are rivers gauged?", PERSONAS, FLOODS)
    assert found[0] == "When can digital personas approximate survey findings of flood victims?"


def test_what_papers_share_is_asked_before_what_one_of_them_has() -> None:
    found = asked("How are rivers gauged?", FLOODS, PERSONAS)
    assert found.index("What is known about flood maps?") < found.index("How is streamflow forecasting done?")


def test_questions_differ_from_the_one_asked_and_from_each_other() -> None:
    found = asked("What is known about flood maps?", FLOODS, PERSONAS)
    assert "What is known about flood maps?" not in found
    assert len(found) == len(set(found)) >= 2


# --- one by one ---


def proposed(
    *papers: tuple[Paper, float],
    question: str = "How are rivers gauged?",
    counts: dict[str, int] | None = None,
) -> list[str]:
    sources = tuple(Source(paper, match, MatchParts(match, match)) for paper, match in papers)
    evidence = Evidence(question, sources, answerable=True, index=IndexState(1000, 1000, "e", "now"))

    def frequencies(terms: Sequence[str]) -> list[int]:
        return [(counts or {}).get(term, 5) for term in terms]

    return list(propose(evidence, frequencies))


def about(key: str, *subjects: str, title: str = "") -> Paper:
    return Paper(key, title or f"Paper {key}", " ".join(f"We study {one}." for one in subjects))


def test_what_is_done_and_what_is_are_asked_about_differently() -> None:
    found = proposed(
        (about("a", "flood forecasting", "flood maps"), 0.9),
        (about("b", "flood forecasting", "flood maps"), 0.9),
    )
    assert "How is flood forecasting done?" in found
    assert "What is known about flood maps?" in found


def test_subjects_come_from_papers_of_half_the_best_match_or_from_three_at_least() -> None:
    near = [(about(f"n{n}", "flood maps", "river gauges"), 0.9) for n in range(3)]
    far = [(about(f"f{n}", "solar panels", "wind turbines"), 0.44) for n in range(2)]
    edge = [(about(f"e{n}", "solar panels", "wind turbines"), 0.45) for n in range(2)]
    assert not any("solar" in one for one in proposed(*near, *far))
    assert any("solar" in one for one in proposed(*near, *edge))
    assert any("solar" in one for one in proposed(near[0], *far))


def test_what_all_of_the_index_speaks_of_is_asked_about_by_nobody() -> None:
    papers = [(about(f"n{n}", "flood maps", "river gauges"), 0.9) for n in range(3)]
    assert any("flood maps" in one for one in proposed(*papers, counts={"flood": 80, "map": 500}))
    assert not any("flood maps" in one for one in proposed(*papers, counts={"flood": 81, "map": 500}))


def test_the_rarer_subject_is_asked_about_first() -> None:
    papers = [(about(f"n{n}", "flood maps", "snow sensors"), 0.9) for n in range(3)]
    rare, common = {"snow": 1, "sensor": 1}, {"snow": 70, "sensor": 70}
    assert proposed(*papers, counts=rare)[0] == "What is known about snow sensors?"
    assert proposed(*papers, counts=common)[0] == "What is known about flood maps?"


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("How do frogs survive long winters?", "How do frogs survive long winters?"),
        ("Frogs: How do amphibians survive long winters?", "How do amphibians survive long winters?"),
        ("How do they survive long winters?", None),
        ("How do frogs sleep?", None),
        ("Frogs survive long winters?", None),
        ("How do frogs survive long winters", None),
    ],
)
def test_a_title_is_asked_where_it_can_be_read_alone(title: str, asked: str | None) -> None:
    found = proposed((about("a", "snow sensors", title=title), 0.9))
    assert (found[:1] == [asked]) if asked else not any("winters" in one or "sleep" in one for one in found)


def test_one_title_at_most_is_asked() -> None:
    titles = ["How do frogs survive long winters?", "Why do newts avoid deep water?"]
    found = proposed(*((about(str(n), "snow sensors", title=title), 0.9) for n, title in enumerate(titles)))
    assert titles[0] in found
    assert titles[1] not in found


def test_half_of_a_question_has_to_be_new() -> None:
    papers = [(about(f"n{n}", "flood maps", "flood sensors"), 0.9) for n in range(2)]
    assert proposed(*papers, question="Floods?") == []
    assert proposed(*papers, question="Rivers?") == [
        "What is known about flood maps?",
        "What is known about flood sensors?",
    ]
    assert proposed() == []
