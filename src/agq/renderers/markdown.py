"""An answer as Markdown for a note: unwrapped, CommonMark with a pipe table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from agq.model import Answer, Paper, Source
from agq.notes.own import FIRST, LAST
from agq.renderers.parts import (
    CAUTION,
    EVERYTHING,
    EXPLORE,
    Shown,
    byline,
    columns,
    incompleteness,
    link,
    percent,
)
from agq.text.clean import prose
from agq.text.markdown import escaped

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
    parts = [
        f"# {escaped(answer.question)}",
        f"*{escaped(byline(answer.answered_by, answer.date))}*",
        inert(answer.text),
        *([f"**{escaped(incompleteness(answer.incomplete))}**"] if answer.incomplete else []),
        *([f"## Sources · {len(answer.sources)}", table(answer.sources)] if shown.sources else []),
        *_follow_ups(answer),
        *([f"*{CAUTION}*"] if shown.caution else []),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def listing(query: str, sources: Sequence[Source]) -> str:  # noqa: ARG001  # the query heads no list in a note
    """The source table alone."""
    return table(sources) + "\n" if sources else ""


def _follow_ups(answer: Answer) -> list[str]:
    if not answer.follow_ups:
        return []
    items = [f"{n}. {escaped(question)}" for n, question in enumerate(answer.follow_ups, start=1)]
    return [f"## {EXPLORE}", "\n".join(items)]


def table(sources: Sequence[Source]) -> str:
    """Match, year, first author, category, title and id, one row a source; a column that is empty goes."""
    told = columns(sources)
    ranked = any(source.ranked for source in sources)
    heads = [*([FIRST] if ranked else []), *told, LAST]
    rows = [f"| {' | '.join(heads)} |", f"|{' ---: |' * ranked}{' :--- |' * (len(heads) - ranked)}"]
    return "\n".join(rows + [_row(source, told.values()) for source in sources])


def _row(source: Source, told: Iterable[Callable[[Paper], str]]) -> str:
    paper = source.paper
    name, where = escaped(paper.id), link(paper).replace("(", "%28").replace(")", "%29")
    reference = f"[{name}]({where})" if where else name
    match = [percent(source.match)] if source.ranked else []
    cells = [*match, *(escaped(tell(paper)) for tell in told), reference]
    return f"| {' | '.join(cells)} |"


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
