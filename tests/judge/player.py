"""Judges that are played: each reads what a judge is sent, and says what its kind says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agq.judge import Asked, Reply
from agq.model import Usage


@dataclass(frozen=True)
class Given:
    """A row as the judge reads it."""

    number: int
    title: str
    abstract: str
    claim: str


Play = Callable[[Sequence[Given]], str]

_PAPER = re.compile(r"^paper (P\d+)\ntitle: (.*)\nabstract: (.*)$", re.MULTILINE)
_ROW = re.compile(
    r"^row (\d+), paper (P\d+): (.*?)(?: \[part of: .*\])?(?: \[cited together .*\])?$", re.MULTILINE
)


def rows(messages: Sequence[Mapping[str, str]]) -> list[Given]:
    """The rows of a request."""
    text = messages[-1]["content"]
    papers = {key: (title, abstract) for key, title, abstract in _PAPER.findall(text)}
    return [Given(int(n), *papers[key], claim) for n, key, claim in _ROW.findall(text)]


def verdicts(entries: Sequence[tuple[int, str, str]]) -> str:
    """A reply as it is asked for: row, verdict, quotation."""
    return json.dumps({"rows": [{"row": n, "quote": quote, "verdict": v} for n, v, quote in entries]})


@dataclass(frozen=True)
class Honest:
    """Knows of some claims, by title and claim, what the paper says; else finds only what stands there."""

    known: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def __call__(self, given: Sequence[Given]) -> str:
        return verdicts([(row.number, *self.of(row)) for row in given])

    def of(self, row: Given) -> tuple[str, str]:
        """The verdict on a row, and the quotation."""
        if row.claim in row.abstract:
            return "supported", row.claim
        return self.known.get((row.title, row.claim), ("not_found", ""))


def agreeing(given: Sequence[Given]) -> str:
    """Says that everything is borne out, with words that do stand there."""
    return verdicts([(row.number, "supported", row.abstract.split(". ")[0]) for row in given])


def denying(given: Sequence[Given]) -> str:
    """Says that nothing is there."""
    return verdicts([(row.number, "not_found", "") for row in given])


@dataclass
class Played:
    """A judge of this process, and what it was asked."""

    play: Play
    room: int = 8_000
    model: str = "played"
    usage: Usage | None = field(default_factory=lambda: Usage(100, 10))
    fault: str = ""
    asked: list[Asked] = field(default_factory=list)

    def tokens(self, text: str) -> int:
        """A rough count."""
        return len(text) // 4

    def reply(self, asked: Asked) -> Reply:
        """What its kind says."""
        self.asked.append(asked)
        return Reply(self.play(rows(asked.messages)), self.usage, self.fault)
