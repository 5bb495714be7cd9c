"""Fits what tells whether a question turns on a word that no paper mentions, and says how far it holds.

Questions over four libraries, each library left out in turn: of those that a library answers, how many have a
word named; of those that turn on a word that no record has, for how many that word is named. Printed last are
the weights fitted on all four. Those that ship were fitted on an earlier state of the same values: they name
more at about the same share of false names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agq.index.search import IndexReader
from agq.match import Compared
from agq.mentions import NEEDED_PROBABILITY, Language, unmentioned
from agq.retrieve import retrieve
from evidence import fitted as logistic
from graded import options, table
from percentage import QUESTIONS, library

ROUNDS, RIDGE = 50, 2.0


@dataclass(frozen=True, slots=True)
class Word:
    """A word that no paper found mentions: of which question, its values, and whether it is what is missing
    there; None where nobody knows."""

    library: str
    question: int
    values: tuple[float, ...]
    missing: bool | None


def main() -> None:
    """Print the table and the weights."""
    given = options(__doc__ or "").parse_args()
    asked = [json.loads(line) for line in (QUESTIONS / "libraries.jsonl").read_text("utf-8").splitlines()]
    kinds = {number: one["expect"] for number, one in enumerate(asked)}
    names = sorted({one["library"] for one in asked})
    words: list[Word] = []
    for name in names:
        with library(name, given.cache) as index:
            mine = [(number, one) for number, one in enumerate(asked) if one["library"] == name]
            words += [word for number, one in mine for word in _words(index, name, number, one)]
    rows = []
    for name in names:
        weights = fitted([word for word in words if word.library != name])
        named = {
            word.question
            for word in words
            if word.library == name and chance(weights, word) >= NEEDED_PROBABILITY
        }
        hit = {
            w.question
            for w in words
            if w.library == name and w.missing and chance(weights, w) >= NEEDED_PROBABILITY
        }
        own = [n for n, one in enumerate(asked) if one["library"] == name]
        answerable = [n for n in own if kinds[n] == "answer"]
        beyond = [n for n in own if kinds[n] == "nothing"]
        alarmed = sum(n in named for n in answerable) / len(answerable)
        found = sum(n in hit for n in beyond) / len(beyond)
        rows.append([name, f"{alarmed:.0%} of {len(answerable)}", f"{found:.0%} of {len(beyond)}"])
    print(table(["left out", "answerable, a word named", "the missing word named"], rows))
    print(", ".join(f"{weight:.3f}" for weight in fitted(words)))


def _words(index: IndexReader, name: str, number: int, one: dict[str, object]) -> Iterator[Word]:
    if one["expect"] not in {"answer", "nothing"}:
        return
    question, embedder = str(one["question"]), index.embedder()
    ids = [source.paper.id for source in retrieve(index, embedder, question).sources]
    listed = [Compared(held.paper, held.vector, 0.0, 0.0) for held in index.candidates(ids)]
    rank = embedder.rank  # type: ignore[attr-defined]  # the default encoder's
    language = Language(embedder.embed, index.document_frequencies, rank)
    for word in unmentioned(question, embedder.embed([question])[0], listed, language):
        known = True if _is_missing(one, word.name) else None if one["expect"] == "nothing" else False
        yield Word(name, number, word.values, known)


def _is_missing(one: dict[str, object], name: str) -> bool:
    checked = one.get("checked") or []
    assert isinstance(checked, list)
    named = name.lower() in str(one.get("missing", "")).lower()
    return one["expect"] == "nothing" and (named or any(re.search(term, name, re.I) for term in checked))


def fitted(words: Sequence[Word]) -> NDArray[np.float64]:
    """Bias and weights of a logistic model of the words of which it is known."""
    sure = [word for word in words if word.missing is not None]
    wanted = np.array([float(bool(word.missing)) for word in sure])
    weights, bias = logistic(np.array([word.values for word in sure]), wanted, penalty=RIDGE, steps=ROUNDS)
    return np.array([bias, *weights])


def chance(weights: NDArray[np.float64], word: Word) -> float:
    """How likely a question turns on a word, by other weights than those that ship."""
    return float(1 / (1 + np.exp(-(weights[0] + weights[1:] @ np.array(word.values)))))


if __name__ == "__main__":
    main()
