"""A paper's id as a citation key that BibTeX, LaTeX and Pandoc accept, and the notes that use it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

# What ends a key for BibTeX, Biber or Pandoc, which then reads nothing of the file, or what TeX takes for
# something else. All else stays as it is: a key that somebody's files have is not to be made prettier.
_ILLEGAL = re.compile(r"[\s\"#%'(),={}~\\@<>^|]")
_START = re.compile(r"\w")
_PLAIN = re.compile(r"[^A-Za-z0-9._:/+-]+")
# Pandoc reads a bare key up to two marks in a row or one at the end; any other goes into braces.
_BARE = re.compile(r"[A-Za-z0-9]+(?:[._:/+-][A-Za-z0-9]+)*")


def key(paper_id: str) -> str:
    """The key of an id: the id itself where it is a legal key, else its legal characters and a short hash.

    It depends on nothing but the id, so it is the same in every export and every note.
    """
    if _START.match(paper_id) and paper_id.isprintable() and not _ILLEGAL.search(paper_id):
        return paper_id
    digest = hashlib.sha256(paper_id.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    readable = _PLAIN.sub("-", paper_id).strip("-._:/+") or "paper"
    return f"{readable}-{digest}"


def keys(ids: Iterable[str]) -> Mapping[str, str]:
    """A key for each id."""
    return {paper_id: key(paper_id) for paper_id in dict.fromkeys(ids)}


def styled(text: str, ids: Iterable[str], style: str) -> str:
    """``text`` with the known ``[id]`` as citations in a style of ``STYLES``, neighbours together; they stay
    where the style is ``id``."""
    known = keys(ids)
    if style == "id" or not known:
        return text
    write = STYLES[style]
    one = "|".join(re.escape(f"[{paper_id}]") for paper_id in sorted(known, key=len, reverse=True))
    neighbours = re.compile(rf"(?:{one})(?:\s?(?:{one}))*")
    single = re.compile(one)
    return neighbours.sub(
        lambda run: write([known[found.group()[1:-1]] for found in single.finditer(run.group())]), text
    )


def _pandoc(cited: Sequence[str]) -> str:
    """``[@one; @{an other}]``."""
    return f"[{'; '.join(f'@{name}' if _BARE.fullmatch(name) else f'@{{{name}}}' for name in cited)}]"


def _wiki(cited: Sequence[str]) -> str:
    """``[[one]] [[other]]``: links to notes of these names."""
    return " ".join(f"[[{name}]]" for name in cited)


def _org(cited: Sequence[str]) -> str:
    """``[cite:@one;@other]``."""
    return f"[cite:{';'.join(f'@{name}' for name in cited)}]"


STYLES: Mapping[str, Callable[[Sequence[str]], str]] = MappingProxyType(
    {"pandoc": _pandoc, "wiki": _wiki, "org": _org}
)
"""How keys are cited. They have no sign that would end a citation, a link or a key."""
