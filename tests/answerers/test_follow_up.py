"""Questions to go on with: on what the papers found are about, in words that fit."""

from __future__ import annotations

from agq.answerers.follow_up import propose
from agq.model import Paper

STREAMS = Paper("1", "Streamflow forecasting with flood maps", "Streamflow forecasting needs gauges.")
PERSONAS = Paper("2", "Digital personas in surveys of flood victims", "Digital personas reduce cost.")
EFFECTS = Paper("3", "Effects of logging on forest birds", "Birds were counted.")
ASKS = Paper("4", "Do woodpeckers nest in burned forests?", "They do.")
SENTENCE = Paper(
    "5",
    "Language models predict reading times best",
    "They do.",
    ("Ada Lovelace", "Alan Turing"),
    date="2024-05-01",
)


def asked(question: str, *papers: Paper) -> list[str]:
    return list(propose(question, papers))


def test_topics_are_asked_about_in_the_order_of_their_papers() -> None:
    streams, personas = (
        "What is known about streamflow forecasting with flood maps?",
        "What is known about digital personas in surveys of flood victims?",
    )
    assert asked("How are rivers gauged?", STREAMS, PERSONAS) == [streams, personas]
    assert asked("How are rivers gauged?", PERSONAS, STREAMS) == [personas, streams]


def test_what_shares_words_with_the_question_is_asked_about_first() -> None:
    found = asked("How are floods of a stream forecast?", EFFECTS, PERSONAS, STREAMS)
    assert [one.split()[4] for one in found] == ["digital", "streamflow", "of"]


def test_a_form_that_fits_the_topic_is_taken() -> None:
    assert asked("Where do owls live?", EFFECTS) == ["What are the effects of logging on forest birds?"]


def test_a_title_that_asks_is_asked() -> None:
    assert asked("Where do owls live?", ASKS) == ["Do woodpeckers nest in burned forests?"]


def test_a_paper_whose_title_has_no_topic_is_asked_about_after_those_that_have() -> None:
    by_name = 'What does "Language models predict reading times best" (Lovelace and Turing 2024) report?'
    assert asked("Where do owls live?", SENTENCE, EFFECTS)[-1] == by_name


def test_the_question_itself_is_not_asked_again() -> None:
    assert asked("What are the effects of logging on forest birds?", EFFECTS) == []
    assert asked("Effects of logging on birds in a forest", EFFECTS, ASKS) == [ASKS.title]


def test_acronyms_count_as_what_they_stand_for() -> None:
    paper = Paper("6", "Robust LLM agents", "Large language models (LLMs) act as robust agents.")
    assert asked("What are robust large language model agents?", paper) == []


def test_no_topic_twice() -> None:
    assert len(asked("Where do owls live?", EFFECTS, EFFECTS, STREAMS)) == 2


def test_of_two_topics_of_a_title_that_is_asked_about_which_the_other_titles_share() -> None:
    two = Paper("7", "Streamflow forecasting in Asia: sample properties and selection function", "")
    assert (
        asked("How are rivers gauged?", two, STREAMS)[0]
        == "What is known about streamflow forecasting in Asia?"
    )


def titled(*titles: str) -> list[Paper]:
    return [Paper(str(n), title, "") for n, title in enumerate(titles)]


def test_what_is_new_by_half_its_words_is_asked_first_what_is_by_fewer_last() -> None:
    half, third, new = titled(
        "Streamflow forecasting with flood maps", "Flood maps of rivers", "Digital personas in surveys"
    )
    assert asked("How good are flood maps?", third, half, new) == [
        "What is known about streamflow forecasting with flood maps?",
        "What is known about digital personas in surveys?",
        "What is known about flood maps of rivers?",
    ]


def test_questions_that_share_more_than_half_their_words_come_after_others() -> None:
    first, second, other = titled(
        "Owl nests in old forests", "Owl nests in old woods", "Digital personas in surveys"
    )
    assert asked("Where do frogs sleep?", first, second, other) == [
        "What is known about owl nests in old forests?",
        "What is known about digital personas in surveys?",
        "What is known about owl nests in old woods?",
    ]


def test_the_role_of_something_is_asked_for_with_its_article_and_an_effect_on_something_is_a_topic() -> None:
    assert asked("Where do owls live?", *titled("The role of fires in forest birds")) == [
        "What is the role of fires in forest birds?"
    ]
    assert asked("Where do owls live?", *titled("Origin of life")) == ["What is the origin of life?"]
    assert asked("Where do owls live?", *titled("Impacts on birds")) == [
        "What is known about impacts on birds?"
    ]


def test_a_paper_is_asked_about_by_what_is_known_of_it() -> None:
    title = "Language models predict reading times best"
    for paper, by in (
        (Paper("1", f"{title}.", ""), ""),
        (Paper("1", title, "", date="2024-05"), " (2024)"),
        (Paper("1", title, "", ("Ada Lovelace",)), " (Lovelace)"),
    ):
        assert asked("Where do owls live?", paper) == [f'What does "{title}"{by} report?']


def test_an_acronym_in_the_question_is_what_it_stands_for_in_a_title() -> None:
    paper = Paper("6", "Large language model agents", "Large language models (LLMs) act as agents.")
    assert asked("What are LLM agents?", paper) == []


def test_a_name_keeps_its_capital_where_an_abstract_has_it() -> None:
    title = "Streamflow Forecasting with Maps of the Zarqa"
    named = Paper("8", title, "We mapped the Zarqa in spring.")
    (known,) = asked("Where do owls live?", named)
    (unknown,) = asked("Where do owls live?", Paper("8", title, ""))
    assert known == "What is known about streamflow forecasting with maps of the Zarqa?"
    assert unknown != known
