"""An answer as one self-contained page: no script, no remote resource; light, dark, for desk and phone.

Every text of a paper or a model is escaped. Of the answer's Markdown, emphasis, headings, lists, tables and
code become elements; its links and HTML stay text. A policy in the page forbids what the page does not need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from markdown_it.token import Token

from agq.model import Answer, Paper, Source
from agq.notes.own import FIRST, LAST
from agq.renderers.evidence import EVIDENCE, shown, taken
from agq.renderers.parts import (
    CAUTION,
    EVERYTHING,
    EXPLORE,
    ZOTERO,
    Shown,
    byline,
    columns,
    head,
    incompleteness,
    link,
    percent,
    split_ids,
)
from agq.text.clean import one_line, prose
from agq.text.commonmark import parser

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_STYLE = """
:root { color-scheme: light dark; --ink: #1d1d1f; --soft: #5f6368; --line: #e3e3e0; --paper: #fdfdfb;
  --accent: #1a56b0; --fill: #dfe8f5; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e3; --soft: #a3a19c; --line: #34353a; --paper: #17181b;
    --accent: #8ab4f8; --fill: #26364f; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Iowan Old Style", Georgia, serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.65rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .25rem; }
p { margin: .5rem 0 .9rem; }
h1, p, li { overflow-wrap: break-word; }
.by, .caution, .match, .year, .author, .category { color: var(--soft); }
.by, .caution, table { font-family: system-ui, sans-serif; }
.by { font-size: .9rem; margin: 0 0 2rem; }
.caution { font-size: .85rem; border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 2.5rem; }
a { color: var(--accent); text-decoration-thickness: from-font; text-underline-offset: .15em; }
a.cite { text-decoration: none; font-size: .88em; display: inline-block; max-width: 100%; }
details.evidence { margin: -.4rem 0 .9rem; font-size: .9rem; color: var(--soft); }
details.evidence summary { cursor: pointer; font-family: system-ui, sans-serif; font-size: .8rem; }
details.evidence p { margin: .35rem 0 .35rem 1rem; }
a.cite:hover, a.cite:focus { text-decoration: underline; }
.formula { overflow-x: auto; white-space: pre-line; }
blockquote { margin: .5rem 0 .9rem; padding-left: 1rem; border-left: 3px solid var(--line); }
pre { overflow-x: auto; padding: .75rem 1rem; border: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .5rem .75rem .5rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
tr:target { background: var(--fill); }
.match { white-space: nowrap; font-variant-numeric: tabular-nums; width: 5rem; }
.match span { display: inline-block; width: 4rem; padding-left: .35rem;
  background: linear-gradient(to right, var(--fill) var(--match), transparent 0); }
a.cite, .id { overflow-wrap: anywhere; }
.id { min-width: 9rem; }
.zotero { font-size: .85em; }
.year, .category { white-space: nowrap; }
@media (max-width: 36rem) {
  main { padding-top: 1.5rem; }
  h1 { font-size: 1.35rem; }
  .sources thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .sources, .sources tbody, .sources tr, .sources td { display: block; width: auto; }
  .sources tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .sources td { border: 0; padding: 0; }
  .sources td:is(.match, .year, .author, .category) { display: inline-block; padding-right: .75rem; }
}
@media print { body { background: none; } a { color: inherit; } }
"""


def render(answer: Answer, shown: Shown = EVERYTHING) -> str:
    """The page, from doctype to the closing tag."""
    listed = answer.sources if shown.sources else ()
    anchors = {source.paper.id: f"source-{n}" for n, source in enumerate(listed, start=1)}
    body = "\n".join(
        [
            f"<h1>{_text(answer.question)}</h1>",
            f'<p class="by">{_text(byline(answer.answered_by, answer.date))}</p>',
            _answer(answer, anchors),
            _sources(answer.sources, anchors, shown.columns) if shown.sources else "",
            _follow_ups(answer.follow_ups),
            f'<p class="caution">{_text(CAUTION)}</p>' if shown.caution else "",
        ]
    )
    return _page(answer.question, body)


def _page(heading: str, body: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="referrer" content="no-referrer">
<title>{_text(heading)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _text(text: str) -> str:
    return escape(one_line(text))


def _answer(answer: Answer, anchors: Mapping[str, str]) -> str:
    """The answer's Markdown as elements; its citations lead to their rows."""
    why = [f"<p><strong>{_text(incompleteness(answer.incomplete))}</strong></p>"] if answer.incomplete else []
    return "\n".join(["<article>", _elements(answer, anchors).rstrip(), *why, "</article>"])


def _elements(answer: Answer, anchors: Mapping[str, str]) -> str:
    """CommonMark's own elements, but for citations, and formulas, which stay TeX."""
    markdown = parser()
    tokens = list(_with_evidence(markdown.parse(prose(answer.text)), answer, anchors))
    for token in tokens:
        if token.type == "math_block":
            token.type, token.content = "html_block", f'<p class="formula">$${escape(token.content)}$$</p>\n'
        for child in token.children or []:
            _prepare(child, anchors)
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _with_evidence(tokens: Sequence[Token], answer: Answer, anchors: Mapping[str, str]) -> Iterator[Token]:
    """Behind each paragraph, item, heading and table that cites, what the cited papers say, folded."""
    rows = shown(answer)
    told: list[tuple[str, str]] = []
    for token in tokens:
        told += taken(token.content, rows) if token.type == "inline" else ()
        yield token
        if told and token.type in {"paragraph_close", "heading_close", "table_close"}:
            yield Token("html_block", "", 0, content=_folded(told, anchors), block=True)
            told = []


def _folded(told: Sequence[tuple[str, str]], anchors: Mapping[str, str]) -> str:
    words = "".join(f"<p>{_text(said)} {_cited(f'[{one}]', anchors)}</p>\n" for one, said in told)
    return f'<details class="evidence"><summary>{EVIDENCE}</summary>\n{words}</details>\n'


def _prepare(token: Token, anchors: Mapping[str, str]) -> None:
    """A stretch of text as the HTML that it becomes."""
    mark = {"text": "", "math_inline": "$", "math_inline_double": "$$"}.get(token.type)
    if mark is not None:
        runs = [(token.content, False)] if mark else split_ids(token.content)
        told = "".join(_cited(part, anchors) if cites else escape(part) for part, cites in runs)
        token.type, token.content = "html_inline", f"{mark}{told}{mark}"


def _cited(bracketed: str, anchors: Mapping[str, str]) -> str:
    """An id that leads to its row; anything else in brackets is text."""
    anchor = anchors.get(bracketed[1:-1])
    return f'<a class="cite" href="#{anchor}">{escape(bracketed)}</a>' if anchor else escape(bracketed)


def _sources(sources: Sequence[Source], anchors: Mapping[str, str], chosen: Sequence[str]) -> str:
    told = columns(sources, chosen)
    rows = "\n".join(_row(source, anchors[source.paper.id], told) for source in sources)
    heads = "".join(f"<th>{name}</th>" for name in (FIRST, *map(head, told), LAST))
    return f"""<h2>Sources · {len(sources)}</h2>
<table class="sources">
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _row(source: Source, anchor: str, told: Mapping[str, Callable[[Paper], str]]) -> str:
    paper = source.paper
    match = percent(source.match)
    where = link(paper)
    name = _text(paper.id)
    reference = f'<a href="{escape(where)}">{name}</a>' if where else name
    if source.zotero:
        reference += f' <a class="zotero" href="{escape(source.zotero)}">{ZOTERO}</a>'
    cells = "".join(f'<td class="{column}">{_text(tell(paper))}</td>' for column, tell in told.items())
    return (
        f'<tr id="{anchor}"><td class="match"><span style="--match:{match}">{match}</span></td>'
        f'{cells}<td class="id">{reference}</td></tr>'
    )


def _follow_ups(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    items = "\n".join(f"<li>{_text(question)}</li>" for question in questions)
    return f"<h2>{EXPLORE}</h2>\n<ol>\n{items}\n</ol>"
