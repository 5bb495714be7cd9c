"""How retrieval chooses and orders, over an index and an encoder that score as they are told."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from agq.errors import UsageError
from agq.match import MIN_MATCH
from agq.model import Candidate, Filters, Source
from agq.retrieve import retrieve, similar, understood
from fakes import ListIndex, Middle, SetEmbedder, WordEmbedder, paper, unit

QUESTION = "frogs overwinter"
USUAL = unit(1, 0)


def card(key: str, cosine: float, abstract: str = "", **more: object) -> Candidate:
    """A paper whose vector has this cosine with every text of ``SetEmbedder({}, USUAL)``."""
    row = np.array([cosine, math.sqrt(1 - cosine * cosine)], np.float32)
    return Candidate(paper(key, f"Paper {key}", abstract, **more), row)


def plain(rows: dict[str, NDArray[np.float32]] | None = None) -> SetEmbedder:
    return SetEmbedder(rows or {}, USUAL)


def ids(sources: Sequence[Source]) -> list[str]:
    return [source.paper.id for source in sources]


def test_the_nearest_come_first_and_of_equals_the_first_id() -> None:
    index = ListIndex([card("d", 0.5), card("a", 0.9), card("c", 0.7), card("b", 0.7)])
    found = retrieve(index, plain(), QUESTION)
    assert ids(found.sources) == ["a", "b", "c", "d"]
    assert found.question == QUESTION
    assert found.index == index.state
    assert found.seconds > 0
    assert ids(retrieve(index, plain(), QUESTION, k=2).sources) == ["a", "b"]
    many = ListIndex([card(f"n{n}", 0.5) for n in range(9)])
    assert len(retrieve(many, plain(), QUESTION).sources) == 8


def test_words_count_as_much_as_vectors() -> None:
    words = card("words", 0.2, "Frogs overwinter under ice.")
    index = ListIndex([card("near", 0.6), words, card("far", 0.2)])
    found = retrieve(index, plain(), QUESTION)
    assert ids(found.sources) == ["words", "near", "far"]
    parts = found.sources[0].parts
    assert parts.vector == pytest.approx(0.2, abs=1e-6)
    assert parts.text == pytest.approx(1 / (1 + 0.8 * (0.6 + 0.4 * 7 / 130)), abs=1e-6)
    assert parts.sentence == 1.0
    assert found.sources[1].parts.text == found.sources[1].parts.sentence == 0.0


def test_no_part_is_told_outside_0_to_1() -> None:
    index = ListIndex([card("a", 0.9), card("b", -0.5)])
    near, far = retrieve(index, plain(), QUESTION).sources
    assert near.parts.feedback == 1.0
    assert (far.parts.vector, far.parts.feedback) == (0.0, 0.0)


def test_an_index_answers_from_a_best_match_of_17_percent() -> None:
    assert pytest.approx(0.17) == MIN_MATCH
    index = ListIndex([card("a", 0.9)])
    found = retrieve(index, plain(), QUESTION).sources[0].match
    reached = [retrieve(index, plain(), QUESTION) for index.centroid in _centroids(found, 0.172, 0.168)]
    assert [one.sources[0].match for one in reached] == [pytest.approx(0.172), pytest.approx(0.168)]
    assert [one.answerable for one in reached] == [True, False]
    assert not retrieve(ListIndex([]), plain(), QUESTION).answerable


def _centroids(found: float, *wanted: float) -> list[Middle]:
    """Middles of an index by whose topic alone a match becomes as is wanted."""
    logit = [math.log(match / (1 - match)) / 6 for match in (found, *wanted)]
    topics = [0.1 + (other - logit[0]) / 0.8 for other in logit[1:]]
    return [Middle(np.array([topic, 0.0], np.float32), 130.0) for topic in topics]


def test_what_lies_beside_the_best_comes_before_what_lies_elsewhere() -> None:
    """Of two papers that fit as well, that one is like the best fitting."""
    row = {"best": (0.8, 0.6, 0.0), "beside": (0.5, 0.8, 0.1), "elsewhere": (0.5, -0.8, 0.1)}
    held = [Candidate(paper(key), unit(*values)) for key, values in row.items()]
    found = retrieve(ListIndex(held[::-1]), SetEmbedder({}, unit(1, 0, 0)), QUESTION).sources
    assert ids(found) == ["best", "beside", "elsewhere"]
    assert found[1].parts.vector == pytest.approx(found[2].parts.vector)
    assert found[1].match > found[2].match + 0.1


def test_the_feedback_set_is_that_of_the_whole_index_whatever_passes() -> None:
    held = [card("a", 0.9), *(card(f"n{n}", 0.3 + n / 1000, date="2026") for n in range(5))]
    index = ListIndex(held)
    everything = {source.paper.id: source.match for source in retrieve(index, plain(), QUESTION).sources}
    some = retrieve(index, plain(), QUESTION, filters=Filters(since="2026")).sources
    assert ids(some) == ["n4", "n3", "n2", "n1", "n0"]
    assert {source.paper.id: source.match for source in some}.items() <= everything.items()


def test_a_hundred_are_looked_at_and_more_where_more_are_wanted() -> None:
    index = ListIndex([card(f"n{n:03}", 0.5 - n / 1000) for n in range(150)])
    retrieve(index, plain(), QUESTION)
    assert {k for _, k, _ in index.queries} == {100}
    assert len(index.queries) == 2
    index.queries.clear()
    assert len(retrieve(index, plain(), QUESTION, k=100).sources) == 100
    assert len(index.queries) == 2
    assert len(retrieve(index, plain(), QUESTION, k=120).sources) == 120
    assert {k for _, k, _ in index.queries} == {100, 120}
    index.queries.clear()
    retrieve(index, plain(), QUESTION, k=1, filters=Filters(ids=("n149",)))
    assert [k for _, k, _ in index.queries] == [100] * 4
    assert [bool(filters) for _, _, filters in index.queries] == [False, False, True, True]


@pytest.mark.parametrize("question", ["", " \n"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(UsageError, match="the question is empty") as refused:
        retrieve(ListIndex([]), plain(), question)
    assert "agq ask" in refused.value.hint


# --- ids in questions ---


@pytest.mark.parametrize(
    "written", ["2406.00001", "[2406.00001]", "arXiv:2406.00001v3", "ARXIV:2406.00001,", "“2406.00001”"]
)
def test_a_paper_that_a_question_names_matches_wholly_and_comes_first(written: str) -> None:
    index = ListIndex([card("a", 0.9), card("2406.00001", 0.1)])
    found = retrieve(index, plain(), f"What does {written} say?")
    assert [(source.paper.id, source.match == 1.0) for source in found.sources] == [
        ("2406.00001", True),
        ("a", False),
    ]


def test_an_old_id_is_known_with_and_without_its_version() -> None:
    index = ListIndex([card("a", 0.9), card("hep-th/9901001", 0.1)])
    assert retrieve(index, plain(), "compare hep-th/9901001v2 here").sources[0].match == 1.0


def test_a_word_alone_may_be_an_id_and_a_word_among_others_only_if_it_looks_like_one() -> None:
    index = ListIndex([card("frogs", 0.1), card("a", 0.9)])
    assert ids(retrieve(index, plain(), "frogs").sources) == ["frogs", "a"]
    assert ids(retrieve(index, plain(), "do frogs sleep").sources) == ["a", "frogs"]


def test_a_question_of_ids_alone_asks_for_what_these_papers_are_about() -> None:
    own = card("2406.00001", 0.1, "Frogs overwinter.")
    like, unlike = card("z", 0.5, "Where frogs overwinter."), card("b", 0.5, "Where rain falls.")
    asked = SetEmbedder({own.paper.text: USUAL}, unit(0, 1))
    found = retrieve(ListIndex([own, like, unlike]), asked, "2406.00001")
    assert ids(found.sources) == ["2406.00001", "z", "b"]
    assert asked.asked[0] == [own.paper.text]
    assert retrieve(ListIndex([own]), asked, "and 2406.00001").sources[0].match == 1.0
    assert ["and 2406.00001"] in asked.asked


def test_a_named_paper_has_to_pass_the_filters() -> None:
    index = ListIndex([card("2406.00001", 0.1, date="2024"), card("2406.00002", 0.9, date="2026")])
    asked = "What do 2406.00001 and 2406.00002 say?"
    late = retrieve(index, plain(), asked, filters=Filters(since="2026")).sources
    assert [(source.paper.id, source.match) for source in late] == [("2406.00002", 1.0)]
    one = retrieve(index, plain(), asked, filters=Filters(ids=("2406.00001",))).sources
    assert [(source.paper.id, source.match) for source in one] == [("2406.00001", 1.0)]
    other = retrieve(index, plain(), "What does 2406.00001 say?", filters=Filters(ids=("2406.00002",)))
    assert [source.match == 1.0 for source in other.sources] == [False]


# --- vectors that are missing, and long questions ---


def test_papers_without_vectors_are_encoded_best_covered_first_and_kept() -> None:
    bare = [Candidate(paper(f"p{n}", "frogs " * (n + 1)), None) for n in range(10)]
    index, embedder = ListIndex([*bare, card("a", 0.2)]), plain()
    found = retrieve(index, embedder, QUESTION, k=20)
    texts = [batch for batch in embedder.asked if batch != [QUESTION] and "frogs" in batch[0]]
    assert [len(batch) for batch in texts[:2]] == [8, 2]
    assert texts[0][0] == bare[9].paper.text
    assert set(index.saved) == {one.paper.id for one in bare}
    assert {source.parts.vector for source in found.sources if source.paper.id != "a"} == {1.0}


class Slow(SetEmbedder):
    """An encoder that takes more than a second for papers."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        time.sleep(1.01 * (len(texts) > 1))
        return super().embed(texts)


def test_a_question_waits_a_second_for_papers_without_vectors_and_no_longer() -> None:
    bare = [Candidate(paper(f"p{n:02}", "frogs"), None) for n in range(20)]
    index = ListIndex(bare)
    found = retrieve(index, Slow({}, USUAL), QUESTION, k=20)
    assert len(index.saved) == 8
    assert sorted(source.parts.vector for source in found.sources) == [0.0] * 12 + [1.0] * 8


def test_a_question_is_encoded_in_pieces_of_150_words_and_no_more_than_eight() -> None:
    words = [f"word{n}" for n in range(2000)]
    first, second = " ".join(words[:150]), " ".join(words[150:300])
    embedder = SetEmbedder({first: unit(1, 0), second: unit(0, 1)}, unit(1, 1))
    two = understood(ListIndex([]), embedder, " ".join(words[:300]))
    assert embedder.asked == [[first, second]]
    assert two.vector is not None
    np.testing.assert_allclose(two.vector, unit(1, 1), rtol=1e-6)
    understood(ListIndex([]), embedder, " ".join(words))
    assert len(embedder.asked[1]) == 8
    assert embedder.asked[1][7].split() == words[1050:1200]


def test_a_long_question_is_searched_by_its_48_weightiest_words() -> None:
    rare, common = [f"rare{n}" for n in range(48)], [f"common{n}" for n in range(5)]
    index = ListIndex([card("a", 0.5)], frequencies=dict.fromkeys(common, 900))
    retrieve(index, plain(), " ".join([*common, *rare]))
    (query,) = {query for query, _, _ in index.queries if query != "nearest"}
    assert query.split() == rare
    index.queries.clear()
    retrieve(index, plain(), " ".join([*common, *rare[:43]]))
    assert " ".join([*common, *rare[:43]]) in {query for query, _, _ in index.queries}


# --- short forms, slips and words that nobody mentions ---


class Speaker(SetEmbedder):
    """An encoder that knows some words, the most common first."""

    words = ("the", "frogs", "overwinter", "sleep")

    def knows(self, word: str) -> bool:
        return word in self.words

    def rank(self, word: str) -> int | None:
        return self.words.index(word) if word in self.words else None


def test_a_slip_of_the_fingers_is_searched_by_what_was_meant() -> None:
    index = ListIndex([card("a", 0.5)], frequencies={"overwintr": 0, "overwint": 5})
    retrieve(index, Speaker({}, USUAL), "frogs overwintr")
    assert "frogs overwintr overwint" in {query for query, _, _ in index.queries}
    index.queries.clear()
    retrieve(index, plain(), "frogs overwintr")
    assert "frogs overwintr overwint" not in {query for query, _, _ in index.queries}


def test_a_short_form_is_read_as_the_long_one_that_a_paper_explains() -> None:
    told = card("a", 0.9, "We study ultra-diffuse galaxies (UDGs) in clusters. UDGs are faint.")
    short, other = card("s", 0.3, "Many UDGs rotate."), card("o", 0.3, "Many stars rotate.")
    index = ListIndex([other, short, told])
    found = retrieve(index, plain(), "How old are UDGs?")
    assert ids(found.sources) == ["a", "s", "o"]
    assert dict(found.understood.expanded) == {"UDGs": "ultra-diffuse galaxies"}
    assert found.sources[1].parts.text > 0.5
    assert found.question == "How old are UDGs?"


def test_a_word_that_no_paper_mentions_is_named_and_costs_all_of_them_alike() -> None:
    index = ListIndex([card("a", 0.9, "Frogs overwinter."), card("b", 0.7, "Frogs overwinter.")])
    index.frequencies = {"zyzzyva": 0}
    quiet = retrieve(index, plain(), "Do frogs overwinter in Zyzzyva?")
    told = retrieve(index, Speaker({}, USUAL), "Do frogs overwinter in Zyzzyva?")
    assert (quiet.understood.missing, told.understood.missing) == ((), ("Zyzzyva",))
    costs = [
        math.log(one.match / (1 - one.match)) - math.log(other.match / (1 - other.match))
        for one, other in zip(quiet.sources, told.sources, strict=True)
    ]
    assert costs[0] == pytest.approx(costs[1], abs=1e-3)
    assert 6 * 0.25 * 0.45 <= costs[0] <= 6 * 0.25
    assert retrieve(index, Speaker({}, USUAL), "Do frogs overwinter?").understood.missing == ()
    named = replace(card("2406.00001", 0.5).paper)
    index.held.append(Candidate(named, USUAL))
    assert retrieve(index, Speaker({}, USUAL), "2406.00001 in Zyzzyva").understood.missing == ()


# --- papers like one ---


def test_papers_like_one_come_without_it_as_many_as_are_wanted() -> None:
    own = Candidate(paper("own", "Frogs", "Frogs overwinter."), USUAL)
    index = ListIndex([own, card("b", 0.5), card("a", 0.9), card("c", 0.1)])
    assert ids(similar(index, "own", k=2)) == ["a", "b"]
    assert ids(similar(index, "own")) == ["a", "b", "c"]
    assert ids(similar(index, "own", filters=Filters(ids=("b", "own")))) == ["b"]
    found = {source.paper.id: source.match for source in similar(index, "own")}
    some = {source.paper.id: source.match for source in similar(index, "own", filters=Filters(ids=("c",)))}
    assert some.items() <= found.items()


def test_a_paper_that_is_not_there_has_none_like_it() -> None:
    with pytest.raises(UsageError, match="no paper 'nope' in the index") as refused:
        similar(ListIndex([card("a", 0.9)]), "nope")
    assert "agq search" in refused.value.hint


def test_texts_that_share_words_are_like_each_other() -> None:
    embedder = WordEmbedder()
    held = [paper("f", "Frogs overwinter in mud"), paper("r", "Rain falls"), paper("m", "Mud and frogs")]
    index = ListIndex([Candidate(one, embedder.embed([one.text])[0]) for one in held])
    assert ids(retrieve(index, embedder, "Where do frogs overwinter?").sources) == ["f", "m", "r"]
