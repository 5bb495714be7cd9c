"""A chat model judges whether abstracts support the claims that cite them, and has to quote them.

Rows of a claim and a paper go to the model, some planted among them whose verdict is known. A verdict counts
only where the words that the judge quotes stand in that paper, and none counts of a judge that fails a
planted row. No network: the model is handed in.

::

    citations --rows_of, planted--> rows --asked--> request --judge--> reply --read--> rulings --> citations
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from agq.judge.prompt import asked, batches
from agq.judge.quotes import quoted_sentences
from agq.judge.reply import Ruling, read
from agq.judge.rows import ClaimRow, planted, rows_of
from agq.judge.seat import Asked, Judge, Reply
from agq.model import Citation, Paper, Usage

__all__ = ["Asked", "Judge", "Judgement", "Reply", "added", "judged"]

STANDS = "agq's own verdicts stand"
OTHERWISE = "says otherwise"
UNSAID = "does not say this"
SENTENCES_SHOWN_MIN = 2
"""Sentences of an abstract beside a judged claim, unless the quotation has more."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of the citations: the same ones in the same order, judged where a verdict counts.

    ``by``: the judge, empty where none of its verdicts counts.
    """

    citations: tuple[Citation, ...]
    by: str = ""
    problems: tuple[str, ...] = ()
    usage: Usage | None = None

    @property
    def failed(self) -> bool:
        """Whether a judge was asked and is of no use."""
        return bool(self.problems) and not self.by


@dataclass(frozen=True, slots=True)
class _Heard:
    """The rows of one request, what the judge said of them, and what is wrong with its reply."""

    rows: tuple[ClaimRow, ...]
    rulings: Mapping[int, Ruling]
    fault: str = ""
    strange: int = 0
    usage: Usage | None = None

    def pairs(self) -> Iterator[tuple[ClaimRow, Ruling | None]]:
        """Each row with its ruling."""
        return ((row, self.rulings.get(n)) for n, row in enumerate(self.rows, start=1))


def judged(citations: Sequence[Citation], papers: Iterable[Paper], judge: Judge) -> Judgement:
    """The citations as ``judge`` sees them. If it fails, they come back unjudged, with the failure."""
    before = tuple(citations)
    rows = rows_of(before, {paper.id: paper for paper in papers})
    heard = list(_hearing(batches(rows, judge), judge))
    usage = added(*(one.usage for one in heard))
    if failing := next((why for one in heard if (why := _fails(one))), ""):
        return Judgement(before, problems=(_told(judge, failing),), usage=usage)
    found = {row.place: (row, said) for one in heard for row, said in one.pairs() if said and not row.planted}
    after = tuple(_applied(c, *found[n]) if n in found else c for n, c in enumerate(before))
    kept = [new is not old for new, old in zip(after, before, strict=True)]
    problems = (*_of_replies(heard), *_of_rows(heard, len(rows), len(found), sum(kept)))
    told = tuple(_told(judge, problem) for problem in problems)
    return Judgement(after, judge.model if any(kept) else "", told, usage)


def added(*counts: Usage | None) -> Usage | None:
    """Tokens of several requests together; None where nobody counted."""
    known = [one for one in counts if one]
    if not known:
        return None
    return Usage(sum(one.prompt_tokens for one in known), sum(one.completion_tokens for one in known))


def _told(judge: Judge, problem: str) -> str:
    return f"the judge {judge.model} {problem}; {STANDS}"


def _hearing(parted: Iterable[Sequence[ClaimRow]], judge: Judge) -> Iterator[_Heard]:
    """Request by request, up to one that fails: a server that is gone is not asked again."""
    for rows in parted:
        whole = planted(rows)
        reply = judge.reply(asked(whole, judge))
        rulings, strange = read(reply.text, len(whole))
        fault = reply.fault or ("" if rulings else "sent no verdicts that can be read")
        yield _Heard(tuple(whole), rulings, fault, strange, reply.usage)
        if reply.fault and not rulings:
            return


def _fails(heard: _Heard) -> str:
    """Why a judge is not to be believed: what it says of the planted rows; empty where it may be."""
    said = [(row.planted, ruling.verdict) for row, ruling in heard.pairs() if ruling and row.planted]
    if ("false", "supported") in said:
        return "agrees with a false claim that was planted: its verdicts do not count"
    if any(kind == "true" and verdict != "supported" for kind, verdict in said):
        return "denies a sentence of a paper about that very paper: its verdicts do not count"
    if heard.rulings and not any(kind == "false" for kind, _ in said):
        return "says nothing of the false claims that were planted: its verdicts do not count"
    return ""


def _applied(citation: Citation, row: ClaimRow, ruling: Ruling) -> Citation:
    """The citation under a ruling; itself where the ruling counts for nothing."""
    if ruling.verdict == "not_found":
        return replace(citation, verdict="not_found", why=UNSAID)
    words = quoted_sentences(ruling.quote, row.paper)
    if not words:
        return citation
    others = [one for one in citation.evidence if one not in words]
    evidence = (*words, *others[: max(SENTENCES_SHOWN_MIN - len(words), 0)])
    why = OTHERWISE if ruling.verdict == "contradicted" else ""
    return replace(citation, verdict=ruling.verdict, why=why, evidence=evidence)


def _of_replies(heard: Sequence[_Heard]) -> Iterator[str]:
    """What is wrong with the replies of a judge that is believed, in words that go on from its name."""
    for fault, times in Counter(one.fault for one in heard if one.fault).items():
        yield fault if times == 1 else f"{fault} ({times} times)"
    if strange := sum(one.strange for one in heard):
        yield f"gave {_count(strange, 'verdict')} that cannot be used: no such row, or a second one for a row"


def _of_rows(heard: Sequence[_Heard], rows: int, ruled: int, kept: int) -> Iterator[str]:
    """Which rows are left without a verdict that counts."""
    if ruled > kept:
        yield f"quotes for {_count(ruled - kept, 'citation')} what the abstract does not hold"
    if rows > ruled and any(one.rulings for one in heard):
        yield f"gave no verdict on {_count(rows - ruled, 'citation')}"


def _count(n: int, one: str) -> str:
    return f"{n} {one if n == 1 else one + 's'}"
