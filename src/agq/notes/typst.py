"""Typst: ``@key``, ``@key[p. 3]``, ``#cite(<key>)``, ``#cite(label("a key"))``.

Of parsers there is only the compiler, which runs a note and wants its bibliography.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agq.notes.block import NoteBlock, Writer, sure
from agq.notes.syntax import is_reference

_LABEL = r"[\w](?:[\w\-]|[.:](?=[\w\-]))*"
_TOKEN = re.compile(
    rf"""
      (?P<comment>//(?<!:/.)[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<raw>(?P<ticks>`{(3,)}|`).*?(?P=ticks))
    | (?P<escape>\\.)
    | \$(?P<math>(?:[^$\\]|\\.)*)\$
    | (?P<blank>\n[ \t]*(?=\n))
    | (?P<heading>(?:^|(?<=\n))[ \t]*=+[ \t]+(?P<title>[^\n]*))
    | (?P<item>(?:^|(?<=\n))[ \t]*(?:[-+]|\d+\.)[ \t]+)
    | (?P<label><[\w.:-]+>)
    | (?P<mention>(?<!\w)@(?P<key>{_LABEL}))
    | \#(?P<code>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)
    | [\[\]]
    """,
    re.VERBOSE | re.DOTALL,
)
_KEYS = re.compile(r"<([^<>\s]+)>|label\(\s*\"([^\"]+)\"\s*\)")
_DEFINED = re.compile(rf"(?<![(,\s])\s*<({_LABEL})>\s*(?:\n|$|\])")
_STATEMENTS = frozenset({"set", "show", "let", "import", "include"})
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_STEP = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|.', re.DOTALL)
_TABLES = frozenset({"table", "grid"})
_COLUMNS = re.compile(r"columns:\s*(?:(?P<number>[1-9]\d?)\b|\((?P<listed>[^()]*[^(),\s])\s*,?\s*\))")
_NOTES = frozenset({"footnote", "sidenote", "margin-note"})
CALL_DEPTH_MAX = 30
"""Calls within calls whose content is read as blocks of their own."""


def read(text: str) -> list[NoteBlock]:
    """The prose of a note in reading order. Comments, code and mathematics on lines of its own are left
    out.
    """
    reader = _TypstReader(text)
    reader.markup(0, len(text))
    reader.writer.end()
    return reader.writer.blocks


class _TypstReader:
    """One note on its way to blocks."""

    def __init__(self, text: str) -> None:
        self.writer = Writer()
        self._text = text
        self._own = set(_DEFINED.findall(text))
        self._depth = 0

    def markup(self, at: int, end: int) -> None:
        """What stands between two places, as markup."""
        while at < end:
            token = _TOKEN.search(self._text, at, end)
            stop = token.start() if token else end
            self.writer.words(self._text[at:stop])
            at = self._token(token, end) if token else end

    def _token(self, token: re.Match[str], end: int) -> int:
        """Past ``token`` and what belongs to it."""
        kind = token.lastgroup
        if token["code"]:
            return self._code(token["code"], token.end(), end)
        if token["mention"]:
            return self._mention(token["key"], token.end(), end)
        if token["heading"] is not None:
            self.writer.end()
            self.markup(token.start("title"), token.end("title"))
            self.writer.end(claims=False)
        elif kind in {"blank", "item"}:
            self.writer.end()
            self.writer.words("\n" * token.group().count("\n"))
        else:
            self._plain(token)
        return token.end()

    def _plain(self, token: re.Match[str]) -> None:
        """Tokens that are text, or make way for as many lines as they have."""
        if token["escape"]:
            self.writer.words(token["escape"][1:])
        elif token["raw"]:
            self.writer.words(token["raw"].strip("`") if "\n" not in token["raw"] else _lines(token["raw"]))
        elif token["math"] is not None:
            inline = not token["math"].startswith((" ", "\n"))
            self.writer.words(f"${token['math']}$" if inline else f" {_lines(token['math'])}")
        elif token["comment"]:
            self.writer.words(f" {_lines(token['comment'])}")

    def _mention(self, key: str, at: int, end: int) -> int:
        past = self._closing(at, end) if self._text.startswith("[", at) else at
        if key not in self._own and not is_reference(key):
            self.writer.cite(sure(f"@{key}", [key]))
        return past

    def _code(self, name: str, at: int, end: int) -> int:
        """A call or a statement. Content behind a call's arguments goes on the sentence it stands in."""
        if name in _STATEMENTS:
            return self._apart(at, self._statement(at, end))
        past = self._closing(at, end) if self._text.startswith("(", at) else at
        if name.rpartition(".")[2] == "cite" and past > at:
            keys = [angled or quoted for angled, quoted in _KEYS.findall(self._text, at, past)]
            self.writer.cite(sure(f"#{name}{self._text[at:past]}", keys))
            return past
        past = self._apart(at, past, self._columns(name, at, past))
        if name in _NOTES and self._text.startswith("[", past) and self._depth < CALL_DEPTH_MAX:
            return self._footnote(past, self._closing(past, end))
        return past

    def _columns(self, name: str, at: int, end: int) -> int:
        columns = _COLUMNS.search(self._text, at, end) if name in _TABLES else None
        if columns is None:
            return 1
        return int(columns["number"]) if columns["number"] else columns["listed"].count(",") + 1

    def _footnote(self, at: int, end: int) -> int:
        held, self.writer = self.writer, Writer(self.writer.line)
        self._depth += 1
        self.markup(at + 1, end - 1)
        self._depth -= 1
        self.writer.end()
        held.footnote(self.writer.blocks)
        self.writer = held
        self.writer.line += self._text.count("\n", at, end)
        return end

    def _statement(self, at: int, end: int) -> int:
        """Behind a statement: the line's end that stands in no bracket."""
        while at < end and self._text[at] != "\n":
            step = _STEP.match(self._text, at, end)
            assert step is not None
            at = self._closing(at, end) if step.group() in _PAIRS else step.end()
        return at

    def _apart(self, at: int, end: int, columns: int = 1) -> int:
        """The content blocks among a call's arguments, each a block of its own; a row of cells is one."""
        if at == end or self._depth == CALL_DEPTH_MAX:
            return at
        held, self.writer = self.writer, Writer()
        self._depth += 1
        for n, (start, stop) in enumerate(self._contents(at, end)):
            if n % columns == 0:
                self.writer.end()
                self.writer.line = held.line + self._text.count("\n", at, start)
            else:
                self.writer.words(" — ")
            self.markup(start, stop)
        self.writer.end()
        self._depth -= 1
        held.later(self.writer.blocks)
        self.writer = held
        self.writer.line += self._text.count("\n", at, end)
        return end

    def _contents(self, at: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the outermost content blocks between two places stand."""
        while at < end:
            step = _STEP.match(self._text, at, end)
            assert step is not None
            if step.group() == "[":
                past = self._closing(at, end)
                yield at + 1, past - 1
                at = past
            else:
                at = step.end()

    def _closing(self, at: int, end: int) -> int:
        """Behind the mark that closes what opens at ``at``; ``end`` where none does."""
        closes: list[str] = []
        while at < end:
            step = _STEP.match(self._text, at, end)
            assert step is not None
            mark = step.group()
            if mark in _PAIRS:
                closes.append(_PAIRS[mark])
            elif closes and mark == closes[-1]:
                closes.pop()
            at = step.end()
            if not closes:
                return at
        return end


def _lines(text: str) -> str:
    return "\n" * text.count("\n")
