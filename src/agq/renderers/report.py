"""What `agq check` found in a note: a row per sentence and id."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from agq.model import Citation
from agq.renderers.json import SCHEMA, citation_object
from agq.renderers.parts import percent
from agq.text.clean import one_line

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "supported": "supported",
        "weak": "weak",
        "misquoted": "misquoted",
        "unknown_id": "unknown id",
    }
)
COLOURS: Mapping[str, str] = MappingProxyType(
    {"supported": "32", "weak": "33", "misquoted": "33", "unknown_id": "31"}
)

INDENT = " " * 7


def as_text(
    citations: Sequence[Citation], lines: Sequence[int], uncited: int, *, width: int, colours: bool
) -> str:
    """The rows in reading order, each with the line of the note, and what they come to."""
    rows = [_row(c, line, width, colours) for c, line in zip(citations, lines, strict=True)]
    return "\n".join([*rows, *([""] if rows else []), _total(citations, uncited)]) + "\n"


def _row(citation: Citation, line: int, width: int, colours: bool) -> str:
    verdict = f"{WORDS[citation.verdict]:<10}"
    if colours:
        verdict = f"\x1b[{COLOURS[citation.verdict]}m{verdict}\x1b[0m"
    support = "" if citation.verdict == "unknown_id" else percent(citation.support)
    head = f"{line:>5}  {verdict} {support:>4}  {one_line(citation.id)}"
    why = f"→ {one_line(citation.why)}" if citation.why else ""
    told = [textwrap.fill(text, width, initial_indent=INDENT, subsequent_indent=INDENT)
            for text in (one_line(citation.sentence), why) if text]  # fmt: skip
    return "\n".join([head, *told])


def _total(citations: Sequence[Citation], uncited: int) -> str:
    counts = {name: sum(c.verdict == verdict for c in citations) for verdict, name in WORDS.items()}
    told = ", ".join(f"{n} {name}" for name, n in counts.items() if n) or "no citations"
    return f"{told}; {uncited} {'sentence cites' if uncited == 1 else 'sentences cite'} nothing"


def as_object(citations: Sequence[Citation], lines: Sequence[int], uncited: int) -> dict[str, object]:
    """The rows as plain values, each with the line that its sentence begins on."""
    rows = zip(lines, citations, strict=True)
    return {
        "schema": SCHEMA,
        "citations": [{"line": line, **citation_object(citation)} for line, citation in rows],
        "uncited_sentences": uncited,
    }
