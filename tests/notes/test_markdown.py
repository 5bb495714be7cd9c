"""Markdown notes: what of them is prose that claims something, and what they cite in each of its dialects."""

from __future__ import annotations

import pytest

from agq import notes
from agq.notes import sentences
from notes.reading import ids, prose, told, unread


def test_a_byline_and_a_word_of_caution_claim_nothing() -> None:
    note = "*Extracted from abstracts*\n\nRates rose by 5% [a1].\n\n*This is an aid: check the sources.*\n"
    assert prose(note, "markdown", "a1") == ["Rates rose by 5%."]


def test_an_italic_line_that_cites_is_a_claim() -> None:
    assert prose("*Rates rose [a1].*\n\n*Rates* fell *again*\n", "markdown", "a1") == [
        "Rates rose.",
        "Rates fell again",
    ]


def test_rows_of_a_table_are_blocks_but_an_answers_sources_are_not() -> None:
    table = "| Claim | Source |\n| --- | --- |\n| Rates rose | [a1] |\n"
    sources = "| Match | Category | Title | Id |\n| --- | --- | --- | --- |\n| 80% | cs.LG | Rates | a1 |\n"
    assert told(table, "markdown", "a1") == [(1, "Claim — Source", []), (3, "Rates rose —", ["a1"])]
    assert prose(sources) == []
    assert prose(sources.replace("Category", "Year")) == []


def test_sources_of_an_answer_in_plain_text_claim_nothing() -> None:
    note = "Rates rose [a1].\n\nSources (1)\n\n 80% [a1] Doe 2030, cs.LG\n     Rates of all kinds\n"
    assert prose(note, "markdown", "a1") == ["Rates rose.", "Sources (1)"]


def test_a_sentence_knows_its_line() -> None:
    note = (
        "# Rates\n\nRates rose by 5% [a1]. They\nfell later. [b2]\nNobody knows why.\n\n"
        "- Rates rose\n  again. And fell.\n"
    )
    assert told(note, "markdown", "a1", "b2") == [
        (3, "Rates rose by 5%.", ["a1"]),
        (3, "They fell later.", ["b2"]),
        (5, "Nobody knows why.", []),
        (7, "Rates rose again.", []),
        (8, "And fell.", []),
    ]


def test_a_sentence_said_twice_stands_on_two_lines() -> None:
    note = "Rates rose by 5% today.\nRates rose by 5% today.\n"
    assert [line for line, _, _ in told(note, "markdown")] == [1, 2]


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("[@a1; @hep-th/9901001]", ["a1", "hep-th/9901001"]),
        ("[see @a1, pp. 33-35; also -@doe2030]", ["a1", "doe2030"]),
        ("[e.g. @a1 [and more], chap. 2]", ["a1"]),
        ("[-@a1]", ["a1"]),
        ("[@{a key.}]", ["a key."]),
        ("[@Doe_Roe:2030a]", ["Doe_Roe:2030a"]),
        ("[@a1](zotero://select/items/@a1)", ["a1"]),
        ("[Smith 2020](zotero://select/items/@smith)", ["smith"]),
        ("[@fig-heat]", []),
        ("[@10.1002/(SICI)1097-0258(19980815)17:15<1661::AID>3.0.CO;2-2]", None),
    ],
)
def test_citations_of_pandoc(written: str, cited: list[str] | None) -> None:
    sici = "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID>3.0.CO;2-2"
    assert ids(f"Rates rose {written}.", "markdown", "a1", sici) == (
        cited or ([sici] if cited is None else [])
    )


@pytest.mark.parametrize(
    ("text", "words", "cited"),
    [
        ("As @a1 [p. 33] shows, rates rose.", "As shows, rates rose.", ["a1"]),
        ("As @a1 [33-35] shows, rates rose.", "As shows, rates rose.", ["a1"]),
        ("As @nobody [p. 33] shows, rates rose.", "As shows, rates rose.", ["nobody"]),
        ("By @{Aad:2012tfa} and @2020.acl-main.1.", "By and.", ["Aad:2012tfa", "2020.acl-main.1"]),
        ("@doe2030 shows it.", "shows it.", ["doe2030"]),
        ("@a1 [see also @b2] shows it.", "shows it.", ["a1", "b2"]),
        ("@a1 [CLS] tokens rise.", "[CLS] tokens rise.", ["a1"]),
        ("Ask @somebody or me@example.org.", "Ask @somebody or me@example.org.", []),
        ("See @fig-one, @tbl-two and @Sec-three.", "See @fig-one, @tbl-two and @Sec-three.", []),
        (r"Rates rose \@doe2030 by 5%.", "Rates rose @doe2030 by 5%.", []),
    ],
)
def test_keys_in_running_text(text: str, words: str, cited: list[str]) -> None:
    assert told(text, "markdown", "a1", "b2") == [(1, words, cited)]


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("[[a1]]", ["a1"]),
        ("[[@a1|Smith 2020]]", ["a1"]),
        ("[[a1|Smith]]", ["a1"]),
        ("[[papers/a1]]", ["a1"]),
        ("[[refs/a1#Results]]", ["a1"]),
        ("[[refs/@doe|Doe]]", ["doe"]),
        ("[[doe2030#Results|Doe]]", ["doe2030"]),
        ("[[papers/doe2030|Doe]]", ["doe2030"]),
        ("[[My own page]]", []),
        ("![[a1.png]]", []),
        ("[Smith 2020](papers/a1.md)", ["a1"]),
        ("[my plan](plan2024.md)", []),
    ],
)
def test_links_between_notes(written: str, cited: list[str]) -> None:
    assert ids(f"Rates rose {written}.", "markdown", "a1") == cited


def test_a_link_that_is_no_citation_keeps_its_words() -> None:
    assert prose("Rates rose, [[My own page|as I said]].") == ["Rates rose, as I said."]
    assert prose("Rates rose [here](http://example.org) and [there](b.md).") == ["Rates rose here and there."]


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("{cite:p}`a1,doe`", ["a1", "doe"]),
        ("{cite}`a1`", ["a1"]),
        ("{cite:t}`{see}a1{p. 3}`", ["a1"]),
        ("{footcite:t}`a1`", ["a1"]),
        (":cite:p:`a1, doe`", ["a1", "doe"]),
        ("[a1]_", ["a1"]),
        ("{ref}`a1`", []),
        (r"\citep[see][]{a1}", ["a1"]),
        (r"\cites[12]{a1}[34]{doe}", ["a1", "doe"]),
    ],
)
def test_roles_of_myst_and_sphinx_and_raw_latex(written: str, cited: list[str]) -> None:
    assert ids(f"Rates rose {written}.", "markdown", "a1") == cited


def test_a_footnote_is_cited_where_its_mark_stands() -> None:
    note = "Rates rose.[^1] They fell.^[See @b2, p. 3.] Why?[^x]\n\n[^1]: @a1, p. 4.\n"
    assert told(note, "markdown", "a1", "b2") == [
        (1, "Rates rose.", ["a1"]),
        (1, "They fell.", ["b2"]),
        (1, "Why?[^x]", []),
    ]


def test_a_long_footnote_says_something_of_its_own() -> None:
    said = "Others hold that rates fell in all of the years since the war [@b2]."
    assert told(f"Rates rose.[^n]\n\n[^n]: {said}\n", "markdown") == [
        (1, "Rates rose.", ["b2"]),
        (3, said.replace(" [@b2]", ""), ["b2"]),
    ]


def test_a_footnote_may_be_named_by_its_paper_and_defined_by_it() -> None:
    assert ids("Rates rose.[^doe2030] They fell.[^2]\n\n[^2]: a1\n", "markdown", "a1") == ["doe2030", "a1"]


def test_a_footnote_that_no_mark_refers_to_is_read() -> None:
    assert ids("Rates rose.\n\n[^9]: @doe2030\n") == ["doe2030"]


@pytest.mark.parametrize(
    "note",
    [
        "---\ntitle: X [@doe2030]\n---\n\nRates rose.\n",
        "---\nabstract: |\n  Rates fell [@doe2030]\n...\n\nRates rose.\n",
        "<!-- [@doe2030] -->\n\nRates rose.\n",
        "```\n[@doe2030]\n```\n\nRates rose.\n",
        "```{python}\nx = y['@doe2030']\n```\n\nRates rose.\n",
        "$$\n[@doe2030]\n$$\n\nRates rose.\n",
        "Rates `[@doe2030]` rose.\n",
    ],
)
def test_what_is_no_prose(note: str) -> None:
    assert "doe2030" not in ids(note)
    assert prose(note)[-1].endswith("rose.")


def test_directives_of_myst_hold_prose() -> None:
    note = "```{note}\n:class: tip\n\nRates rose {cite}`doe`.\n```\n\n:::{tip}\nThey fell [@roe].\n:::\n"
    assert told(note, "markdown") == [(4, "Rates rose.", ["doe"]), (8, "They fell.", ["roe"])]


def test_a_heading_claims_nothing_and_its_citations_are_read() -> None:
    note = "# Rates [@doe2030]\n\nThey rose.\n"
    assert prose(note) == ["They rose."]
    assert ids(note) == ["doe2030"]


def test_html_in_a_note_is_read() -> None:
    note = "<details>\n<p>Rates rose [@doe].</p>\n</details>\n\nThey <sup>fell</sup> [@roe].\n"
    assert told(note, "markdown") == [(2, "Rates rose.", ["doe"]), (5, "They fell.", ["roe"])]


def test_marks_of_an_earlier_answer_are_no_text() -> None:
    assert told("Rates rose [a1] (?). They fell [a1] (!).", "markdown", "a1") == [
        (1, "Rates rose.", ["a1"]),
        (1, "They fell.", ["a1"]),
    ]


def test_a_citation_behind_a_quotation_is_of_all_its_sentences() -> None:
    quotation = '- DOE 2030, Rates: "Rates rose in 1990. They fell in 2000. … Why is “not” known." [a1]\n'
    assert told(quotation, "markdown", "a1") == [
        (1, quotation.removeprefix("- ").removesuffix(" [a1]\n"), ["a1"])
    ]
    apart = 'He said "Rates rose. They fell." It was late [a1].'
    assert len(told(apart, "markdown", "a1")) > 1


def test_a_citation_without_a_key_is_told() -> None:
    assert unread(r"Rates rose \cite and {cite}`` fell.") == [r"\cite"]
    assert unread("Rates rose [@doe].") == []


def test_escaped_marks_of_an_id_are_its_own() -> None:
    assert ids(r"Rates rose [10.1/a\<b\>c].", "markdown", "10.1/a<b>c") == ["10.1/a<b>c"]


def test_parts_of_a_sentence_keep_what_they_are_cited_for() -> None:
    (block,) = notes.read("Rates rose [a1], while they fell [b2; c3] later.")
    (sentence,) = sentences.read(block, {one: one for one in ("a1", "b2", "c3")}.get)
    assert [(part.text.strip(" ,"), part.ids) for part in sentence.parts] == [
        ("Rates rose", ("a1",)),
        ("while they fell", ("b2", "c3")),
        ("later.", ()),
    ]
