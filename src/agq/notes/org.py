"""Org: Org's own citations, ``[cite/t:see @a p. 3; @b]``, and org-ref's, ``cite:a,b`` and ``[[cite:&a;&b]]``.

orgparse tells the outline from the text; citations are none of what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import orgparse
from orgparse.node import OrgBaseNode, OrgNode

from agq.notes import inline, pandoc
from agq.notes.block import Cited, NoteBlock, Writer, are_short, bracket, sure
from agq.notes.own import is_sources
from agq.text.citations import KEY

_TYPE = r"(?:no|paren|text|auto|foot|foottext|full|super|smart|p?note)?cite[\w*-]*"
_CITATION = re.compile(
    rf"""
      \[cite(?:/[\w/-]*)?:(?P<own>(?:[^\[\]]|\[[^\[\]]*\])*)\]
    | \[\[{_TYPE}:(?P<linked>[^\]]+)\](?:\[[^\]]*\])?\]
    | \[\[(?P<target>[^\[\]]+)\](?:\[(?P<text>[^\[\]]*)\])?\]
    | (?<![\w:/`=~]){_TYPE}:(?P<listed>&?{KEY}(?:[,;]&?{KEY})*)
    | \[fn:(?P<label>[\w-]*)(?::(?P<said>(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*))?\]
    | (?<!\w)(?P<fence>[=~])(?P<code>\S|\S[^\n]*?\S)(?P=fence)(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AT = re.compile(rf"@({KEY}|[^\s;,\]]+)")
_AMPERSAND = re.compile(rf"&({KEY})")
_BEGIN = re.compile(r"\s*#\+begin_(?:src|example|comment|export)", re.IGNORECASE)
_END = re.compile(r"\s*#\+end_", re.IGNORECASE)
_DRAWER = re.compile(r"\s*:(?!END:)[\w-]+:\s*$", re.IGNORECASE)
_DRAWER_END = re.compile(r"\s*:END:", re.IGNORECASE)
_LEFT_OUT = re.compile(r"\s*(?:#(?:\s|$|\+)|(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):|\|[-+|]+\s*$|-{5,}\s*$)")
_CAPTION = re.compile(r"\s*#\+caption(?:\[[^\]]*\])?:", re.IGNORECASE)
_ITEM = re.compile(r"(?:\s*[-+]|\s*\d+[.)]|\s+\*)\s+(?:\[[ X-]\]\s+)?")
_ITALICS = re.compile(r"/(?=\S)[^/]+/|/(?=\S).{1,200}[^\s/]/")
_FOOTNOTE = re.compile(r"\[fn:(?P<label>[\w-]+)\](?=\s)")


def read(text: str) -> list[NoteBlock]:
    """The prose of a note in reading order. Code, comments, properties and subtrees that begin with COMMENT
    are left out.
    """
    reader = _OrgReader(text)
    for node in orgparse.loads(text):
        reader.node(node)
    return reader.writer.blocks


class _OrgReader:
    """One note on its way to blocks."""

    def __init__(self, text: str) -> None:
        self.writer = Writer()
        self._footnotes = _footnotes(text)
        self._within: list[str] = []
        self._read_at_marks = {match["label"] for match in _CITATION.finditer(text) if match["label"]}

    def node(self, node: OrgBaseNode) -> None:
        """A heading and the text below it, to the next heading."""
        if _is_comment(node):
            return
        lines = str(node).split("\n")
        if isinstance(node, OrgNode):
            self._paragraph(node.linenumber, node.get_heading(format="raw"), claims=False)
            lines[0] = ""
        for line, paragraph in _paragraphs(list(_without_sources(lines)), node.linenumber):
            if not (self._is_read_at_its_mark(paragraph) or _says_of_itself(paragraph)):
                self._paragraph(line, paragraph)

    def _is_read_at_its_mark(self, paragraph: str) -> bool:
        footnote = _FOOTNOTE.match(paragraph)
        if footnote is None or footnote["label"] not in self._read_at_marks:
            return False
        return are_short(self._blocks(paragraph[footnote.end() :], 1))

    def _paragraph(self, line: int, text: str, *, claims: bool = True) -> None:
        self.writer.line = line
        self._inline(_FOOTNOTE.sub("", text, count=1) if _FOOTNOTE.match(text) else text)
        self.writer.end(claims=claims)

    def _inline(self, text: str) -> None:
        last = 0
        for match in _CITATION.finditer(text):
            inline.scan(self.writer, text[last : match.start()])
            self._special(match)
            last = match.end()
        inline.scan(self.writer, text[last:])

    def _special(self, match: re.Match[str]) -> None:
        if match["own"] is not None:
            self.writer.cite(sure(match.group(), _AT.findall(match["own"])))
        elif listed := match["linked"] or match["listed"]:
            self.writer.cite(sure(match.group(), _AMPERSAND.findall(listed) or re.split(r"[,;]", listed)))
        elif match["target"]:
            self._link(match["target"], match["text"])
        elif match["label"] is not None:
            self._footnote(match["label"], match["said"])
        else:
            self.writer.words(match["code"])

    def _footnote(self, label: str, said: str | None) -> None:
        if label and label in self._within:
            return  # a footnote that refers to itself
        self._within.append(label)
        blocks = self._blocks(said or self._footnotes.get(label, ""), self.writer.line)
        self._within.pop()
        self.writer.footnote(blocks)

    def _link(self, target: str, text: str | None) -> None:
        readings = bracket(target).readings[:1]  # a heading is as likely
        paper = pandoc.link(target.removeprefix("file:"))
        self.writer.cite(Cited(text or "", (*readings, *(paper.readings if paper else ()))))

    def _blocks(self, text: str, line: int) -> list[NoteBlock]:
        held, self.writer = self.writer, Writer(line)
        self._inline(text)
        self.writer.end()
        blocks, self.writer = self.writer.blocks, held
        return blocks


def _without_sources(lines: Sequence[str]) -> Iterator[str]:
    """The lines without an answer's table of sources, which makes way for blank ones."""
    within = False
    for line in lines:
        cells = line.strip().strip("|").split("|") if line.lstrip().startswith("|") else []
        within = bool(cells) and (within or is_sources([cell.strip() for cell in cells]))
        yield "" if within else line


def _says_of_itself(paragraph: str) -> bool:
    """Whether it is all in italics and cites nothing, such as an answer's byline."""
    return _ITALICS.fullmatch(paragraph.strip()) is not None and not _CITATION.search(paragraph)


def _is_comment(node: OrgBaseNode) -> bool:
    heading = node.get_heading(format="raw") if isinstance(node, OrgNode) else ""
    above = node.parent
    return heading.startswith("COMMENT") or (above is not None and _is_comment(above))


def _footnotes(text: str) -> dict[str, str]:
    """What each footnote says, by label: from its definition to the next blank line."""
    paragraphs = re.split(r"\n\s*\n|\n(?=\[fn:|\*)", text)
    found = ((_FOOTNOTE.match(paragraph), paragraph) for paragraph in paragraphs)
    return {match["label"]: paragraph[match.end() :].strip() for match, paragraph in found if match}


def _paragraphs(lines: Sequence[str], first: int) -> Iterator[tuple[int, str]]:
    """Paragraphs, items, captions and rows of tables, each with its line."""
    held: list[str] = []
    start = first
    for number, line in _prose(lines, first):
        if _opens(line) and held:
            yield start, "\n".join(held)
            held = []
        if not line.strip():
            continue
        start = start if held else number
        held.append(_bare(line))
        if line.lstrip().startswith("|") or _CAPTION.match(line):
            yield start, held.pop()
    if held:
        yield start, "\n".join(held)


def _opens(line: str) -> bool:
    """Whether what came before ends here."""
    return (
        not line.strip()
        or line.lstrip().startswith("|")
        or any(pattern.match(line) for pattern in (_ITEM, _FOOTNOTE, _CAPTION))
    )


def _bare(line: str) -> str:
    if line.lstrip().startswith("|"):
        return " — ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    return _ITEM.sub("", _CAPTION.sub("", line, count=1), count=1) if _opens(line) else line


def _prose(lines: Sequence[str], first: int) -> Iterator[tuple[int, str]]:
    """The lines that are neither code nor drawers; a line of settings or a comment is as good as blank."""
    until: re.Pattern[str] | None = None
    for number, line in enumerate(lines, start=first):
        if until:
            until = None if until.match(line) else until
            yield number, ""
        elif _BEGIN.match(line) or _DRAWER.match(line):
            until = _END if _BEGIN.match(line) else _DRAWER_END
            yield number, ""
        else:
            yield number, "" if _LEFT_OUT.match(line) and not _CAPTION.match(line) else line
