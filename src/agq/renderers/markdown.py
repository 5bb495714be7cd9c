"""An answer as Markdown for a note: unwrapped, CommonMark with a pipe table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agq.model import Answer, Source
from agq.notes.own import SOURCES
from agq.renderers.parts import CAUTION, EXPLORE, INCOMPLETE, byline, category, link, percent, title
from agq.text.clean import one_line, prose

# `_` inside a word is no emphasis in CommonMark, and `$` is left to the mathematics in titles.
_SPECIAL = re.compile(r"[\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
# What a model's or an abstract's text must not become: HTML or a template, an image, a link of its own, a
# fence that swallows what follows, code with an attribute that makes it HTML or runs it, TeX that links or
# loads. What is escaped already is passed over, so that no backslash of theirs undoes one of ours.
_ACTIVE = re.compile(
    r"""
      (?P<escaped>\\[!-/:-@[-`{-~])
    | (?P<fence>`{3,}|~{3,})
    | <(?=[A-Za-z/!?%]) | (?<=!)\[ | (?<=\])\((?!\?\)) | (?<=\]): | (?<=`)\{ | (?<=`)\$?=
    | \\(?=(?:href|url|require|style|class|cssId|html\w+|include\w*|input|write)(?![A-Za-z]))
    """,
    re.VERBOSE,
)
_LINE_START = re.compile(r"^(#{1,6}(?=\s)|[-+](?=\s)|\d{1,9}(?=[.)]\s)|=+\s*$|-{3,}\s*$)")


def render(answer: Answer) -> str:
    """The whole answer."""
    parts = [
        f"# {escaped(answer.question)}",
        f"*{escaped(byline(answer.answered_by, answer.date))}*",
        inert(answer.text),
        *([f"**{INCOMPLETE}**"] if not answer.complete else []),
        f"## Sources · {len(answer.sources)}",
        table(answer.sources),
        *_follow_ups(answer),
        f"*{CAUTION}*",
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
    """Match, category, title and id, one row a source."""
    rows = [f"| {' | '.join(SOURCES)} |", "| ---: | :--- | :--- | :--- |"]
    return "\n".join(rows + [_row(source) for source in sources])


def _row(source: Source) -> str:
    paper = source.paper
    name, where = escaped(paper.id), link(paper).replace("(", "%28").replace(")", "%29")
    reference = f"[{name}]({where})" if where else name
    return f"| {percent(source.match)} | {escaped(category(paper))} | {escaped(title(paper))} | {reference} |"


def escaped(text: str) -> str:
    """``text`` on one line, so that Markdown shows it as it is."""
    text = _SPECIAL.sub(r"\\\g<0>", one_line(text))
    return _LINE_START.sub(_protected, text)


def inert(text: str) -> str:
    """Markdown whose HTML, links and images show as text; emphasis, headings and lists stay."""
    return _ACTIVE.sub(_as_text, prose(text)).strip()


def _as_text(active: re.Match[str]) -> str:
    if active["escaped"]:
        return active.group()
    return re.sub(r"[`~]", r"\\\g<0>", active.group()) if active["fence"] else f"\\{active.group()}"


def _protected(start: re.Match[str]) -> str:
    mark = start.group()
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
