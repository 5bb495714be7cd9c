"""CSV and TSV of any dialect, with Python's csv module; the first line names the columns."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from agq.readers.base import MEBIBYTE, Bad, Input, Raw, SourceFormat
from agq.readers.layouts import mapped
from agq.readers.streams import NotText, lines, text

if TYPE_CHECKING:
    from collections.abc import Callable

DELIMITERS = ",;\t|"
CELL_CHARACTERS_MAX = MEBIBYTE
"""Characters in a cell. A quote that never closes swallows the file up to here, then its line is reported."""


class _Line(NamedTuple):
    number: int
    text: str


@dataclass(slots=True)
class _Table:
    """The lines still to come, and how to part them."""

    source: Iterator[_Line | Bad]
    delimiter: str = ","
    columns: Sequence[str] = ()
    pending: deque[_Line | Bad] = field(default_factory=deque)

    def next(self) -> _Line | Bad | None:
        return self.pending.popleft() if self.pending else next(self.source, None)


def read_table(file: Input) -> Iterator[Raw | Bad]:
    """A row a record. A row whose quotes or cells do not come out even costs no other."""
    table = _Table(_lines(file))
    head = _header(table)
    if isinstance(head, Bad):
        yield head
        return
    if head is None:
        return
    table.delimiter = delimiter_of(head.text)
    table.columns = columns_of(head.text)
    while (row := _row(table)) is not None:
        if isinstance(row, Bad) or row.fields:
            yield row


def _lines(file: Input) -> Iterator[_Line | Bad]:
    for line in lines(file):
        if isinstance(line, Bad):
            yield line
            continue
        try:
            yield _Line(line.number, text(line.data).replace("\x00", ""))
        except NotText as error:
            yield Bad(str(error), line.number)


HEADER_LINES_MAX = 5
"""Lines in which the header is looked for: exports tell first when and by whom they were made."""


def is_header(line: str) -> bool:
    """Whether a line names the columns of papers: a title and something else."""
    found = mapped(columns_of(line))
    return "title" in found and len(found) > 1


def _header(table: _Table) -> _Line | Bad | None:
    """The line that names the columns, else the first that says something; ``sep=;`` is Excel's."""
    seen: list[_Line | Bad] = []
    while len(seen) < HEADER_LINES_MAX and (line := table.next()):
        if isinstance(line, _Line) and is_header(line.text):
            return line
        seen.append(line)
    said = (one for one in seen if isinstance(one, Bad) or not _is_blank(one.text))
    first = next(said, None)
    table.pending.extendleft(reversed(seen[seen.index(first) + 1 :] if first else []))
    return first


def _is_blank(line: str) -> bool:
    return not line.strip() or line.lower().startswith("sep=")


def delimiter_of(line: str) -> str:
    """The mark that parts this header into the most columns that a paper has, then into the most."""

    def columns(mark: str) -> tuple[int, int]:
        cells = _split(line, mark)
        return len(mapped(cells)), len(cells)

    return max(DELIMITERS, key=columns)


def columns_of(line: str) -> list[str]:
    """The columns that a header names."""
    return _split(line, delimiter_of(line))


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line.strip("\r\n")], delimiter=delimiter), [])]
    except csv.Error:
        return line.strip("\r\n").split(delimiter)


def _row(table: _Table) -> Raw | Bad | None:
    first = table.next()
    if first is None or isinstance(first, Bad):
        return first
    taken = [first]
    try:
        cells = _parsed(table, taken)
        if len(taken) > 1 and len(cells) != len(table.columns):
            raise csv.Error("the cells do not come out even")
    except csv.Error as error:
        table.pending.extendleft(reversed(taken[1:]))
        cells = _leniently(first.text, table)
        if len(cells) != len(table.columns):
            reason = "a quote is not closed" if len(taken) > 1 else _told(error)
            return Bad(f"not a valid row: {reason}", first.number)
    return _raw(cells, first, table)


def _parsed(table: _Table, taken: list[_Line]) -> list[str]:
    """The cells of the row that begins with the line taken; further lines where a quote stays open."""

    def feed() -> Iterator[str]:
        yield taken[0].text
        while (line := table.next()) is not None:
            if isinstance(line, Bad):
                table.pending.appendleft(line)
                return
            taken.append(line)
            yield line.text

    old = csv.field_size_limit(CELL_CHARACTERS_MAX)
    try:
        return next(csv.reader(feed(), delimiter=table.delimiter, strict=True), [])
    finally:
        csv.field_size_limit(old)


def _leniently(line: str, table: _Table) -> list[str]:
    """One line with stray quotes: read as loosely as spreadsheets do, with backslashes, then without quotes
    at all."""
    ways: tuple[Callable[[], Iterator[list[str]]], ...] = (
        lambda: csv.reader(
            [line], delimiter=table.delimiter, escapechar="\\", doublequote=False, strict=True
        ),
        lambda: csv.reader([line], delimiter=table.delimiter),
        lambda: csv.reader([line], delimiter=table.delimiter, quoting=csv.QUOTE_NONE),
    )
    for way in ways:
        try:
            cells = next(way(), [])
        except csv.Error:
            continue
        if len(cells) == len(table.columns) and not any(_half_quoted(cell) for cell in cells):
            return cells
    return []


def _half_quoted(cell: str) -> bool:
    """Whether a quote opens this cell that nothing closes."""
    return cell.startswith('"') and not cell.rstrip("\r\n").endswith('"', 1)


def _told(error: csv.Error) -> str:
    reason = str(error)
    if "end of data" in reason or "limit" in reason:
        return "a quote is not closed"
    return "a quote stands inside a cell" if "expected after" in reason else reason


def _raw(cells: Sequence[str], first: _Line, table: _Table) -> Raw | Bad:
    if not any(cell.strip() for cell in cells):
        return Raw({}, line=first.number)
    if len(cells) > len(table.columns):
        return Bad(f"{len(cells)} cells where the header has {len(table.columns)}", first.number)
    fields: dict[str, object] = {}
    for name, cell in zip(table.columns, cells, strict=False):
        if name and not fields.get(name):
            fields[name] = cell
    return Raw(fields, line=first.number)


def _looks(start: bytes) -> bool:
    """A header that names a title and something else; a line or two on the export may stand before it."""
    return any(is_header(line.decode("utf-8", "replace")) for line in start.splitlines()[:HEADER_LINES_MAX])


TABLE = SourceFormat("table", read_table, _looks, (".csv", ".tsv", ".tab"))
