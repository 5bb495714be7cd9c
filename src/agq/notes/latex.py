r"""LaTeX: what stands between ``\begin{document}`` and its end, or all of a part that has neither."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate

from pylatexenc import latexwalker, macrospec
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexCommentNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexSpecialsNode,
)

from agq.notes import inline, tex
from agq.notes.block import Cited, NoteBlock, Writer
from agq.notes.syntax import among, names

_MACRO = re.compile(r"\\([A-Za-z]+)")
_CODE = re.compile(
    r"""\*?[ ]*(?:\[[^\]\n]*\])?
        (?:\{[^{}\n]*\}(?=[{|!+]))?                                    # the language of \mintinline
        (?:\{(?:[^{}\n]|\{[^{}\n]*\})*\} | (?P<mark>[^\sA-Za-z*{])[^\n]*?(?P=mark))""",
    re.VERBOSE,
)
_PARAGRAPH = re.compile(r"(\n[ \t]*\n\s*)")


class _CitationArguments(macrospec.MacroStandardArgsParser):  # type: ignore[misc]  # untyped
    """The arguments of a macro that cites, however many it takes."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._macro = f"\\{name}"

    def parse_args(self, w, pos, parsing_state=None):  # type: ignore[no-untyped-def]  # noqa: ARG002
        start = pos - len(self._macro)
        start = w.s.rfind(self._macro, 0, pos) if w.s[start:pos] != self._macro else start
        found = tex.citation(w.s, start)
        arguments = macrospec.ParsedMacroArgs()
        arguments.cited = found.cited if found else tex.NOTHING
        return arguments, pos, max(0, found.end - pos) if found else 0


class _Verbatim(macrospec.MacroStandardArgsParser):  # type: ignore[misc]  # untyped
    """All until the environment's end, as it is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._end = f"\\end{{{name}}}"

    def parse_args(self, w, pos, parsing_state=None):  # type: ignore[no-untyped-def]  # noqa: ARG002
        end = w.s.find(self._end, pos)
        return macrospec.ParsedMacroArgs(), pos, (end if end >= 0 else len(w.s)) - pos


class _Verb(macrospec.MacroStandardArgsParser):  # type: ignore[misc]  # untyped
    """Code within a line: pylatexenc's own reader stumbles where the note ends there."""

    def parse_args(self, w, pos, parsing_state=None):  # type: ignore[no-untyped-def]  # noqa: ARG002
        code = _CODE.match(w.s, pos)
        return macrospec.ParsedMacroArgs(), pos, code.end() - pos if code else 0


def read(text: str) -> list[NoteBlock]:
    """The prose of a part or a document in reading order. Comments, code, mathematics on lines of its own and
    the list of references are left out.
    """
    walker = latexwalker.LatexWalker(text, latex_context=_macros(text), tolerant_parsing=True)
    nodes, _, _ = walker.get_latex_nodes()
    reader = _LatexReader(text)
    reader.walk(_document(nodes))
    reader.writer.end()
    return reader.writer.blocks


def _macros(text: str) -> macrospec.LatexContextDb:
    """What pylatexenc knows of macros, and each one of the note that cites."""
    known = latexwalker.get_default_latex_context_db()
    citing = [name for name in set(_MACRO.findall(text)) if tex.is_citation(name)]
    known.add_context_category(
        "citations",
        macros=[
            *(macrospec.MacroSpec(name, args_parser=_CitationArguments(name)) for name in citing),
            *(macrospec.MacroSpec(name, args_parser=_Verb()) for name in names("latex.code")),
        ],
        environments=[
            macrospec.EnvironmentSpec(name, args_parser=_Verbatim(name)) for name in names("latex.verbatim")
        ],
        prepend=True,
    )
    return known


def _document(nodes: Sequence[LatexNode]) -> Sequence[LatexNode]:
    for node in nodes:
        if node.isNodeType(LatexEnvironmentNode) and node.environmentname == "document":
            return node.nodelist or ()
    return nodes


class _LatexReader:
    """The nodes of one note on their way to blocks."""

    def __init__(self, text: str) -> None:
        self.writer = Writer()
        self._ends = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))[1:]
        self._text = LatexNodes2Text(_plain(), math_mode="text", keep_comments=False)
        self._specs = latexwalker.get_default_latex_context_db()
        self._tables = 0

    def walk(self, nodes: Sequence[LatexNode]) -> None:
        skipped = 0
        for node in filter(None, nodes):
            if skipped and _is_body(node):
                skipped -= 1
                continue
            skipped = 2 if _defines(node) else 0
            self.writer.line = bisect(self._ends, node.pos) + 1
            self._node(node)

    def _node(self, node: LatexNode) -> None:
        if node.isNodeType(LatexCharsNode):
            self._characters(node.chars)
        elif node.isNodeType(LatexGroupNode):
            self.walk(node.nodelist)
        elif node.isNodeType(LatexMacroNode):
            self._macro(node)
        elif node.isNodeType(LatexEnvironmentNode):
            self._environment(node)
        elif node.isNodeType(LatexMathNode):
            self._mathematics(node)
        elif node.isNodeType(LatexSpecialsNode):
            self._special(node)
        elif node.isNodeType(LatexCommentNode):
            self.writer.words(" ")

    def _characters(self, text: str) -> None:
        for n, piece in enumerate(_PARAGRAPH.split(text)):
            if n % 2:
                self.writer.end()
                self.writer.line += piece.count("\n")
            else:
                inline.scan(self.writer, piece)

    def _special(self, node: LatexSpecialsNode) -> None:
        if "\n" in node.specials_chars:
            self.writer.end()
        elif node.specials_chars == "&" and self._tables:
            self.writer.words(" — ")
        else:
            self._plain(node)

    def _plain(self, node: LatexNode) -> None:
        self.writer.words(" ".join(self._text.nodelist_to_text([node]).split("\n")))

    def _mathematics(self, node: LatexMathNode) -> None:
        if node.displaytype == "inline":
            self._plain(node)
        self._citations_alone(node.nodelist)

    def _citations_alone(self, nodes: Sequence[LatexNode]) -> None:
        for cited in _citations(nodes):
            self.writer.cite(cited)

    def _environment(self, node: LatexEnvironmentNode) -> None:
        name = node.environmentname
        if among(name, "latex.verbatim") or among(name, "latex.skipped"):
            return
        spec = self._specs.get_environment_spec(name)
        if spec is not None and spec.is_math_mode:
            self._citations_alone(node.nodelist)
            return
        self.writer.end()
        table = among(name, "latex.tables")
        self._tables += table
        self.walk(_after_columns(node.nodelist) if table else node.nodelist)
        self._tables -= table
        self.writer.end()

    def _macro(self, node: LatexMacroNode) -> None:
        name = node.macroname
        cited = getattr(node.nodeargd, "cited", None)
        if cited is not None:
            self.writer.note(cited) if tex.is_silent(name) else self.writer.cite(cited)
        elif name in {"item", "par"} or (name == "\\" and self._tables):
            self.writer.end()
        elif name in {"\\", "newline", "linebreak"}:
            self.writer.words(" ")
        elif among(name, "latex.headings") or among(name, "latex.blocks"):
            self.writer.end()
            self.walk(_arguments(node))
            self.writer.end(claims=among(name, "latex.blocks"))
        elif among(name, "latex.footnotes"):
            self._footnote(node)
        elif not (among(name, "latex.ignored") or among(name, "latex.code")):
            self._other(node)

    def _other(self, node: LatexMacroNode) -> None:
        if any(_citations([node])):
            self.walk(_arguments(node))
        else:
            self._plain(node)

    def _footnote(self, node: LatexMacroNode) -> None:
        held, self.writer = self.writer, Writer(self.writer.line)
        self.walk(_arguments(node))
        self.writer.end()
        held.footnote(self.writer.blocks)
        self.writer = held


def _plain() -> object:
    known = get_default_latex_context_db()
    known.add_context_category(
        "left out", macros=[MacroTextSpec(name, "") for name in names("latex.ignored")], prepend=True
    )
    return known


def _arguments(node: LatexMacroNode) -> list[LatexNode]:
    return [one for one in (node.nodeargd.argnlist if node.nodeargd else None) or [] if one is not None]


def _defines(node: LatexNode) -> bool:
    return (
        node.isNodeType(LatexMacroNode)
        and among(node.macroname, "latex.definitions")
        and not any(_arguments(node))
    )


def _is_body(node: LatexNode) -> bool:
    """Whether a node may be the name or the body of a definition."""
    return not node.isNodeType(LatexEnvironmentNode)


def _after_columns(nodes: Sequence[LatexNode]) -> Sequence[LatexNode]:
    """The rows of a table, without the groups that say its width and columns."""
    first = next((n for n, node in enumerate(nodes) if not node.isNodeType(LatexGroupNode)), len(nodes))
    return nodes[first:]


def _citations(nodes: Sequence[LatexNode]) -> list[Cited]:
    """Every citation in ``nodes``, at any depth."""
    found: list[Cited] = []
    for node in filter(None, nodes):
        cited = getattr(getattr(node, "nodeargd", None), "cited", None)
        inside = getattr(node, "nodelist", None) or ()
        arguments = getattr(getattr(node, "nodeargd", None), "argnlist", None) or ()
        found += [*([cited] if cited else []), *_citations(arguments), *_citations(inside)]
    return found
