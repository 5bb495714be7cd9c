"""A table of an answer in lines of characters: in columns where they fit, else one cell a line."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agq.renderers.markup import Cell, plain_text


def as_lines(rows: Sequence[Sequence[Cell]], width: int) -> list[str]:
    """The lines of a table without any style."""
    texts = [[Text(plain_text(cell)) for cell in row] for row in rows]
    return [line.plain for line in laid_out(texts, width)]


def laid_out(rows: Sequence[Sequence[Text]], width: int) -> list[Text]:
    """The lines of a table of which the first row is the head. No word is broken, so no id is."""
    longest = [max(_longest_word(row[n]) for row in rows if n < len(row)) for n in range(len(rows[0]))]
    if sum(longest) + 2 * (len(longest) - 1) > width:
        return list(_stacked(rows))
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for head, narrowest in zip(rows[0], longest, strict=True):
        table.add_column(head, min_width=narrowest)
    for row in rows[1:]:
        table.add_row(*row)
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="truecolor")
    return [_line(line) for line in console.render_lines(table, pad=False)]


def _longest_word(text: Text) -> int:
    return max((cell_len(word) for word in text.plain.split(" ")), default=0)


def _line(segments: Sequence[object]) -> Text:
    text = Text()
    for segment in segments:
        text.append(segment.text, segment.style)  # type: ignore[attr-defined]  # a rich Segment
    text.rstrip()
    return text


def _stacked(rows: Sequence[Sequence[Text]]) -> Iterator[Text]:
    """Each row as a line a cell, the words of the head before it."""
    for n, row in enumerate(rows[1:]):
        if n:
            yield Text("")
        for head, cell in zip(rows[0], row, strict=False):
            yield Text.assemble(head, ": ", cell) if head.plain else cell
