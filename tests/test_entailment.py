"""Whether an abstract bears a sentence out, and which of its sentences do."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from agq.entailment import MIN_SUPPORT, SUPPORT_BIAS, SUPPORT_WEIGHTS, SUSPECTED, ClaimSupport, SourceTexts
from agq.model import Embedder, EntailmentModel, Paper, Passage, Vectors
from fakes import SetEmbedder, SetEntailment, unit

MD = Paper(
    "2406.00001",
    "Learned potentials for molecular dynamics",
    "Molecular dynamics with quantum forces is slow. Neural networks are trained on quantum calculations "
    "to predict energies and forces. The learned potential is 100 times faster than density functional "
    "theory on QM9. Accuracy stays within 1 kcal/mol.",
    ("Ada Lovelace", "Max Planck"),
    date="2024-06-01",
)
RAIN = Paper(
    "2406.00002",
    "Forecasting rain with transformers",
    "Rain is hard to forecast. A transformer reads radar images. "
    "It beats numerical models up to 6 hours ahead.",
)


@pytest.fixture
def sources(encoder: Embedder) -> SourceTexts:
    return SourceTexts([MD, RAIN], encoder)


@pytest.mark.parametrize(
    "sentence",
    [
        "The learned potential is 100 times faster than density functional theory on QM9.",
        "Networks that learned from quantum calculations run 100x faster than DFT.",
        "Lovelace and Planck train neural networks on quantum calculations to predict energies and forces.",
    ],
)
def test_what_is_borne_out(sources: SourceTexts, sentence: str) -> None:
    held = sources.held(sentence, MD.id)
    assert held.relevance > 0.5
    assert held.missing == ()
    assert sources.relevance(sentence, RAIN.id) < 0.2


def test_figures_and_names_that_the_source_lacks(sources: SourceTexts) -> None:
    sentence = "The learned potential is 200 times faster than density functional theory on MD17."
    assert sources.held(sentence, MD.id).missing == ("200 times", "MD17")


def test_words_copied_from_the_source_need_no_encoder(encoder: Embedder) -> None:
    class Deaf:
        name, dim = encoder.name, encoder.dim

        def embed(self, texts: object) -> object:
            raise AssertionError(f"asked for {texts}")

    deaf = SourceTexts([MD], Deaf())  # type: ignore[arg-type]  # on purpose: it must not be asked
    copied = (
        "Lovelace and Planck's learned potential is 100 times faster than density functional theory on QM9."
    )
    assert deaf.relevance(copied, MD.id) == 1.0


def test_the_best_sentences_first(sources: SourceTexts) -> None:
    assert sources.evidence("How fast is a learned potential?", MD.id, 1) == (
        "The learned potential is 100 times faster than density functional theory on QM9.",
    )


def test_one_sentence_is_shown_where_it_decides_alone_else_two_in_reading_order(sources: SourceTexts) -> None:
    held = sources.held("The learned potential is 100 times faster than density functional theory.", MD.id)
    assert held.evidence == (
        "The learned potential is 100 times faster than density functional theory on QM9.",
    )
    both = sources.held("Quantum calculations train networks to predict energies, within 1 kcal/mol.", MD.id)
    assert both.evidence == (
        "Neural networks are trained on quantum calculations to predict energies and forces.",
        "Accuracy stays within 1 kcal/mol.",
    )


def test_quotations(sources: SourceTexts) -> None:
    assert sources[MD.id].quotes("energies and  Forces")
    assert not sources[MD.id].quotes("forces and energies")


def test_a_paper_without_an_abstract_is_judged_by_its_title(encoder: Embedder) -> None:
    bare = SourceTexts([Paper("x1", "Learned potentials for molecular dynamics")], encoder)
    assert bare.relevance("Learned potentials are used for molecular dynamics.", "x1") > 0.5
    assert bare.evidence("potentials", "x1") == ("Learned potentials for molecular dynamics",)


def test_frequent_terms_weigh_less(encoder: Embedder) -> None:
    def frequencies(terms: object) -> list[int]:
        assert isinstance(terms, list)
        return [900 if term == "network" else 1 for term in terms]

    known = SourceTexts([MD], encoder, frequencies=frequencies, total=1000)
    weights = known.weights(["network", "kcal"])
    assert weights["network"] < 0.2 < weights["kcal"]


class Reader:
    """An entailment model that says what it is told to say; it keeps what it was asked."""

    def __init__(self, states: float, kind: str = "opposite") -> None:
        self._logits = [states, *(5.0 * (kind == one) for one in SUSPECTED)]
        self.asked: list[tuple[str, Passage]] = []

    def scores(self, claim: str, passages: Sequence[Passage]) -> Vectors:
        """The same for each."""
        self.asked += [(claim, passage) for passage in passages]
        return np.array([self._logits] * len(passages), np.float32)


CLAIM = "Learned potentials run a hundredfold faster than density functional theory."


def test_what_is_stated_is_supported_and_what_is_not_is_suspected(encoder: Embedder) -> None:
    stated = SourceTexts([MD], encoder, Reader(6.0)).held(CLAIM, MD.id)
    denied = SourceTexts([MD], encoder, Reader(-6.0)).held(CLAIM, MD.id)
    assert (stated.suspected, denied.suspected) == ("", "opposite")
    assert denied.support < 0.2
    assert stated.support > 0.8
    assert denied.relevance == stated.relevance > 0.3


@pytest.mark.parametrize("kind", SUSPECTED)
def test_what_is_suspected_is_the_likeliest(encoder: Embedder, kind: str) -> None:
    assert SourceTexts([MD], encoder, Reader(-6.0, kind)).held(CLAIM, MD.id).suspected == kind


def test_a_claim_is_read_with_title_authors_and_the_best_sentences_in_their_order(encoder: Embedder) -> None:
    reader = Reader(6.0)
    SourceTexts([MD], encoder, reader).held(CLAIM, MD.id)
    ((claim, passage),) = reader.asked
    assert (claim, passage.title, passage.authors) == (CLAIM, MD.title, ("Lovelace", "Planck"))
    assert len(passage.sentences) == 2
    assert "100 times faster" in " ".join(passage.sentences)
    assert MD.abstract.index(passage.sentences[0]) < MD.abstract.index(passage.sentences[1])


def test_a_sentence_of_the_paper_needs_no_reading(encoder: Embedder) -> None:
    reader = Reader(-6.0)
    held = SourceTexts([MD], encoder, reader).held("Accuracy stays within 1 kcal/mol.", MD.id)
    assert (held.suspected, reader.asked) == ("", [])


# --- exact figures ---

FROGS = Paper(
    "f", "Frogs in winter", "Frogs sleep under ice. We found that mud is warm. Ponds freeze.", ("Ann Lee",)
)
ONE, TWO, THREE = "Frogs sleep under ice.", "We found that mud is warm.", "Ponds freeze."
COUNTS = {"frog": 10, "sleep": 200, "ice": 1, "mud": 0, "pond": 50}


def weight(term: str, papers: int = 1000) -> float:
    """The idf of a term by its definition."""
    n = COUNTS.get(term, 1)
    return math.log(1 + (papers - n + 0.5) / (n + 0.5))


def set_sources(rows: dict[str, np.ndarray], entailment: EntailmentModel | None = None) -> SourceTexts:
    def frequencies(terms: Sequence[str]) -> list[int]:
        return [COUNTS.get(term, 1) for term in terms]

    embedder = SetEmbedder(rows, unit(0, 0, 1))
    return SourceTexts([FROGS], embedder, entailment, frequencies=frequencies, total=1000)


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


ASKED = "Lee sees frogs sleep in mud"
ROWS = {ASKED: unit(1, 0, 0), ONE: unit(3, 4, 0), TWO: unit(4, 3, 0), THREE: unit(0, 1, 0)}
ROWS["Frogs in winter"] = unit(0, 3, 4)


def test_relevance_is_a_logistic_model_of_coverage_nearness_words_missed_and_length() -> None:
    features = set_sources(ROWS).relevance_features(ASKED, "f")
    total = weight("see") + weight("frog") + weight("sleep") + weight("mud")
    coverage = 1 - weight("see") / total
    near = float(unit(1, 0, 0) @ unit(*(ROWS[ONE] + ROWS[TWO])))
    assert features == {
        "coverage": pytest.approx(coverage),
        "near": pytest.approx(near),
        "missed": 1.0,
        "length": pytest.approx(math.log(5)),
    }
    expected = logistic(-6.69 + 2.13 * coverage + 7.92 * near - 0.46 + 1.20 * math.log(5))
    assert set_sources(ROWS).relevance(ASKED, "f") == pytest.approx(expected)


def test_a_sentence_is_chosen_by_ten_features() -> None:
    first, second, third = set_sources(ROWS).choice_features(ASKED, "f")
    total = sum(map(weight, ("lee", "see", "frog", "sleep", "mud")))
    shares = [(weight("frog") + weight("sleep")) / total, weight("mud") / total, 0.0]
    assert [row["share"] for row in (first, second, third)] == pytest.approx(shares)
    assert [row["lead"] for row in (first, second, third)] == pytest.approx([s - max(shares) for s in shares])
    assert [row["near"] for row in (first, second, third)] == pytest.approx([0.6, 0.8, 0.0])
    assert [row["title"] for row in (first, second, third)] == pytest.approx([0.48, 0.36, 0.6])
    assert [row["place"] for row in (first, second, third)] == [0.0, 0.5, 1.0]
    assert [row["place2"] for row in (first, second, third)] == [0.0, 0.25, 1.0]
    assert [row["last"] for row in (first, second, third)] == [0.0, 0.0, 1.0]
    assert [row["result"] for row in (first, second, third)] == [0.0, 1.0, 0.0]
    assert [row["own"] for row in (first, second, third)] == pytest.approx(shares)
    assert [row["length"] for row in (first, second, third)] == pytest.approx(
        [math.log(4), math.log(4), math.log(3)]
    )
    choice = set_sources(ROWS).choice(ASKED, "f")
    assert choice[2] == pytest.approx(
        2.62 * -max(shares) + 5.52 - 2.42 - 0.72 * 0.6 + 0.89 * math.log(3) - 0.41, abs=1e-5
    )
    assert choice[0] == pytest.approx(
        2.83 * 0.6 - 0.94 * shares[0] + 2.62 * (shares[0] - max(shares)) + 6.02 * shares[0] - 0.72 * 0.48
        + 0.89 * math.log(4), abs=1e-5
    )  # fmt: skip
    assert choice[1] - choice[0] == pytest.approx(
        2.83 * 0.2
        + (2.62 - 0.94 + 6.02) * (shares[1] - shares[0])
        + 5.52 / 2
        - 2.42 / 4
        + 0.64
        + 0.72 * 0.12,
        abs=1e-5,
    )


def test_a_term_that_several_sentences_hold_is_each_ones_own_by_its_share() -> None:
    twice = Paper("t", "T", "Frogs sleep. Frogs eat.")
    first, second = SourceTexts([twice], SetEmbedder({}, unit(1, 0))).choice_features("frogs", "t")
    assert (first["own"], second["own"]) == (0.5, 0.5)


def test_a_paper_of_one_sentence_has_its_place_at_the_beginning() -> None:
    (row,) = SourceTexts([Paper("t", "T", "Frogs sleep.")], SetEmbedder({}, unit(1, 0))).choice_features(
        "x", "t"
    )
    assert (row["place"], row["place2"], row["last"], row["share"]) == (0.0, 0.0, 1.0, 0.0)


def test_a_second_sentence_is_shown_from_a_fifth_of_the_odds_of_the_first() -> None:
    def shown(nearness: float) -> tuple[str, ...]:
        rows = {"x": unit(1, 0), "G b c.": unit(1, 0), "D e f.": np.array([nearness, 0], np.float32)}
        return SourceTexts([Paper("p", "T", "G b c. D e f.")], SetEmbedder(rows, unit(0, 1))).shown("x", "p")

    even = 1 - (5.52 - 2.42 - 0.41) / 2.83  # where both are as likely
    fifth = math.log(5) / 2.83
    assert shown(even - fifth + 0.01) == ("G b c.", "D e f.")
    assert shown(even - fifth - 0.01) == ("G b c.",)
    assert shown(even + fifth + 0.01) == ("D e f.",)


@pytest.mark.parametrize(
    ("term", "held"),
    [
        ("frog", 1.0), ("winter", 1.0), ("sleep", 1.0), ("freez", 1.0), ("toad", 0.0), ("lee", 0.0),
        ("freezabl", 0.0), ("winterli", 0.8), ("winte", 0.8), ("wint", 0.0), ("wintabcde", 0.0),
    ],
)  # fmt: skip
def test_another_form_of_a_word_counts_four_fifths(term: str, held: float) -> None:
    assert set_sources(ROWS)["f"].holds(term) == held


def test_a_sentence_that_is_copied_is_relevant_wholly_from_five_words_on() -> None:
    long = Paper("l", "L", "Frogs sleep under thick ice near warm mud. Ponds freeze.", ("Ann Lee",))
    sources = SourceTexts([long], SetEmbedder({}, unit(1, 0)))
    assert sources.relevance("Frogs sleep under thick ice near warm mud", "l") == 1.0
    assert sources.relevance("Lee says: frogs sleep under thick ice near warm mud", "l") < 1.0
    assert sources.relevance("Lee et al.: frogs sleep under thick ice near warm mud", "l") == 1.0
    assert sources.relevance("Frogs sleep under thick ice near", "l") == 1.0
    assert sources.relevance("Frogs sleep under thick ice", "l") < 1.0
    assert sources.relevance("Mud warm near ice thick sleep frogs", "l") < 1.0
    assert sources.relevance("Frogs sleep under thick ice near warm mud of toads", "l") < 1.0


def test_words_that_weigh_most_are_named_as_absent_in_their_order() -> None:
    sources = set_sources(ROWS)
    asked = "Lee says frogs and toads, newts, mud and salamanders sleep"
    assert sources.absent(asked, "f") == ("says", "toads", "newts")
    known = SourceTexts(
        [FROGS],
        SetEmbedder({}, unit(1, 0)),
        frequencies=lambda terms: [1 + 900 * (t == "say") for t in terms],
    )
    assert known.absent(asked, "f") == ("toads", "newts", "salamanders")
    assert known.absent(asked, "f", 1) == ("toads",)
    assert known.absent("frogs sleep", "f") == ()


def test_without_an_index_weights_are_guessed_from_the_papers_at_hand() -> None:
    """A third of their share of eight papers or more, in a collection of 5,000."""
    few = SourceTexts([FROGS, MD, RAIN], SetEmbedder({}, unit(1, 0)))
    weights = few.weights(["frog", "nowher"])
    held, absent = round(0.3 * 5000 / 8), 0
    assert weights["frog"] == pytest.approx(math.log(1 + (5000 - held + 0.5) / (held + 0.5)))
    assert weights["nowher"] == pytest.approx(math.log(1 + (5000 - absent + 0.5) / 0.5))
    many = SourceTexts([Paper(str(n), "Frogs") for n in range(10)], SetEmbedder({}, unit(1, 0)), total=100)
    assert many.weights(["frog"])["frog"] == pytest.approx(math.log(1 + 70.5 / 30.5))


def test_a_term_is_looked_up_once() -> None:
    asked: list[list[str]] = []

    def frequencies(terms: Sequence[str]) -> list[int]:
        asked.append(list(terms))
        return [1] * len(terms)

    sources = SourceTexts([FROGS], SetEmbedder({}, unit(1, 0)), frequencies=frequencies, total=10)
    sources.weights(["a", "b", "a"])
    sources.weights(["b", "c"])
    sources.weights(["a"])
    assert asked == [["a", "b"], ["c"]]


@pytest.mark.parametrize(("states", "missing"), [(2.0, False), (-1.0, False), (2.0, True)])
def test_support_is_a_logistic_model_of_the_readers_logit_relevance_and_what_is_missing(
    states: float, missing: bool
) -> None:
    asked = f"{ASKED} for 77 days" if missing else ASKED
    rows = ROWS | {asked: unit(1, 0, 0)}
    held = set_sources(rows, SetEntailment({}, states)).held(asked, "f")
    silent = set_sources(rows).held(asked, "f")
    relevance = set_sources(rows).relevance(asked, "f")
    odds = math.log(relevance / (1 - relevance))
    assert (held.relevance, silent.relevance, silent.support) == (relevance, relevance, relevance)
    assert held.missing == (("77 days",) if missing else ())
    assert held.support == pytest.approx(
        logistic(
            SUPPORT_BIAS
            + SUPPORT_WEIGHTS["states"] * states
            + SUPPORT_WEIGHTS["relevance"] * odds
            + SUPPORT_WEIGHTS["missing"] * missing
        )
    )
    unread = set_sources(rows, SetEntailment({}, states)).held(asked, "f", read=False)
    assert unread.support == relevance


@pytest.mark.parametrize("n", range(4))
def test_below_the_threshold_the_likeliest_fault_is_suspected(n: int) -> None:
    def held(states: float) -> tuple[float, str]:
        one = set_sources(ROWS, SetEntailment({}, states, suspected=n)).held(ASKED, "f")
        return one.support, one.suspected

    relevance = set_sources(ROWS).relevance(ASKED, "f")
    odds = SUPPORT_BIAS + SUPPORT_WEIGHTS["relevance"] * math.log(relevance / (1 - relevance))
    edge = (math.log(MIN_SUPPORT / (1 - MIN_SUPPORT)) - odds) / SUPPORT_WEIGHTS["states"]
    below, above = held(edge - 0.01), held(edge + 0.01)
    assert below[0] < MIN_SUPPORT < above[0] < below[0] + 0.01
    assert (below[1], above[1]) == (list(SUSPECTED)[n], "")


def test_what_is_read_is_title_family_names_and_the_two_best_sentences() -> None:
    passage = set_sources(ROWS).passage(ASKED, "f")
    assert (passage.title, passage.authors) == ("Frogs in winter", ("Lee",))
    assert passage.sentences == (ONE, TWO)
    assert set_sources(ROWS).evidence(ASKED, "f", 2) == (TWO, ONE)
    four = Paper("q", "T", "One is here. Two is here. Three is here. Four is here.")
    assert len(SourceTexts([four], SetEmbedder({}, unit(1, 0))).evidence("x", "q")) == 3
    bare = SourceTexts([Paper("b", "Title", "", ("Lee", " "))], SetEmbedder({}, unit(1, 0))).passage("x", "b")
    assert (bare.authors, bare.sentences) == (("Lee",), ("Title",))


@pytest.mark.parametrize(("relevance", "is_silent"), [(0.099, True), (0.1, False), (0.9, False)])
def test_below_a_tenth_of_relevance_a_paper_is_silent(relevance: float, is_silent: bool) -> None:
    assert ClaimSupport(relevance, 0.5).silent is is_silent


def test_figures_and_names_may_stand_in_title_venue_year_and_authors_but_not_in_the_id() -> None:
    known = Paper("77", "On QM9", "It is fast.", ("Ann Lee",), date="2024-06", venue="Nature 5")
    sources = SourceTexts([known], SetEmbedder({}, unit(1, 0)))
    assert sources.held("In 2024 Lee used QM9 in Nature 5.", "77").missing == ()
    assert sources.held("It is 77 times as fast.", "77").missing == ("77 times",)
    assert sources["77"].quotes("On QM9")
    assert not sources["77"].quotes("n QM9")
    assert not sources["77"].quotes("On QM")
    assert "77" in sources
    assert "78" not in sources
    assert sources.ids() == ("77",)
