"""Authors in a question: ``papers by X``, ``what has X written``, ``X et al. 2022``, ``X and Y on ...``.

A name is what the index has as an author's. Whether a word that is one is meant as a name shows by what
stands around it and, where that says little, by how many papers have the word in their text: few speak of
Bonanno, many of forests, be there a Dr Forest or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from agq.text.terms import fold, terms
from agq.understand.words import Words, lexicon

NAME_WORDS_MAX = 5
"""Words of a name at most."""
SPOKEN_OF_RATIO_MAX = 3
"""How many times more papers may speak of a word than its author has written, where the words around it call
for a name."""

_SOMETHING = frozenset(("anything", "everything", "all", "one"))
_YEAR = re.compile(r"(1[6-9]|20)\d\d[a-z]?")


class Authors(Protocol):
    """What an index knows of authors, and in how many papers' texts terms stand."""

    def author_counts(self, names: Sequence[str]) -> list[int]:
        """How many papers each of these authors has."""

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """How many papers hold each of the terms."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of a question that may be a name, from ``start`` to before ``end``."""

    start: int
    end: int
    name: str
    papers: int
    capital: bool
    spoken: int

    @property
    def full(self) -> bool:
        """Whether it is more than one word."""
        return self.end - self.start > 1

    @property
    def rare(self) -> bool:
        """Whether hardly any paper speaks of what the word means besides."""
        return self.spoken <= SPOKEN_OF_RATIO_MAX * self.papers


@dataclass(frozen=True, slots=True)
class People:
    """The authors that a question asks for; ``together``: papers that all of them have written.

    ``unknown``: names in an author's place that no paper has. ``year``: the one behind a name. ``plain``: the
    words around a name call for one.
    """

    names: tuple[str, ...] = ()
    together: bool = False
    unknown: tuple[str, ...] = ()
    year: str = ""
    places: tuple[int, ...] = ()
    plain: bool = True


def people(words: Words, index: Authors) -> People:
    """The authors that ``words`` ask for."""
    spans = _spans(words, index)
    chains = [_chain(words, spans, one) for one in spans]
    chains.sort(key=lambda chain: (-len(chain), chain[0].start))
    for accepted, plain in ((_called_for, True), (_stands_out, False)):
        for chain in chains:
            if accepted(words, chain):
                return _found(words, chain, plain=plain)
    return _unknown(words, index)


def _spans(words: Words, index: Authors) -> list[Span]:
    """The words that are a name of the index's, the longest of those that overlap."""
    runs = [run for run in _runs(words) if any(terms(words.folded(at)) for at in run)]
    names = [" ".join(words.all[at].name for at in run) for run in runs]
    counts = index.author_counts(names) if names else []
    known = [(run, name, count) for run, name, count in zip(runs, names, counts, strict=True) if count]
    known.sort(key=lambda one: (-len(one[0]), one[0].start))
    taken: set[int] = set()
    found: list[Span] = []
    for run, name, count in known:
        if taken.isdisjoint(run):
            taken.update(run)
            capital = any(words.all[at].capital for at in run)
            found.append(Span(run.start, run.stop, name, count, capital, _spoken(name, index)))
    return found


def _spoken(name: str, index: Authors) -> int:
    """In how many papers' texts the rarest part of a name stands."""
    return min(index.document_frequencies(terms(name)), default=0)


def _runs(words: Words) -> Iterator[range]:
    for start in words.left:
        for end in range(start + 1, min(start + NAME_WORDS_MAX, len(words)) + 1):
            if end - 1 in words.taken:
                break
            yield range(start, end)
            if words.all[end - 1].ends:
                break


def _chain(words: Words, spans: Sequence[Span], first: Span) -> list[Span]:
    """A name and those that are joined to it by ``and`` or a comma."""
    chain, by_start = [first], {one.start: one for one in spans}
    while True:
        end = chain[-1].end
        joined = words.folded(end) in {"and", "&"}
        listed = words.all[end - 1].raw.endswith(",")
        following = by_start.get(end + 1 if joined else end) if joined or listed else None
        if following is None or not (following.capital or not first.capital):
            return chain
        chain.append(following)


def _called_for(words: Words, chain: Sequence[Span]) -> bool:
    """Whether the words around names call for an author."""
    first, last = chain[0], chain[-1]
    likely = first.capital or first.rare or first.full
    return likely and (_in_place(words, first.start, last.end) or _alone(words, chain))


def _in_place(words: Words, start: int, end: int) -> bool:
    """Whether an author's name is to be expected at a place of the question."""
    papers, written = lexicon()["papers"], lexicon()["written"]
    before, after = words.folded(start - 1), words.folded(end)
    if before == "by":
        return start == 1 or words.folded(start - 2) in papers | written | _SOMETHING
    if before in {"author", "authors"}:
        return True
    if after == "et" and words.folded(end + 1) == "al":
        return True
    if _YEAR.fullmatch(after):
        return before not in lexicon()["prepositions"]
    if words.all[end - 1].possessive:
        return any(words.folded(at) in papers for at in range(end, end + 3))
    helped = before in {"has", "have", "did", "does", "do"}
    return helped and any(words.folded(at) in written for at in range(end, end + 2))


def _alone(words: Words, chain: Sequence[Span]) -> bool:
    """Whether nothing else is asked for."""
    inside = {at for span in chain for at in range(span.start, span.end)}
    return all(at in inside or words.is_request(at) for at in words.left)


def _stands_out(words: Words, chain: Sequence[Span]) -> bool:
    """Whether names are hardly anything else, though nothing calls for them."""
    first, last = chain[0], chain[-1]
    if not first.capital or words.folded(first.start - 1) in lexicon()["prepositions"]:
        return False
    opens = words.opens(first.start)
    led = opens and words.folded(last.end) in {"on", "about", "since", "after", "before", "regarding"}
    led = led or words.folded(first.start - 1) == "by"
    return (led and first.rare) or (first.full and first.rare) or not first.spoken


def _found(words: Words, chain: Sequence[Span], *, plain: bool) -> People:
    start, end = chain[0].start, chain[-1].end
    places = [*range(start, end)]
    if words.folded(start - 1) in {"by", "author", "authors"}:
        places.append(start - 1)
    if words.folded(end) == "et" and words.folded(end + 1) == "al":
        places += [end, end + 1]
        end += 2
    year = words.folded(end) if _YEAR.fullmatch(words.folded(end)) else ""
    if year:
        places.append(end)
        end += 1
    if words.folded(end) in {"on", "about", "regarding"}:
        places.append(end)
    names = tuple(span.name for span in chain)
    return People(names, len(names) > 1, (), year[:4], tuple(places), plain)


def _unknown(words: Words, index: Authors) -> People:
    """Words in an author's place that no paper has, neither as an author nor in its text."""
    for at in words.left:
        name = words.all[at].name
        if (not name.isalpha() and "-" not in name) or words.is_request(at) or not terms(name):
            continue
        start = at
        while words.all[start - 1].capital and start - 1 in words.left and not words.is_request(start - 1):
            start -= 1
        whole = " ".join(words.all[place].name for place in range(start, at + 1))
        if _YEAR.fullmatch(words.folded(at + 1)) and not words.all[at].capital:
            continue
        spoken = any(index.document_frequencies(terms(name)))
        certain = words.all[at].capital and words.folded(at + 1) in lexicon()["authored"]
        if _in_place(words, start, at + 1) and (certain or not spoken):
            return People(unknown=(whole,), places=tuple(range(start, at + 1)))
    return People()


def nearest_names(name: str, authors: Iterable[str], most: int = 3) -> list[str]:
    """The authors whose family names are most like the last word of ``name``, in their alphabet's order."""
    asked = fold(name).split()[-1]
    by_family: dict[str, str] = {}
    for author in authors:
        parts = fold(author.partition(",")[0] if "," in author else author).split()
        if parts:
            by_family.setdefault(parts[-1], author)
    return [by_family[family] for family in get_close_matches(asked, sorted(by_family), n=most, cutoff=0.7)]
