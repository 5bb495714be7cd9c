"""Nothing in metadata, in a question or in a model's words acts on a terminal, a note or a page."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from html.parser import HTMLParser

import bibtexparser.entrypoint
import pybtex.database
import rispy
from markdown_it import MarkdownIt

from agq.exporters import ReferenceOptions, cited, exporter
from agq.model import Answer, Citation, IndexState, MatchParts, Paper, Source
from agq.records import Work
from agq.renderers import LISTINGS, RENDERERS, lister, renderer
from agq.renderers.org import APART
from hostile.payloads import Payload, each_payload

_OWN_SEQUENCES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^;\x1b]*;(?P<link>[^\x1b]*)\x1b\\")
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"


def hostile_paper(payload: str, number: int = 0) -> Paper:
    """A paper with ``payload`` in every field."""
    return Paper(
        id=f"good{number}{payload}",
        title=f"Good title {payload} end",
        abstract=f"An abstract {payload} end.",
        authors=(f"Ann {payload} Lee", payload),
        categories=(f"cs.{payload}", payload),
        date="2024-06",
        doi=f"10.1000/{payload}" if number == 1 else "",
        arxiv=f"2406.0855{payload}" if number == 2 else "",
        url=payload if number == 3 else f"https://example.org/{payload}",
        venue=f"Journal {payload}",
    )


def export(name: str, papers: Sequence[Paper]) -> str:
    """Papers as citations, without a record: each of their fields is written anew."""
    return exporter(name)([cited(Work(paper)) for paper in papers], ReferenceOptions())


def sources(payload: str) -> tuple[Source, ...]:
    """Four papers, their addresses made from each kind of identifier."""
    return tuple(Source(hostile_paper(payload, n), 0.66, MatchParts(0.6, 0.7)) for n in range(4))


def hostile_answer(payload: str) -> Answer:
    """An answer with ``payload`` in every place that somebody else fills."""
    found = sources(payload)
    cited = f"A sentence {payload} cited [{found[0].paper.id}]."
    text = f"### Heading {payload}\n\n{cited}\n\n- {payload}\n\n{payload}"
    return Answer(
        question=f"What {payload} happens?",
        text=text,
        answered_by=f"model {payload}",
        date="2026-11-22",
        sources=found,
        citations=(Citation(found[0].paper.id, f"A sentence {payload}", 0.4, "doubtful"),),
        problems=(f"a problem {payload}",),
        follow_ups=(f"And then {payload}?", payload),
        index=IndexState(4, 4, f"encoder {payload}", "2026-11-22T00:00:00Z"),
    )


def hidden(text: str, *, allowed: str = "\n") -> list[str]:
    """The characters of ``text`` that act or hide, each as ``U+XXXX``."""
    return sorted(
        {
            f"U+{ord(c):04X}"
            for c in text
            if unicodedata.category(c) in _INVISIBLE and c not in allowed and c not in _JOINERS
        }
    )


def longest_pile(text: str) -> int:
    """How many combining marks stand on one letter at most."""
    return max(
        (len(m) for m in re.findall(r"[\u0300-\u036f\u0483-\u0489\u0e31-\u0e4e\u20d0-\u20ff]+", text)),
        default=0,
    )


@each_payload
def test_a_terminal_gets_colours_and_web_links_and_nothing_else(payload: Payload) -> None:
    for text in (
        renderer("terminal")(hostile_answer(payload.text)),
        lister("terminal")("q", sources(payload.text)),
    ):
        links = {m["link"] for m in _OWN_SEQUENCES.finditer(text)} - {None, ""}
        assert all(link.startswith(("https://", "http://")) for link in links)
        shown = _OWN_SEQUENCES.sub("", text)
        assert hidden(shown) == []
        assert all(hidden(link, allowed="") == [] for link in links)
        assert longest_pile(shown) <= 8


@each_payload
def test_markdown_keeps_its_frame_and_holds_no_html_no_picture_no_foreign_link(payload: Payload) -> None:
    text = renderer("markdown")(hostile_answer(payload.text))
    assert hidden(text, allowed="\n\t") == []
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    flat = [t for token in tokens for t in (token, *(token.children or []))]
    assert not [t.content for t in flat if t.type in {"html_block", "html_inline", "image"}]
    links = [str(t.attrGet("href")) for t in flat if t.type == "link_open"]
    assert all(link.startswith(("https://", "http://")) for link in links)
    tables = [n for n, t in enumerate(tokens) if t.type == "table_open" and t.level == 0]
    assert len(tables) >= 1
    own = tokens[tables[-1] :]
    assert sum(t.type == "tr_open" for t in own) == 1 + 4
    assert sum(t.type == "td_open" for t in own) == 6 * 4
    headings = [
        tokens[n + 1].content for n, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0
    ]
    assert "Sources · 4" in headings
    assert headings[-1] == "Keep exploring"


@each_payload
def test_a_list_in_markdown_is_one_table(payload: Payload) -> None:
    tokens = (
        MarkdownIt("commonmark")
        .enable("table")
        .parse(lister("markdown")(payload.text, sources(payload.text)))
    )
    assert [t.type for t in tokens if t.level == 0] == ["table_open", "table_close"]
    assert sum(t.type == "td_open" for t in tokens) == 6 * 4


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


@each_payload
def test_a_page_has_no_element_and_no_attribute_of_theirs(payload: Payload) -> None:
    text = renderer("html")(hostile_answer(payload.text))
    benign = renderer("html")(
        hostile_answer("**b** *i* `c`\n\n> q\n\n1. n\n\n```\nf\n```\n\n## h\n\n# t\n\n#### d")
    )
    assert hidden(text, allowed="\n\t") == []
    ours, theirs = _Seen(), _Seen()
    ours.feed(benign)
    theirs.feed(text)
    assert theirs.tags <= ours.tags | {
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "br",
        "em",
        "strong",
        "code",
        "pre",
    }
    assert {name for _, name, _ in theirs.attributes} <= {name for _, name, _ in ours.attributes} | {"start"}
    for _, name, value in theirs.attributes:
        if name in {"href", "src", "action"}:
            assert value.startswith(("https://", "http://", "#"))


@each_payload
def test_plain_text_is_plain(payload: Payload) -> None:
    assert hidden(renderer("plain")(hostile_answer(payload.text)), allowed="\n\t") == []


NOTES = ("obsidian", "quarto", "org")


@each_payload
def test_a_note_for_another_program_hides_nothing(payload: Payload) -> None:
    for name in NOTES:
        shown = renderer(name)(hostile_answer(payload.text))
        assert hidden(shown.replace(APART, "") if name == "org" else shown, allowed="\n\t") == [], name


@each_payload
def test_json_parses_and_shows_nothing_that_acts_when_it_lands_on_a_terminal(payload: Payload) -> None:
    answer = renderer("json")(hostile_answer(payload.text))
    assert json.loads(answer)["question"] == f"What {payload.text} happens?"
    found = sources(payload.text)
    assert len(json.loads(lister("json")(payload.text, found))["sources"]) == 4
    lines = lister("jsonl")(payload.text, found)
    assert [json.loads(line)["id"] for line in lines.splitlines()] == [s.paper.id for s in found]
    for text in (answer, lister("json")(payload.text, found), lines):
        assert hidden(text) == []


@each_payload
def test_an_id_is_one_line(payload: Payload) -> None:
    text = lister("ids")(payload.text, sources(payload.text))
    assert len(text.splitlines()) == 4
    assert hidden(text) == []


def test_every_format_is_tried_here() -> None:
    assert set(RENDERERS) == {"terminal", "markdown", "json", "html", "plain", *NOTES}
    assert set(LISTINGS) == {"terminal", "markdown", "json", "jsonl", "ids"}


@each_payload
def test_bibtex_holds_one_entry_a_paper_for_two_parsers(payload: Payload) -> None:
    papers = [source.paper for source in sources(payload.text)]
    text = export("bibtex", papers)
    assert hidden(text) == []
    entries = pybtex.database.parse_string(text, "bibtex").entries
    assert len(entries) == len(papers)
    assert "PWNED" not in entries
    assert not any("note" in entry.fields for entry in entries.values())
    assert len(bibtexparser.entrypoint.parse_string(text).entries) == len(papers)
    for name in ("url", "doi", "eprint"):
        assert not any(re.search(r"[\\{}\s]", e.fields.get(name, "")) for e in entries.values())
    addresses = [e.fields["url"] for e in entries.values() if "url" in e.fields]
    assert all(address.startswith(("https://", "http://")) for address in addresses)
    assert not re.search(r"(?<!textbackslash\{\})\\(?:input|write|immediate|href|include)", text)


@each_payload
def test_ris_holds_one_record_a_paper(payload: Payload) -> None:
    text = export("ris", [source.paper for source in sources(payload.text)])
    assert hidden(text) == []
    assert sum(line.startswith("TY  - ") for line in text.splitlines()) == 4
    assert sum(line.startswith("ER  -") for line in text.splitlines()) == 4
    records = rispy.loads(text)
    assert len(records) == 4
    assert all(url.startswith(("https://", "http://")) for r in records for url in r.get("urls", []))


@each_payload
def test_csl_json_and_references_hold_one_item_a_paper(payload: Payload) -> None:
    papers = [source.paper for source in sources(payload.text)]
    items = export("csl-json", papers)
    assert len(json.loads(items)) == 4
    assert hidden(items) == []
    assert all(item.get("URL", "http://").startswith(("https://", "http://")) for item in json.loads(items))
    lines = export("text", papers)
    assert len(lines.splitlines()) == 4
    assert hidden(lines) == []
