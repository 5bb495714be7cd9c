"""XML as a stream, with lxml: PubMed, OAI-PMH, Atom, ACL Anthology, JATS.

The file is cut at its records' tags and each record parsed by itself: a mistake in one costs no other
(lxml's own recovery nests what follows into the broken record), and memory holds one. Entities are left
alone and nothing is fetched, so a file cannot make itself grow or read another.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from agq.readers.base import Bad, Draft, Fields, Input, Layout, Raw, Reader
from agq.readers.streams import CHUNK_BYTES
from agq.readers.tex import script
from agq.text.people import Name

if TYPE_CHECKING:
    from lxml.etree import _Element

_NO_TEXT = bytes(c for c in range(32) if c not in b"\t\n\r")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")
_XMLNS = re.compile(rb"(xmlns(?::[\w.-]+)?)\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_ENTITIES = frozenset({"ERR_UNDECLARED_ENTITY", "WAR_UNDECLARED_ENTITY"})
_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
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


Context = Mapping[str, str]
"""What stands around the records and says something of them."""


class Kind(NamedTuple):
    """One sort of XML: its record's tag, what makes fields of one (or says why not), what sorts those.

    ``around`` reads what stands between the records.
    """

    tag: str
    fields: Callable[[_Element, Context], Fields | str]
    layout: Layout
    around: Callable[[bytes, Context], Context] = lambda _between, context: context


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


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: _Element | None, *path: str) -> _Element | None:
    """The element down this path of names, the first of each."""
    for name in path:
        element = next((e for e in element if local(e) == name), None) if element is not None else None
    return element


def children(element: _Element | None, *path: str) -> list[_Element]:
    """All elements down this path of names."""
    held = [element] if element is not None else []
    for name in path:
        held = [e for parent in held for e in parent if local(e) == name]
    return held


def flat(element: _Element | None) -> str:
    """The text of an element and of those in it; what is raised or lowered in Unicode's letters, formulas as
    TeX."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for inside in element:
        parts.append(_inside(inside))
        parts.append(inside.tail or "")
    return "".join(parts)


def _inside(element: _Element) -> str:
    if element.tag is etree.Entity:
        return html.unescape(element.text or "")
    name = local(element)
    if name in ("sub", "sup"):
        return script("^" if name == "sup" else "_", flat(element))
    if name == "tex-math":
        return _formula(flat(element))
    if name == "alternatives" and (maths := child(element, "tex-math")) is not None:
        return _formula(flat(maths))
    return flat(element) if name else ""


def _formula(text: str) -> str:
    if found := _DOCUMENT.search(text):
        return found.group(1)
    return text if text.startswith("$") else f"${text}$"


def at(element: _Element | None, *path: str) -> str:
    """The text down a path of names."""
    return flat(child(element, *path)).strip()


def texts(element: _Element | None, *path: str) -> list[str]:
    """The texts of all elements down a path of names."""
    return [flat(e).strip() for e in children(element, *path)]


def drafted(layout: str, mapping: Mapping[str, str], type_: str = "") -> Layout:
    """What makes a draft of fields that already have a paper's names; ``fields`` are CSL's variables."""

    def draft(fields: Fields) -> Draft:
        def text(name: str) -> str:
            value = fields.get(name)
            return value if isinstance(value, str) else ""

        def several(name: str) -> list[str]:
            value = fields.get(name)
            return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []

        def people(name: str) -> list[Name]:
            value = fields.get(name)
            return [v for v in value if isinstance(v, Name)] if isinstance(value, list) else []

        return Draft(
            key=text("id"),
            title=text("title"),
            abstract=text("abstract"),
            authors=people("authors"),
            categories=several("categories"),
            date=text("date"),
            doi=text("doi"),
            arxiv=text("arxiv"),
            pmid=text("pmid"),
            url=text("url"),
            venue=text("venue"),
            type=text("type") or type_,
            fields=held if isinstance(held := fields.get("fields"), Mapping) else {},
            handles=several("handles"),
            layout=layout,
            mapping=mapping,
        )

    return draft


def reader(kind: Kind) -> Reader:
    """The reader of one kind of XML."""
    return partial(_read, kind)
