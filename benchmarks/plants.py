"""What rows planted among those of a judge are worth: which judges they find out, and which they do not.

Answers are made of true and false claims over real abstracts, those of one field together, so that a wrong
paper is wrong among its like. Judges are played: each knows the labels and agrees with a share of the false
claims, planted ones among them, by chance; its quotations are the abstract's own. Counted are the answers in
which a judge is found out, what an answer's rows are, and the quotations that are recognised.

    python benchmarks/plants.py [--json FILE]
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agq.judge import Asked, Reply, judged
from agq.judge.quotes import quoted_sentences
from agq.judge.rows import ELSEWHERE, ClaimRow, planted, rows_of
from agq.model import Citation, Paper

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
AGREES = (1.0, 0.5, 0.2, 0.1, 0.0)
"""Shares of the false claims that the played judges agree with."""
CITATIONS = 12
"""Of an answer."""
TIMES = 5
"""Tries of each played judge on each answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """A claim, its abstract, and whether that states it."""

    claim: str
    id: str
    true: bool
    field: str


class Played:
    """A judge that knows the labels and agrees with false claims by chance."""

    model = "played"
    room = 100_000

    def __init__(self, agrees: Callable[[], bool], true: frozenset[tuple[str, str]]) -> None:
        self._agrees = agrees
        self._true = true

    def tokens(self, text: str) -> int:
        """A rough count."""
        return len(text) // 4

    def reply(self, asked: Asked) -> Reply:
        """A verdict on every row, none with a quotation: only what it says of the planted ones matters."""
        told = asked.messages[-1]["content"]
        said = [(row.number, self._says(row)) for row in _given(told)]
        return Reply(json.dumps([{"row": n, "quote": "", "verdict": verdict} for n, verdict in said]))

    def _says(self, row: _Given) -> str:
        true = (row.claim, row.abstract) in self._true or row.claim in row.abstract
        return "supported" if true or self._agrees() else "not_found"


@dataclass(frozen=True, slots=True)
class _Given:
    number: int
    abstract: str
    claim: str


def _given(told: str) -> Iterator[_Given]:
    """The rows of a request as a model reads them."""
    abstracts: dict[str, str] = {}
    key = ""
    for line in told.splitlines():
        head, _, rest = line.partition(": ")
        if line.startswith("paper "):
            key = line.split()[1]
        elif head == "abstract":
            abstracts[key] = rest
        elif line.startswith("row "):
            number, _, paper = head.removeprefix("row ").partition(", paper ")
            yield _Given(int(number), abstracts[paper], rest)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    claims, papers, quotations = _read()
    answers = list(_answers(claims))
    figures = {
        "answers": len(answers),
        **_rows(answers, papers),
        "found out": {share: _found_out(share, answers, papers) for share in AGREES},
        "quotations recognised": _recognised(quotations, papers),
    }
    _print(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _read() -> tuple[list[Said], Mapping[str, Paper], list[tuple[str, str]]]:
    """The claims on one abstract, the papers, and quotations of all of them."""
    lines = [json.loads(line) for line in (DATA / "evidence" / "claims.jsonl").open(encoding="utf-8")]
    wanted = {one for line in lines for one in line["ids"]}
    claims = [Said(x["claim"], x["ids"][0], x["true"], x["field"]) for x in lines if len(x["ids"]) == 1]
    quotations = [(key, quote) for x in lines for key, quotes in x["evidence"].items() for quote in quotes]
    return claims, _papers(wanted), quotations


def _papers(wanted: set[str]) -> Mapping[str, Paper]:
    with gzip.open(DATA / "arxiv" / "arxiv-metadata-40k.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = (json.loads(line) for line in lines)
        return {x["id"]: Paper(x["id"], x["title"], x["abstract"]) for x in found if x["id"] in wanted}


def _answers(claims: Sequence[Said]) -> Iterator[list[Said]]:
    """Claims of one field, a dozen at a time, those on one abstract spread over several answers."""
    fields: dict[str, list[Said]] = defaultdict(list)
    for said in claims:
        fields[said.field].append(said)
    for told in fields.values():
        random.Random(1).shuffle(told)
        yield from (told[at : at + CITATIONS] for at in range(0, len(told) - CITATIONS + 1, CITATIONS))


def _citations(answer: Sequence[Said]) -> list[Citation]:
    return [Citation(said.id, said.claim, 0.5, "found") for said in answer]


def _rows(answers: Sequence[Sequence[Said]], papers: Mapping[str, Paper]) -> dict[str, float]:
    """What is planted in these answers, by share of them."""
    plants: list[list[ClaimRow]] = []
    for answer in answers:
        rows = planted(rows_of(_citations(answer), papers))
        plants.append([row for row in rows if row.planted == "false"])
    n = len(answers)
    return {
        "with a changed figure": sum(len(told) == 2 for told in plants) / n,
        "wrong paper of the answer's own": sum(told[-1].paper is not ELSEWHERE for told in plants) / n,
    }


def _found_out(share: float, answers: Sequence[Sequence[Said]], papers: Mapping[str, Paper]) -> float:
    """In which share of the answers a judge that agrees with ``share`` of the false claims is found out."""
    chance = random.Random(2)
    caught = 0
    for answer in answers:
        true = frozenset((said.claim, _told(papers[said.id])) for said in answer if said.true)
        judge = Played(lambda: chance.random() < share, true)
        cited = [papers[said.id] for said in answer]
        for _ in range(TIMES):
            problems = judged(_citations(answer), cited, judge).problems
            caught += any("agrees with a false claim" in problem for problem in problems)
    return caught / (TIMES * len(answers))


def _told(paper: Paper) -> str:
    return " ".join(paper.abstract.split())


def _recognised(quotations: Sequence[tuple[str, str]], papers: Mapping[str, Paper]) -> dict[str, float]:
    """Which quotations count: whole, their first and last words with an ellipsis, with one word changed, and
    of another paper.
    """
    ids = sorted(papers)
    kinds: dict[str, Callable[[str, str], tuple[str, str]]] = {
        "whole": lambda key, quote: (key, quote),
        "with an ellipsis": lambda key, quote: (key, _shortened(quote)),
        "a word changed": lambda key, quote: (key, _altered(quote)),
        "of another paper": lambda key, quote: (ids[ids.index(key) - 1], quote),
    }
    return {
        name: sum(bool(quoted_sentences(text, papers[key])) for key, text in (make(*q) for q in quotations))
        / len(quotations)
        for name, make in kinds.items()
    }


def _shortened(quote: str) -> str:
    words = quote.split()
    return quote if len(words) < 10 else f"{' '.join(words[:4])} ... {' '.join(words[-4:])}"


def _altered(quote: str) -> str:
    words = quote.split()
    words[len(words) // 2] = "reportedly"
    return " ".join(words)


def _print(figures: Mapping[str, Any]) -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(name)
            print(*(f"  {key}: {share:.3f}" for key, share in value.items()), sep="\n")
        else:
            print(f"{name}: {value:.3g}")


if __name__ == "__main__":
    main()
