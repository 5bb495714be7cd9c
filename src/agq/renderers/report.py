"""What `agq check` found in a note: a row per sentence and id."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

from agq.judge import Judgement
from agq.model import Citation, Verdict
from agq.renderers.json import SCHEMA, citation_object
from agq.renderers.parts import counted, percent, quoted
from agq.text.clean import one_line

COLOURS: Mapping[Verdict, str] = MappingProxyType(
    {
        "found": "32",
        "supported": "32",
        "doubtful": "33",
        "not_found": "33",
        "misquoted": "33",
        "contradicted": "31",
        "unknown_id": "31",
    }
)
"""The colour of a verdict."""

INDENT = " " * 7


def as_text(found: Judgement, lines: Sequence[int], uncited: int, *, width: int, colours: bool) -> str:
    """The rows in reading order, each with the line of the note, and what they come to."""
    rows = [_row(c, line, width, colours) for c, line in zip(found.citations, lines, strict=True)]
    return "\n".join([*rows, *([""] if rows else []), _total(found, uncited)]) + "\n"


def _row(citation: Citation, line: int, width: int, colours: bool) -> str:
    verdict = f"{_word(citation.verdict):<10}"
    if colours:
        verdict = f"\x1b[{COLOURS[citation.verdict]}m{verdict}\x1b[0m"
    relevance = "" if citation.verdict == "unknown_id" else percent(citation.relevance)
    head = f"{line:>5}  {verdict} {relevance:>4}  {one_line(citation.id)}"
    why = f"→ {one_line(citation.why)}" if citation.why else ""
    told = [_filled(text, width) for text in (one_line(citation.sentence), why) if text]
    return "\n".join([head, *told, *(_filled(quoted(text), width, "│ ") for text in citation.evidence)])


def _filled(text: str, width: int, bar: str = "") -> str:
    indent = INDENT + bar
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def _word(verdict: Verdict) -> str:
    return verdict.replace("_", " ")


def _total(found: Judgement, uncited: int) -> str:
    told = counted(found.citations) or "no citations"
    by = f"; judged by {one_line(found.by)}" if found.by else ""
    return f"{told}; {uncited} {'sentence cites' if uncited == 1 else 'sentences cite'} nothing{by}"


def as_object(found: Judgement, lines: Sequence[int], uncited: int) -> dict[str, object]:
    """The rows as plain values, each with the line that its sentence begins on."""
    rows = zip(lines, found.citations, strict=True)
    return {
        "schema": SCHEMA,
        "citations": [{"line": line, **citation_object(citation)} for line, citation in rows],
        "uncited_sentences": uncited,
        "judged_by": found.by,
        "problems": list(found.problems),
        "usage": asdict(found.usage) if found.usage else None,
    }
