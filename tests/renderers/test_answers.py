"""An answer in every format: what a reader sees, and what never happens to their terminal, note or page."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import html5lib
import pytest
from markdown_it import MarkdownIt
from rich.cells import cell_len
from rich.console import Console

from agq.errors import UnknownName
from agq.model import Answer, Checked, Citation, IndexState, MatchParts, Paper, Piece, Source
from agq.renderers import LISTINGS, RENDERERS, lister, renderer
from agq.renderers.markup import blocks, inline
from agq.renderers.parts import Shown, byline, percent
from agq.renderers.terminal import AnswerPage, show, table
from agq.verify import markdown

LONG = "10.1103/PhysRevLett.77.3865-with-a-suffix-that-is-longer-than-a-phone"


def source(
    paper_id: str, title: str, match: float = 0.5, *, arxiv: str = "", doi: str = "", url: str = ""
) -> Source:
    paper = Paper(paper_id, title, categories=("physics.chem-ph",), arxiv=arxiv, doi=doi, url=url)
    return Source(paper, match, MatchParts(match, match))


SOURCES = (
    source("hep-th/9901001", "On [strings] | pipes, *stars* and <b>tags</b>", 0.66, arxiv="hep-th/9901001"),
    source("AG-2024.06-1821", "Quantum Hardware-Enabled Molecular Dynamics via Transfer Learning", 0.655),
    source(
        "smith2020~2",
        "王小明的论文：一个很长的标题，用来检查宽字符在终端中的换行是否正确",
        0.3,
        url="javascript:alert(1)",
    ),
    source(LONG, "A DOI that no terminal can hold", 0.004, doi="10.1103/PhysRevLett.77.3865"),
)
ANSWER = Answer(
    question="What of [brackets] & <angles>?",
    text=(
        "A *first* sentence [hep-th/9901001]. A `second` one [AG-2024.06-1821] (?), see [2].\n\n"
        "### Heading\n\n- item one [smith2020~2]\n- item **two**\n\nLast, <script>alert(1)</script>."
    ),
    answered_by="some/model",
    date="2026-11-22",
    sources=SOURCES,
    citations=(Citation("hep-th/9901001", "A first sentence.", 0.9123456, "found"),),
    follow_ups=("What next?", "1. And then?"),
    index=IndexState(4, 4, "m", "2026-11-22T10:00:00+00:00"),
    seconds={"retrieve": 0.123456},
)
IDS = [one.paper.id for one in SOURCES]


def on_terminal(answer: Answer, width: int, **console: object) -> str:
    out = io.StringIO()
    show(answer, Console(file=out, width=width, force_terminal=True, **console))  # type: ignore[arg-type]  # as given
    return out.getvalue()


def bare(text: str) -> str:
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("format_", RENDERERS)
def test_every_format_holds_every_id_question_and_follow_up(format_: str) -> None:
    text = bare(renderer(format_)(ANSWER)).replace("\\", "")
    for one in IDS:
        assert one in text, one
    assert "What next?" in text
    assert "AG-2024.06-1821] (?)" in text.replace("</a>", "")


@pytest.mark.parametrize("width", [24, 40, 60, 80, 120, 200])
def test_on_a_terminal_no_id_is_broken_and_nothing_is_wider_than_the_screen(width: int) -> None:
    lines = bare(on_terminal(ANSWER, width)).splitlines()
    for one in IDS:
        assert any(one in line for line in lines), (one, width)
    assert [line for line in lines if cell_len(line) > max(width, cell_len(LONG) + 7)] == []
    short = replace(ANSWER, sources=SOURCES[:3])
    assert max(map(cell_len, bare(on_terminal(short, width)).splitlines())) <= max(width, 40)


def test_on_a_terminal_ids_are_links_only_where_that_is_safe() -> None:
    text = on_terminal(ANSWER, 100)
    assert re.search(r"\x1b\]8;[^;]*;https://arxiv\.org/abs/hep-th/9901001\x1b", text)
    assert "javascript" not in text
    assert re.search(r"\x1b\]8;[^;]*;https://doi\.org/", text)


def test_without_colours_there_is_none_and_a_dumb_terminal_gets_plain_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", on_terminal(ANSWER, 80, no_color=True))
    monkeypatch.setenv("TERM", "dumb")
    assert "█" not in on_terminal(ANSWER, 80)


def test_streamed_pieces_look_like_the_finished_answer() -> None:
    pieces = [
        Piece("sentence", "One [hep-th/9901001].", lead=""),
        Piece("sentence", "Two.", lead=" "),
        Piece("heading", "Theme", lead="\n\n### "),
        Piece("sentence", "An item.", lead="\n\n- "),
        Piece("sentence", "Another [AG-2024.06-1821].", lead="\n- "),
        Piece("sentence", "Within it.", lead="\n  1. "),
        Piece("row", "| a | b |\n| --- | --- |", lead="\n\n"),
        Piece("row", "| x | [hep-th/9901001] |", lead="\n"),
        Piece("block", "```\ncode\n```", lead="\n\n"),
        Piece("follow_up", "not shown in the text?"),
    ]
    out = io.StringIO()
    page = AnswerPage(Console(file=out, width=60, force_terminal=True), {})
    page.opening("Q?", "by")
    for piece in pieces:
        page.piece(Checked(piece))
    page.finish()
    finished = Answer("Q?", markdown(pieces), "", "", ())
    body = bare(on_terminal(finished, 60)).split("Sources")[0]
    streamed = bare(out.getvalue())
    assert "not shown" not in streamed
    assert streamed.split() == ["Q?", "by", *body.split()[body.split().index("One") :]]


def test_markdown_is_valid_and_its_table_survives_pipes_stars_and_tags() -> None:
    page = MarkdownIt("commonmark").enable("table").render(renderer("markdown")(ANSWER))
    assert page.count("<tr>") == len(SOURCES) + 1
    assert page.count("<td") == 4 * len(SOURCES)
    assert "On [strings] | pipes, *stars* and &lt;b&gt;tags&lt;/b&gt;" in page
    assert "<script" not in page
    assert "javascript" not in page
    assert "What of [brackets] &amp; &lt;angles&gt;?" in page
    assert "<li>What next?</li>\n<li>1. And then?</li>" in page


def test_html_is_valid_and_nothing_in_it_acts() -> None:
    page = renderer("html")(ANSWER)
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert tree.find(".//script") is None
    cites = [a for a in tree.iter("a") if a.get("class") == "cite"]
    assert [(a.text, a.get("href")) for a in cites] == [
        ("[hep-th/9901001]", "#source-1"),
        ("[AG-2024.06-1821]", "#source-2"),
        ("[smith2020~2]", "#source-3"),
    ]
    assert {a.get("href") for a in tree.iter("a")} == {
        "#source-1",
        "#source-2",
        "#source-3",
        "https://arxiv.org/abs/hep-th/9901001",
        "https://doi.org/10.1103/PhysRevLett.77.3865",
    }
    text = "".join(tree.find("body").itertext())
    assert "<script>alert(1)</script>" in text


def test_json_is_the_contract_and_rounds_figures() -> None:
    answer = json.loads(renderer("json")(ANSWER))
    assert answer["sources"][0]["cited"] is True
    assert answer["sources"][1]["cited"] is False
    assert answer["sources"][2]["url"] == ""
    assert answer["citations"][0]["support"] == 0.9123
    assert answer["seconds"] == {"retrieve": 0.1235}


def test_lists_are_one_thing_a_line() -> None:
    assert lister("ids")("q", SOURCES).splitlines() == IDS
    assert [json.loads(line)["id"] for line in lister("jsonl")("q", SOURCES).splitlines()] == IDS
    assert all(one in bare(lister(name)("q", SOURCES)).replace("\\", "") for name in LISTINGS for one in IDS)


def test_an_unknown_format_names_the_near_one() -> None:
    with pytest.raises(UnknownName, match="did you mean markdown"):
        renderer("markdwon")


def test_the_table_keeps_whole_titles() -> None:
    out = io.StringIO()
    table(Console(file=out, width=80, force_terminal=True), SOURCES[:2])
    rows = bare(out.getvalue()).splitlines()
    words = " ".join(rows).split()
    assert all(word in words for word in SOURCES[1].paper.title.split())


def test_byline_and_percent() -> None:
    assert byline("", "2026-11-22") == "Extracted from abstracts, no model · 22 Nov 2026"
    assert byline("gpt\x1b[31m", "2026-01-02") == "Answered by gpt · 2 Jan 2026"
    assert [percent(x) for x in (0, 0.004, 0.655, 1, 1.2)] == ["0%", "0%", "66%", "100%", "100%"]


def test_an_incomplete_answer_says_so_in_every_readable_format() -> None:
    for name in ("terminal", "markdown", "html", "plain"):
        text = " ".join(bare(renderer(name)(replace(ANSWER, incomplete="it broke off"))).split())
        assert "This answer is incomplete: it broke off." in text, name


def test_links_images_and_html_of_an_answer_stay_text() -> None:
    runs = inline("see [me](http://x.example) ![i](http://y.example) <b>no</b> **yes**")
    assert runs[0].text == "see [me](http://x.example) ![i](http://y.example) <b>no</b> "
    assert (runs[1].text, runs[1].strong) == ("yes", True)
    kinds = [(block.kind, block.first) for block in blocks("# h\n\np\n\n1. a\n2. b\n\n- c\n\n```\ncode\n```")]
    assert kinds == [
        ("heading", ""),
        ("paragraph", ""),
        ("paragraph", "1. "),
        ("paragraph", "2. "),
        ("paragraph", "• "),
        ("code", ""),
    ]


@pytest.mark.parametrize("format_", ["terminal", "markdown", "html", "plain"])
def test_what_is_not_wished_for_is_left_out(format_: str) -> None:
    bare_answer = replace(ANSWER, follow_ups=())
    page = bare(renderer(format_)(bare_answer, Shown(sources=False, caution=False)))
    assert "Sources" not in page
    assert "research aid" not in page
    assert "smith2020~2" in page.replace("\\", "")
    assert "Sources" in bare(renderer(format_)(bare_answer, Shown(caution=False)))


def test_the_table_tells_year_and_author_and_gives_way_on_a_narrow_terminal() -> None:
    paper = Paper("k1", "A long title of many words here", "", ("Ann de Lee",), ("cs.LG",), "2020-05-01")
    found = (Source(paper, 0.5, MatchParts(0.5, 0.5)),)
    for width, wanted in (
        (120, "50% ██▌   2020  de Lee  cs.LG  A long"),
        (50, "50% k1\n     de Lee 2020. A long"),
    ):
        out = io.StringIO()
        table(Console(file=out, width=width, force_terminal=True), found)
        assert wanted in bare(out.getvalue())
    assert "| 50% | 2020 | de Lee | cs.LG |" in lister("markdown")("q", found)
