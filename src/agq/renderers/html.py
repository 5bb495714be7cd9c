"""An answer as one self-contained page: no script, no remote resource; light, dark, for desk and phone.

Every text of a paper or a model is escaped. Of the answer's Markdown, emphasis, headings, lists and code
become elements; its links and HTML stay text. A policy in the page forbids what the page does not need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from agq.model import Answer, Source
from agq.renderers.markup import Block, Run, blocks
from agq.renderers.parts import (
    CAUTION,
    EVERYTHING,
    EXPLORE,
    INCOMPLETE,
    Shown,
    byline,
    category,
    first_author,
    link,
    percent,
    split_ids,
    title,
    year,
)
from agq.text.clean import one_line
from agq.text.notes import SOURCES

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
a.cite:hover, a.cite:focus { text-decoration: underline; }
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
.year, .category { white-space: nowrap; }
@media (max-width: 36rem) {
  main { padding-top: 1.5rem; }
  h1 { font-size: 1.35rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; width: auto; }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: 0; }
  td.match, td.year, td.author, td.category { display: inline-block; padding-right: .75rem; }
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
            _sources(answer.sources, anchors) if shown.sources else "",
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
    incomplete = [] if answer.complete else [f"<p><strong>{INCOMPLETE}</strong></p>"]
    parts = [_block(block, anchors) for block in _grouped(list(blocks(answer.text)))]
    return "\n".join(["<article>", *parts, *incomplete, "</article>"])


def _grouped(found: Sequence[Block]) -> list[list[Block]]:
    """Blocks one by one, but the items of a list together."""
    groups: list[list[Block]] = []
    for block in found:
        if block.depth and groups and groups[-1][0].depth:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _block(group: Sequence[Block], anchors: Mapping[str, str]) -> str:
    first = group[0]
    if first.depth:
        items = "\n".join(f"<li>{_inner(block, anchors)}</li>" for block in group)
        tag = "ul" if first.marker == "•" else "ol"
        return f"<{tag}>\n{items}\n</{tag}>"
    if first.kind == "code":
        return _inner(first, anchors)
    tag = "h3" if first.kind == "heading" else "p"
    return f"<{tag}>{_inner(first, anchors)}</{tag}>"


def _inner(block: Block, anchors: Mapping[str, str]) -> str:
    if block.kind == "code":
        return f"<pre><code>{escape(block.runs[0].text)}</code></pre>"
    return "".join(_run(run, anchors) for run in block.runs)


def _run(run: Run, anchors: Mapping[str, str]) -> str:
    if run.code:
        return f"<code>{escape(run.text)}</code>"
    html = "".join(
        _cited(part, anchors) if bracketed else escape(part) for part, bracketed in split_ids(run.text)
    )
    if run.emphasis:
        html = f"<em>{html}</em>"
    return f"<strong>{html}</strong>" if run.strong else html


def _cited(bracketed: str, anchors: Mapping[str, str]) -> str:
    """An id that leads to its row; anything else in brackets is text."""
    anchor = anchors.get(bracketed[1:-1])
    return f'<a class="cite" href="#{anchor}">{escape(bracketed)}</a>' if anchor else escape(bracketed)


def _sources(sources: Sequence[Source], anchors: Mapping[str, str]) -> str:
    rows = "\n".join(_row(source, anchors[source.paper.id]) for source in sources)
    heads = "".join(f"<th>{name}</th>" for name in SOURCES)
    return f"""<h2>Sources · {len(sources)}</h2>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _row(source: Source, anchor: str) -> str:
    paper = source.paper
    match = percent(source.match)
    where = link(paper)
    name = _text(paper.id)
    reference = f'<a href="{escape(where)}">{name}</a>' if where else name
    return (
        f'<tr id="{anchor}"><td class="match"><span style="--match:{match}">{match}</span></td>'
        f'<td class="year">{_text(year(paper))}</td><td class="author">{_text(first_author(paper))}</td>'
        f'<td class="category">{_text(category(paper))}</td><td>{_text(title(paper))}</td>'
        f'<td class="id">{reference}</td></tr>'
    )


def _follow_ups(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    items = "\n".join(f"<li>{_text(question)}</li>" for question in questions)
    return f"<h2>{EXPLORE}</h2>\n<ol>\n{items}\n</ol>"
