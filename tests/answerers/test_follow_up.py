"""Questions to go on with: what the sources ask and tell, in words that fit."""

from __future__ import annotations

from agq.answerers.follow_up import propose
from agq.model import Evidence, IndexState, MatchParts, Paper, Source

FLOODS = Paper(
    "1",
    "Streamflow forecasting with long memory networks",
    "Streamflow forecasting is limited by sparse gauges. Long memory networks fail in dry basins. "
    "Flood maps from satellites measured the Indus basin.",
)
PERSONAS = Paper(
    "2",
    "When can digital personas approximate survey findings of flood victims?",
    "Digital personas reduce cost. The influence of climate change on flood victims was studied.",
)


def asked(question: str, *papers: Paper) -> list[str]:
    sources = tuple(Source(paper, 0.8, MatchParts(0.8, 0.8)) for paper in papers)
    return list(propose(Evidence(question, sources, bears=True, index=IndexState(2, 2, "e", "now"))))


def test_a_title_that_asks_is_asked() -> None:
    found = asked("How are floods predicted?", PERSONAS, FLOODS)
    assert found[0] == "When can digital personas approximate survey findings of flood victims?"


def test_where_something_fails_is_asked_where_a_source_tells_it() -> None:
    found = asked("How are floods predicted?", FLOODS)
    assert "Where do long memory networks fail?" in found
    dry = Paper(
        "3", FLOODS.title, "Long memory networks were trained on basins. Streamflow forecasting was tried."
    )
    assert not any("fail" in question or "limits" in question for question in asked("floods?", dry))


def test_no_question_asks_for_causes_that_no_source_tells() -> None:
    assert not any(question.startswith("What causes") for question in asked("floods?", FLOODS, PERSONAS))


def test_questions_differ_in_what_they_are_about() -> None:
    found = asked("How are floods predicted?", FLOODS, PERSONAS)
    assert len(found) == len(set(found)) >= 3, found
