"""A paper's id as a citation key that BibTeX, LaTeX and Pandoc accept, and the notes that use it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

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


def pandoc(text: str, ids: Iterable[str]) -> str:
    """``text`` with the known ``[id]`` as Pandoc citations: ``[@key]``, neighbours as ``[@one; @two]``."""
    known = keys(ids)
    if not known:
        return text
    one = "|".join(re.escape(f"[{paper_id}]") for paper_id in sorted(known, key=len, reverse=True))
    neighbours = re.compile(rf"(?:{one})(?:\s?(?:{one}))*")
    single = re.compile(one)
    return neighbours.sub(
        lambda run: (
            "[" + "; ".join(_cite(known[m.group()[1:-1]]) for m in single.finditer(run.group())) + "]"
        ),
        text,
    )


def _cite(name: str) -> str:
    return f"@{name}" if _BARE.fullmatch(name) else f"@{{{name}}}"
