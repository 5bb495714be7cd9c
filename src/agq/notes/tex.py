r"""LaTeX's citations, read where they stand: ``\cite`` and its kin of natbib, biblatex, apacite, csquotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agq.notes.block import Cited, KeyReading, sure
from agq.notes.pandoc import FoundCitation
from agq.notes.syntax import among

ARGUMENT_CHARACTERS_MAX = 10_000
"""Characters of one argument."""
GROUP_DEPTH_MAX = 20
"""Groups within groups of one."""
NOTHING = Cited("", (KeyReading((), "sure"),))
"""A citation that names no paper: all of the bibliography, a parameter of a definition."""

_MACRO = re.compile(r"\\(?P<name>[A-Za-z]+\*?)")
_SPACE = re.compile(r"(?:[ \t]|%[^\n]*\n?|\n(?![ \t]*\n))*")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*(?:\n[ \t]*|$)")
_STEP = re.compile(r"\\.|%[^\n]*\n?|\n[ \t]*\n|[^\\%\n\[\]{}()<>]+|.", re.DOTALL)
_PAIRS = {"[": "]", "{": "}", "(": ")", "<": ">"}


class _Argument(NamedTuple):
    text: str
    end: int


def is_citation(name: str) -> bool:
    """Whether a macro cites."""
    if among(name, "latex.no_citation"):
        return False
    return "cite" in name.lower() or among(name, "latex.citations") or among(name, "latex.second")


def is_silent(name: str) -> bool:
    """Whether it names papers for the list of references, and no sentence leans on them."""
    return among(name, "latex.silent")


def citation(source: str, at: int) -> FoundCitation | None:
    """The citation whose backslash stands at ``at``; None where none does."""
    macro = _MACRO.match(source, at)
    if macro is None or not is_citation(macro["name"]):
        return None
    groups = list(_groups(source, macro.end(), macro["name"].rstrip("*")))
    end = groups[-1].end if groups else macro.end()
    keys = [key for group in groups for key in _keys(group.text)]
    if keys and all(key == "*" or "#" in key for key in keys):
        return FoundCitation(NOTHING, end)
    return FoundCitation(sure(source[at:end], keys), end)


def _groups(source: str, at: int, name: str) -> Iterator[_Argument]:
    """The arguments that hold keys."""
    plural = name.lower().endswith("cites")
    second = among(name, "latex.second")
    at = _past(source, at, "(") if plural else at
    while True:
        group = _argument(source, _past(source, at, "[<"), "{")
        if group and second:
            group = _argument(source, _past(source, group.end, "["), "{")
        if group is None:
            return
        yield group
        if not plural:
            return
        at = group.end


def _past(source: str, at: int, opening: str) -> int:
    """Behind the arguments at ``at`` that open so, as many as there are."""
    while found := _argument(source, at, opening):
        at = found.end
    return at


def _argument(source: str, at: int, opening: str) -> _Argument | None:
    """The argument that begins at ``at``, blanks and comments before it passed over, if it opens so."""
    space = _SPACE.match(source, at)
    start = space.end() if space else at
    mark = source[start : start + 1]
    if not mark or mark not in opening or (mark == "<" and start > at):
        return None
    end = _closing(source, start)
    return _Argument(source[start + 1 : end - 1], end) if end else None


def _closing(source: str, start: int) -> int:
    """Behind the mark that closes what opens at ``start``; 0 where nothing does before the paragraph ends."""
    closes, at = list[str](), start
    while at < min(len(source), start + ARGUMENT_CHARACTERS_MAX):
        step = _STEP.match(source, at)
        mark = step.group() if step else source[at]
        if mark.startswith("\n") and mark.strip(" \t") == "\n\n":
            return 0
        at += len(mark)
        if closes and mark == closes[-1]:
            closes.pop()
        elif mark == "{" or mark == source[start]:
            closes.append(_PAIRS[mark])
        if not closes:
            return at
        if len(closes) > GROUP_DEPTH_MAX:
            break
    return 0


def _keys(group: str) -> Iterator[str]:
    for key in _COMMENT.sub("", group).split(","):
        if key.strip():
            yield " ".join(key.split())
