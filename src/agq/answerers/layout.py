"""Markdown, as far as it has come, to the units of which an answer is made: paragraphs, headings, rows, code.

A parser of CommonMark says what is what. Each unit carries the Markdown that stands before it, so that leads
and texts joined make the same lists, tables and quotations again, written in one way.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from markdown_it.token import Token

from agq.text.clean import prose
from agq.text.commonmark import parser

UnitKind = Literal["heading", "paragraph", "block", "head", "row"]

TOP_HEADING_LEVEL = 3
"""The level of an answer's highest heading: those above it are the page's."""

_LABEL = re.compile(r"\s*(?:\*\*|__)([^*_]{3,80}?)(?:\*\*|__):?\s*")
_ALIGNED = {"text-align:left": ":---", "text-align:right": "---:", "text-align:center": ":---:"}
_LANGUAGE = re.compile(r"[\w+#-]*")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of an answer that stands by itself.

    ``text``: a paragraph's lines, a heading without its marks, a row's cells between bars, a whole block.
    ``lead``: what stands before it. ``inner``: what stands before a further line of it. ``line``: where it
    begins, from 0. ``claim``: what a row says with the words of its table's head.
    """

    kind: UnitKind
    text: str
    lead: str
    inner: str
    line: int
    claim: str = ""


@dataclass(slots=True)
class _Container:
    """A list item or a quotation that is open; ``first`` stands before its first line only."""

    first: str
    rest: str

    def take(self) -> str:
        """What stands before the line at hand."""
        told, self.first = self.first, self.rest
        return told


class Layout:
    """Reads a text from a place where a top-level block begins.

    ``begun``: whether something stands before. ``base``: the level of the answer's first heading, 0 before
    there is one. ``tops``: the lines on which top-level blocks begin, once the units are read.
    """

    def __init__(self, text: str, *, begun: bool, base: int) -> None:
        self._lines = text.split("\n")
        self._open: list[_Container] = []
        self._before: list[_Container] | None = [] if begun else None
        self.base = base
        self._heads: list[str] = []
        self.tops: list[int] = []

    def units(self) -> Iterator[Unit]:
        """The units in reading order."""
        tokens = parser().disable("inline").parse(prose("\n".join(self._lines)))
        for n, token in enumerate(tokens):
            if token.level == 0 and token.map and token.nesting >= 0:
                self.tops.append(token.map[0])
            if token.type in {"list_item_open", "list_item_close", "blockquote_open", "blockquote_close"}:
                self._enter_or_leave(token)
            elif token.type == "inline":
                yield from self._text(token, tokens[n - 1])
            elif token.type in {"thead_open", "tr_open"}:
                yield from self._row(tokens, n)
            elif token.type in _BLOCKS:
                yield self._unit("block", _BLOCKS[token.type](token), token)

    def _enter_or_leave(self, token: Token) -> None:
        if token.nesting < 0:
            self._open.pop()
        elif token.type == "blockquote_open":
            self._open.append(_Container("> ", "> "))
        else:
            mark = f"{token.info}{token.markup} " if token.info else "- "
            self._open.append(_Container(mark, " " * len(mark)))

    def _text(self, token: Token, opened: Token) -> Iterator[Unit]:
        if opened.type == "heading_open":
            yield self._heading(token, int(opened.tag[1:]))
        elif opened.type == "paragraph_open":
            yield from self._paragraph(token)

    def _row(self, tokens: Sequence[Token], n: int) -> Iterator[Unit]:
        """A table's head, or a row below it."""
        if tokens[n].type == "thead_open":
            self._heads = _cells(tokens, n, "thead_close")
            yield self._unit("head", f"{_row(self._heads)}\n{_rule(tokens, n)}", tokens[n])
        elif tokens[n - 1].type != "thead_open":
            cells = _cells(tokens, n, "tr_close")
            yield self._unit("row", _row(cells), tokens[n], claim=_claim(self._heads, cells))

    def _heading(self, token: Token, level: int) -> Unit:
        self.base = self.base or level
        marks = "#" * min(TOP_HEADING_LEVEL + max(level - self.base, 0), 6)
        return self._unit("heading", token.content.strip("*_ :"), token, marks=f"{marks} ")

    def _paragraph(self, token: Token) -> Iterator[Unit]:
        """A line in bold above or instead of a paragraph heads it."""
        first, _, rest = token.content.partition("\n")
        label = None if self._open else _LABEL.fullmatch(first)
        if label:
            yield self._unit("heading", label[1].strip(" :"), token, marks=f"{'#' * TOP_HEADING_LEVEL} ")
        if rest or not label:
            yield self._unit("paragraph", rest if label else token.content, token)

    def _unit(self, kind: UnitKind, text: str, token: Token, *, marks: str = "", claim: str = "") -> Unit:
        line = token.map[0] if token.map else 0
        lead = self._parted(kind, line) + "".join(one.take() for one in self._open) + marks
        inner = "".join(one.rest for one in self._open)
        self._before = list(self._open)
        if kind in {"block", "head"}:
            text = text.replace("\n", f"\n{inner}")
        return Unit(kind, text, lead, inner, line, claim)

    def _parted(self, kind: UnitKind, line: int) -> str:
        """The end of the line before, and an empty line where the text has one or there has to be one."""
        if self._before is None:
            return ""
        shared = [a for a, b in zip(self._before, self._open, strict=False) if a is b]
        within = "".join(one.rest for one in shared)
        in_list = bool(self._before and self._open)
        empty = line > 0 and not self._lines[line - 1].strip(" >\t")
        if kind == "row" or (in_list and not empty and kind in {"paragraph", "heading"}):
            return "\n"
        return f"\n{within.rstrip()}\n"


def is_whole(unit: Unit, text: str, *, last: bool) -> bool:
    """Whether nothing that comes behind ``text`` can become part of its ``unit``."""
    if unit.kind == "paragraph" and in_formula(unit.text):
        return False
    if not last or unit.kind in {"heading", "head", "row"}:
        return True
    return unit.kind == "paragraph" and text.endswith("\n") and not text.split("\n")[-2].strip()


def in_formula(text: str) -> bool:
    """Whether a displayed formula has begun that does not end here."""
    return text.count("$$") % 2 == 1 or text.count("\\[") > text.count("\\]")


def paragraphs(text: str) -> list[str]:
    """The lines of a paragraph joined, unless a line ends long before the measure and a capital follows:
    that is a line by itself, such as a title.
    """
    found: list[str] = []
    for line in text.split("\n"):
        if found and not _ends_early(found[-1].rsplit("\n", 1)[-1], line):
            found[-1] += f"\n{line.strip()}"
        else:
            found.append(line.strip())
    return [one.replace("\n", " ") for one in found]


UNWRAPPED_COLUMNS_MAX = 60
"""Columns to which nobody wraps running text, or fewer."""


def _ends_early(line: str, following: str) -> bool:
    word = following.split(maxsplit=1)[0] if following.strip() else ""
    return word[:1].isupper() and len(line) + 1 + len(word) <= UNWRAPPED_COLUMNS_MAX


def _cells(tokens: Sequence[Token], start: int, end: str) -> list[str]:
    told = (token.content for token in _up_to(end, tokens, start) if token.type == "inline")
    return [re.sub(r"<br\s*/?>", " ", text).strip() for text in told]


def _row(cells: Sequence[str]) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


def _rule(tokens: Sequence[Token], start: int) -> str:
    heads = (token for token in _up_to("thead_close", tokens, start) if token.type == "th_open")
    marks = (_ALIGNED.get(str(head.attrGet("style") or ""), "---") for head in heads)
    return f"| {' | '.join(marks)} |"


def _up_to(end: str, tokens: Sequence[Token], start: int) -> Iterator[Token]:
    return itertools.takewhile(lambda token: token.type != end, tokens[start:])


def _claim(heads: Sequence[str], cells: Sequence[str]) -> str:
    """``heads`` and ``cells`` as one sentence, the first cell being what it speaks of."""
    claim = ""
    for n, (head, cell) in enumerate(zip(heads, cells, strict=False)):
        if not re.search(r"\w", re.sub(r"\[[^\[\]]*\]", "", cell)):
            claim += f" {cell}"  # citations alone, of all that stands before them
        else:
            claim += ("; " if claim else "") + (f"{_lowered(head)}: {cell}" if head and n else cell)
    return f"{claim.strip()}."


def _lowered(head: str) -> str:
    """The words above a column without their capital, which makes no name of them."""
    return head[:1].lower() + head[1:] if head[1:2].islower() else head


def _fenced(token: Token) -> str:
    language = _LANGUAGE.match(token.info.strip())
    longest = max((len(run) for run in re.findall(r"`+", token.content)), default=0)
    fence = "`" * max(3, longest + 1)
    code = token.content.rstrip("\n")
    return f"{fence}{language[0] if language else ''}\n{code}\n{fence}"


def _formula(token: Token) -> str:
    return f"$$\n{token.content.strip()}\n$$"


def _thematic_break(_: Token) -> str:
    return "---"


_BLOCKS: Mapping[str, Callable[[Token], str]] = MappingProxyType(
    {"fence": _fenced, "code_block": _fenced, "math_block": _formula, "hr": _thematic_break}
)
"""What a block that claims nothing is written as."""
