"""Names of journals, books and meetings as people write them: in part, in other case, by their initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from agq.text.terms import joined_terms

INITIALS_LETTERS_MIN = 3


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
        whole = self._by_terms.get(key, ())
        parts = self._where(lambda held: f" {key} " in f" {held} ")
        if whole and (" " not in key or self._count(parts) <= 2 * self._count(whole)):
            return (*whole, *self._where(lambda held: held != key and _abbreviated(held, key)))
        return parts or self._where(lambda held: _initials(held) == key or _abbreviated(held, key))

    def _where(self, fits: Callable[[str], bool]) -> tuple[str, ...]:
        return tuple(name for held, names in self._by_terms.items() if fits(held) for name in names)

    def _count(self, names: Iterable[str]) -> int:
        return sum(self.papers[name] for name in names)


def _abbreviated(one: str, other: str) -> bool:
    """Whether one is the other with its words cut short: ``phys rev lett``."""
    pairs = list(zip(one.split(), other.split(), strict=False))
    same = len(pairs) == len(one.split()) == len(other.split()) > 1
    return same and all(a.startswith(b) or b.startswith(a) for a, b in pairs)


def _initials(key: str) -> str:
    letters = "".join(term[0] for term in key.split())
    return letters if len(letters) >= INITIALS_LETTERS_MIN else ""


def spellings(wanted: Iterable[str], venues: Venues) -> tuple[str, ...]:
    """How the papers write the venues that are ``wanted``."""
    return tuple(dict.fromkeys(name for words in wanted for name in venues.spelled(words)))
