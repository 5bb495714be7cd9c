"""Markdown of every kind: CommonMark, Pandoc, Quarto, MyST, Obsidian, an answer of agq."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from agq.notes import html, inline, pandoc, tex
from agq.notes.block import FOOTNOTE_WORDS_MIN, Cited, NoteBlock, Writer, bracket, sure
from agq.notes.own import is_plain_source, is_sources
from agq.notes.syntax import among

_FRONT = re.compile(r"---[ \t]*\n(?=\S)(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_ROLE = re.compile(r":(?:foot)?cite(?::\w+)*:`(?P<keys>[^`]*)`")
_ROLE_NAME = re.compile(r"(?:foot)?cite(?::\w+)*")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}")
_CALLOUT = re.compile(r"^(?P<bar>[ \t]*(?:>[ \t]*)+)\[![\w-]+\][+-]?[ \t]*(?P<title>.*)$", re.MULTILINE)
_FENCED_DIV = re.compile(r"^:{3,}.*$", re.MULTILINE)


def read(text: str) -> list[NoteBlock]:
    """The prose of a note in reading order. Code claims nothing and is left out, as is what an answer says of
    itself: its table of sources, and a line all in italics that cites nothing, such as its byline.
    """
    return _MarkdownReader(_front_matter(text)).read()


def _front_matter(text: str) -> str:
    """Metadata and the fences of divisions make way for blank lines, which keep the count; a callout's title
    is a heading."""
    front = _FRONT.match(text)
    if front:
        text = "\n" * front.group().count("\n") + text[front.end() :]
    return _CALLOUT.sub(r"\g<bar>###### \g<title>", _FENCED_DIV.sub("", text))


def parser() -> MarkdownIt:
    """CommonMark with tables, footnotes, mathematics, MyST's roles, and a rule for each way to cite."""
    md = MarkdownIt("commonmark").enable("table")
    footnote_plugin(md, move_to_end=False, always_match_refs=True)
    dollarmath_plugin(md, allow_space=False, allow_digits=False, double_inline=True)
    myst_role_plugin(md)
    md.inline.ruler.before("escape", "tex_citation", _tex)
    md.inline.ruler.before("escape", "sphinx_role", _sphinx)
    md.inline.ruler.before("link", "wiki_link", _wiki)
    md.inline.ruler.after("wiki_link", "citation_group", _group)
    md.inline.ruler.after("citation_group", "citation", _mention)
    md.inline.ruler.push("bracket", _bracket)  # when it can be no link and no footnote
    return md


def _push(state: StateInline, silent: bool, cited: Cited, end: int) -> bool:
    if not silent:
        token = state.push("citation", "", 0)
        token.meta = {"cited": cited}
        token.content = state.src[state.pos : end]
    state.pos = end
    return True


def _tex(state: StateInline, silent: bool) -> bool:
    found = tex.citation(state.src, state.pos)
    return found is not None and _push(state, silent, found.cited, found.end)


def _sphinx(state: StateInline, silent: bool) -> bool:
    match = _ROLE.match(state.src, state.pos)
    return match is not None and _push(state, silent, _of_role(match.group(), match["keys"]), match.end())


def _of_role(written: str, listed: str) -> Cited:
    """``{see}key{p. 3},other``: what stands in braces is no key."""
    keys = re.sub(r"\{[^{}]*\}", "", listed).split(",")
    return sure(written, filter(None, map(str.strip, keys)))


def _wiki(state: StateInline, silent: bool) -> bool:
    found = pandoc.wiki(state.src, state.pos)
    if found is None or state.src.startswith("(", found.end):
        return False  # [[id]](address) is a link
    return _push(state, silent, found.cited, found.end)


def _group(state: StateInline, silent: bool) -> bool:
    found = pandoc.bracketed(state.src, state.pos)
    return found is not None and _push(state, silent, found.cited, found.end)


def _mention(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(("@", "-@"), state.pos):
        return False
    found = pandoc.mention(state.src, state.pos)
    return found is not None and _push(state, silent, found.cited, found.end)


def _bracket(state: StateInline, silent: bool) -> bool:
    found = inline.listed(state.src, state.pos)
    return found is not None and _push(state, silent, found.cited, found.end)


@dataclass(slots=True)
class _MarkdownReader:
    """The tokens of one note on their way to blocks."""

    text: str
    line: int = 1
    writer: Writer = field(default_factory=Writer)
    env: dict[str, object] = field(default_factory=dict)
    footnotes: Mapping[str, Sequence[Token]] = field(default_factory=dict)

    def read(self) -> list[NoteBlock]:
        tokens = parser().parse(self.text, self.env)
        self.footnotes = _footnotes(tokens)
        for group in _groups(tokens, self._is_read_at_its_mark):
            self._group(group)
        return self.writer.blocks

    def _group(self, group: Sequence[Token]) -> None:
        first = group[0]
        self.writer.line = self.line + (first.map[0] if first.map else 0)
        if first.type == "table_open":
            self._table(group)
        elif first.type == "fence":
            self._fence(first)
        elif first.type == "html_block":
            self.writer.blocks += html.read(first.content, self.writer.line)
        elif first.type == "heading_open":
            self._inline(group[1])
            self.writer.end(claims=False)
        elif first.type == "inline" and not (first.hidden or _says_of_itself(first)):
            self._inline(first)
            self.writer.end()

    def _table(self, group: Sequence[Token]) -> None:
        rows = list(_rows(group))
        if rows and is_sources([cell.content for cell in rows[0][1]]):
            return
        for line, cells in rows:
            self.writer.line = self.line + line
            for n, cell in enumerate(cells):
                self.writer.words(" — " if n else "")
                self._inline(cell)
            self.writer.end()

    def _fence(self, token: Token) -> None:
        """A directive of MyST holds Markdown; any other fence code."""
        directive = _DIRECTIVE.match(token.info.strip())
        if directive and among(directive["name"], "markdown.directives"):
            inner = re.sub(r"^:[\w-]+:.*$", "", token.content, flags=re.MULTILINE)
            self.writer.blocks += _MarkdownReader(inner, self.writer.line + 1).read()

    def _inline(self, token: Token) -> None:
        children = token.children or []
        at = 0
        while at < len(children):
            end = _end(children, at, "link_close") if children[at].type == "link_open" else at + 1
            if end > at + 1:
                self._link(children[at:end])
            else:
                self._child(children[at])
            at = end

    def _child(self, child: Token) -> None:
        cited = _cited(child)
        if cited:
            self.writer.cite(cited)
        elif child.type == "footnote_ref":
            self._footnote(child)
        elif child.type == "myst_role":
            self.writer.words(child.content.strip("`"))
        elif child.type in {"softbreak", "hardbreak"}:
            self.writer.words("\n")
        elif child.type in {"math_inline", "math_inline_double"}:
            self.writer.words(f"${child.content}$")
        elif child.type in {"text", "code_inline", "text_special", "image"}:
            self.writer.words(child.content)

    def _link(self, children: Sequence[Token]) -> None:
        """A link whose text is an id, or that leads to the note of a paper, cites."""
        opening, *inside, _ = children
        if all(child.type in {"text", "code_inline"} for child in inside):
            text = "".join(child.content for child in inside)
            self.writer.cite(Cited(text, bracket(text).readings))
        else:
            for child in inside:
                self._child(child)
        if cited := pandoc.link(str(opening.attrGet("href") or "")):
            self.writer.cite(Cited("", cited.readings))

    def _is_read_at_its_mark(self, footnote: Sequence[Token]) -> bool:
        """Whether a footnote that a mark refers to says nothing beside what it cites."""
        notes = self.env.get("footnotes")
        assert isinstance(notes, Mapping)
        return notes["refs"].get(f":{footnote[0].meta['label']}", -1) >= 0 and _is_short(footnote)

    def _footnote(self, child: Token) -> None:
        """What a footnote cites is cited where its mark stands."""
        label = child.meta.get("label")
        if label is None:
            said: Sequence[Token] = self._inline_notes(child.meta["id"])
        elif label in self.footnotes:
            said = self.footnotes[label]
        else:
            self.writer.cite(bracket(f"^{label}"))
            return
        for cited in _cited_in(said):
            self.writer.words(" ")
            self.writer.cite(Cited("", cited.readings))

    def _inline_notes(self, number: int) -> Sequence[Token]:
        notes = self.env.get("footnotes")
        assert isinstance(notes, Mapping)
        tokens: Sequence[Token] = notes["list"][number].get("tokens", ())
        return tokens


def _groups(
    tokens: Sequence[Token], is_skipped: Callable[[Sequence[Token]], bool]
) -> Iterator[Sequence[Token]]:
    """A table, a heading or any other token at a time, without the footnotes that are skipped."""
    n = 0
    while n < len(tokens):
        kind = tokens[n].type.removesuffix("_open")
        end = _end(tokens, n, f"{kind}_close") if kind in {"table", "heading"} else n + 1
        if kind == "footnote_reference" and tokens[n].nesting == 1:
            past = _end(tokens, n, "footnote_reference_close")
            end = past if is_skipped(tokens[n:past]) else end
        else:
            yield tokens[n:end]
        n = end


def _end(tokens: Sequence[Token], at: int, kind: str) -> int:
    return next((n + 1 for n in range(at, len(tokens)) if tokens[n].type == kind), len(tokens))


def _footnotes(tokens: Sequence[Token]) -> dict[str, list[Token]]:
    """What each footnote's definition says, by label."""
    found: dict[str, list[Token]] = {}
    for n, token in enumerate(tokens):
        if token.type == "footnote_reference_open":
            inside = tokens[n : _end(tokens, n, "footnote_reference_close")]
            found[token.meta["label"]] = [child for one in inside for child in one.children or []]
    return found


def _is_short(tokens: Sequence[Token]) -> bool:
    texts = (child.content for token in tokens for child in token.children or [] if child.type == "text")
    return sum(len(text.split()) for text in texts) < FOOTNOTE_WORDS_MIN


def _cited(child: Token) -> Cited | None:
    if child.type == "citation":
        cited: Cited = child.meta["cited"]
        return cited
    if child.type == "myst_role" and _ROLE_NAME.fullmatch(child.meta["name"]):
        return _of_role(f"{{{child.meta['name']}}}{child.content}", child.content.strip("`"))
    return None


def _cited_in(children: Sequence[Token]) -> Iterator[Cited]:
    """The citations of a footnote; one that is a single word may be an id."""
    found = [cited for child in children if (cited := _cited(child))]
    text = "".join(child.content for child in children if child.type in {"text", "code_inline"}).strip()
    if not found and text and " " not in text:
        yield bracket(text)
    yield from found


def _rows(group: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """The cells of each row of a table, with the line of the row."""
    cells: list[Token] = []
    line = 0
    for token in group:
        if token.type == "tr_open":
            cells, line = [], token.map[0] if token.map else line
        elif token.type == "inline":
            cells.append(token)
        elif token.type == "tr_close":
            yield line, cells


def _says_of_itself(token: Token) -> bool:
    if is_plain_source(token.content):
        return True
    children = token.children or []
    if any(child.type in {"citation", "footnote_ref", "myst_role"} for child in children):
        return False
    marks = [child.type for child in children if child.type != "text" or child.content]
    return marks[:1] == ["em_open"] and marks.index("em_close") == len(marks) - 1
