"""What is put before a judge: a row per claim and paper, and planted rows whose verdict is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agq.model import Citation, Paper
from agq.text.clean import one_line
from agq.text.sentences import sentences
from agq.text.terms import terms

Plant = Literal["", "true", "false"]

UNRELATED_TERM_SHARE = 0.3
"""A paper with at most this share of a claim's terms does not support it ..."""
CLAIM_TERMS_MIN = 4
"""... and a claim with fewer says too little to tell."""
NO_PLACE = -1
"""The place of a planted row."""

ELSEWHERE = Paper(
    "elsewhere",
    "Tuning medieval organ pipes after restoration",
    "Restored organs often drift out of tune within a year. We followed twelve village organs over three "
    "winters and compared two ways to shape the mouth of a pipe. Pipes with a rounded lower lip kept their "
    "pitch longer, while the wood of the wind chest made no difference.",
)
"""A paper that no claim rests on, where none of the cited ones is far enough from all claims."""

_FIGURE = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w.,]*\d)")


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim and the paper that is cited for it.

    ``sentence``: what the claim stands in, where it is only a part of one. ``beside``: the ids cited at the
    same place. ``place``: which of the citations it is. ``planted``: whether agq made it up, and what it is.
    """

    claim: str
    paper: Paper
    sentence: str = ""
    beside: tuple[str, ...] = ()
    place: int = NO_PLACE
    planted: Plant = ""


def rows_of(citations: Sequence[Citation], papers: Mapping[str, Paper]) -> list[ClaimRow]:
    """The rows that a judge can say something on: no id that does not exist, and no quotation that is none,
    which is known for certain.
    """
    return [
        ClaimRow(_claim(one), papers[one.id], _sentence(one), _beside(one, citations), place)
        for place, one in enumerate(citations)
        if one.id in papers and one.verdict not in {"unknown_id", "misquoted"}
    ]


def _claim(citation: Citation) -> str:
    return citation.claim or citation.sentence


def _sentence(citation: Citation) -> str:
    return citation.sentence if _claim(citation) != citation.sentence else ""


def _beside(citation: Citation, citations: Sequence[Citation]) -> tuple[str, ...]:
    place = (citation.sentence, citation.claim)
    others = (c.id for c in citations if (c.sentence, c.claim) == place and c.verdict != "unknown_id")
    return tuple(one for one in dict.fromkeys(others) if one != citation.id)


def planted(rows: Sequence[ClaimRow]) -> list[ClaimRow]:
    """The rows in their order with planted ones spread among them: a sentence of a paper about that paper, a
    claim under a wrong paper, a claim with a figure changed.
    """
    plants = [one for one in (_other_figure(rows), _wrong_paper(rows), _own_sentence(rows)) if one]
    mixed = list(rows)
    for n, plant in enumerate(plants):
        mixed.insert(max((n + 1) * len(rows) // (len(plants) + 1) + n, 1), plant)
    return mixed


def _wrong_paper(rows: Sequence[ClaimRow]) -> ClaimRow:
    """The claim and the paper of these rows that have least in common, or one that has nothing in common."""
    held = {row.paper.id: (row.paper, frozenset(terms(row.paper.text))) for row in rows}
    pairs = [
        (len(said & words) / len(said), row.claim, paper)
        for row in rows
        if len(said := frozenset(terms(row.claim))) >= CLAIM_TERMS_MIN
        for paper, words in held.values()
    ]
    share, claim, paper = min(pairs, key=lambda pair: pair[0], default=(1.0, rows[0].claim, ELSEWHERE))
    return ClaimRow(claim, paper if share <= UNRELATED_TERM_SHARE else ELSEWHERE, planted="false")


def _other_figure(rows: Sequence[ClaimRow]) -> ClaimRow | None:
    """A claim whose figure stands in its paper, with another one in its place."""
    for row in rows:
        text = one_line(row.paper.text)
        for figure in _FIGURE.finditer(row.claim):
            other = _changed(figure.group())
            if len(other) > 1 and _stands(figure.group(), text) and not _stands(other, text):
                claim = row.claim[: figure.start()] + other + row.claim[figure.end() :]
                return ClaimRow(claim, row.paper, planted="false")
    return None


def _changed(figure: str) -> str:
    """Another figure of the same form, well apart: 94 for 50, 0.36 for 0.92."""
    lead = "0." if figure.startswith("0.") else ""
    rest = re.sub(r"\d", lambda digit: str((int(digit.group()) + 4) % 10), figure.removeprefix(lead))
    return lead + (rest if lead or not rest.startswith("0") else f"3{rest[1:]}")


def _stands(figure: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(figure)}(?!\.?\d)", text) is not None


def _own_sentence(rows: Sequence[ClaimRow]) -> ClaimRow | None:
    """A paper's own sentence, the longest of the first that has one long enough."""
    for row in rows:
        told = [one for one in sentences(one_line(row.paper.abstract)) if len(terms(one)) >= CLAIM_TERMS_MIN]
        if told:
            return ClaimRow(max(told, key=len), row.paper, planted="true")
    return None
