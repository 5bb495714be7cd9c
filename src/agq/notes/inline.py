"""Citations in plain running text, of whichever syntax: ``[id]``, ``[@key]``, ``[[key]]``, ``@key``."""

from __future__ import annotations

import re

from agq.notes import pandoc
from agq.notes.block import Writer, bracket
from agq.notes.pandoc import FoundCitation

BRACKET_CHARACTERS_MAX = 300
"""Characters of a bracket that may list ids."""

_INNER = re.compile(
    rf"""
      \[(?P<inner>(?:[^\[\]\\`]|\\[^\w\s]){{1,{BRACKET_CHARACTERS_MAX}}})\]
    | 【(?P<cjk>[^【】]{{1,{BRACKET_CHARACTERS_MAX}}})】
    """,
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\([^\w\s])")
_OURS = re.compile(r"\s\([?!]\)")
_OPENS = re.compile(r"[\[【]|-?@")


def scan(writer: Writer, text: str, *, mentions: bool = False) -> None:
    """``text`` on its way into a block. ``mentions``: a bare ``@key`` may cite."""
    last = 0
    for opening in _OPENS.finditer(text):
        if opening.start() < last:
            continue
        found = found_at(text, opening.start(), mentions=mentions)
        if found:
            writer.words(text[last : opening.start()])
            writer.cite(found.cited)
            last = found.end
    writer.words(text[last:])


def found_at(text: str, at: int, *, mentions: bool) -> FoundCitation | None:
    """What cites at ``at``."""
    if text.startswith(("@", "-@"), at):
        return pandoc.mention(text, at) if mentions else None
    return pandoc.wiki(text, at) or pandoc.bracketed(text, at) or listed(text, at)


def listed(text: str, at: int) -> FoundCitation | None:
    """``[id]`` or ``[id, id]`` at ``at``, with a mark of ours, from an earlier answer, behind it."""
    match = _INNER.match(text, at)
    if match is None:
        return None
    ours = _OURS.match(text, match.end())
    inner = _ESCAPED.sub(r"\1", match["inner"] or match["cjk"])
    return FoundCitation(bracket(inner), ours.end() if ours else match.end())
