"""An answer for a terminal, at once or sentence by sentence as it is verified.

Nothing is redrawn: each word is set once, where it stays, so there is nothing to flicker and nothing to lose
when the window changes. Rich is handed ``Text``, never markup, which would eat ``[hep-th/9901001]``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.style import Style
from rich.text import Text

from agq.model import SHOWN, Answer, Checked, Citation, Piece, Source
from agq.renderers import tables
from agq.renderers.markup import Block, Run, blocks, inline
from agq.renderers.parts import (
    CAUTION,
    EVERYTHING,
    EXPLORE,
    Shown,
    byline,
    category,
    counted,
    first_author,
    incompleteness,
    link,
    percent,
    quoted,
    source_links,
    split_ids,
    title,
    year,
)
from agq.text.clean import one_line

TEXT_COLUMNS_MAX = 88
"""Columns of running text at most: longer lines are hard to read, however wide the window."""

TABLE_COLUMNS_MAX = 120
"""Columns of the source table at most."""

TABLE_COLUMNS_MIN = 60
"""Below this many columns a source takes lines of its own instead of a row."""

TITLE_COLUMNS_MIN = 30
"""Columns of a title, for which others give way; where that is not enough, there is no table."""
AUTHOR_COLUMNS_MAX = 14
"""Columns of a name at most."""
PERCENT, GAP = 5, 2
"""Columns of a match, and between two columns."""

RULE = "* * *"

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STOPS = re.compile("[。！？、，；：]")
"""Marks behind which Chinese and Japanese may be broken."""
_BAR_CELLS = 5


def render(answer: Answer, shown: Shown = EVERYTHING) -> str:
    """The whole answer for a terminal of this width, with colours and links."""
    return _captured(lambda console: show(answer, console, shown))


def show(answer: Answer, console: Console, shown: Shown = EVERYTHING) -> None:
    """Write the whole answer to ``console``."""
    page = Page(console, source_links(answer.sources))
    page.opening(answer.question, byline(answer.answered_by, answer.date))
    page.blocks(blocks(answer.text))
    page.closing(answer, shown)


def judgement(console: Console, answer: Answer, changed: Sequence[Citation]) -> None:
    """What a judge found, below an answer that stands there with its marks: each citation that it sees in
    another way, with the paper's words.
    """
    flow = Flow(console)
    flow.heading(Text(f"Judged by {one_line(answer.judged_by)} · {counted(answer.citations)}"))
    for one in changed:
        flow.block("", "  ")
        flow.words(Text(f"[{one_line(one.id)}] {_verdict(one)}: {one_line(one.sentence)}"))
        for quotation in one.evidence[:1] if one.verdict != "not_found" else ():
            flow.block("│ ", "│ ", tight=True)
            flow.words(Text(quoted(quotation)))
    flow.end()


def _verdict(citation: Citation) -> str:
    return f"this paper {one_line(citation.why)}" if citation.why else citation.verdict


def listing(query: str, sources: Sequence[Source]) -> str:  # noqa: ARG001  # the query stands right above, as typed
    """The source table alone."""
    return _captured(lambda console: table(console, sources))


def _captured(write: Callable[[Console], None]) -> str:
    console = Console(file=io.StringIO(), force_terminal=True, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        write(console)
    return captured.get()


def shortened(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, with an ellipsis where it is cut."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


class Page:
    """An answer on its way to a terminal."""

    def __init__(self, console: Console, where: Mapping[str, str]) -> None:
        self.console = console
        self._where = where
        self._flow = Flow(console)
        self._text = ""
        self._table: Block | None = None

    def opening(self, question: str, by: str) -> None:
        """The question and who answers it."""
        self._flow.block("", "")
        self._flow.words(Text(one_line(question), style="bold"))
        self._flow.end()
        self._flow.words(Text(by, style="dim"))
        self._flow.end()

    def piece(self, checked: Checked) -> None:
        """One verified piece of the draft."""
        piece = checked.piece
        if piece.kind not in SHOWN:
            return
        lead = piece.lead
        if "\n" not in lead and self._text:
            self._flow.words(self._styled(inline(piece.text)), glued=not lead)
            self._text += lead + piece.text
            return
        self._complete_table(piece)
        self._text += lead + piece.text
        *_, last = blocks(self._text)
        if piece.kind == "row":
            self._table = last
        else:
            self._block(last)
        if not last.rest and piece.kind != "row":  # whatever comes begins anew
            self._text = lead + piece.text

    def _complete_table(self, following: Piece | None = None) -> None:
        """A table's columns are as wide as its cells, which are known at its end."""
        if self._table and (following is None or following.kind != "row"):
            table, self._table = self._table, None
            self._block(table)

    def blocks(self, found: Iterable[Block]) -> None:
        """A finished text."""
        for block in found:
            self._block(block)

    def _block(self, block: Block) -> None:
        if block.kind == "heading" and not block.rest:
            self._flow.heading(self._styled(block.runs))
            return
        self._flow.block(block.first, block.rest, tight=block.is_nested)
        if block.kind == "table":
            rows = [[self._styled(cell) for cell in row] for row in block.rows]
            self._flow.lines(tables.laid_out(rows, self._flow.room(block.rest)))
        elif block.kind in {"code", "formula"}:
            style = "cyan" if block.kind == "code" else ""
            self._flow.lines(Text(line, style) for line in block.runs[0].text.split("\n"))
        elif block.kind == "rule":
            self._flow.words(Text(RULE, style="dim"))
        else:
            self._flow.words(self._styled(block.runs))

    def closing(self, answer: Answer, shown: Shown = EVERYTHING) -> None:
        """What follows the text: sources, further questions, the caution."""
        self._complete_table()
        if answer.incomplete:
            self._flow.block("", "")
            self._flow.words(Text(incompleteness(answer.incomplete), style="bold yellow"))
        if shown.sources:
            self._flow.heading(Text(f"Sources · {len(answer.sources)}", style="bold"))
            table(self.console, answer.sources)
        self._explore(answer.follow_ups)
        if shown.caution:
            self._flow.block("", "")
            self._flow.words(Text(CAUTION, style="dim italic"))
        self._flow.end()

    def finish(self) -> None:
        """End the line that stands open, for whatever comes next on this terminal."""
        self._complete_table()
        self._flow.end()

    def _explore(self, questions: Sequence[str]) -> None:
        if not questions:
            return
        self._flow.heading(Text(EXPLORE, style="bold"))
        for n, question in enumerate(questions, start=1):
            self._flow.block(f"{n}. ", "   ", tight=True)
            self._flow.words(Text(one_line(question)))
        self._flow.end()

    def _styled(self, runs: Iterable[Run]) -> Text:
        text = Text()
        for run in runs:
            style = Style(
                bold=run.strong or None, italic=run.emphasis or None, color="cyan" if run.code else None
            )
            for part, bracketed in split_ids(run.text) if not run.code else [(run.text, False)]:
                text.append(part, style + self._id_style(part) if bracketed else style)
        return text

    def _id_style(self, bracketed: str) -> Style:
        where = self._where.get(bracketed[1:-1])
        return Style() if where is None else Style(color="blue", link=where or None)


class Flow:
    """Words set into lines, each as soon as it is known, with a blank line between blocks."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = max(min(console.width, TEXT_COLUMNS_MAX), 10)
        self._column = 0
        self._hanging = ""
        self._started = False

    def heading(self, text: Text) -> None:
        """A line of its own, set off above; the next block follows after a blank line."""
        self.block("", "")
        text.stylize("bold")
        self.words(text)
        self.end()

    def block(self, marker: str, hanging: str, *, tight: bool = False) -> None:
        """Begin a block: its first line starts with ``marker``, the others with ``hanging``."""
        self.end()
        if self._started and not tight:
            self._newline()
        self._started = True
        self._hanging = hanging
        self._put(Text(marker))

    def words(self, text: Text, *, glued: bool = False) -> None:
        """Add words to the block, broken at spaces, and behind stops that no space follows: an id is never
        broken. ``glued``: no space parts them from the words before.
        """
        for word in text.split(" "):
            for part in word.divide([stop.end() for stop in _STOPS.finditer(word.plain)]):
                if part:
                    self._word(part, glued=glued)
                    glued = True
            glued = False

    def lines(self, lines: Iterable[Text]) -> None:
        """Add lines as they are."""
        for n, line in enumerate(lines):
            if n:
                self._newline()
                self._put(Text(self._hanging))
            self._put(line)

    def room(self, hanging: str) -> int:
        """Columns for what stands behind ``hanging``."""
        return self._width - cell_len(hanging)

    def end(self) -> None:
        """End the line if one stands open."""
        if self._column:
            self._newline()

    def _word(self, word: Text, *, glued: bool) -> None:
        fresh = self._column <= cell_len(self._hanging)
        if not fresh and self._column + (not glued) + word.cell_len > self._width:
            self._newline()
            self._put(Text(self._hanging))
            fresh = True
        self._put(word if fresh or glued else Text(" ") + word)

    def _put(self, text: Text) -> None:
        self._console.print(text, end="", soft_wrap=True)
        self._column += text.cell_len

    def _newline(self) -> None:
        self._console.print("", soft_wrap=True)
        self._column = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide each column of the source table is; 0 where it has given way. The title has what is left."""

    match: int
    bar: int
    year: int
    author: int
    category: int
    id: int

    def title(self, width: int) -> int:
        """What is left of ``width`` for the title."""
        told = (self.year, self.author, self.category, self.id)
        return width - self.match - self.bar - sum(one + GAP for one in told if one)


def table(console: Console, sources: Sequence[Source]) -> None:
    """The sources: match, year, first author, category, title, id. No id is ever broken; the title gets what
    room is left: category and bar give way to it, and on a narrow terminal each source has lines of its own.
    """
    width = min(console.width, TABLE_COLUMNS_MAX)
    columns = _columns(console, sources, width)
    if width < TABLE_COLUMNS_MIN or columns.title(width) < TITLE_COLUMNS_MIN:
        for source in sources:
            _stacked(console, source, width)
        return
    for source in sources:
        _row(console, source, columns, columns.title(width))


def _columns(console: Console, sources: Sequence[Source], width: int) -> Columns:
    """All of them, or as many as leave the title its room."""
    papers = [source.paper for source in sources]
    ranked = any(source.ranked for source in sources)
    columns = Columns(
        match=PERCENT if ranked else 0,
        bar=_BAR_CELLS + 1 if ranked and _draws(console) else 0,
        year=_widest(map(year, papers)),
        author=min(_widest(map(first_author, papers)), AUTHOR_COLUMNS_MAX),
        category=_widest(map(category, papers)),
        id=_widest(one_line(paper.id) for paper in papers),
    )
    for name in ("category", "bar"):
        if columns.title(width) >= TITLE_COLUMNS_MIN:
            break
        columns = replace(columns, **{name: 0})
    return columns


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _draws(console: Console) -> bool:
    return not console.is_dumb_terminal and console.encoding.lower().startswith("utf")


def _row(console: Console, source: Source, columns: Columns, room: int) -> None:
    paper = source.paper
    cells = [
        (year(paper), columns.year),
        (shortened(first_author(paper), AUTHOR_COLUMNS_MAX), columns.author),
    ]
    cells.append((category(paper), columns.category))
    row = _head(source, columns.bar)
    row.pad_right(columns.match + columns.bar - row.cell_len)
    for text, width in cells:
        if width:
            row.append(f"{text}{' ' * (width + GAP - cell_len(text))}", style="dim")
    indent = row.cell_len
    for n, line in enumerate(Text(title(paper)).wrap(console, room)):
        line.rstrip()
        row = Text(" " * indent) if n else row
        row.append_text(line)
        if not n:
            row.pad_right(indent + room + GAP - row.cell_len)
            row.append_text(_id(source))
        console.print(row, soft_wrap=True)


def _head(source: Source, bar: int) -> Text:
    head = Text(percent(source.match).rjust(4) if source.ranked else "")
    if bar:
        head.append(" ")
        head.append(_drawn(source.match), style="dim blue")
    return head


def _drawn(match: float) -> str:
    """A bar of a few cells, drawn to an eighth of a cell."""
    eighths = round(min(max(match, 0.0), 1.0) * _BAR_CELLS * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def _id(source: Source) -> Text:
    where = link(source.paper)
    return Text(one_line(source.paper.id), style=Style(color="blue", link=where or None))


def _stacked(console: Console, source: Source, width: int) -> None:
    first = Text(f"{percent(source.match).rjust(4)} " if source.ranked else "")
    first.append_text(_id(source))
    console.print(first, soft_wrap=True)
    by = " ".join(part for part in (first_author(source.paper), year(source.paper)) if part)
    told = Text(f"{by}. " if by else "", style="dim") + Text(title(source.paper))
    for line in told.wrap(console, max(width - PERCENT, 10)):
        line.rstrip()
        console.print(Text(" " * PERCENT) + line, soft_wrap=True)
