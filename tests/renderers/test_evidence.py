"""The papers' own words below the claims that cite them."""

from __future__ import annotations

from dataclasses import replace

import html5lib

from agq.model import Answer, Citation, MatchParts, Paper, Source
from agq.renderers import renderer
from agq.renderers.evidence import EVIDENCE, with_evidence

FIRST = Citation("a2024", "Rain falls.", 0.9, "found", evidence=("It <b>rains</b>.", "It pours."))
SECOND = Citation("b2024", "Snow falls.", 0.9, "doubtful", why="does not mention snow", evidence=("Hail.",))
QUOTED = Citation("a2024", "It pours.", 1.0, "found", evidence=("It pours.",))
INVENTED = Citation("c2024", "Rain falls.", 0.0, "unknown_id")
ANSWER = Answer(
    "What falls?",
    "Rain falls [a2024]. Snow falls [b2024] (?).\n\n- Rain falls [a2024].\n- Nothing else.\n\n"
    "| Rain | [a2024] |\n| --- | --- |\n| Snow | [b2024] |\n\n“It pours.” [a2024]",
    "m",
    "2026-11-22",
    tuple(Source(Paper(one, f"On {one}"), 0.5, MatchParts(0.5, 0.5)) for one in ("a2024", "b2024")),
    (FIRST, INVENTED, SECOND, FIRST, FIRST, SECOND, QUOTED),
)


def test_each_paragraph_item_and_table_has_its_own() -> None:
    assert with_evidence(ANSWER).text == (
        "Rain falls [a2024]. Snow falls [b2024] (?).\n\n"
        "> “It <b>rains</b>. … It pours.” [a2024]\n>\n> “Hail.” [b2024]\n\n"
        "- Rain falls [a2024].\n  > “It <b>rains</b>. … It pours.” [a2024]\n- Nothing else.\n\n"
        "| Rain | [a2024] |\n| --- | --- |\n| Snow | [b2024] |\n\n"
        "> “It <b>rains</b>. … It pours.” [a2024]\n>\n> “Hail.” [b2024]\n\n“It pours.” [a2024]"
    )


def test_it_reads_as_quotations_in_every_format() -> None:
    told = with_evidence(ANSWER)
    assert "  > “It \\<b>rains\\</b>. … It pours.” [a2024]" in renderer("markdown")(told)
    assert "│ “Hail.” [b2024]" in renderer("plain")(told)


def test_a_page_folds_it_away_behind_each_block() -> None:
    page = renderer("html")(ANSWER)
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    folded = [[line for line in "".join(one.itertext()).split("\n") if line] for one in tree.iter("details")]
    opens, first, second = EVIDENCE, "“It <b>rains</b>. … It pours.” [a2024]", "“Hail.” [b2024]"
    assert folded == [[opens, first, second], [opens, first], [opens, first, second]]


def test_an_answer_without_citations_stays_as_it_is() -> None:
    bare = replace(ANSWER, citations=())
    assert with_evidence(bare) == bare
