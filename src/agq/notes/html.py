"""HTML: a page that agq, Pandoc or Quarto wrote, or a stretch of it in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as parser

from agq.notes import inline
from agq.notes.block import NoteBlock, Writer, sure
from agq.notes.own import is_sources
from agq.notes.syntax import among

_OPENING = re.compile(r"\s*<\?xml[^>]*\?>")


def read(text: str, line: int = 1) -> list[NoteBlock]:
    """The prose of a page in reading order. ``line``: where the text begins in the note."""
    text = _OPENING.sub("", text, count=1)
    if not text.strip():
        return []
    try:
        root = parser.document_fromstring(
            text, parser=parser.HTMLParser(remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, ValueError):  # nothing but comments
        return []
    reader = _HtmlReader(line)
    reader.element(root)
    reader.writer.end()
    return reader.writer.blocks


class _HtmlReader:
    def __init__(self, line: int) -> None:
        self.writer = Writer(line)
        self._first = line - 1

    def element(self, element: etree._Element) -> None:
        """An element with all in it; not what stands behind it."""
        tag = element.tag
        self._at(element)
        if not isinstance(tag, str) or among(tag, "html.skipped") or _says_of_itself(element):
            return
        if tag == "br":
            self.writer.words(" ")
        elif among(tag, "html.headings"):
            self.writer.end()
            self._inside(element)
            self.writer.end(claims=False)
        elif among(tag, "html.blocks"):
            self.writer.end()
            self._inside(element)
            self.writer.end()
        elif keys := str(element.get("data-cites") or "").split():
            self.writer.cite(sure(" ".join(_text(element).split()), keys))
        else:
            self._inside(element)

    def _at(self, element: etree._Element) -> None:
        line = element.sourceline
        if isinstance(line, int):
            self.writer.line = self._first + line

    def _inside(self, element: etree._Element) -> None:
        self._words(element.text)
        for n, child in enumerate(element):
            if child.tag in {"td", "th"} and n:
                self.writer.words(" — ")
            self.element(child)
            self._words(child.tail)

    def _words(self, text: str | None) -> None:
        if text:
            inline.scan(self.writer, text, mentions=True)


def _says_of_itself(element: etree._Element) -> bool:
    if set(str(element.get("class") or "").split()) & {"by", "caution"}:
        return True
    if element.tag == "table":
        return is_sources([_text(cell) for cell in _head(element)])
    return element.tag == "p" and _is_italic(element) and "[" not in _text(element)


def _is_italic(element: etree._Element) -> bool:
    """Whether all in it is emphasised, as in Markdown a line all in italics."""
    beside = [element.text, *(child.tail for child in element)]
    return [child.tag for child in element] == ["em"] and not any((text or "").strip() for text in beside)


def _head(table: etree._Element) -> Iterator[etree._Element]:
    row = next(table.iter("tr"), None)
    yield from () if row is None else row.iter("th", "td")


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())).strip()
