"""Names of journals, books and meetings as people write them: in part, in other case, by their initials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from agq.text.terms import joined_terms

SHORTEST_INITIALS = 3


@dataclass(frozen=True)
class Venues:
    """The venues of an index, and how many papers each has."""

    papers: Mapping[str, int]

    @cached_property
    def _by_terms(self) -> Mapping[str, tuple[str, ...]]:
        """Terms of a name, spaces between -> the spellings that have them."""
        found: dict[str, tuple[str, ...]] = {}
        for name in self.papers:
            key = joined_terms(name)
            found[key] = (*found.get(key, ()), name)
        return found

    @cached_property
    def _whole(self) -> str:
        return "".join(f"\n {key} \n" for key in self._by_terms)

    def is_named(self, words: str) -> bool:
        """Whether ``words`` are the whole name of a venue."""
        key = joined_terms(words)
        return bool(key) and key in self._by_terms

    def is_part(self, words: str) -> bool:
        """Whether ``words`` stand in the name of a venue, one after the other."""
        key = joined_terms(words)
        return bool(key) and f" {key} " in self._whole

    def spelled(self, words: str) -> tuple[str, ...]:
        """The venues, as they are written, that have this name; where none has, those that have it as a part
        or as their initials."""
        key = joined_terms(words)
        if not key:
            return ()
        if key in self._by_terms:
            return self._by_terms[key]
        parts = [names for held, names in self._by_terms.items() if f" {key} " in f" {held} "]
        found = parts or [names for held, names in self._by_terms.items() if _initials(held) == key]
        return tuple(name for names in found for name in names)


def _initials(key: str) -> str:
    letters = "".join(term[0] for term in key.split())
    return letters if len(letters) >= SHORTEST_INITIALS else ""


def spellings(wanted: Iterable[str], venues: Mapping[str, int]) -> tuple[str, ...]:
    """How the papers write the venues that are ``wanted``."""
    held = Venues(venues)
    return tuple(dict.fromkeys(name for words in wanted for name in held.spelled(words)))
