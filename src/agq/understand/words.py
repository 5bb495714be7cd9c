"""A question as words, from which those that limit what is asked for are removed one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agq.text.handles import AROUND
from agq.text.lexicon import lexicon as text_lexicon
from agq.text.terms import fold, terms

_POSSESSIVE = re.compile(r"['\u2019](?:s|S)?$")
_ENDING = '.,;:!?)]\u00bb\u201d"'
_CLOSING = ",;:?)"


def lexicon() -> Mapping[str, frozenset[str]]:
    """The groups of words by which people ask."""
    return text_lexicon("questions")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands, and without the punctuation around it and a possessive ending."""

    raw: str

    @property
    def bare(self) -> str:
        """Without punctuation around it."""
        return self.raw.strip(AROUND)

    @property
    def name(self) -> str:
        """Without its possessive ending either."""
        return _POSSESSIVE.sub("", self.raw.rstrip(AROUND.replace("'", "").replace("\u2019", ""))).strip(
            AROUND
        )

    @property
    def possessive(self) -> bool:
        """Whether it ends as ``Hutto's`` and ``Forbes'`` do."""
        return bool(_POSSESSIVE.search(self.raw.rstrip(_ENDING)))

    @property
    def ends(self) -> bool:
        """Whether no name goes on behind it: a possessive, or before punctuation that no initial has."""
        stop = self.raw.endswith(".") and len(self.bare) > 2
        return self.possessive or stop or self.raw.endswith(tuple(_CLOSING))

    @property
    def folded(self) -> str:
        """For comparison: lower case, accents off."""
        return fold(self.bare)

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.bare[:1].isupper()


@dataclass(frozen=True)
class Words:
    """The words of a question; those at ``taken`` have been understood already."""

    all: Sequence[Word]
    taken: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, question: str) -> Words:
        """The words of ``question``."""
        return cls([Word(raw) for raw in question.split()])

    def __len__(self) -> int:
        return len(self.all)

    def folded(self, at: int) -> str:
        """The folded word at a place; empty beyond either end and where it was taken."""
        inside = 0 <= at < len(self.all) and at not in self.taken
        return self.all[at].folded if inside else ""

    def without(self, places: Iterable[int]) -> Words:
        """The same with the words at ``places`` taken."""
        return Words(self.all, self.taken | frozenset(places))

    @property
    def left(self) -> list[int]:
        """The places of the words that were not taken."""
        return [at for at in range(len(self.all)) if at not in self.taken]

    def is_request(self, at: int) -> bool:
        """Whether the word at a place says how something is asked for, not what."""
        word = self.folded(at)
        return not terms(word) or any(word in lexicon()[group] for group in ("papers", "written", "request"))

    def opens(self, at: int) -> bool:
        """Whether only words of request stand before a place."""
        return all(self.is_request(before) for before in self.left if before < at)

    @property
    def content(self) -> list[int]:
        """The places of the words that say what is asked for."""
        return [at for at in self.left if not self.is_request(at)]

    @property
    def rest(self) -> str:
        """What is left to rank by: empty where nothing is asked for but the limits."""
        return " ".join(self.all[at].raw for at in self.left) if self.content else ""
