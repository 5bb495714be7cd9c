"""The Markdown of an answer, read into blocks and styled runs, for those formats that set it themselves.

Links, images and HTML of a model's or an abstract's text stay text, so nothing in it acts on a terminal or a
page; formulas are told in Unicode.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it.token import Token

from agq.text.clean import plain, prose
from agq.text.commonmark import parser
from agq.text.formula import as_text

BlockKind = Literal["heading", "paragraph", "code", "formula", "table", "rule"]


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text in one style."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False


Cell = tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class MarkupBlock:
    """A stretch of an answer.

    ``first`` stands before its first line, ``rest`` before the others: an item's mark and its width, a
    quotation's bar, of all that it stands in. ``rows``: a table's, its head first.
    """

    kind: BlockKind
    runs: tuple[TextRun, ...] = ()
    first: str = ""
    rest: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def is_nested(self) -> bool:
        """Whether it belongs close to the block above: an item of a list within another."""
        return self.first.startswith(" ") and not self.first.isspace()


def inline(text: str) -> tuple[TextRun, ...]:
    """One line's runs."""
    tokens = parser().parseInline(plain(text))
    return tuple(_runs(tokens[0].children or [])) if tokens else ()


def blocks(text: str) -> Iterator[MarkupBlock]:
    """The blocks of a text, in reading order."""
    reading = _Reading()
    for token in parser().parse(prose(text)):
        yield from reading.block(token)


class _Reading:
    """What the block at hand stands in."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []
        self._rows: list[list[Cell]] | None = None
        self._kind: BlockKind = "paragraph"

    def block(self, token: Token) -> Iterator[MarkupBlock]:
        """The block that a token brings, if it brings one."""
        match token.type:
            case "list_item_open":
                mark = f"{token.info}. " if token.info else "• "
                self._open.append((mark, " " * len(mark)))
            case "blockquote_open":
                self._open.append(("│ ", "│ "))
            case "list_item_close" | "blockquote_close":
                self._open.pop()
            case "heading_open" | "heading_close":
                self._kind = "heading" if token.nesting == 1 else "paragraph"
            case "table_open" | "tr_open" | "table_close":
                yield from self._table(token.type)
            case "inline":
                yield from self._text(tuple(_runs(token.children or [])))
            case "fence" | "code_block":
                yield self._made("code", (TextRun(token.content.rstrip("\n"), code=True),))
            case "math_block":
                yield self._made("formula", (TextRun(as_text(token.content)),))
            case "hr":
                yield self._made("rule")

    def _table(self, event: str) -> Iterator[MarkupBlock]:
        if event == "table_open":
            self._rows = []
        elif event == "tr_open" and self._rows is not None:
            self._rows.append([])
        elif self._rows is not None:
            rows, self._rows = tuple(tuple(row) for row in self._rows), None
            yield replace(self._made("table"), rows=rows)

    def _text(self, runs: tuple[TextRun, ...]) -> Iterator[MarkupBlock]:
        if self._rows is not None:
            self._rows[-1].append(runs)
        else:
            yield self._made(self._kind, runs)

    def _made(self, kind: BlockKind, runs: tuple[TextRun, ...] = ()) -> MarkupBlock:
        first, rest = "".join(mark for mark, _ in self._open), "".join(rest for _, rest in self._open)
        self._open = [(rest, rest) for _, rest in self._open]
        return MarkupBlock(kind, runs, first, rest)


def plain_text(runs: Sequence[TextRun]) -> str:
    """The words of some runs, in no style."""
    return "".join(run.text for run in runs)


def _runs(tokens: list[Token]) -> Iterator[TextRun]:
    style = TextRun("")
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                style = replace(style, strong=token.nesting == 1)
            case "em_open" | "em_close":
                style = replace(style, emphasis=token.nesting == 1)
            case "softbreak" | "hardbreak":
                yield replace(style, text=" ")
            case "code_inline":
                yield replace(style, text=token.content, code=True)
            case "math_inline" | "math_inline_double":
                yield replace(style, text=" ".join(as_text(token.content).split()))
            case _ if token.content:
                yield replace(style, text=token.content)
