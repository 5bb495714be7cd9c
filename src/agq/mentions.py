"""Which of a question's words no paper found mentions, though the question needs them.

Whether a word is needed is a logistic model of six values, fitted on questions over four libraries, of which
some can be answered and others turn on a word that no record has (``benchmarks/mentions.py``). What tells
most: how rare the word is in the language (its rank in the encoder's vocabulary, which is sorted by that),
how few papers of the index have it, how many other words the question has, and whether the papers found fit
the question better without it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from agq.text.coverage import REQUEST
from agq.text.spelling import is_slip
from agq.text.terms import STOP_WORDS, Frequencies, terms, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agq.match import Compared
    from agq.model import Paper, Vectors

PAPERS_READ = 8
"""The papers that are looked through: as many as an answer lists."""
NEEDED_PROBABILITY = 0.45
"""From this chance on a word is named."""

NEEDED_BIAS = 3.81
NEEDED_WEIGHTS = (2.62, 1.10, -0.446, 10.1, 1.55, -3.46)
"""Of ``Unmentioned.values``."""
COMMON_RANK = 2000
"""The rank of the most common words: before them stand signs and letters."""
PART_LETTERS_MIN, PART_SHARE_MIN = 6, 0.6
"""Letters of a word that may begin or end a longer one, and its share of that."""
ROOT_LETTERS_MIN, ROOT_SHARE_MIN, ENDING_LETTERS_MIN = 4, 0.55, 3
"""Letters of a word that others may be derived from, as failure is from fail; its share of one; the letters
that are added at least: two words of few letters that differ by one or two are seldom kin."""
SLIP_LETTERS_MIN = 7
"""Letters of a word that may be spelled otherwise."""
WORDS_JOINED_MAX = 2
"""Words behind a missing one that are named with it at most."""
JOINED_PROBABILITY = 0.25
"""From this chance on a word is named together with a missing one beside it."""

_INSIDE = re.compile(r"[-_'./\u2010-\u2013\u2019]")
_PIECE = re.compile(r"[^\W_]+")
_MARKS = "\"'\u201c\u201d\u2018\u2019([)].,;:?!"
_POSSESSIVE = re.compile(r"['\u2019]s$")

Encode = Callable[[Sequence[str]], "Vectors"]
Rank = Callable[[str], "int | None"]


@dataclass(frozen=True, slots=True)
class Unmentioned:
    """A word of a question that no paper found has.

    ``values``: that the vocabulary does not have it; the logarithm of its rank there over ``COMMON_RANK``;
    that of the papers that have it; what the best cosine gains where it is left out; that it is written as a
    name; the logarithm of the number of the question's words that say something. ``held``: how many papers of
    the index have it.
    """

    name: str
    values: tuple[float, ...]
    held: int

    @property
    def needed(self) -> float:
        """How likely the question turns on it, 0 to 1."""
        logit = NEEDED_BIAS + sum(
            weight * value for weight, value in zip(NEEDED_WEIGHTS, self.values, strict=True)
        )
        return 1 / (1 + math.exp(-logit))


@dataclass(frozen=True, slots=True)
class Language:
    """What is asked of an encoder and of an index about words."""

    encode: Encode
    frequencies: Frequencies
    rank: Rank


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it stands at ``place``, and the token in it."""

    raw: str
    token: str
    place: int

    @property
    def capital(self) -> bool:
        """Whether it is written as a name is: a capital within the question, or two of them."""
        return (self.bare[:1].isupper() and self.place > 0) or sum(map(str.isupper, self.bare)) > 1

    @property
    def bare(self) -> str:
        """Without the punctuation around it."""
        return self.raw.strip(_MARKS)

    @property
    def end(self) -> int:
        """Where it ends, before its punctuation."""
        return self.place + len(self.raw.rstrip(_MARKS))


class Mentions:
    """The words of some papers, in any form that a reader would take for a mention.

    ``known``: terms of theirs, some from the reader's own notes on them.
    """

    def __init__(self, papers: Collection[Paper], known: Iterable[str] = ()) -> None:
        self._known = frozenset(known)
        self._texts = [f"{paper.title} {paper.abstract}" for paper in papers]
        self._families = {terms(author)[-1] for paper in papers for author in paper.authors if terms(author)}

    @cached_property
    def _tokens(self) -> frozenset[str]:
        return frozenset(token for text in self._texts for token in tokens(text))

    @cached_property
    def _terms(self) -> frozenset[str]:
        return self._known.union(term for text in self._texts for term in terms(text))

    @cached_property
    def _initials(self) -> str:
        """The first letters of words with a capital, dots for others, a line a text: by chance three
        letters of some thousand words spell anything."""
        words = (_PIECE.findall(text) for text in self._texts)
        kept = ([word for word in some if word.lower() not in STOP_WORDS] for some in words)
        lines = ("".join(word[0].lower() if word[0].isupper() else "." for word in some) for some in kept)
        return "\n".join(lines)

    def has(self, token: str) -> bool:
        """Whether a word stands there: itself, a form of it, its parts, what it is short for."""
        pieces = [piece for piece in _INSIDE.split(token) if terms(piece)]
        return (
            set(terms(token)) <= self._terms | self._families
            or (len(pieces) > 1 and all(set(terms(piece)) <= self._terms for piece in pieces))
            or self._as_root(token)
            or self._as_part(token)
            or self._otherwise_spelled(token)
        )

    def spells_out(self, raw: str) -> bool:
        """Whether words stand there one after the other that ``raw`` is the acronym of."""
        letters = re.sub(r"(?<=[A-Z])s$", "", raw.strip(_MARKS))
        return len(letters) > 2 and letters.isupper() and letters.lower() in self._initials

    def has_pair(self, first: str, second: str) -> bool:
        """Whether two words stand there beside each other."""
        pair = f" {' '.join((*terms(first), *terms(second)))} "
        return any(pair in f" {' '.join(terms(text))} " for text in self._texts)

    def has_slip(self, token: str) -> bool:
        """Whether a word stands there that ``token`` may be a slip of the fingers for."""
        return any(is_slip(token, held) for held in self._tokens)

    def _as_root(self, token: str) -> bool:
        return len(token) >= ROOT_LETTERS_MIN and any(
            held.startswith(token)
            and len(held) - len(token) >= ENDING_LETTERS_MIN
            and len(token) >= ROOT_SHARE_MIN * len(held)
            for held in self._tokens
        )

    def _as_part(self, token: str) -> bool:
        if len(token) < PART_LETTERS_MIN:
            return False
        part = token.removesuffix("s")
        near = (held for held in self._tokens if len(token) >= PART_SHARE_MIN * len(held))
        return any(held.startswith(part) or held.endswith((part, token)) for held in near)

    def _otherwise_spelled(self, token: str) -> bool:
        return len(token) >= SLIP_LETTERS_MIN and self.has_slip(token)


def unmentioned(
    question: str, vector: NDArray[np.float32] | None, listed: Sequence[Compared], language: Language
) -> tuple[Unmentioned, ...]:
    """The words of ``question`` that none of the papers ``listed`` mentions, in order, each with the chance
    that the question turns on it."""
    words = [
        _Word(found.group(), token, found.start())
        for found in re.finditer(r"\S+", question)
        for token in tokens(found.group())
        if terms(token)
    ]
    known = (term for one in listed for term in one.words.split())
    mentions = Mentions([one.paper for one in listed], known)
    absent = [word for word in words if _counts(word) and not _mentioned(word, mentions, language)]
    if not absent or not listed or _foreign(question, words, absent):
        return ()
    gains = _gains(question, vector, absent, listed, language.encode)
    held = language.frequencies([terms(word.token)[0] for word in absent])
    rank, count = language.rank, len(words)
    found = [
        Unmentioned(word.bare, _values(word, count, papers, gain, rank), papers)
        for word, papers, gain in zip(absent, held, gains, strict=True)
    ]
    return _together(question, absent, found, _Phrases(words, mentions))


@dataclass(frozen=True, slots=True)
class _Phrases:
    """How far the name of something goes that a word stands for."""

    words: Sequence[_Word]
    mentions: Mentions

    def around(self, word: _Word, one: Unmentioned) -> tuple[int, int]:
        """The first and last character of a word's name: a proper name's other parts go with it, and behind a
        word that other papers have, two more at most, as ``heart attack``."""
        at = first = last = self.words.index(word)
        while word.capital and self._proper(first - 1) and self._joined(first - 1):
            first -= 1
        while word.capital and self._proper(last + 1) and self._joined(last):
            last += 1
        while one.held and last - at < WORDS_JOINED_MAX and self._joined(last) and self._unseen(last):
            last += 1
        return self.words[first].place, self.words[last].end

    def _joined(self, at: int) -> bool:
        """Whether nothing but a blank stands between a word and the next."""
        inside = 0 <= at < len(self.words) - 1
        return inside and self.words[at + 1].place - self.words[at].end == 1

    def _proper(self, at: int) -> bool:
        return 0 <= at < len(self.words) and (self.words[at].capital or self.words[at].bare.isdecimal())

    def _unseen(self, at: int) -> bool:
        return not self.mentions.has_pair(self.words[at].token, self.words[at + 1].token)


def _together(
    question: str, absent: Sequence[_Word], found: Sequence[Unmentioned], phrases: _Phrases
) -> tuple[Unmentioned, ...]:
    """The words under their whole names, those that stand beside each other as one."""
    spans: list[tuple[int, int, Unmentioned]] = []
    for word, one in zip(absent, found, strict=True):
        start, end = phrases.around(word, one) if one.needed >= JOINED_PROBABILITY else (word.place, word.end)
        likely = spans and min(one.needed, spans[-1][2].needed) >= JOINED_PROBABILITY
        if likely and start <= spans[-1][1] + 1:
            first, last, before = spans.pop()
            likelier = max(before, one, key=lambda either: either.needed)
            both = replace(likelier, held=min(one.held, before.held))
            spans.append((first, max(last, end), both))
        else:
            spans.append((start, end, one))
    named = (replace(one, name=_plain(question[start:end])) for start, end, one in spans)
    return tuple({one.name: one for one in named}.values())


def _plain(text: str) -> str:
    return _POSSESSIVE.sub("", text.strip(_MARKS))


def _foreign(question: str, words: Sequence[_Word], absent: Sequence[_Word]) -> bool:
    """Whether a question is hardly in English: it has no function word, and no word that the papers have."""
    return len(absent) == len(words) > 2 and not in_english(question)


def in_english(question: str) -> bool:
    """Whether a question has any function word of English."""
    return not STOP_WORDS.isdisjoint(tokens(question))


def _counts(word: _Word) -> bool:
    """Whether a word may be missed: it is no number, nor how people ask."""
    return not word.token.isdecimal() and not set(terms(word.token)) <= REQUEST


def _mentioned(word: _Word, mentions: Mentions, language: Language) -> bool:
    if mentions.has(word.token) or mentions.spells_out(word.raw):
        return True
    strange = len(word.token) > 3 and language.rank(word.token) is None
    return strange and mentions.has_slip(word.token)


def _gains(
    question: str,
    vector: NDArray[np.float32] | None,
    absent: Sequence[_Word],
    listed: Sequence[Compared],
    encode: Encode,
) -> NDArray[np.float64]:
    """How much nearer the nearest paper comes where each word is left out, as a difference of cosines."""
    rows = [one.vector for one in listed if one.vector is not None]
    if vector is None or not rows:
        return np.zeros(len(absent))
    papers = np.stack(rows)
    without = [" ".join(question.replace(word.raw, " ", 1).split()) for word in absent]
    nearest: NDArray[np.float64] = (encode(without) @ papers.T).max(axis=1) - (papers @ vector).max()
    return nearest


def _values(word: _Word, words: int, held: int, gain: float, rank: Rank) -> tuple[float, ...]:
    place = rank(_POSSESSIVE.sub("", word.token))
    rarity = 0.0 if place is None else math.log(max(place, 1) / COMMON_RANK)
    unknown = float(place is None)
    return unknown, rarity, math.log(held + 1), float(gain), float(word.capital), math.log(words)
