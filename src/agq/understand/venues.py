"""Venues and categories in a question: ``in Physical Review Letters``, ``hep-th``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agq.text.terms import terms
from agq.text.venues import Venues
from agq.understand.words import Words, lexicon

_ARTICLES = frozenset(("article", "article-journal", "paper-conference", "document", "review"))
"""Types of which any paper may be called one."""
VENUE_WORDS_MAX = 12
"""Words of a venue's name at most."""


class Categories(Protocol):
    """What an index knows of categories."""

    def categories(self) -> Mapping[str, int]:
        """How many papers each category has."""

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """How many papers hold each of the terms."""


@dataclass(frozen=True, slots=True)
class VenueLimit:
    """Where papers are to have appeared, and the places of the words that say so.

    ``plain``: the words stand where a venue's name is to be expected, and are a whole one.
    """

    name: str = ""
    places: tuple[int, ...] = ()
    plain: bool = True


def category(words: Words, index: Categories) -> VenueLimit:
    """A category by its code, which is no word of the papers: ``astro-ph.EP``, ``hep-th``."""
    codes = {name.lower(): count for name, count in index.categories().items()}
    branches = {code.partition(".")[0] for code in codes if "." in code}
    for at in words.left:
        word = words.folded(at)
        coded = ("-" in word or "." in word) and (word in codes or word in branches)
        branch = word in branches and words.folded(at + 1) in lexicon()["papers"]
        if branch or (coded and ("." in word or _is_code(index, word, codes[word]))):
            before = (at - 1,) if words.folded(at - 1) in {"in", "from"} else ()
            return VenueLimit(words.all[at].bare, (*before, at))
    return VenueLimit()


def kind(words: Words, types: Mapping[str, int]) -> VenueLimit:
    """A type of record, where papers are asked for: ``theses on``, ``list the datasets``."""
    named = {form: name for name in types if name not in _ARTICLES for form in _forms(name)}
    for at in words.left:
        asked = words.folded(at)
        if asked in named and words.opens(at):
            return VenueLimit(named[asked], (at,), plain=False)
    return VenueLimit()


def _forms(name: str) -> tuple[str, ...]:
    """A type in the singular and the plural: ``thesis``, ``theses``."""
    return name, f"{name[:-2]}es" if name.endswith("is") else f"{name}s"


def _is_code(index: Categories, word: str, papers: int) -> bool:
    """Whether a hyphenated category is no word of the papers: ``hep-th`` is none, ``self-esteem`` is one."""
    return index.document_frequencies(terms(word)[:1])[0] <= papers


def venue(words: Words, venues: Venues) -> VenueLimit:
    """The venue that ``words`` ask for."""
    found = [place for place in _places(words, venues) if place.name]
    return max(found, key=lambda place: (place.plain, len(place.places)), default=VenueLimit())


def _places(words: Words, venues: Venues) -> Iterator[VenueLimit]:
    if not venues.papers:
        return
    for start in words.content:
        for end in range(min(start + VENUE_WORDS_MAX, len(words)), start, -1):
            run = range(start, end)
            if not words.taken.isdisjoint(run) or end - 1 not in words.content:
                continue
            name = " ".join(words.all[at].bare for at in run)
            if not venues.is_part(name):
                continue
            yield _judged(words, run, name, whole=venues.is_named(name))
            break


def _judged(words: Words, run: range, name: str, *, whole: bool) -> VenueLimit:
    """The place, without a name where the words around it speak of something else."""
    start, end = run.start, run.stop
    before, after = words.folded(start - 1), words.folded(end)
    if before in {"the", "any"}:
        before = words.folded(start - 2) or before
    content = [at for at in run if terms(words.folded(at))]
    titled = all(words.all[at].capital for at in content)
    kind = after in lexicon()["papers"]
    opens = words.opens(start)
    inside = before in {"in", "from"} and titled
    places = (*range(start, end), *((start - 1,) if words.folded(start - 1) in {"in", "from"} else ()))
    if len(content) == 1:
        alone = set(words.content) <= set(run)
        fits = (whole and inside) or (alone and opens and not whole)
        return VenueLimit(name if fits else "", places, plain=whole and inside)
    plain = whole and (inside or kind or (opens and titled))
    return VenueLimit(name if plain or inside or kind or opens else "", places, plain=plain)
