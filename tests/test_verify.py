"""What verification lets through, marks, takes out and reports."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agq import notes
from agq.model import Checked, Citation, Embedder, Evidence, IndexState, MatchParts, Paper, Piece, Source
from agq.verify import Note, assemble, check_note, quotations, verify, with_judged
from test_entailment import MD, RAIN

OLD = Paper(
    "hep-th/9901001", "Black hole entropy", "The entropy of black holes is counted from string states."
)


def evidence(*papers: Paper) -> Evidence:
    sources = tuple(Source(p, 0.7, MatchParts(0.7, 0.7)) for p in papers or (MD, RAIN, OLD))
    return Evidence("How fast?", sources, True, IndexState(3, 3, "e", "now"))


def checked(encoder: Embedder, *sentences: str) -> list[Checked]:
    return list(verify([Piece("sentence", s) for s in sentences], evidence(), encoder))


def one(encoder: Embedder, sentence: str) -> Checked:
    return checked(encoder, sentence)[0]


GOOD = "The learned potential is 100 times faster than density functional theory on QM9"


def test_a_claim_that_is_borne_out_stays_as_it_is(encoder: Embedder) -> None:
    shown = one(encoder, f"{GOOD} [2406.00001].")
    assert shown.piece.text == f"{GOOD} [2406.00001]."
    assert [(c.id, c.verdict) for c in shown.citations] == [("2406.00001", "found")]
    assert shown.citations[0].sentence == f"{GOOD}."
    assert shown.citations[0].evidence == (
        "The learned potential is 100 times faster than density functional theory on QM9.",
    )
    assert shown.problems == ()


def test_an_invented_id_is_taken_out_and_reported(encoder: Embedder) -> None:
    shown = one(encoder, f"{GOOD} [2406.00001] [AG-2024.99-0001].")
    assert shown.piece.text == f"{GOOD} [2406.00001]."
    assert [c.verdict for c in shown.citations] == ["found", "unknown_id"]
    assert shown.problems == ("1 citation removed: [AG-2024.99-0001] is not among the sources",)


@pytest.mark.parametrize(
    "written", ["[1]", "[doe2024]", "[2406.99999; 2406.00001]", "[2406.99999] [2406.00001]"]
)
def test_no_invented_id_is_ever_shown(encoder: Embedder, written: str) -> None:
    shown = one(encoder, f"{GOOD} {written}.")
    assert "99999" not in shown.piece.text
    assert "doe" not in shown.piece.text
    assert "[1]" not in shown.piece.text


@pytest.mark.parametrize(
    ("sentence", "verdict", "why"),
    [
        (GOOD.replace("100", "250"), "doubtful", "does not mention 250 times"),
        (GOOD.replace("100", "250").replace("QM9", "MD17"), "doubtful", "does not mention 250 times, MD17"),
        (GOOD.replace("100 times", "four orders of magnitude"), "doubtful", "four orders of magnitude"),
        ("Rain falls mainly on the plain", "not_found", "hardly speaks of this: nothing there of rain, fall"),
    ],
)
def test_a_doubted_citation_is_marked_and_told_why(
    encoder: Embedder, sentence: str, verdict: str, why: str
) -> None:
    shown = one(encoder, f"{sentence} [2406.00001].")
    assert shown.piece.text == f"{sentence} [2406.00001] (?)."
    (citation,) = shown.citations
    assert citation.verdict == verdict
    assert why in citation.why
    assert citation.why in shown.problems[0]


def test_a_figure_that_one_of_two_papers_holds_is_held_against_neither(encoder: Embedder) -> None:
    both = one(encoder, f"{GOOD}, up to 6 hours ahead [2406.00001, 2406.00002].")
    assert not any("6 hours" in c.why for c in both.citations)
    none = one(encoder, f"{GOOD}, up to 7 hours ahead [2406.00001, 2406.00002].")
    assert [c.why for c in none.citations] == ["does not mention 7 hours"] * 2


def test_a_quotation_is_in_the_source_word_for_word(encoder: Embedder) -> None:
    right = one(encoder, 'Networks "are trained on quantum calculations" there [2406.00001].')
    wrong = one(encoder, 'Networks "are trained on classical calculations" there [2406.00001].')
    assert right.citations[0].verdict == "found"
    assert wrong.citations[0].verdict == "misquoted"
    assert "word for word" in wrong.problems[0]


def test_each_place_is_held_against_its_own_paper(encoder: Embedder) -> None:
    text = (
        "Learned potentials are 100 times faster than DFT [{}], "
        "and transformers beat numerical models up to 6 hours ahead [{}]."
    )
    right = one(encoder, text.format(MD.id, RAIN.id))
    swapped = one(encoder, text.format(RAIN.id, MD.id))
    assert [c.verdict for c in right.citations] == ["found", "found"]
    assert all(c.verdict in {"doubtful", "not_found"} for c in swapped.citations)


BOTH = (
    "Learned potentials are 100 times faster than density functional theory, "
    "while transformers beat numerical models up to 6 hours ahead"
)


def test_several_ids_behind_a_sentence_bear_a_clause_each(encoder: Embedder) -> None:
    shown = one(encoder, f"{BOTH} [{MD.id}; {RAIN.id}].")
    assert [(c.id, c.verdict) for c in shown.citations] == [(MD.id, "found"), (RAIN.id, "found")]
    assert [c.evidence[0].split()[0] for c in shown.citations] == ["The", "It"]


def test_an_id_that_bears_no_clause_is_not_found(encoder: Embedder) -> None:
    shown = one(encoder, f"{BOTH} [{MD.id}; {RAIN.id}; {OLD.id}].")
    assert [c.verdict for c in shown.citations] == ["found", "found", "not_found"]
    assert shown.citations[2].why.startswith("bears no part of this, which others cited here do")
    assert f"[{OLD.id}] (?)" in shown.piece.text


def test_a_clause_that_no_paper_bears_is_held_against_the_one_it_is_of(encoder: Embedder) -> None:
    shown = one(encoder, f"{BOTH.replace('6 hours', '9 hours')} [{MD.id}; {RAIN.id}].")
    assert [c.verdict for c in shown.citations] == ["found", "doubtful"]
    assert shown.citations[1].why == "does not mention 9 hours"


@pytest.mark.parametrize(
    "sentence",
    [
        "None of these abstracts reports the cost of training",
        "The sources do not say how this scales to proteins",
        "How much memory it takes is not stated in the abstract",
    ],
)
def test_what_sources_do_not_tell_is_no_claim_about_one(encoder: Embedder, sentence: str) -> None:
    cited = one(encoder, f"{sentence} [{MD.id}].")
    assert (cited.piece.text, cited.citations, cited.problems) == (f"{sentence} [{MD.id}].", (), ())
    assert checked(encoder, f"{GOOD} [{MD.id}].", f"{sentence}.")[-1].piece.kind == "sentence"
    found = check_note(notes.read(f"{sentence}. {sentence} [{MD.id}]."), lookup, encoder)
    assert (found.citations, found.uncited_sentences) == ((), 0)


def test_an_invented_id_is_told_of_all_the_same(encoder: Embedder) -> None:
    shown = one(encoder, "None of these abstracts reports the cost of training [2499.00001].")
    assert [c.verdict for c in shown.citations] == ["unknown_id"]


def test_nothing_is_added_to_a_sentence_without_a_citation(encoder: Embedder) -> None:
    shown = one(encoder, f"{GOOD}.")
    assert (shown.piece.text, shown.citations, shown.problems) == (f"{GOOD}.", (), ())


def test_a_sentence_whose_only_id_was_invented_is_marked(encoder: Embedder) -> None:
    shown = one(encoder, f"{GOOD} [2499.00001].")
    assert shown.piece.text == f"{GOOD} (uncited)."
    assert [c.verdict for c in shown.citations] == ["unknown_id"]


def test_what_is_said_again_is_left_out(encoder: Embedder) -> None:
    found = checked(encoder, f"{GOOD} [2406.00001].", f"{GOOD} [2406.00001].", f"{GOOD} [2406.00001].")
    assert [c.piece.kind for c in found] == ["sentence", "note"]
    assert found[-1].problems == ("2 repeated sentences were left out",)


def test_an_answer_without_a_source_is_said_to_be_unsupported(encoder: Embedder) -> None:
    found = checked(
        encoder, "Cats are nice animals that sleep all day long.", "Dogs are nice too, most people find."
    )
    assert "cites no source" in found[-1].problems[0]


def test_nothing_that_acts_gets_through(encoder: Embedder) -> None:
    shown = one(encoder, f"\x1b[31m{GOOD}\u202e [2406.00001].")
    assert shown.piece.text == f"{GOOD} [2406.00001]."


def test_assemble(encoder: Embedder) -> None:
    pieces = [
        Piece("sentence", f"{GOOD} [2406.00001]."),
        Piece("heading", "Rain", lead="\n\n### "),
        Piece("sentence", "A transformer reads radar images [2406.00002].", lead="\n\n- "),
        Piece("sentence", "It beats numerical models up to 6 hours ahead [2406.00002].", lead="\n- "),
        *(Piece("follow_up", f"What is {n}?") for n in "abcabde"),
    ]
    found = list(verify(pieces, evidence(), encoder))
    answer = assemble(
        found, evidence(), answered_by="m", date="2026-11-22", answerable=lambda q: "b" not in q
    )
    assert answer.text == (
        f"{GOOD} [2406.00001].\n\n### Rain\n\n- A transformer reads radar images [2406.00002].\n"
        "- It beats numerical models up to 6 hours ahead [2406.00002]."
    )
    assert answer.follow_ups == ("What is a?", "What is c?", "What is d?")
    assert answer.cited == {"2406.00001", "2406.00002"}
    assert answer.problems == ()


def test_an_answer_from_papers_far_off_says_so() -> None:
    far = replace(evidence(), sources=tuple(replace(s, match=0.25) for s in evidence().sources))
    told = assemble([], far, answered_by="", date="2026-11-22").problems
    assert told == ("the best match is 25%: these papers have little in common with the question",)


ALPHABET = st.sampled_from(
    ["fast", "potential", "QM9", "100", "[2406.00001]", "[x9]", "[", "]", "(?)", ".", ",", "“", '"', "\n"]
)


@given(st.lists(ALPHABET, max_size=20).map(" ".join))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_draft_is_checked(encoder: Embedder, text: str) -> None:
    known = {MD.id, RAIN.id, OLD.id}
    for shown in verify([Piece("sentence", text)], evidence(), encoder):
        assert "[x9]" not in shown.piece.text
        assert {c.id for c in shown.citations if c.verdict != "unknown_id"} <= known


# --- notes ---


def lookup(ids: Sequence[str]) -> dict[str, Paper]:
    return {paper.id: paper for paper in (MD, RAIN, OLD) if paper.id in ids}


def found_in(note: str, encoder: Embedder, syntax: str = "markdown") -> Note:
    return check_note(notes.read(note, syntax), lookup, encoder)


NOTE = f"""---
title: A note
---
# Speed [2406.00001]

{GOOD} [2406.00001](https://arxiv.org/abs/2406.00001). It is old news. [hep-th/9901001]

- [ ] read [2406.00002]
- [x] {GOOD} [2406.00001; 2499.00001].

Radar images are read by a transformer[^1], in [0, 1] and [see here](http://x).

| A transformer reads radar images | [2406.00002] |
| --- | --- |
| Rain is hard to forecast | [2406.00002] |

```
[2406.00001] is code
```

The last [link] is by [reference][2406.00002].

[^1]: See [2406.00002].
[link]: http://example.org
"""


def rows(note: str, encoder: Embedder) -> list[Citation]:
    return list(found_in(note, encoder).citations)


def test_a_note_is_read_row_by_row(encoder: Embedder) -> None:
    found = found_in(NOTE, encoder)
    assert [c.id for c in found.citations] == [
        "2406.00001", "hep-th/9901001", "2406.00002", "2406.00001", "2499.00001", "2406.00002", "2406.00002",
        "2406.00002", "2406.00002",
    ]  # fmt: skip
    verdicts = [c.verdict for c in found.citations]
    assert verdicts[0] == "found"
    assert verdicts[1] == "not_found"
    assert verdicts[4] == "unknown_id"
    assert list(found.lines) == sorted(found.lines)
    assert found.lines[0] == 6


def test_a_note_is_never_shortened(encoder: Embedder) -> None:
    twice = f"{GOOD} [2406.00001]. {GOOD} [2406.00001].\n\n{GOOD}."
    found = found_in(twice, encoder)
    assert len(found.citations) == 2
    assert found.uncited_sentences == 1


def test_a_note_without_citations(encoder: Embedder) -> None:
    found = found_in("Cats sleep all day long in the sun.\n\n- [ ] feed them\n", encoder)
    assert found.citations == ()
    assert found.uncited_sentences == 1


def test_marks_of_an_earlier_answer_are_no_text(encoder: Embedder) -> None:
    (row,) = rows(f"{GOOD} [2406.00001] (?).", encoder)
    assert row.sentence == f"{GOOD}."


def test_a_row_stands_on_the_line_of_its_sentence_and_says_why(encoder: Embedder) -> None:
    bad = GOOD.replace("100", "250")
    note = f"Some words.\n\nCats sleep all day\nlong. {bad}\n[2406.00001]. Dogs\nbark [x2030y].\n"
    found = found_in(note, encoder)
    assert found.lines == (4, 5)
    assert [c.why for c in found.citations] == ["does not mention 250 times", "is not in the index"]


@pytest.mark.parametrize(
    ("cited", "ids"),
    [
        (r"\citep[see][]{2406.00001}", ["2406.00001"]),
        (r"\cite{2406.00001,hep-th/9901001}", ["2406.00001", "hep-th/9901001"]),
        (r"\parencite{doe2030}", ["doe2030"]),
        ("[@2406.00001; @hep-th/9901001, p. 4]", ["2406.00001", "hep-th/9901001"]),
        ("(see @2406.00001)", ["2406.00001"]),
        ("(see @somebody)", []),
        ("[^1]", []),
    ],
)
def test_citations_as_latex_and_pandoc_write_them(encoder: Embedder, cited: str, ids: list[str]) -> None:
    found = rows(f"{GOOD} {cited}.", encoder)
    assert [c.id for c in found] == ids
    assert all("cite" not in c.sentence and "@" not in c.sentence for c in found)


def test_a_footnote_that_nobody_wrote_is_not_the_paper_of_that_number(encoder: Embedder) -> None:
    numbered = replace(MD, id="1")
    note = notes.read(f"{GOOD} [^1]. {GOOD} [1].")
    found = check_note(note, lambda ids: {"1": numbered} if "1" in ids else {}, encoder)
    assert [(c.id, c.verdict) for c in found.citations] == [("1", "found")]


def test_the_order_of_rows_is_the_order_of_reading(encoder: Embedder) -> None:
    ids = [MD.id, RAIN.id, OLD.id, "2499.00001"]
    shuffled = random.Random(1).choices(ids, k=12)
    note = "\n\n".join(f"Claim number {n} is made here [{key}]." for n, key in enumerate(shuffled))
    assert [c.id for c in rows(note, encoder)] == shuffled


def marked(text: str, *verdicts: str, lead: str = "", kind: str = "sentence") -> Checked:
    """A piece as verification leaves it, with a citation of the learned potentials for each verdict."""
    whys = {"doubtful": "does not mention 5", "unknown_id": "is not among the sources"}
    cited = tuple(Citation(MD.id, text, 0.5, v, why=whys.get(v, "")) for v in verdicts)  # type: ignore[arg-type]
    told = ("1 citation removed: [2406.00001] is not among the sources",) if "unknown_id" in verdicts else ()
    return Checked(Piece(kind, text, lead=lead), cited, told)  # type: ignore[arg-type]  # of a kind


def test_a_judge_moves_the_marks_of_its_citations_and_no_others() -> None:
    pieces = [
        marked("Speed [2406.00001]", lead="\n\n### ", kind="heading"),
        marked("What [2406.00001] costs is not told.", lead="\n\n"),
        marked("It is fast [2406.00001] (?), and exact [2406.00001].", "doubtful", "found", lead=" "),
        marked("```\n[2406.00001]\n```", lead="\n\n", kind="block"),
        marked("Nobody knows (uncited).", "unknown_id", lead="\n\n"),
        marked("| A [2406.00001] | B [2406.00001] (?) |", "found", "doubtful", lead="\n\n", kind="row"),
    ]
    answer = assemble(pieces, evidence(), answered_by="m", date="2026-11-22")
    fast, exact, unknown, first, second = answer.citations
    judged = with_judged(
        answer,
        [
            replace(fast, verdict="supported", why=""),
            replace(exact, verdict="contradicted", why="says otherwise"),
            unknown,
            replace(first, verdict="not_found", why="does not say this"),
            replace(second, verdict="supported", why=""),
        ],
    )
    assert judged.text == (
        "### Speed [2406.00001]\n\n"
        "What [2406.00001] costs is not told. It is fast [2406.00001], and exact [2406.00001] (!).\n\n"
        "```\n[2406.00001]\n```\n\n"
        "Nobody knows (uncited).\n\n"
        "| A [2406.00001] (?) | B [2406.00001] |"
    )
    assert judged.problems == (
        "[2406.00001] says otherwise — It is fast [2406.00001] (?), and exact [2406.00001].",
        "1 citation removed: [2406.00001] is not among the sources",
        "[2406.00001] does not say this — | A [2406.00001] | B [2406.00001] (?) |",
    )


def test_a_judge_that_changes_nothing_leaves_an_answer_as_it_is(encoder: Embedder) -> None:
    told = checked(encoder, f"{GOOD} [2406.00001].", "Rain falls mainly on the plain [2406.00001].")
    answer = assemble(told, evidence(), answered_by="m", date="2026-11-22")
    assert replace(with_judged(answer, answer.citations), ends=answer.ends) == answer


def test_what_an_ellipsis_leaves_out_is_not_looked_for() -> None:
    assert quotations(
        'They say: "The frog sleeps under ice. … Ponds freeze in January [...] every year."'
    ) == [
        "The frog sleeps under ice.",
        "Ponds freeze in January",
    ]
