"""An answer for a terminal, at once or sentence by sentence as it is verified.

Nothing is redrawn: each word is set once, where it stays, so there is nothing to flicker and nothing to lose
when the window changes. Rich is handed ``Text``, never markup, which would eat ``[hep-th/9901001]``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.style import Style
from rich.text import Text

from agq.model import SHOWN, Answer, Checked, Citation, Paper, Piece, Source
from agq.renderers import parts, tables
from agq.renderers.markup import MarkupBlock, TextRun, blocks, inline
from agq.renderers.parts import (
    CAUTION,
    COLUMNS,
    EVERYTHING,
    EXPLORE,
    Shown,
    byline,
    counted,
    first_author,
    incompleteness,
    link,
    own_links,
    percent,
    quoted,
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
COLUMNS_MAX: Mapping[str, int] = MappingProxyType(
    {"author": 14, "authors": 28, "categories": 20, "venue": 28, "doi": 32}
)
"""Columns of what may be long, at most."""
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
    page = AnswerPage(console, own_links(answer.sources))
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


def listing(query: str, sources: Sequence[Source], shown: Shown = EVERYTHING) -> str:  # noqa: ARG001  # the query stands right above, as typed
    """The source table alone."""
    return _captured(lambda console: table(console, sources, shown.columns))


def _captured(write: Callable[[Console], None]) -> str:
    console = Console(file=io.StringIO(), force_terminal=True, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        write(console)
    return captured.get()


def shortened(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, with an ellipsis where it is cut."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


class AnswerPage:
    """An answer on its way to a terminal."""

    def __init__(self, console: Console, where: Mapping[str, str]) -> None:
        self.console = console
        self._where = where
        self._flow = Flow(console)
        self._text = ""
        self._table: MarkupBlock | None = None

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

    def blocks(self, found: Iterable[MarkupBlock]) -> None:
        """A finished text."""
        for block in found:
            self._block(block)

    def _block(self, block: MarkupBlock) -> None:
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
            table(self.console, answer.sources, shown.columns)
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

    def _styled(self, runs: Iterable[TextRun]) -> Text:
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
    """How wide each column of the source table is. A title among ``told`` has what is left and counts for
    nothing here; match and bar are 0 where they have given way."""

    match: int
    bar: int
    told: Mapping[str, int]
    id: int

    def room(self, width: int) -> int:
        """What is left of ``width``."""
        others = sum(one + GAP for name, one in self.told.items() if name != "title")
        return width - self.match - self.bar - others - self.id - GAP

    def without(self, name: str) -> Columns:
        """The others: the bar or a column gives way."""
        if name == "bar":
            return replace(self, bar=0)
        return replace(self, told={one: width for one, width in self.told.items() if one != name})


def table(console: Console, sources: Sequence[Source], chosen: Sequence[str] = ()) -> None:
    """The sources: match, year, first author, category, title, id, or the columns that were chosen. No id is
    ever broken; the title gets what room is left: category and bar give way to it, and on a narrow terminal
    each source has lines of its own.
    """
    width = min(console.width, TABLE_COLUMNS_MAX)
    columns = _columns(console, sources, width, chosen)
    if width < TABLE_COLUMNS_MIN or columns.room(width) < (
        TITLE_COLUMNS_MIN if "title" in columns.told else 0
    ):
        for source in sources:
            _stacked(console, source, width, chosen)
        return
    for source in sources:
        _row(console, source, columns, columns.room(width))


def _columns(console: Console, sources: Sequence[Source], width: int, chosen: Sequence[str]) -> Columns:
    """All of them, or as many as leave the title its room; who has chosen columns gets them."""
    ranked = any(source.ranked for source in sources)
    told = parts.columns(sources, chosen)
    columns = Columns(
        match=PERCENT if ranked else 0,
        bar=_BAR_CELLS + 1 if ranked and _draws(console) else 0,
        told={name: _width(name, tell, sources) for name, tell in told.items()},
        id=_widest(one_line(source.paper.id) for source in sources),
    )
    for name in ("bar",) if chosen else ("category", "bar"):
        if columns.room(width) >= TITLE_COLUMNS_MIN:
            break
        columns = columns.without(name)
    return columns


def _width(name: str, tell: Callable[[Paper], str], sources: Sequence[Source]) -> int:
    most = _widest(tell(source.paper) for source in sources)
    return min(most, COLUMNS_MAX.get(name, most))


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _draws(console: Console) -> bool:
    return not console.is_dumb_terminal and console.encoding.lower().startswith("utf")


def _row(console: Console, source: Source, columns: Columns, room: int) -> None:
    """One source; a title that is longer than its room goes on below it."""
    row = _head(source, columns.bar)
    row.pad_right(columns.match + columns.bar - row.cell_len)
    more: list[Text] = []
    for name, width in columns.told.items():
        if name == "title":
            first, *rest = Text(title(source.paper)).wrap(console, room)
            more = [Text(" " * row.cell_len) + line for line in rest]
            first.rstrip()
            first.pad_right(room + GAP - first.cell_len)
            row.append_text(first)
        else:
            text = shortened(COLUMNS[name](source.paper), width)
            row.append(f"{text}{' ' * (width + GAP - cell_len(text))}", style="dim")
    row.append_text(_id(source))
    for line in (row, *more):
        line.rstrip()
        console.print(line, soft_wrap=True)


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
    where = link(source.paper) or source.zotero
    return Text(one_line(source.paper.id), style=Style(color="blue", link=where or None))


def _stacked(console: Console, source: Source, width: int, chosen: Sequence[str]) -> None:
    first = Text(f"{percent(source.match).rjust(4)} " if source.ranked else "")
    first.append_text(_id(source))
    console.print(first, soft_wrap=True)
    before, after = _around_title(source.paper, chosen)
    told = Text(f"{before}. " if before else "", style="dim") + Text(title(source.paper))
    told.append("".join(f". {one}" for one in after), style="dim")
    for line in told.wrap(console, max(width - PERCENT, 10)):
        line.rstrip()
        console.print(Text(" " * PERCENT) + line, soft_wrap=True)


def _around_title(paper: Paper, chosen: Sequence[str]) -> tuple[str, list[str]]:
    """Who and when; what else was chosen."""
    if not chosen:
        return " ".join(part for part in (first_author(paper), year(paper)) if part), []
    said = {name: text for name in chosen if name != "title" and (text := COLUMNS[name](paper))}
    before = " ".join(said.pop(name) for name in ("author", "authors", "year") if name in said)
    return before, list(said.values())
