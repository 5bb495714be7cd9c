"""An answer as Markdown for a note: unwrapped, CommonMark with a pipe table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from agq.model import Answer, Paper, Source
from agq.notes.own import FIRST, LAST
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
from agq.text.clean import prose
from agq.text.markdown import cell, escaped

_TEX_ACTS = r"(?:href|url|require|style|class|cssId|html\w+|include\w*|input|write)(?![A-Za-z])"
# What a model's or an abstract's text must not become: HTML or a template, an image, a link of its own, a
# fence that swallows what follows, code with an attribute that makes it HTML or runs it, TeX that links or
# loads. What is escaped already is passed over, so that no backslash of theirs undoes one of ours.
_ACTIVE = re.compile(
    r"""
      ^(?P<code>(?P<margin>[ >]*)(?P<open>`{3,})[\w+\#-]*\n(?:(?P=margin).*\n|[ >]*\n)*?(?P=margin)(?P=open))$
    | (?P<formula>\$\$[^$]+\$\$|(?<![\\$\w])\$(?=[^\s$])[^$\n]*[^\s\\$]\$(?![\d$]))
    | (?P<definition>^[ >]*(?:[-*+][ ]+|\d+[.)][ ]+)*\[(?:[^\[\]\\]|\\.)+\]):
    | (?P<escaped>\\[!-/:-@[-`{-~])
    | (?P<fence>`{3,}|~{3,})
    | <(?=[A-Za-z/!?%]) | (?<=!)\[ | (?<=\])\((?!\?\)) | (?<=`)\{ | (?<=`)\$?=
    | \\(?="""
    + _TEX_ACTS
    + ")",
    re.VERBOSE | re.MULTILINE,
)
_FORMULA_ACTS = re.compile(rf"<(?=[A-Za-z/!?%])|\\{_TEX_ACTS}")


def render(answer: Answer, shown: Shown = EVERYTHING) -> str:
    """The whole answer."""
    return joined([f"# {escaped(answer.question)}", *below_heading(answer, shown)])


def joined(parts: Iterable[str]) -> str:
    """Blocks of Markdown as one text."""
    return "\n\n".join(part for part in parts if part) + "\n"


def below_heading(answer: Answer, shown: Shown) -> Iterator[str]:
    """All of an answer but its question."""
    yield f"*{escaped(byline(answer.answered_by, answer.date))}*"
    yield inert(answer.text)
    if answer.incomplete:
        yield f"**{escaped(incompleteness(answer.incomplete))}**"
    if shown.sources:
        yield f"## Sources · {len(answer.sources)}"
        yield table(answer.sources, shown.columns)
    yield from _follow_ups(answer)
    if shown.caution:
        yield f"*{CAUTION}*"


def listing(query: str, sources: Sequence[Source], shown: Shown = EVERYTHING) -> str:  # noqa: ARG001  # the query heads no list in a note
    """The source table alone."""
    return table(sources, shown.columns) + "\n" if sources else ""


def _follow_ups(answer: Answer) -> list[str]:
    if not answer.follow_ups:
        return []
    items = [f"{n}. {escaped(question)}" for n, question in enumerate(answer.follow_ups, start=1)]
    return [f"## {EXPLORE}", "\n".join(items)]


def table(sources: Sequence[Source], chosen: Sequence[str] = ()) -> str:
    """Match, the columns, id, one row a source; a column that is empty goes."""
    told = columns(sources, chosen)
    ranked = any(source.ranked for source in sources)
    heads = [*([FIRST] if ranked else []), *map(head, told), LAST]
    rows = [f"| {' | '.join(heads)} |", f"|{' ---: |' * ranked}{' :--- |' * (len(heads) - ranked)}"]
    return "\n".join(rows + [_row(source, told.values()) for source in sources])


def _row(source: Source, told: Iterable[Callable[[Paper], str]]) -> str:
    match = [percent(source.match)] if source.ranked else []
    cells = [*match, *(cell(tell(source.paper)) for tell in told), _reference(source)]
    return f"| {' | '.join(cells)} |"


def _reference(source: Source) -> str:
    """The id, which leads to where the paper can be read, and the paper's place in Zotero."""
    name = cell(source.paper.id)
    where = link(source.paper).replace("(", "%28").replace(")", "%29")
    reference = f"[{name}]({where})" if where else name
    return f"{reference} [{ZOTERO}]({source.zotero})" if source.zotero else reference


def inert(text: str) -> str:
    """Markdown whose HTML, links and images show as text; emphasis, headings, lists, tables, formulas and
    whole blocks of code stay.
    """
    return _ACTIVE.sub(_as_text, prose(text)).strip()


def _as_text(active: re.Match[str]) -> str:
    if active["escaped"] or active["code"]:
        return active.group()
    if active["definition"]:
        return f"{_ACTIVE.sub(_as_text, active['definition'])}\\:"
    if active["formula"]:
        return _FORMULA_ACTS.sub(lambda found: r"\lt " if found.group() == "<" else "", active.group())
    return re.sub(r"[`~]", r"\\\g<0>", active.group()) if active["fence"] else f"\\{active.group()}"
