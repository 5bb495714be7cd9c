"""An answer as Org: keywords at the head, then headings, lists, tables and quotations.

Of a model's or an abstract's text nothing is a link, a macro, a snippet or a piece of code: as Org's manual
has it, an invisible space parts what would make it one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from agq.model import Answer, Source
from agq.notes.own import FIRST, LAST
from agq.renderers.markup import Cell, MarkupBlock, TextRun, blocks
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
)
from agq.text.clean import one_line

APART = "\u200b"
"""The invisible space."""

_ACTIVE = re.compile(
    r"\[(?=\[|fn:)|\{(?=\{\{)|@(?=@)|<(?=<|[\d%])|(?<=src_)(?=\w)|(?<=call_)(?=\w)|\\(?=[A-Za-z([])|\$(?=\S)"
)
_LINE_START = re.compile(r"^(?=\s*(?:\*+\s|#|\||:|[-+]\s|\d+[.)]\s|-{5}))", re.MULTILINE)
_EMPHASIS = {"strong": "*", "emphasis": "/", "code": "~"}


def render(answer: Answer, shown: Shown = EVERYTHING) -> str:
    """The whole answer; what is added to a file stands below a heading with its question."""
    deep = "*" if shown.front else "**"
    parts = [
        "\n".join(_keywords(answer, shown)) if shown.front else f"* {as_org(answer.question)}",
        f"/{as_org(byline(answer.answered_by, answer.date))}/",
        *_text(answer.text, deep),
        *([f"*{as_org(incompleteness(answer.incomplete))}*"] if answer.incomplete else []),
        *(_sources(answer.sources, shown, deep) if shown.sources else []),
        *_follow_ups(answer.follow_ups, deep),
        *([f"/{CAUTION}/"] if shown.caution else []),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_org(text: str) -> str:
    """``text`` on one line, so that Org shows it as it is."""
    return _LINE_START.sub(APART, _ACTIVE.sub(_parted, one_line(text)))


def _parted(active: re.Match[str]) -> str:
    return f"{active.group()}{APART}"


def _keywords(answer: Answer, shown: Shown) -> Iterator[str]:
    yield f"#+title: {as_org(answer.question)}"
    yield f"#+date: {as_org(answer.date)}"
    if shown.bibliography:
        yield f"#+bibliography: {one_line(shown.bibliography)}"
    yield "#+options: ^:{}"


def _text(text: str, deep: str) -> Iterator[str]:
    """The blocks of the answer; items of one list stand close."""
    together = ""
    for block in blocks(text):
        made = _block(block, deep)
        close = block.is_nested or _is_item(block)
        if together and not (close and together.lstrip().startswith(("-", *"0123456789"))):
            yield together
            together = ""
        together += f"\n{made}" if together else made
    yield together


def _is_item(block: MarkupBlock) -> bool:
    return block.first.strip() != "" and "│" not in block.first


def _block(block: MarkupBlock, deep: str) -> str:
    if block.kind == "heading":
        return f"{deep} {_inline(block.runs)}"
    first, rest = block.first.replace("• ", "- "), block.rest
    if "│" in first:
        first, rest = first.replace("│ ", ""), rest.replace("│ ", "")
        return f"{rest}#+begin_quote\n{rest}{_inline(block.runs)}\n{rest}#+end_quote"
    if block.kind == "table":
        return "\n".join(rest + line for line in _table(block.rows))
    if block.kind == "code":
        return _example(block.runs[0].text, rest)
    return first + ("-----" if block.kind == "rule" else _inline(block.runs))


def _example(code: str, indent: str) -> str:
    lines = (f",{line}" if line.lstrip().startswith(("*", "#+", ",")) else line for line in code.split("\n"))
    return "\n".join(f"{indent}{line}" for line in ("#+begin_example", *lines, "#+end_example"))


def _inline(runs: Iterable[TextRun]) -> str:
    return _LINE_START.sub(APART, "".join(map(_run, runs)).strip())


def _run(run: TextRun) -> str:
    text = _ACTIVE.sub(_parted, run.text)
    mark = next((sign for name, sign in _EMPHASIS.items() if getattr(run, name)), "")
    core = text.strip()
    if not (mark and core):
        return text
    before, after = text[: text.index(core[0])], text[len(text.rstrip()) :]
    return f"{before}{mark}{core}{mark}{after}"


def _table(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    heads, *others = [[_inline(cell) for cell in row] for row in rows]
    yield from _rows(heads, others)


def _rows(heads: Sequence[str], others: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(heads)
    yield f"|{'+'.join('---' for _ in heads)}|"
    yield from map(_row, others)


def _row(cells: Sequence[str]) -> str:
    held = " | ".join(cell.replace("|", r"\vert{}") for cell in cells)
    return f"| {held} |"


def _sources(sources: Sequence[Source], shown: Shown, deep: str) -> Iterator[str]:
    told = columns(sources, shown.columns)
    heads = [FIRST, *map(head, told), LAST]
    rows = [
        [percent(one.match), *(as_org(tell(one.paper)) for tell in told.values()), _reference(one)]
        for one in sources
    ]
    yield f"{deep} Sources · {len(sources)}"
    yield "\n".join(_rows(heads, rows))


def _reference(source: Source) -> str:
    name, where = as_org(source.paper.id), link(source.paper)
    reference = f"[[{where}][{name}]]" if where else name
    return f"{reference} [[{source.zotero}][{ZOTERO}]]" if source.zotero else reference


def _follow_ups(questions: Sequence[str], deep: str) -> Iterator[str]:
    if questions:
        yield f"{deep} {EXPLORE}"
        yield "\n".join(f"{n}. {as_org(one)}" for n, one in enumerate(questions, start=1))
