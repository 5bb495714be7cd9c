"""How much of what a question asks for a text holds: one absolute number, whatever else was found.

The question's terms weigh by their rarity in the index; a term that no paper has weighs most, so that a
question about something else stays uncovered. Each term gives a share of its weight that saturates with how
often the text has it, as in BM25, but against a fixed length. The constants were chosen on SciFact, NPL and
Cranfield together (``benchmarks/retrieval.py``); around them the figures are flat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agq.text.lexicon import lexicon
from agq.text.spelling import corrected
from agq.text.terms import Frequencies, idf, terms, tokens

SATURATION = 0.8
"""BM25's k1: a term that stands once in a text of usual length gives 1 / (1 + 0.8) of its weight."""
LENGTH_SHARE = 0.4
"""BM25's b: how far long texts are held to repeat themselves."""
USUAL_LENGTH = 130
"""Terms of a usual title and abstract (SciFact has 155, Cranfield 97, NPL 25)."""
TITLE_WEIGHT = 2
"""A term in the title counts as often (BM25F, Robertson et al. 2004)."""
LONG_QUESTION_WEIGHT = 5.0
"""Beyond the weight of so many unseen terms a question is too long for one abstract to cover: what is
expected grows by the root."""
SURNAME_SHARE = 0.002
"""A term that more than this share of the papers' texts hold is a word, even where an author is called so."""
MISSPELT_WORDS_MAX = 4
"""How many words of a question are looked up for slips of the fingers."""
REQUEST = frozenset(term for word in lexicon("questions")["asking"] for term in terms(word))
"""How people ask, not what for. Left out of a question that says something else too."""


@dataclass(frozen=True, slots=True)
class WantedTerms:
    """What a question asks for.

    ``weights``: its terms and what each weighs. ``total``: what a text is expected to cover, at most the
    sum of the weights. ``names``: the terms that may be somebody's name. ``corrections``: what stands for
    words misspelt.
    """

    weights: Mapping[str, float]
    total: float
    names: frozenset[str] = frozenset()
    corrections: tuple[str, ...] = ()


def wanted(
    question: str, papers: int, frequencies: Frequencies, knows: Callable[[str], bool] | None = None
) -> WantedTerms:
    """The terms of ``question``, weighed by their rarity among ``papers`` and the root of their count.

    ``knows``: whether a word is one of the language; slips of the fingers are looked for where it is given.
    """
    counted = Counter(terms(question))
    counted = Counter({term: n for term, n in counted.items() if term not in REQUEST}) or counted
    held = dict(zip(counted, frequencies(list(counted)), strict=True))
    weights = {term: count**0.5 * idf(papers, held[term]) for term, count in counted.items()}
    meant = _corrections(_unseen(question, held), frequencies, knows) if knows else ()
    names = frozenset(term for term in counted if held[term] <= SURNAME_SHARE * papers)
    total = _expected(sum(weights.values()), idf(papers, 0))
    for term in meant:
        weights.setdefault(term, idf(papers, *frequencies([term])))
    return WantedTerms(weights, total, names, meant)


def _unseen(question: str, held: Mapping[str, int]) -> list[str]:
    """The words of ``question`` that count and that no paper has."""
    words = dict.fromkeys(tokens(question))
    return [word for word in words if (found := terms(word)) and not any(held.get(t, 1) for t in found)]


def _corrections(
    unseen: Sequence[str], frequencies: Frequencies, knows: Callable[[str], bool]
) -> tuple[str, ...]:
    """What stands for words that neither a paper nor the language has."""
    strange = [word for word in unseen if not knows(word)]
    return tuple(filter(None, (corrected(word, frequencies) for word in strange[:MISSPELT_WORDS_MAX])))


def _expected(weight: float, unseen: float) -> float:
    """The weight a text is held to: all of a short question's, the root of what a long one has beyond
    ``LONG_QUESTION_WEIGHT``."""
    longest = LONG_QUESTION_WEIGHT * unseen
    return weight if weight <= longest else longest * (weight / longest) ** 0.5


def coverage(
    asked: WantedTerms, title: Sequence[str], said: Sequence[str], names: Iterable[str] = ()
) -> float:
    """The share of the question's weight that a paper covers: 0 to 1, for very long questions beyond.

    ``title``: the terms of its title. ``said``: those of title and abstract. ``names``: those of its authors.
    """
    if not asked.total:
        return 0.0
    weights, more = asked.weights, TITLE_WEIGHT - 1
    counted = Counter([term for term in said if term in weights])
    for term in title:
        if term in weights:
            counted[term] += more
    length = len(said) + more * len(title)
    flat = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length / USUAL_LENGTH)
    held = sum(weights[term] * count / (count + flat) for term, count in counted.items())
    names = dict.fromkeys(name for name in names if name in asked.names and name not in counted)
    held += sum(weights[name] for name in names)
    return held / asked.total


def share(asked: WantedTerms, text: str) -> float:
    """The share of the question's weight whose terms ``text`` has at all, 0 to 1."""
    weight = sum(asked.weights.values())
    held = dict.fromkeys(terms(text))  # in order: a sum over a set is another with every run
    return sum(asked.weights.get(term, 0.0) for term in held) / weight if weight else 0.0
