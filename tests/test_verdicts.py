"""What verification says of a citation, and of a whole answer, where nearness and support are set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from agq import notes
from agq.model import (
    Answer,
    Checked,
    Citation,
    Evidence,
    Finding,
    IndexState,
    MatchParts,
    Paper,
    Piece,
    Quote,
    Source,
    Understood,
    Usage,
)
from agq.verify import Note, assemble, check_note, cited_ids, problem_of, quotations, verify, with_judged
from fakes import SetEmbedder, SetEntailment, WordEmbedder, unit

FROGS = Paper("frogs", "Frogs in winter", "Frogs sleep under ice in cold ponds. Mud keeps 40 of them warm.")
RAIN = Paper("rain", "Rain in spring", "Rain falls on warm hills in early spring. Rivers rise by 3 metres.")
STARS = Paper("stars", "Old stars", "Old stars shine red in distant galaxies.")
SLEEP = "Frogs sleep under ice in cold ponds"
FALLS = "Rain falls on warm hills in early spring"


def evidence(*papers: Paper, match: float = 0.7, answerable: bool = True) -> Evidence:
    sources = tuple(Source(p, match, MatchParts(match, match)) for p in papers or (FROGS, RAIN, STARS))
    return Evidence("How do frogs sleep?", sources, answerable, IndexState(3, 3, "words", "now"))


def verified(*pieces: Piece, entailment: SetEntailment | None = None) -> list[Checked]:
    return list(verify(pieces, evidence(), WordEmbedder(), entailment))


def told(*texts: str, entailment: SetEntailment | None = None) -> list[Checked]:
    return verified(*(Piece("sentence", text) for text in texts), entailment=entailment)


def verdicts(text: str, entailment: SetEntailment | None = None) -> dict[str, str]:
    return {one.id: one.verdict for one in told(text, entailment=entailment)[0].citations}


# --- one citation ---


def test_what_is_stated_is_found_and_what_is_not_is_doubtful_with_what_is_suspected() -> None:
    reader = SetEntailment({"never": -9.0}, suspected=1)
    (shown,) = told("Frogs never sleep under the ice [frogs].", entailment=reader)
    (doubted,) = shown.citations
    assert (doubted.verdict, doubted.why) == ("doubtful", "may say something else: compare its words")
    assert doubted.support < 0.1 < doubted.relevance
    assert shown.piece.text == "Frogs never sleep under the ice [frogs] (?)."
    assert shown.problems == (f"[frogs] {doubted.why} — Frogs never sleep under the ice.",)
    (sure,) = told("Frogs do sleep under the ice [frogs].", entailment=reader)[0].citations
    assert (sure.verdict, sure.why, sure.claim) == ("found", "", "")
    assert sure.support > 0.9
    assert sure.support == round(sure.support, 3)
    assert sure.relevance == round(sure.relevance, 3)
    assert sure.evidence == ("Frogs sleep under ice in cold ponds.",)


def test_checks_object_in_order_a_quotation_first_then_figures_then_silence_then_meaning() -> None:
    reader = SetEntailment({}, -9.0)
    quoted = 'The sun burns 900 planets, "as stars eat worlds whole" [frogs].'
    figure = "The sun burns 900 planets [frogs]."
    silent = "The sun burns planets [frogs]."
    meant = "Frogs under ice [frogs]."
    found = [told(text, entailment=reader)[0].citations[0] for text in (quoted, figure, silent, meant)]
    assert [one.verdict for one in found] == ["misquoted", "doubtful", "not_found", "doubtful"]
    assert [one.why for one in found] == [
        "does not hold this quotation word for word",
        "does not mention 900 planets",
        "hardly speaks of this: nothing there of sun, burns, planets",
        "may say the opposite: compare its words",
    ]


def test_a_paper_that_is_silent_on_words_it_has_is_told_without_them() -> None:
    embedder = SetEmbedder({"Ice.": unit(1, 0)}, unit(0, 1))
    ((one,),) = (one.citations for one in verify([Piece("sentence", "Ice [frogs].")], evidence(), embedder))
    assert (one.verdict, one.why) == ("not_found", "hardly speaks of this")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('He said "frogs sleep under ice" twice', ["frogs sleep under ice"]),
        ("He said “frogs sleep … in cold ponds here”", ["in cold ponds here"]),
        ("«frogs sleep [...] in cold ponds»", ["in cold ponds"]),
        ('The so-called "cold pond" is "a frog"', []),
        ('"three words here" and "three words there"', ["three words here", "three words there"]),
        ('"a b c"', []),
    ],
)
def test_a_quotation_has_three_words(text: str, found: list[str]) -> None:
    assert quotations(text) == found


def test_of_several_quotations_each_has_to_stand_there() -> None:
    right = 'They "sleep under ice in cold ponds", and "mud keeps 40 of them warm" [frogs].'
    assert verdicts(right) == {"frogs": "found"}
    assert verdicts(right.replace("of them", "of us")) == {"frogs": "misquoted"}


# --- several ids ---


def test_a_place_is_held_against_the_stretch_before_it() -> None:
    (shown,) = told(f"{SLEEP} [frogs], and {FALLS.lower()} [rain].")
    assert [(one.id, one.verdict, one.claim) for one in shown.citations] == [
        ("frogs", "found", SLEEP),
        ("rain", "found", f"and {FALLS.lower()}"),
    ]
    assert {one.sentence for one in shown.citations} == {f"{SLEEP}, and {FALLS.lower()}."}
    swapped = told(f"{SLEEP} [rain], and {FALLS.lower()} [frogs].")[0]
    assert {one.verdict for one in swapped.citations} == {"not_found"}
    assert swapped.piece.text == f"{SLEEP} [rain] (?), and {FALLS.lower()} [frogs] (?)."


def test_a_stretch_of_two_words_stands_for_the_sentence() -> None:
    (shown,) = told(f"In short [frogs], {SLEEP.lower()} [frogs].")
    assert [one.claim for one in shown.citations] == ["", SLEEP.lower()]


BOTH = f"{SLEEP}, while {FALLS.lower()}"


def test_each_clause_needs_one_paper_that_bears_it() -> None:
    assert verdicts(f"{BOTH} [frogs; rain].") == {"frogs": "found", "rain": "found"}
    third = told(f"{BOTH} [frogs; rain; stars].")[0]
    assert [one.verdict for one in third.citations] == ["found", "found", "not_found"]
    assert third.citations[2].why.startswith(
        "bears no part of this, which others cited here do: hardly speaks of this: nothing there of "
    )
    assert third.piece.text == f"{BOTH} [frogs] [rain] [stars] (?)."


def test_a_clause_that_nobody_bears_is_held_against_the_one_that_speaks_of_it_most() -> None:
    found = told(f"{SLEEP}, while rain falls on 900 warm hills in early spring [frogs; rain].")[0]
    assert [(one.id, one.verdict) for one in found.citations] == [("frogs", "found"), ("rain", "doubtful")]
    assert found.citations[1].why == "does not mention 900 warm hills"


def test_a_misquotation_counts_though_another_clause_is_borne_out() -> None:
    text = f'{SLEEP}, while "rain falls on tall blue hills" in early spring [frogs; rain].'
    assert verdicts(text) == {"frogs": "misquoted", "rain": "misquoted"}


def test_support_is_that_of_the_clause_that_is_the_papers_own() -> None:
    reader = SetEntailment({"Frogs": 2.0, "rain": 0.0})
    first, second = told(f"{BOTH} [frogs; rain].", entailment=reader)[0].citations
    alone, other = (
        told(f"{one} [{key}].")[0].citations[0] for one, key in ((SLEEP, "frogs"), (FALLS, "rain"))
    )
    assert (first.support, second.support) == (alone.support, other.support)


def test_a_claim_in_one_piece_is_read_and_one_of_several_papers_clauses_too() -> None:
    reader = SetEntailment({})
    told("Frogs do sleep under the ice [frogs].", entailment=reader)
    assert [claim for claim, _ in reader.asked] == ["Frogs do sleep under the ice."]
    reader = SetEntailment({})
    told("Frogs do sleep in the ice, while rain does fall on the hills [frogs; rain].", entailment=reader)
    assert sorted(claim for claim, _ in reader.asked) == sorted(
        ["Frogs do sleep in the ice", "rain does fall on the hills"] * 2
    )


def test_a_figure_that_one_of_the_papers_holds_is_held_against_none_of_them() -> None:
    def whys(text: str) -> list[str]:
        return [one.why for one in told(text)[0].citations if "mention" in one.why]

    assert whys("Frogs sleep in mud, 40 of them, under rain on hills [frogs; rain].") == []
    assert (
        whys("Frogs sleep in mud, 41 of them, under rain on hills [frogs; rain].")
        == ["does not mention 41"] * 2
    )


# --- ids that are nobody's ---


def test_an_id_in_another_case_is_the_sources_own() -> None:
    assert told(f"{SLEEP} [FROGS].")[0].piece.text == f"{SLEEP} [frogs]."


def test_two_papers_whose_ids_differ_in_case_are_two() -> None:
    twins = evidence(replace(FROGS, id="Ab"), replace(RAIN, id="aB"))
    found = [
        [one.id for one in checked.citations]
        for text in ("Ab", "aB", "AB")
        for checked in verify([Piece("sentence", f"{SLEEP} [{text}].")], twins, WordEmbedder())
    ]
    assert found == [["Ab"], ["aB"], ["Ab"]]


def test_an_invented_id_goes_and_the_sentence_is_marked_where_it_had_no_other() -> None:
    some, none, question, _ = told(
        f"{SLEEP} [frogs] [x2020].", f"{FALLS} [x2020].", "Do stars shine red [x2020]?!"
    )
    assert (some.piece.text, none.piece.text) == (f"{SLEEP} [frogs].", f"{FALLS} (uncited).")
    assert question.piece.text == "Do stars shine red (uncited)?!"
    assert some.problems == none.problems == ("1 citation removed: [x2020] is not among the sources",)
    assert [(one.verdict, one.support, one.why) for one in none.citations] == [
        ("unknown_id", 0.0, "is not among the sources")
    ]


def test_citations_of_nothing_are_not_shown_and_invented_ones_are_told() -> None:
    assert told("[frogs].") == [Checked(Piece("note", NO_SOURCE), problems=(NO_SOURCE,))]
    note, _ = told("[x2020].")
    assert (note.piece, note.problems) == (
        Piece("note", ""),
        ("1 citation removed: [x2020] is not among the sources",),
    )


NO_SOURCE = "this answer cites no source: the papers below support none of it"

# --- kinds of pieces ---


def test_what_agq_itself_says_passes_and_no_source_is_missed_then() -> None:
    opening = Piece("opening", "*No abstract answers this.*")
    assert verified(opening) == [Checked(opening)]
    assert verified(Piece("block", "a\x1b[31mb")) == [
        Checked(Piece("block", "ab")),
        Checked(Piece("note", NO_SOURCE), problems=(NO_SOURCE,)),
    ]


def test_notes_and_cuts_are_handed_on() -> None:
    used = Piece("note", "", usage=Usage(1, 2))
    cut, said = Piece("cut", "the limit"), Piece("note", "two were left out")
    found = verified(Piece("opening", "x"), used, cut, said)
    assert found[1:] == [Checked(used), Checked(cut), Checked(said, problems=("two were left out",))]


def test_a_heading_loses_invented_ids_and_a_question_with_one_is_dropped() -> None:
    heading, question = (
        Piece("heading", "Frogs [frogs] [x2020]"),
        Piece("follow_up", "Do frogs [x2020] sleep?"),
    )
    kept, empty = Piece("follow_up", "Do \x1b[1mfrogs sleep?"), Piece("heading", "[x2020]")
    found = verified(Piece("opening", "x"), heading, question, kept, empty)[1:]
    assert [one.piece.text for one in found] == ["Frogs [frogs]", "Do frogs sleep?"]
    assert [one.piece.kind for one in found] == ["heading", "follow_up"]
    assert [(c.id, c.sentence, c.verdict, c.support) for c in found[0].citations] == [
        ("x2020", "Frogs", "unknown_id", 0.0)
    ]
    assert found[0].problems == ("1 citation removed: [x2020] is not among the sources",)
    assert (found[1].citations, found[1].problems) == ((), ())


@pytest.mark.parametrize(
    ("heading", "claims"),
    [
        ("Frogs in winter", False),
        ("Frogs sleep under the ice.", True),
        ("Frogs sleep under the ice! ", True),
        ("One two three four five six seven eight nine ten eleven twelve", False),
        ("One two three four five six seven eight nine ten eleven twelve thirteen", True),
    ],
)
def test_a_heading_that_is_long_or_ends_as_a_sentence_claims_something(heading: str, claims: bool) -> None:
    assert verified(Piece("heading", heading))[0].piece.kind == ("sentence" if claims else "heading")
    assert verified(Piece("follow_up", f"{heading}"))[0].piece.kind == "follow_up"


def test_a_row_is_marked_in_its_cells_and_its_head_claims_nothing() -> None:
    head = Piece("row", "| Animal [x2020] | Sleeps [frogs] |\n| --- | --- |")
    row = Piece("row", "| Frogs [frogs] | 900 [frogs] [x2020] |", claim="Frogs [frogs]: 900 [frogs] [x2020].")
    lost = Piece("row", "| Toads | 9 [x2020] |", claim="Toads: 9 [x2020].")
    bare = Piece("row", "| Newts | 9 |", claim="Newts: 9.")
    found = verified(head, row, lost, bare)
    assert [one.piece.text for one in found] == [
        "| Animal | Sleeps [frogs] |\n| --- | --- |",
        "| Frogs [frogs] (?) | 900 [frogs] (?) |",
        "| Toads | 9 (uncited) |",
        "| Newts | 9 |",
    ]
    assert [one.id for one in found[0].citations] == ["x2020"]
    assert [one.id for one in found[1].citations] == ["frogs", "frogs", "x2020"]
    assert len(found) == 4
    assert "removed: [x2020]" in found[1].problems[-1]


def test_a_row_that_cites_counts_as_a_source() -> None:
    row = Piece("row", "| Frogs | in ponds [frogs] |", claim="Frogs: in ponds [frogs].")
    for pieces in ([row], [Piece("sentence", f"{SLEEP} [frogs]."), row]):
        assert [one for one in verified(*pieces) if one.piece.text == NO_SOURCE] == []


def test_an_entry_quotes_its_paper_word_for_word_or_is_told_of() -> None:
    right, wrong = Quote("Mud keeps 40 of them warm.", 1), Quote("Mud keeps 41 of them warm.", 1)
    text = 'Frogs in winter: "..." [frogs]'
    found = verified(
        Piece("sentence", text, finding=Finding("frogs", (right, wrong), 0.9)),
        Piece("sentence", text, finding=Finding("rain", ())),
    )
    assert [one.piece.text for one in found] == [text, text]
    good, bad = found[0].citations
    assert (good.verdict, good.support, good.relevance, good.evidence) == ("found", 1.0, 1.0, (right.text,))
    assert (bad.verdict, bad.support, bad.relevance, bad.evidence) == ("misquoted", 0.0, 0.0, ())
    assert found[0].problems == (
        "[frogs] does not hold this quotation word for word — Mud keeps 41 of them warm.",
    )
    assert [(one.sentence, one.verdict) for one in found[1].citations] == [("Rain in spring", "misquoted")]
    bare = Paper("bare", "Newts at night")
    (shown,) = verify([Piece("sentence", text, finding=Finding("bare", ()))], evidence(bare), WordEmbedder())
    assert [(one.sentence, one.verdict) for one in shown.citations] == [("Newts at night", "found")]


# --- repetitions, and what is said of the whole ---


def test_a_sentence_that_says_nine_tenths_of_what_was_said_is_left_out() -> None:
    words = "amber birch cedar daisy elder fennel garlic hazel iris jasmine".split()
    first = f"{' '.join(words)} [frogs]."
    same, other = " ".join([*words[:9], "juniper"]), " ".join(words[:9])
    assert len(told(first, f"{other} [frogs].")) == 2
    assert [one.piece.kind for one in told(first, f"{other} [frogs].")] == ["sentence", "note"]
    assert [one.piece.kind for one in told(first, f"{same} [frogs].")] == ["sentence", "sentence"]
    assert [one.piece.kind for one in told(first, f"{' '.join(words)} [rain].")] == ["sentence", "sentence"]
    assert [one.piece.kind for one in told(f"{' '.join(words)} [frogs] [rain].", first)] == [
        "sentence",
        "note",
    ]
    assert [one.piece.text for one in told(first, first)][-1] == "1 repeated sentence was left out"


def test_few_words_may_come_again_and_few_terms_only_if_they_are_others() -> None:
    assert len(told("It does [frogs].", "It does [frogs].")) == 2
    assert [one.piece.kind for one in told("It is so here [frogs].", "It is so there [frogs].")] == [
        "sentence"
    ] * 2
    assert [one.piece.kind for one in told("It is so here [frogs].", "It is so here [frogs].")] == [
        "sentence",
        "note",
    ]


def test_three_words_that_say_something_are_a_repetition_however_they_are_joined() -> None:
    assert [
        one.piece.kind for one in told("Frogs sleep deeply [frogs].", "The frogs, they sleep deeply [frogs].")
    ] == [
        "sentence",
        "note",
    ]


def test_what_is_repeated_is_looked_for_300_sentences_back() -> None:
    def last(between: int) -> str:
        others = [f"Number{n} is between{n} and{n} [frogs]." for n in range(between)]
        pieces = [Piece("sentence", text) for text in ("Red green blue paint [rain].", *others)]
        found = verify([*pieces, pieces[0]], evidence(), WordEmbedder())
        return [one.piece.kind for one in found][-1]

    assert last(299) == "note"
    assert last(300) == "sentence"


def test_what_follows_a_sentence_left_out_stands_where_that_stood() -> None:
    again = f"{SLEEP} [frogs]."
    pieces = [
        Piece("sentence", again),
        Piece("sentence", again, lead="\n\n- "),
        Piece("sentence", again, lead=" "),
        Piece("sentence", f"{FALLS} [rain].", lead=" "),
        Piece("sentence", "Old stars shine red [stars].", lead=" "),
        Piece("sentence", again, lead="\n\n"),
        Piece("sentence", "Rivers rise by 3 metres [rain].", lead="\n- "),
    ]
    assert [one.piece.lead for one in verified(*pieces) if one.piece.kind == "sentence"] == [
        "",
        "\n\n- ",
        " ",
        "\n- ",
    ]


def test_sentences_without_a_source_are_counted_where_they_claim_something() -> None:
    def said(*texts: str) -> list[str]:
        return [one.piece.text for one in told(f"{SLEEP} [frogs].", *texts) if one.piece.kind == "note"]

    assert said() == []
    assert said("Red green blue paint.") == ["1 sentence cites no source"]
    assert said("Red green blue paint.", "Amber birch cedar daisy.") == ["2 sentences cite no source"]
    assert said("Red green blue.") == []
    assert said("None of these abstracts reports the cost of training.") == []
    assert [one.piece.text for one in told("Red green blue paint.")] == ["Red green blue paint.", NO_SOURCE]


def test_a_long_sentence_is_cut_to_twelve_words_beside_its_problem() -> None:
    twelve = "one two three four five six seven eight nine ten eleven twelve"
    short, long = (
        problem_of(Citation("a", text, 0.0, "doubtful", why="is odd")) for text in (twelve, f"{twelve} more")
    )
    assert (short, long) == (f"[a] is odd — {twelve}", f"[a] is odd — {twelve} …")
    assert problem_of(Citation("a", "x", 1.0, "found")) == ""


# --- the finished answer ---


def finished(*pieces: Checked, **more: object) -> Answer:
    given = {"answered_by": "m", "date": "2026-11-22", **more}
    return assemble(pieces, evidence(), **given)  # type: ignore[arg-type]  # by name


def test_an_answer_has_all_that_was_found_in_its_place() -> None:
    finding = Finding("frogs", (), 0.5)
    cited = Citation("frogs", "x", 1.0, "found")
    pieces = [
        Checked(Piece("opening", "Opening.", lead="\n\n")),
        Checked(Piece("sentence", "One [frogs].", lead="\n\n", finding=finding), (cited,), ("p", "q")),
        Checked(Piece("note", "", usage=Usage(3, 4))),
        Checked(Piece("note", "left out"), (), ("p",)),
        *(Checked(Piece("follow_up", f"{n}?")) for n in "aabcd"),
        Checked(Piece("follow_up", "")),
    ]
    known = replace(evidence(), understood=Understood(missing=("zyzzyva",)))
    answer = assemble(pieces, known, answered_by="m", date="2026-11-22")
    assert answer.text == "Opening.\n\nOne [frogs]."
    assert (answer.question, answer.answered_by, answer.date) == ("How do frogs sleep?", "m", "2026-11-22")
    assert (answer.sources, answer.index, answer.understood) == (known.sources, known.index, known.understood)
    assert (answer.citations, answer.findings, answer.problems) == ((cited,), (finding,), ("p", "q"))
    assert (answer.follow_ups, answer.usage, answer.incomplete) == (("a?", "b?", "c?"), Usage(3, 4), "")
    assert answer.ends == (len("Opening.\n\nOne [frogs]"),)


def test_only_questions_that_can_be_answered_are_kept_and_no_more_are_asked() -> None:
    asked: list[str] = []

    def answerable(question: str) -> bool:
        asked.append(question)
        return question != "b?"

    pieces = [Checked(Piece("follow_up", f"{n}?")) for n in "abcdef"]
    assert finished(*pieces, answerable=answerable).follow_ups == ("a?", "c?", "d?")
    assert asked == ["a?", "b?", "c?", "d?"]


def test_an_answer_that_was_cut_says_so_first() -> None:
    cut = Checked(Piece("cut", "it reached its limit"))
    told = Checked(Piece("sentence", "One."), problems=("p",))
    answer = finished(told, cut)
    assert answer.incomplete == "it reached its limit"
    assert answer.problems == ("this answer is incomplete: it reached its limit", "p")
    assert answer.text == "One."
    assert finished(told, cut, incomplete="it was stopped").incomplete == "it was stopped"


@pytest.mark.parametrize(
    ("match", "answerable", "is_told"), [(0.28, True, False), (0.279, True, True), (0.2, False, False)]
)
def test_below_28_percent_the_best_match_is_told(match: float, answerable: bool, is_told: bool) -> None:
    found = assemble([], evidence(match=match, answerable=answerable), answered_by="", date="").problems
    assert found == (
        (f"the best match is {match:.0%}: these papers have little in common with the question",)
        if is_told
        else ()
    )


def test_a_judges_verdict_moves_the_marks() -> None:
    answer = finished(*told(f"{SLEEP} [frogs]. ", "The sun burns planets [rain]."))
    assert answer.text == f"{SLEEP} [frogs].The sun burns planets [rain] (?)."
    first, second = answer.citations
    judged = with_judged(
        answer,
        [replace(first, verdict="contradicted", why="says no"), replace(second, verdict="supported", why="")],
    )
    assert judged.text == f"{SLEEP} [frogs] (!).The sun burns planets [rain]."
    assert judged.problems == (f"[frogs] says no — {SLEEP}.",)
    assert judged.ends == ()
    assert [one.verdict for one in judged.citations] == ["contradicted", "supported"]


# --- notes ---


def in_note(text: str, entailment: SetEntailment | None = None) -> Note:
    papers = {one.id: one for one in (FROGS, RAIN, STARS)}

    def lookup(keys: Sequence[str]) -> dict[str, Paper]:
        return {key: papers[key] for key in keys if key in papers}

    return check_note(notes.read(text), lookup, WordEmbedder(), entailment, papers=3)


def test_a_note_has_a_row_for_each_sentence_and_id() -> None:
    found = in_note(
        f"{SLEEP} [frogs].\n\n{FALLS} [rain; x2020].\n\nRed green blue paint.\n\nRed green blue.\n"
    )
    assert [(line, one.id, one.verdict) for line, one in zip(found.lines, found.citations, strict=True)] == [
        (1, "frogs", "found"),
        (3, "rain", "found"),
        (3, "x2020", "unknown_id"),
    ]
    assert found.citations[2].why == "is not in the index"
    assert found.uncited_sentences == 1
    assert found.cites
    assert found.unread == ()
    assert not in_note("Red green blue paint.").cites


def test_a_question_of_a_note_and_what_is_untold_need_no_source() -> None:
    assert in_note("Do red frogs like green paint?").uncited_sentences == 0
    assert in_note("None of these papers reports the cost of training.").uncited_sentences == 0
    assert in_note("Red frogs like green paint.").uncited_sentences == 1


def test_a_heading_of_a_note_claims_nothing_but_has_no_invented_id() -> None:
    found = in_note("# The sun burns planets [frogs] [x2020]\n\ntext\n")
    assert [(one.id, one.verdict) for one in found.citations] == [("x2020", "unknown_id")]


def test_a_sentence_of_a_note_is_read_by_the_model() -> None:
    found = in_note("Frogs never sleep under the ice [frogs].", SetEntailment({"never": -9.0}))
    assert [(one.verdict, one.why) for one in found.citations] == [
        ("doubtful", "may say the opposite: compare its words")
    ]


def test_the_ids_of_a_note_come_each_once_in_reading_order() -> None:
    papers = {"rain": RAIN, "frogs": FROGS}
    blocks = notes.read("One [rain]. Two [frogs; x2020].\n\nThree [rain] and [a word].\n")
    assert cited_ids(blocks, lambda keys: {key: papers[key] for key in keys if key in papers}) == [
        "rain",
        "frogs",
        "x2020",
    ]
