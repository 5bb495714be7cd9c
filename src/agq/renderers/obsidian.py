"""An answer as a note of Obsidian: properties at the head, quotations as callouts.

How it cites, by links between notes or by keys, is settled before: the text has its citations already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agq.model import Answer
from agq.renderers.evidence import EVIDENCE
from agq.renderers.front import as_day, front_matter
from agq.renderers.markdown import render as as_markdown
from agq.renderers.parts import EVERYTHING, Shown
from agq.text.clean import one_line
from agq.text.commonmark import parser
from agq.text.markdown import escaped

CALLOUT = "> [!quote]"

_ENTRY = re.compile(r'- (?P<by>.+?): (?P<words>"(?P<said>.+)" \S.*)')
"""A paper, its words, the citation: an item of an answer that is made of quotations."""


def render(answer: Answer, shown: Shown = EVERYTHING) -> str:
    """The whole note; what is added to one has no properties of its own."""
    answer = replace(answer, text=_quotations_framed(_entries_framed(answer)))
    if not shown.front:
        return as_markdown(answer, shown)
    properties = {
        "date": as_day(answer.date),
        "question": one_line(answer.question),
        "answered_by": one_line(answer.answered_by or "extract"),
        "ids": [one_line(source.paper.id) for source in answer.sources if source.paper.id in answer.cited],
    }
    return f"{front_matter(properties)}\n\n{as_markdown(answer, shown)}"


def _entries_framed(answer: Answer) -> str:
    """Each item that quotes a paper as a callout: who says it, below that the words."""
    begun = [escaped(one.sentences[0].text)[:40] for one in answer.findings if one.sentences]
    if not begun:
        return answer.text
    lines = (_framed(line, begun) for line in answer.text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _framed(line: str, begun: Sequence[str]) -> str:
    entry = _ENTRY.fullmatch(line)
    if not (entry and entry["said"].replace(r"\$", "$").startswith(tuple(begun))):
        return line
    return f"\n{CALLOUT} {entry['by']}\n> {entry['words']}\n"


def _quotations_framed(text: str) -> str:
    """Each block quotation as a callout; those that are callouts stay."""
    lines = text.split("\n")
    for at in reversed(list(_quotations(text))):
        mark = lines[at].find(">")
        if mark >= 0 and not lines[at][mark:].startswith(CALLOUT):
            head, rest = lines[at][:mark], lines[at][mark:]
            lines[at : at + 1] = [f"{head}{CALLOUT} {EVIDENCE}", f"{' ' * mark}{rest}"]
    return "\n".join(lines)


def _quotations(text: str) -> Iterator[int]:
    """The lines on which quotations begin that stand in no other."""
    depth = 0
    for token in parser().parse(text):
        if token.type == "blockquote_open" and not depth and token.map:
            yield token.map[0]
        depth += token.nesting if token.type.startswith("blockquote") else 0
