"""Pandoc's citations: ``[see @a, pp. 3-5; -@b]``, ``@a [p. 3]``, ``@{a key}``; and links between notes,
``[[@a|Smith]]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import basename
from typing import NamedTuple
from urllib.parse import unquote

from agq.notes.block import Cited, KeyReading, Trust, sure
from agq.notes.syntax import is_locator, is_reference
from agq.text.citations import KEY, splits

BRACKET_CHARACTERS_MAX = 3000
"""Characters of a bracket that cites."""

BRACKET_DEPTH_MAX = 5
"""Brackets within brackets of one."""

_BRACKETS = re.compile(r"[\[\]]")
_ADDRESS = re.compile(r"\((?:[^()\s]|\([^()\s]*\))*\)")
_KEY = rf"-?@(?:\{{(?P<braced>[^{{}}\n]+)\}}|(?P<key>{KEY}))"
_ANY = re.compile(rf"(?<![\w@.+/-]){_KEY}|(?<=[^\w@])-@(?P<minus>{KEY})")
_AT = re.compile(_KEY)
_BEHIND = re.compile(r"[ \t]?\n?[ \t]*\[(?P<inner>[^\[\]]*)\](?![(\[:])")
_WIKI = re.compile(r"!?\[\[(?P<target>[^\[\]|\n]+?)(?:\\?\|(?P<alias>[^\[\]\n]*))?\]\]")
_PAGE = re.compile(r"\.(?:md|markdown|qmd|org|html?|pdf)$", re.IGNORECASE)
_BEFORE = re.compile(r"[\w@./+-]$")


class FoundCitation(NamedTuple):
    """A citation and where in the source it ends."""

    cited: Cited
    end: int


def keys(text: str) -> list[str]:
    """Every key behind an ``@`` in ``text``."""
    found = (match["braced"] or match["key"] or match["minus"] for match in _ANY.finditer(text))
    return list(dict.fromkeys(found))


def bracketed(source: str, at: int) -> FoundCitation | None:
    """``[...]`` at ``at`` with a key behind an ``@`` in it, on any level of brackets; ``[@key](address)``."""
    end = _closing(source, at)
    inner = source[at + 1 : end - 1]
    cited = group(inner) if end else None
    if cited is None:
        return None
    if not source.startswith("(", end):
        return FoundCitation(cited, end)
    address = _ADDRESS.match(source, end)
    if address is None or not inner.startswith(("@", "-@")):
        return None  # a link with words
    return FoundCitation(cited, address.end())


def _closing(source: str, at: int) -> int:
    """Where the bracket that opens at ``at`` has been closed; 0 where none opens or it is not."""
    depth = 0
    for bracket in (
        _BRACKETS.finditer(source, at, at + BRACKET_CHARACTERS_MAX) if source.startswith("[", at) else ()
    ):
        depth += 1 if bracket.group() == "[" else -1
        if not depth:
            return bracket.end()
        if depth > BRACKET_DEPTH_MAX:
            break
    return 0


def group(inner: str) -> Cited | None:
    """What stands between two brackets, where it cites. A key may hold what would end it, if it is known."""
    named = keys(inner)
    if not named:
        return None
    if all(map(is_reference, named)):
        return Cited(f"[{inner}]", (KeyReading(tuple(named), "known"),))
    named = [key for key in named if not is_reference(key)]
    whole = [inner.strip().removeprefix("-").removeprefix("@")]
    listed = (tuple(key.strip().lstrip("-@") for key in part) for part in splits(inner))
    exact = [KeyReading(tuple(part), "known") for part in (whole, *listed) if _as_keys(part, named)]
    return Cited(f"[{inner}]", (*exact, KeyReading(tuple(named), "sure")))


def _as_keys(listed: Iterable[str], named: list[str]) -> bool:
    """Whether a list could be all keys, and says more than what was named by Pandoc's rules."""
    listed = list(listed)
    return len(listed) <= len(named) and listed != named and all(" " not in key for key in listed)


def mention(source: str, at: int) -> FoundCitation | None:
    """``@key`` at ``at``, with the locator in brackets behind it."""
    match = _AT.match(source, at)
    if match is None or _BEFORE.search(source[max(0, at - 1) : at]):
        return None
    key = match["braced"] or match["key"]
    if is_reference(key):
        return FoundCitation(Cited(match.group(), (KeyReading((key,), "known"),)), match.end())
    behind = _BEHIND.match(source, match.end())
    if behind and (also := keys(behind["inner"])):
        return FoundCitation(sure(source[at : behind.end()], [key, *also]), behind.end())
    end = behind.end() if behind and is_locator(behind["inner"]) else match.end()
    trust: Trust = "sure" if match["braced"] or end > match.end() else "shape"
    return FoundCitation(Cited(source[at:end], (KeyReading((key,), trust),)), end)


def wiki(source: str, at: int) -> FoundCitation | None:
    """``[[@key]]``, ``[[folder/key#heading|alias]]`` at ``at``."""
    match = _WIKI.match(source, at)
    if match is None:
        return None
    target, _, _ = match["target"].partition("#")
    if not target.strip() or match.group().startswith("!"):
        return None
    return FoundCitation(Cited(match["alias"] or match.group(), _of_page(target.strip())), match.end())


def _of_page(target: str) -> tuple[KeyReading, ...]:
    page = _PAGE.sub("", target)
    name = basename(page)
    whole, last = page.removeprefix("@"), name.removeprefix("@")
    trust: Trust = "sure" if name.startswith("@") and " " not in name else "shape"
    return (KeyReading((whole,), "known"), KeyReading((last,), trust))


def link(target: str) -> Cited | None:
    """A link that leads to the note of a paper or to its item in Zotero."""
    address = unquote(target.partition("#")[0])
    if address.startswith("zotero:"):
        named = keys(f" {address.rpartition('/')[2]}")
        return sure(target, named) if named else None
    if "://" in address or not _PAGE.search(address):
        return None
    return Cited(target, tuple(KeyReading(reading.keys, "known") for reading in _of_page(address)))
