"""Org, Typst and HTML; how a note's syntax and its letters are told."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq import notes
from agq.notes import sentences
from notes.reading import ids, prose, told, unread

ORG = """#+title: Rates [cite:@x1]
#+begin_abstract
In short [cite:@a].
#+end_abstract
# [cite:@x2]
* TODO Rates [cite:@b] :tag:
:PROPERTIES:
:ID: [cite:@x3]
:END:
- They rose [cite/t:see @c p. 3;
  @d].
- [X] They fell cite:e,f and [[cite:&g;&h][so]].
#+begin_src python
x = "[cite:@x4]"
#+end_src
#+caption: A caption [cite:@i].
| Claim | [cite:@j] |
Both[fn:1] =[cite:@x5]= [fn:: See [cite:@l].]
** COMMENT Rates
[cite:@x6]
* Notes
[fn:1] See [cite:@k].
"""


def test_org() -> None:
    assert told(ORG, "org") == [
        (3, "In short.", ["a"]),
        (10, "They rose.", ["c", "d"]),
        (12, "They fell and.", ["e", "f", "g", "h"]),
        (16, "A caption.", ["i"]),
        (17, "Claim —", ["j"]),
        (18, "Both [cite:@x5]", ["k", "l"]),
    ]
    assert "b" in ids(ORG, "org")


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("[cite:@a;@b]", ["a", "b"]),
        ("[cite/text/cf:see @a pp. 3-5; also @b]", ["a", "b"]),
        ("cite:a", ["a"]),
        ("citet:a,b", ["a", "b"]),
        ("parencite:&a;&b", ["a", "b"]),
        ("[[citep:see &a p. 3;&b]]", ["a", "b"]),
        ("[[a2020][my heading]]", []),
        ("[[https://example.org][cite:this]]", []),
        ("https://example.org/cite:a", []),
        ("~cite:a~", []),
        ("[2406.08554]", ["2406.08554"]),
    ],
)
def test_citations_of_org(written: str, cited: list[str]) -> None:
    assert ids(f"Rates rose {written}.", "org") == cited


def test_a_footnote_of_org_may_refer_to_itself() -> None:
    assert ids("Rates rose.[fn:1]\n\n[fn:1] See [fn:1] and [cite:@a].\n", "org") == ["a"]


TYPST = """#import "paper.typ": *
#set text(size: 11pt)
// @x1
= Rates @a
They rose @b[p. 3]. They fell#footnote[See @c.], *all* of `@x2` them $x@y$.
#figure(
  image("a.png"),
  caption: [Rates of @d.],
) <own>
See @own, @fig-x or a@b.org.

- One #cite(<e>, <f>, supplement: [p. 3])
- Two #cite(label("hep-th/9901001"), form: "prose")
/* #cite(<x3>) */
#table(columns: 2, [Claim], [@g], [Rates rose], [@h])
#let intro = [They rose @i.]
#bibliography("library.bib")
"""


def test_typst() -> None:
    assert told(TYPST, "typst") == [
        (5, "They rose.", ["b"]),
        (5, "They fell, *all* of @x2 them $x@y$.", ["c"]),
        (10, "See, or a@b.org.", []),
        (8, "Rates of.", ["d"]),
        (12, "One", ["e", "f"]),
        (13, "Two", ["hep-th/9901001"]),
        (15, "Claim —", ["g"]),
        (15, "Rates rose —", ["h"]),
        (16, "They rose.", ["i"]),
    ]
    assert ids(TYPST, "typst")[0] == "a"
    assert unread("Rates rose #cite(key).", "typst") == ["#cite(key)"]


def test_a_line_of_a_page_all_in_italics_that_cites_nothing_claims_nothing() -> None:
    said = "<p><em>2 of 8 papers bear on this.</em></p><p><em>It</em> rained there [a].</p>"
    page = f"<html><body>{said}</body></html>"
    assert prose(page, "html", "a") == ["It rained there."]


def test_html() -> None:
    page = """<!DOCTYPE html><html><head><title>[x2030]</title></head><body>
<h1>Rates [doe2030]</h1>
<p class="by">Extracted from abstracts of papers on rates</p>
<p>Rates rose <a href="#s">[a]</a>.
They <em>fell</em> <span class="citation" data-cites="b c">(Smith 2020)</span>.</p>
<ul><li>One [@d, p. 3]</li></ul><!-- [y2030] -->
<table><tr><th>Match</th><th>Title</th><th>Id</th></tr><tr><td>80%</td><td>T</td><td>e2030</td></tr></table>
<table><tr><td>Rates rose</td><td>[a]</td></tr></table>
</body></html>"""
    assert told(page, "html", "a") == [
        (4, "Rates rose.", ["a"]),
        (5, "They fell.", ["b", "c"]),
        (6, "One", ["d"]),
        (8, "Rates rose —", ["a"]),
    ]
    assert ids(page, "html")[0] == "doe2030"


@pytest.mark.parametrize(
    ("name", "text", "syntax"),
    [
        ("a.tex", "[@a]", "latex"),
        ("a.ORG", "", "org"),
        ("a.typ", "", "typst"),
        ("a.md", "#+title: x", "markdown"),
        ("a.html", "", "html"),
        ("-", "\\documentclass{article}", "latex"),
        ("-", "#+title: Rates\n", "org"),
        ("-", "Rates rose [cite/t:@a].", "org"),
        ("-", "#set page(width: 10cm)\n", "typst"),
        ("-", "<!doctype html><p>", "html"),
        ("notes.txt", "Rates rose [@a] {cite:p}`b` :cite:`c`.", "markdown"),
    ],
)
def test_the_syntax_is_told_by_the_name_else_by_the_text(name: str, text: str, syntax: str) -> None:
    assert notes.syntax_of(name, text) == syntax


@pytest.mark.parametrize(
    "data",
    [
        "[@á]".encode(),
        codecs.BOM_UTF8 + "[@á]".encode(),
        "[@á]".encode("utf-16"),
        codecs.BOM_UTF16_BE + "[@á]".encode("utf-16-be"),
        "[@á]".encode("utf-16-le"),
        "[@á]".encode("utf-32"),
    ],
)
def test_letters(data: bytes) -> None:
    assert notes.decoded(data) == "[@á]"


def test_line_ends_of_every_kind() -> None:
    assert told("Rates rose [@a].\r\n\r\nThey fell [@b].\r\rYes.", "markdown") == [
        (1, "Rates rose.", ["a"]),
        (3, "They fell.", ["b"]),
        (5, "Yes.", []),
    ]


MARKS = [
    *"{}[]()<>@;,.:#%$&~`=*_-+|\"'\\",
    "\n", "\n\n", " ", "a", "b2030", "\\cite", "\\cites", "[@", "-@", "@{", "[[", "]]", "[^1]", "[^1]:",
    "^[", "```", "---", "$$", "\\begin{x}", "\\end{x}", "\\footnote{", "\\verb", "\\def", "#cite(",
    "#footnote[", "#let ", "label(\"", "/*", "*/", "//", "[cite:", "cite:&a", "[fn:1]", "[fn::", "* ",
    "#+begin_src", "#+end_src", ":END:", ":X:", "<p>", "</p>", "<table>", "<td>", "&lt;",
    "{cite}`", ":cite:`", "\u201c", "\u201d", " (?)", "\ue000", "中",
]  # fmt: skip


@given(st.lists(st.sampled_from(MARKS), max_size=40), st.sampled_from(sorted(notes.SYNTAXES)))
def test_any_text_is_read(pieces: Sequence[str], syntax: str) -> None:
    """Each mark of a block is a citation, whatever it turns out to be, and each line is one of the note's."""
    text = "".join(pieces)
    for block in notes.read(text, syntax):
        assert all(1 <= line <= text.count("\n") + 1 for line in block.lines)
        assert len(list(block.marked())) == len(block.cited)
        for known in (True, False):
            for sentence in sentences.read(block, lambda key, known=known: key if known else None):  # type: ignore[misc]
                assert all("\ue000" not in part.text for part in sentence.parts)


KEYS = st.from_regex(r"[a-z]{3,8}(19|20)[0-9]{2}[a-z]?", fullmatch=True)
FORMS = {
    "markdown": ["[@{}]", "[see @{}, p. 3]", "-@{}", "[[@{}|so]]", "\\citep{{{}}}", "{{cite:p}}`{}`", "[{}]"],
    "latex": ["\\cite{{{}}}", "\\citep[see][p.~3]{{{}}}", "\\cites[1]{{{}}}", "\\footnote{{\\cite{{{}}}}}"],
    "org": ["[cite:@{}]", "[cite/t:see @{} p. 3]", "cite:{}", "[[cite:&{}]]"],
    "typst": ["@{}", "@{}[p. 3]", "#cite(<{}>)", "#cite(label(\"{}\"), form: \"prose\")", "#footnote[@{}]"],
    "html": ["[@{}]", "[{}]", "<a href='#x'>[{}]</a>", "<i data-cites='{}'>so</i>"],
}  # fmt: skip


@given(st.data(), st.sampled_from(sorted(FORMS)), st.lists(KEYS, min_size=1, max_size=5, unique=True))
def test_no_citation_is_passed_over(data: st.DataObject, syntax: str, keys: list[str]) -> None:
    """Between words, at the start and the end of lines and sentences, known or not."""
    text = ""
    for key in keys:
        form = data.draw(st.sampled_from(FORMS[syntax])).format(key)
        text += data.draw(
            st.sampled_from(["Rates rose {}. ", "They fell.\n\n{} so. ", "By {}\nand "])
        ).format(form)
    assert ids(text, syntax) == keys
    assert "".join(prose(text, syntax)).count(keys[0]) == 0
