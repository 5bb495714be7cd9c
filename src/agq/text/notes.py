"""A Markdown or text note to the blocks of prose in it: one per paragraph, list item and table row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

FIRST, LAST = "Match", "Id"
"""The columns between which an answer's table of sources tells what it can."""

_FOOTNOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?: {2,}|\t).*)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of prose: ``[id]`` stands for a citation however it was written.

    ``lines``: the line of the note, from 1, that each of its words stands on.
    """

    text: str
    lines: tuple[int, ...]

    def lines_of(self, told: Sequence[str]) -> list[int]:
        """The line that each of its sentences begins on, in order."""
        words, at, found = [_bare(word) for word in self.text.split()], 0, []
        for sentence in told:
            # a citation may have been moved before its full stop: the first words are where they were
            opening = [_bare(word) for word in sentence.split()[:4]]
            places = (n for n in range(at, len(words)) if words[n : n + len(opening)] == opening)
            place = next(places, None)
            found.append(self.lines[min(at if place is None else place, len(self.lines) - 1)])
            at = at if place is None else place + 1
        return found


def _bare(word: str) -> str:
    return word.strip(".,;:!?[]@")


def blocks(text: str) -> Iterator[Block]:
    """The prose of a note in reading order. Headings, code and HTML are no claims and are left out.

    Links give their text in brackets; a footnote's mark gives what the footnote says. What claims nothing is
    left out too: an answer's own table of sources, and a line all in italics that cites nothing, such as its
    byline and its word of caution.
    """
    footnotes = {match[1]: " ".join(match[2].split()) for match in _FOOTNOTE.finditer(text)}
    text = _FOOTNOTE.sub(lambda match: "\n" * match.group().count("\n"), _front_matter(text))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    row: list[str] = []
    heading, listing, line = False, False, 1
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type in {"heading_open", "heading_close", "tr_open", "tr_close"}:
            heading = token.type == "heading_open"
            line = token.map[0] + 1 if token.map else line
            if token.type == "tr_close":
                listing = listing or (row[:1], row[-1:]) == ([FIRST], [LAST])
                if not listing:
                    yield _block(" — ".join(row), line)
            row = []
        elif token.type == "table_close":
            listing = False
        elif token.type == "inline" and not heading:
            line = token.map[0] + 1 if token.map else line
            children = token.children or []
            prose = _noted(_prose(children), footnotes)
            if before and before.type in {"td_open", "th_open"}:
                row.append(prose)
            elif prose and not ("[" not in prose and _all_italic(children)):
                yield _block(prose, line)


def _block(prose: str, line: int) -> Block:
    """``line``: where it begins; the line ends in it are those of the note."""
    counted = [[line + n] * len(words.split()) for n, words in enumerate(prose.split("\n"))]
    return Block(" ".join(prose.split()), tuple(n for row in counted for n in row))


def _all_italic(children: Sequence[Token]) -> bool:
    marks = [child.type for child in children if child.type != "text" or child.content]
    return marks[:1] == ["em_open"] and marks.index("em_close") == len(marks) - 1


def _front_matter(text: str) -> str:
    """YAML front matter is metadata: blank lines in its place keep the count."""
    match = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    return "\n" * match.group().count("\n") + text[match.end() :] if match else text


def _prose(children: Sequence[Token]) -> str:
    text = ""
    for child in children:
        if child.type == "link_open":
            text += "["
        elif child.type == "link_close":
            text += "]"
        elif child.type in {"softbreak", "hardbreak"}:
            text += "\n"
        elif child.type in {"text", "code_inline"}:
            text += child.content
    # a link whose text has brackets of its own: [[id]](url)
    return re.sub(r"\[\[([^\[\]]*)\]\]", r"[\1]", text).strip()


def _noted(text: str, footnotes: dict[str, str]) -> str:
    """Footnote marks replaced by the ids that their footnotes cite, or by the footnote's key where it has
    no text.
    """

    def said(match: re.Match[str]) -> str:
        note = footnotes.get(match[1])
        return match.group() if note is None else " " + (note if note.startswith("[") else f"[{note}]")

    return re.sub(r"\[\^([^\]\s]+)\]", said, text)
