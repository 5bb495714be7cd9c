"""An answer as plain text for mail, a log or a terminal that can do nothing: 76 columns, no marks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from agq.model import Answer, Source
from agq.renderers.markup import MarkupBlock, blocks, plain_text
from agq.renderers.parts import (
    CAUTION,
    COLUMNS,
    EVERYTHING,
    EXPLORE,
    Shown,
    byline,
    category,
    first_author,
    incompleteness,
    link,
    percent,
    title,
    year,
)
from agq.renderers.tables import as_lines
from agq.text.clean import one_line

LINE_COLUMNS = 76
RULE = "* * *"


def render(answer: Answer, shown: Shown = EVERYTHING) -> str:
    """The whole answer."""
    parts = [
        _filled(one_line(answer.question)),
        byline(answer.answered_by, answer.date),
        *_text(answer.text),
        *([_filled(incompleteness(answer.incomplete))] if answer.incomplete else []),
        *(_sources(answer.sources, shown.columns) if shown.sources else []),
        *_follow_ups(answer.follow_ups),
        *([_filled(CAUTION)] if shown.caution else []),
    ]
    return "\n\n".join(parts) + "\n"


def listing(query: str, sources: Sequence[Source], shown: Shown = EVERYTHING) -> str:  # noqa: ARG001  # the query stands right above, as typed
    """The sources alone."""
    return "".join(_entry(source, shown.columns) + "\n" for source in sources)


def explanation(sources: Sequence[Source]) -> str:
    """What each match is made of, one line a source."""
    return "\n".join(_explained(source) for source in sources)


def _explained(source: Source) -> str:
    parts = source.parts
    feedback = "" if parts.feedback is None else f", like the best {percent(parts.feedback)}"
    best = "" if parts.sentence is None else f", best sentence {percent(parts.sentence)}"
    made = f"vectors {percent(parts.vector)}, words {percent(parts.text)}{feedback}{best}"
    return f"{percent(source.match):>4} {one_line(source.paper.id)}: {made}"


def _sources(sources: Sequence[Source], chosen: Sequence[str]) -> list[str]:
    return [f"Sources ({len(sources)})", "\n".join(_entry(source, chosen) for source in sources)]


def _follow_ups(questions: Sequence[str]) -> Iterator[str]:
    if questions:
        yield EXPLORE
        yield "\n".join(_filled(one_line(q), f"{n}. ") for n, q in enumerate(questions, start=1))


def _text(text: str) -> Iterator[str]:
    """The blocks of the answer; the items of a list within another stand close."""
    together = ""
    for block in blocks(text):
        if together and not block.is_nested:
            yield together
            together = ""
        together += f"\n{_block(block)}" if together else _block(block)
    yield together


def _block(block: MarkupBlock) -> str:
    if block.kind == "table":
        return "\n".join(block.rest + line for line in as_lines(block.rows, LINE_COLUMNS - len(block.rest)))
    text = plain_text(block.runs) if block.kind != "rule" else RULE
    if block.kind in {"code", "formula"}:
        return textwrap.indent(text, block.rest + "    ")
    return _filled(text, block.first, block.rest)


def _filled(text: str, lead: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text,
        LINE_COLUMNS,
        initial_indent=lead,
        subsequent_indent=rest or " " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _entry(source: Source, chosen: Sequence[str]) -> str:
    paper = source.paper
    by = f"{first_author(paper)} {year(paper)}".strip()
    told = [by, category(paper)]
    if chosen:
        told = [COLUMNS[name](paper) for name in chosen if name != "title"]
    about = ", ".join(part for part in (*told, link(paper), source.zotero) if part)
    match = percent(source.match) if source.ranked else ""
    head = f"{match:>4} [{one_line(paper.id)}] {about}".rstrip()
    return f"{head}\n{_filled(title(paper), ' ' * 5)}"
