"""How much of what a question asks for a text holds: one absolute number, whatever else was found.

The question's terms weigh by their rarity in the index; a term that no paper has weighs most, so that a
question about something else stays uncovered. Each term gives a share of its weight that saturates with how often
the text has it, as in BM25, but against a fixed length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agq.text.terms import idf, terms

SATURATION = 0.8
"""BM25's k1: a term that stands once in a text of usual length gives 1 / (1 + 0.8) of its weight."""
LENGTH_SHARE = 0.4
"""BM25's b: how far long texts are held to repeat themselves."""
USUAL_LENGTH = 130
"""Terms of a usual title and abstract (SciFact has 155, Cranfield 97, NPL 25)."""
TITLE_WEIGHT = 2
"""A term in the title counts as often (BM25F, Robertson et al. 2004)."""
SURNAME_SHARE = 0.002
"""A term that more than this share of the papers' texts hold is a word, even where an author is called so."""

Frequencies = Callable[[Sequence[str]], Sequence[int]]
"""How many papers of the index hold each of the terms."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for: its terms, what each weighs, and which of them may be somebody's name."""

    weights: Mapping[str, float]
    names: frozenset[str]

    @property
    def total(self) -> float:
        """The weight of the whole question; 0 where it holds nothing but stop words."""
        return sum(self.weights.values())


def wanted(question: str, papers: int, frequencies: Frequencies) -> Wanted:
    """The terms of ``question``, weighed by their rarity among ``papers`` and the root of their count."""
    counted = Counter(terms(question))
    held = dict(zip(counted, frequencies(list(counted)), strict=True))
    weights = {term: count**0.5 * idf(papers, held[term]) for term, count in counted.items()}
    return Wanted(weights, frozenset(term for term in counted if held[term] <= SURNAME_SHARE * papers))


def coverage(asked: Wanted, title: str, abstract: str, authors: Iterable[str] = ()) -> float:
    """The share of the question's weight that a paper covers, 0 to 1."""
    in_title, in_abstract = terms(title), terms(abstract)
    counted = Counter(term for term in in_abstract if term in asked.weights)
    for term in in_title:
        if term in asked.weights:
            counted[term] += TITLE_WEIGHT
    length = len(in_abstract) + TITLE_WEIGHT * len(in_title)
    flat = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length / USUAL_LENGTH)
    held = sum(asked.weights[term] * count / (count + flat) for term, count in counted.items())
    held += sum(asked.weights[name] for name in _named(asked, authors) if name not in counted)
    return held / asked.total if asked.total else 0.0


def _named(asked: Wanted, authors: Iterable[str]) -> frozenset[str]:
    """The terms of the question that are names of these authors."""
    return asked.names.intersection(terms(" ".join(authors))) if asked.names else frozenset()
