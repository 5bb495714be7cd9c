"""XML as a stream of records, with lxml.

The file is cut at its records' tags and each record parsed by itself: a mistake in one costs no other
(lxml's own recovery nests what follows into the broken record), and memory holds one. Entities are left
alone and nothing is fetched, so a file cannot make itself grow or read another.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from agq.readers.base import Bad, Input, Raw, Reader
from agq.readers.streams import CHUNK_BYTES
from agq.readers.xml.kind import Context, Kind

if TYPE_CHECKING:
    from lxml.etree import _Element

_NO_TEXT = bytes(c for c in range(32) if c not in b"\t\n\r")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")
_XMLNS = re.compile(rb"(xmlns(?::[\w.-]+)?)\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_ENTITIES = frozenset({"ERR_UNDECLARED_ENTITY", "WAR_UNDECLARED_ENTITY"})
_LOST = "\ufffd"


class _Text:
    """The file as UTF-8 whatever it declares, without the bytes that XML forbids, in a window of bounded
    length."""

    def __init__(self, file: Input) -> None:
        self._stream = file.stream
        self._decode = codecs.getincrementaldecoder(_encoding(file.head))(errors="replace").decode
        self._lines = 1
        self.data = b""
        self.ended = False

    def more(self) -> None:
        """A further piece."""
        piece = self._stream.read(CHUNK_BYTES)
        self.ended = not piece
        self.data += self._decode(piece, final=self.ended).encode().translate(None, _NO_TEXT)

    def line(self, at: int) -> int:
        """The number of the line at this place in the window."""
        return self._lines + self.data.count(b"\n", 0, at)

    def cut(self, at: int) -> None:
        """Lets go of what stands before ``at``."""
        self._lines = self.line(at)
        self.data = self.data[at:]


def _encoding(head: bytes) -> str:
    declared = _DECLARED.search(head[:200])
    try:
        name = codecs.lookup(declared.group(1).decode()).name if declared else "utf-8"
    except LookupError:
        return "utf-8"
    return "utf-8" if name.startswith(("utf-16", "ascii")) else name


class _Piece(NamedTuple):
    """A record's text, the line it begins in, what stood before it, and whether it has an end."""

    data: bytes
    line: int
    before: bytes
    whole: bool


def _read(kind: Kind, file: Input) -> Iterator[Raw | Bad]:
    text = _Text(file)
    spaces: bytes | None = None
    context: Context = {}
    for number, piece in enumerate(_pieces(text, kind.tag, file.limits.record), start=1):
        spaces = _name_spaces(piece.before) if spaces is None else spaces
        context = kind.around(piece.before, context)
        if piece.whole:
            yield _record(piece, kind, spaces, context, str(number))
        elif not (text.ended and file.broken):
            yield Bad("the record does not end, or is too long", piece.line, str(number))


def _pieces(text: _Text, tag: str, limit: int) -> Iterator[_Piece]:
    """The records, cut at their tags, so that a mistake in one stays in it."""
    begins = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?(?:%b))(?=[\s>/])" % tag.encode())
    before = b""
    while True:
        found = begins.search(text.data)
        if found is None:
            if text.ended:
                return
            keep = max(0, len(text.data) - 4096)
            before = (before + text.data[:keep])[-limit:]
            text.cut(keep)
            text.more()
            continue
        before += text.data[: found.start()]
        text.cut(found.start())
        end = _end(text, found.group(1), limit)
        line = text.line(0)
        stop = abs(end)
        yield _Piece(text.data[:stop], line, before, end > 0)
        text.cut(stop)
        before = b""


def _end(text: _Text, name: bytes, limit: int) -> int:
    """Where the record at the beginning of the window ends; negative where the next begins first or nothing
    ends it."""
    marks = re.compile(rb"<(/?)%b(?=[\s>/])[^<>]*?(/?)>" % re.escape(name))
    depth, at = 0, 0
    while True:
        found = marks.search(text.data, at)
        if found is None:
            if text.ended or len(text.data) > limit:
                return -len(text.data)
            at = max(at, len(text.data) - 4096)
            text.more()
            continue
        opens = not found.group(1)
        if opens and depth and b"xmlns" not in found.group():
            return -found.start()
        depth += 1 if opens and not found.group(2) else -1 if not opens else 0
        at = found.end()
        if depth == 0:
            return at


def _name_spaces(before: bytes) -> bytes:
    """The name spaces declared around the records."""
    return b" ".join(b"%b=%b" % pair for pair in dict(_XMLNS.findall(before)).items())


def _record(piece: _Piece, kind: Kind, spaces: bytes, context: Context, number: str) -> Raw | Bad:
    document = b"<r %b>%b</r>" % (spaces, piece.data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        encoding="utf-8",
        remove_comments=True,
    )
    root = etree.fromstring(document, parser)
    mistake = next((entry for entry in parser.error_log if entry.type_name not in _ENTITIES), None)
    if mistake is not None or root is None or not len(root):
        reason = mistake.message if mistake is not None else "nothing in it"
        return Bad(
            f"not valid XML: {reason}", piece.line + (mistake.line - 1 if mistake is not None else 0), number
        )
    fields = kind.fields(root[0], context)
    problem = fields if isinstance(fields, str) else _unreadable(root[0])
    return (
        Bad(problem, piece.line, number)
        if isinstance(fields, str) or problem
        else Raw(fields, kind.layout, piece.line, number)
    )


def _unreadable(element: _Element) -> str:
    """Why a record's text is not what its writer meant; empty where it is."""
    for entity in element.iter(etree.Entity):
        if html.unescape(entity.text or "") == entity.text:
            return f"uses the XML entity {entity.text}, which is not resolved"
    return "not valid UTF-8" if any(_LOST in text for text in element.itertext()) else ""


def reader(kind: Kind) -> Reader:
    """The reader of one kind of XML."""
    return partial(_read, kind)
