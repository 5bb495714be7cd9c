"""An answer as a document of Quarto: its metadata at the head, the rest Markdown that Pandoc reads."""

from __future__ import annotations

from agq.model import Answer
from agq.renderers.front import as_day, front_matter
from agq.renderers.markdown import below_heading, joined
from agq.renderers.markdown import render as as_markdown
from agq.renderers.parts import EVERYTHING, Shown
from agq.text.clean import one_line


def render(answer: Answer, shown: Shown = EVERYTHING) -> str:
    """The whole document; what is added to one has no head of its own."""
    if not shown.front:
        return as_markdown(answer, shown)
    head = {
        "title": one_line(answer.question),
        "date": as_day(answer.date),
        "bibliography": shown.bibliography,
    }
    return joined([front_matter(head), *below_heading(answer, shown)])
