"""Questions to go on with: on what the papers found share, in words that fit."""

from __future__ import annotations

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
