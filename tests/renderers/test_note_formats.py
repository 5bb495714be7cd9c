"""Answers as notes of other programs: Obsidian's, Quarto's, Org's; and the columns of their tables."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import orgparse
import pytest
import yaml
from markdown_it import MarkdownIt
from rich.console import Console

from agq import notes
from agq.errors import UnknownName
from agq.exporters.keys import key, styled
from agq.model import Answer, Citation, Finding, MatchParts, Paper, Quote, Source
from agq.renderers import RENDERERS, lister, renderer
from agq.renderers.parts import Shown, chosen_columns
from agq.renderers.terminal import table
from agq.text.markdown import escaped

SELECT = "zotero://select/library/items/ABCD2345"
WORDS = "Glass seals keep *nine* tenths: of the power."
PAPERS = (
    Paper(
        "smith2020",
        "Seals",
        WORDS,
        ("Ann Smith", "Bo de Lee"),
        ("cs.LG", "physics"),
        "2020-05",
        doi="10.1/x",
        venue="Nature",
    ),
    Paper("10.1103/RevB(1)", "Moisture | and light", "Moisture enters.", ("Kees van der Berg",), date="2021"),
)
SOURCES = tuple(Source(paper, 0.5, MatchParts(0.5, 0.5), zotero=SELECT) for paper in PAPERS)
IDS = [paper.id for paper in PAPERS]
ANSWER = Answer(
    question='What: limits "cells"?',
    text=(
        "*2 of 2 papers bear on this.*\n\n"
        f'- Smith 2020, *Seals*: "{escaped(WORDS)}" [smith2020]\n'
        '- Title only: "Light" [10.1103/RevB(1)]\n\n'
        "> “Moisture enters.” [10.1103/RevB(1)]\n>\n> “Again.” [smith2020]"
    ),
    answered_by="",
    date="2026-11-28",
    sources=SOURCES,
    citations=tuple(Citation(one, "So it is.", 0.9, "found") for one in IDS),
    findings=(Finding("smith2020", (Quote(WORDS, 0),)),),
)


def note(format_: str, shown: Shown | None = None) -> str:
    """The answer as a file of that format has it."""
    cited = replace(ANSWER, text=styled(ANSWER.text, IDS, RENDERERS[format_].cites))
    return renderer(format_)(cited, shown or Shown())


def head_of(text: str) -> dict[str, object]:
    _, head, _ = text.split("---\n", 2)
    held: dict[str, object] = yaml.safe_load(head)
    return held


def test_a_note_of_obsidian_has_properties_links_and_callouts() -> None:
    text = note("obsidian")
    assert head_of(text) == {
        "date": date(2026, 11, 28),
        "question": ANSWER.question,
        "answered_by": "extract",
        "ids": IDS,
    }
    assert f'> [!quote] Smith 2020, *Seals*\n> "{escaped(WORDS)}" [[smith2020]]\n' in text
    assert '- Title only: "Light" [[10.1103/RevB-1-' in text
    assert "> [!quote] In the papers' own words\n> “Moisture enters.” [[10.1103/" in text
    assert text.count("[!quote]") == 2
    assert MarkdownIt("commonmark").render(text.split("---\n", 2)[2]).count("<blockquote>") == 2


def test_quotations_within_lists_become_callouts_and_code_stays() -> None:
    text = "- item\n\n  > said\n\n> > deep\n\n```\n> code\n```"
    made = renderer("obsidian")(replace(ANSWER, text=text), Shown(sources=False, caution=False))
    assert "- item\n\n  > [!quote] In the papers' own words\n  > said\n" in made
    assert "> [!quote] In the papers' own words\n> > deep" in made
    assert "```\n> code\n```" in made


def test_a_document_of_quarto_names_its_title_and_references() -> None:
    text = note("quarto", Shown(bibliography="../refs.bib"))
    assert head_of(text) == {
        "title": ANSWER.question,
        "date": date(2026, 11, 28),
        "bibliography": "../refs.bib",
    }
    assert "# What" not in text
    assert "[@smith2020]" in text


@pytest.mark.parametrize("format_", ["obsidian", "quarto", "org"])
def test_what_is_added_to_a_note_has_no_head_of_its_own(format_: str) -> None:
    added = note(format_, Shown(front=False))
    assert added.startswith(("# What: limits", "* What: limits"))
    assert "#+title" not in added


@pytest.mark.parametrize("format_", ["obsidian", "quarto", "org"])
def test_a_note_is_read_back_with_all_that_it_cites_and_no_more(format_: str) -> None:
    text = note(format_)
    read = notes.read(text, "org" if format_ == "org" else "markdown")
    known = {key(one): one for one in IDS}
    cited = [ids for block in read for place in block.cited if (ids := place.ids(known.get))]
    assert sorted(id_ for ids in cited for id_ in ids) == sorted(IDS * 2)
    claims = [" ".join(block.words) for block in read if block.claims]
    assert all("Extracted" not in one and "Sources" not in one and "50%" not in one for one in claims)


def test_org_has_keywords_citations_quotations_and_a_table() -> None:
    text = note("org", Shown(bibliography="refs.bib"))
    assert text.startswith('#+title: What: limits "cells"?\n#+date: 2026-11-28\n#+bibliography: refs.bib\n')
    assert f'- Smith 2020, /Seals/: "{WORDS}" [cite:@smith2020]\n- Title only: "Light" [cite:@10.1103' in text
    assert "#+begin_quote\n“Moisture enters.” [cite:@10.1103" in text
    assert (
        "| Match | Year | Author | Category | Title | Id |\n|---+---+---+---+---+---|\n| 50% | 2020 | Smith |"
        in text
    )
    assert r"Moisture \vert{} and light" in text
    assert [node.heading for node in orgparse.loads(text)[1:]] == ["Sources · 2"]


def test_ids_in_plain_brackets_stay_what_they_are() -> None:
    assert "[smith2020]" in renderer("org")(ANSWER)
    assert "See [2406.08554]." in renderer("org")(replace(ANSWER, text="See [2406.08554]."))
    code = "```\na\n\n\n\nb\n```"
    assert code in renderer("obsidian")(replace(ANSWER, text=code, findings=()))


HOSTILE = (
    '[[elisp:(shell-command "rm")][read]] {{{evil}}} @@html:<script>@@ src_sh{rm -rf} call_it() '
    "\\input{/etc/passwd} $x$ <<target>> [fn:1]"
)


def test_nothing_of_a_text_acts_in_org() -> None:
    paper = Paper("a1", f"* {HOSTILE}", authors=("#+include: /etc/passwd",))
    found = (Source(paper, 0.5, MatchParts(0.5, 0.5)),)
    text = "\n\n".join((HOSTILE, "\\* no heading", "\\#+include: x", "```\n* code\n#+end_example\n```"))
    hostile = Answer(f"#+setupfile: {HOSTILE}", text, "* who", "2026-11-28", found)
    made = renderer("org")(hostile)
    for active in ("[[elisp", "{{{", "@@html", "src_sh{", "call_it(", r"\input", "<<", "[fn:1]"):
        assert active not in made, active
    starts = [line.split(" ")[0] for line in made.splitlines() if line.startswith(("*", "#+"))]
    assert starts == ["#+title:", "#+date:", "#+options:", "#+begin_example", "#+end_example", "*"]
    assert ",* code\n,#+end_example\n#+end_example" in made


@pytest.mark.parametrize("format_", ["markdown", "obsidian", "quarto", "html", "org", "plain"])
def test_a_paper_from_zotero_is_opened_there(format_: str) -> None:
    assert SELECT in note(format_)
    assert "Zotero" in note(format_) or format_ == "plain"


@pytest.mark.parametrize("format_", ["terminal", "markdown", "html", "org", "quarto"])
def test_columns_are_those_that_were_chosen(format_: str) -> None:
    text = note(format_, Shown(columns=chosen_columns("Venue, authors,title")))
    assert "Nature" in text
    assert "Smith, de Lee" in text
    assert "cs.LG" not in text
    assert lister("markdown")("q", SOURCES, Shown(columns=("doi", "date"))).startswith(
        "| Match | DOI | Date | Id |"
    )


def test_on_a_narrow_terminal_all_that_was_chosen_stands_around_the_title() -> None:
    out = io.StringIO()
    table(Console(file=out, width=45), SOURCES[:1], chosen_columns("title,venue,year,authors"))
    assert "Smith, de Lee 2020. Seals. Nature" in out.getvalue()


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownName, match="did you mean venue"):
        chosen_columns("venu")
