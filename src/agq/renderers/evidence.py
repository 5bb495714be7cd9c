"""The papers' own words set below the claims that cite them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from agq.model import Answer, Citation
from agq.renderers.parts import quoted

EVIDENCE = "In the papers' own words"
"""What opens the sentences that decide about a claim."""

_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s+")
_ROW = re.compile(r"\s*\|")


def with_evidence(answer: Answer) -> Answer:
    """The answer with a block quote below each paragraph and item: for each id the sentences that decide.

    What an answer quotes word for word needs none.
    """
    rows = shown(answer)
    text = "\n\n".join(_block(block, rows) for block in re.split(r"\n{2,}", answer.text))
    return replace(answer, text=text)


def shown(answer: Answer) -> deque[Citation]:
    """The citations that stand in the answer, in reading order."""
    return deque(one for one in answer.citations if one.verdict != "unknown_id")


def _block(block: str, rows: deque[Citation]) -> str:
    """A paragraph, or the items of a list each with its own; a table has them below its last row."""
    lines = block.split("\n")
    if _ROW.match(lines[0]):
        told = [quote for line in lines for quote in _told(line, rows)]
        return "\n".join([*lines, "", *_quote(told, "")]) if told else block
    made: list[str] = []
    item: list[str] = []
    for line in [*lines, None]:
        if item and (line is None or _ITEM.match(line.lstrip())):
            made += _with_quotes(item, rows)
            item = []
        if line is not None:
            item.append(line)
    return "\n".join(made)


def _with_quotes(item: list[str], rows: deque[Citation]) -> list[str]:
    told = [quote for line in item for quote in _told(line, rows)]
    bare = item[0].lstrip()
    mark = _ITEM.match(bare)
    indent = " " * (len(item[0]) - len(bare) + (mark.end() if mark else 0))
    gap = [] if mark or not told else [""]
    return [*item, *gap, *_quote(told, indent)]


def _quote(told: list[str], indent: str) -> list[str]:
    return f"\n{indent}>\n".join(f"{indent}> {one}" for one in told).split("\n") if told else []


def _told(line: str, rows: deque[Citation]) -> Iterator[str]:
    return (f"{words} [{one}]" for one, words in taken(line, rows))


def taken(text: str, rows: deque[Citation]) -> Iterator[tuple[str, str]]:
    """The ids that ``text`` cites, in its order, each with what its paper says; taken off ``rows``.

    What is quoted word for word needs no more words.
    """
    at = 0
    while rows and (found := text.find(f"[{rows[0].id}]", at)) >= 0:
        row = rows.popleft()
        at = found + len(row.id) + 2
        if row.evidence and row.sentence not in row.evidence:
            yield row.id, quoted(" … ".join(row.evidence))
