"""Questions to go on with: on what the papers found share, in words that fit."""

from __future__ import annotations

from agq.answerers.follow_up import propose
from agq.model import Evidence, IndexState, MatchParts, Paper, Source

FLOODS = Paper(
    "1",
    "Streamflow forecasting with flood maps",
    "Streamflow forecasting is limited by sparse gauges. Flood maps from satellites show the Indus basin. "
    "Streamflow forecasting needs satellite imagery.",
)
PERSONAS = Paper(
    "2",
    "Digital personas approximate surveys of flood victims",
    "Digital personas reduce cost. Flood maps and climate change were studied with satellite imagery.",
)
FAR = Paper("3", "Graph neural networks", "Graph neural networks learn molecular graphs.")


def asked(question: str, *papers: Paper) -> list[str]:
    matches = (0.8, 0.75, 0.1)
    sources = tuple(
        Source(paper, match, MatchParts(0.8, 0.8)) for paper, match in zip(papers, matches, strict=False)
    )
    evidence = Evidence(question, sources, answerable=True, index=IndexState(300, 300, "e", "now"))
    return list(propose(evidence, lambda stems: [3] * len(stems)))


def test_what_papers_share_is_asked_before_what_one_of_them_has() -> None:
    found = asked("How are rivers gauged?", FLOODS, PERSONAS)
    shared, alone = "What is known about flood maps?", "What is known about digital personas?"
    assert found.index(shared) < found.index(alone)


def test_three_where_the_papers_have_three_subjects() -> None:
    assert len(asked("How are rivers gauged?", FLOODS, PERSONAS)) >= 3


def test_questions_differ_from_the_one_asked_and_from_each_other() -> None:
    found = asked("What is known about flood maps?", FLOODS, PERSONAS)
    assert "What is known about flood maps?" not in found
    assert len(found) == len(set(found)) >= 2


def test_papers_far_from_the_question_give_none() -> None:
    found = asked("How are rivers gauged?", FLOODS, PERSONAS, FAR)
    assert not [one for one in found if "graph" in one.lower()]


def test_what_the_whole_index_speaks_of_is_not_asked() -> None:
    sources = tuple(Source(paper, 0.8, MatchParts(0.8, 0.8)) for paper in (FLOODS, PERSONAS))
    state = IndexState(300, 300, "e", "now")
    evidence = Evidence("How are rivers gauged?", sources, answerable=True, index=state)
    everywhere = {"flood", "map"}
    found = list(propose(evidence, lambda stems: [250 if stem in everywhere else 3 for stem in stems]))
    assert "What is known about flood maps?" not in found
    assert found


def test_a_subject_without_a_word_of_the_question_is_asked_about_beside_its_own() -> None:
    papers = [
        Paper("a", "Angular momentum of diffuse galaxies", "Diffuse galaxies keep their angular momentum."),
        Paper("b", "Diffuse galaxies and angular momentum", "Angular momentum makes diffuse galaxies large."),
    ]
    sources = tuple(Source(paper, 0.9, MatchParts(0.9, 0.9)) for paper in papers)
    evidence = Evidence("How do diffuse galaxies form?", sources, True, IndexState(500, 500, "e", "now"))
    assert next(propose(evidence, None)) == "What connects angular momentum with diffuse galaxies?"
