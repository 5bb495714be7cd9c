"""The Markdown of an answer, read into blocks and styled runs, for those formats that set it themselves.

Only what an answer needs is read: headings, lists, paragraphs, quotes, code, emphasis. Links, images and HTML
of a model's or an abstract's text stay text, so nothing in it acts on a terminal or a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from agq.text.clean import plain, prose

_RULES = ["heading", "list", "fence", "code", "blockquote", "emphasis", "backticks", "escape", "entity"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, item or code block; ``marker`` stands before an item, ``depth`` deep in lists."""

    kind: str
    runs: tuple[Run, ...]
    marker: str = ""
    depth: int = 0


def parser() -> MarkdownIt:
    """CommonMark less links, images and HTML."""
    return MarkdownIt("zero").enable(_RULES)


def inline(text: str) -> tuple[Run, ...]:
    """One line's runs."""
    tokens = parser().parseInline(plain(text))
    return tuple(_runs(tokens[0].children or [])) if tokens else ()


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, in reading order."""
    lists: list[int | None] = []
    marker = ""
    kind = "paragraph"
    for token in parser().parse(prose(text)):
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                marker, lists[-1] = _marker(lists[-1])
            case "heading_open":
                kind = "heading"
            case "inline":
                yield Block(kind, tuple(_runs(token.children or [])), marker, len(lists))
                kind, marker = "paragraph", ""
            case "fence" | "code_block":
                yield Block("code", (Run(token.content.rstrip("\n"), code=True),), marker, len(lists))
                marker = ""


def _marker(count: int | None) -> tuple[str, int | None]:
    return ("•", None) if count is None else (f"{count}.", count + 1)


def _runs(tokens: list[Token]) -> Iterator[Run]:
    style = Run("")
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
            case _ if token.content:
                yield replace(style, text=token.content)
