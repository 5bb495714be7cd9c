"""What the title of a paper is about, as it can stand within a sentence: "Mapping the role of fires in forest
birds: a review" is about "the role of fires in forest birds".

A topic is a noun phrase with what prepositions add to it, as word classes tell. What a paper is called or
does ("IAAO: ", "Towards", "An approach to") goes; a title that is a sentence has none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agq.text.clean import readable
from agq.text.word_classes import FOLDER, split, word_classes

TOPIC_WORDS_MIN, TOPIC_WORDS_MAX = 3, 15
"""Words of a topic."""
ASKING_WORDS_MIN = 4
"""Words of a title that asks."""
BARE_SHARE_MIN = 0.75
"""A noun whose singular stands without an article in so large a share of abstracts needs none."""
LISTED_WORDS_SHARE_MIN = 0.4
"""A title of which fewer words are listed may be in another language."""

_PARTS = re.compile(r"(?<=\w[?!])\s|:\s|(?<=\w{3})[.]\s|\s[-–—]\s")
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
_LETTERS = re.compile(r"(?<!\d)[^\W\d_]+")
_QUALIFIERS, _NOUNS, _DETERMINER = "jnspdgcr", "nsp", "t"
_ADJECTIVES = frozenset("jdc")
_NAMED_FIRST = ("a", "an")
"""What begins so is the paper's own thing: the topic is what that is for."""
_TITLE_WORDS = FOLDER / "title_words.tsv"


@dataclass(frozen=True, slots=True)
class Topic:
    """``text``: as it stands within a sentence. ``head``: its first noun in lower case, and whether that
    ``is_plural``; ``of``: whether it is one of something.
    """

    text: str
    head: str
    is_plural: bool
    of: bool


def parts(title: str) -> list[str]:
    """A title and its subtitles, without what stands in brackets."""
    return [part for part in _PARTS.split(_BRACKETS.sub("", readable(title)).strip().rstrip(".")) if part]


def topics(title: str, names: Container[str] = frozenset()) -> list[Topic]:
    """What a title and its subtitles are about. ``names``: words that keep their capital."""
    return [one for part in parts(title) if (one := _TitlePart(part, names).topic())]


def asked_by(title: str) -> str:
    """The question that a title asks; empty where it asks none in so many words."""
    asked = (part for part in parts(title) if part.endswith("?") and len(part.split()) >= ASKING_WORDS_MIN)
    return next((part for part in asked if "asks" in _kinds().get(part.split()[0].lower(), ())), "")


class _TitlePart:
    """A title or subtitle: its words and their classes."""

    def __init__(self, part: str, names: Container[str]) -> None:
        self._text = part.title() if part.isupper() else part
        self._words = split(self._text)
        classes = word_classes().classes([_untitled(word) for word in self._words])
        self._classes = "".join(map(_named, self._words, classes))
        self._names = names

    def topic(self) -> Topic | None:
        """What it is about, where all of it is that, or goes on with how it was studied."""
        phrases = list(self._phrases(self._begin()))
        if phrases and self._words[phrases[0][0]].lower() in _NAMED_FIRST:
            phrases = phrases[1:]
        if not phrases or not self._is_known() or not self._ends(phrases[-1][1]):
            return None
        begin, end = phrases[0][0], phrases[-1][1]
        if (
            not TOPIC_WORDS_MIN <= end - begin <= TOPIC_WORDS_MAX
            or self._words[begin].lower() in _NAMED_FIRST
        ):
            return None
        return self._written(begin, phrases[0][1], end)

    def _begin(self) -> int:
        """Where it begins, behind what the paper does: "Towards", "Efficiently scaling"."""
        at = 0
        while at < len(self._words) - 1 and (self._classes[at] in "rg" or self._is(at, "opens")):
            at += 1
        return at

    def _is(self, at: int, what: str) -> bool:
        """Whether there is such a word: one that ``joins``, ``ends`` ..."""
        return at < len(self._words) and what in _kinds().get(self._words[at].lower(), ())

    def _phrases(self, at: int) -> Iterator[tuple[int, int]]:
        """Noun phrases that follow each other with one word between that joins them."""
        while (end := self._phrase_end(at)) > at:
            yield at, end
            if not self._is(end, "joins"):
                return
            at = end + 1

    def _phrase_end(self, at: int) -> int:
        end = at + (self._classes[at : at + 1] == _DETERMINER)
        first = end
        while end < len(self._words) and (self._classes[end] in _QUALIFIERS or self._is_and(first, end)):
            end += 1
        while end > first and self._classes[end - 1] not in _NOUNS:
            end -= 1
        return end if end > first else at

    def _is_and(self, first: int, at: int) -> bool:
        """Whether adjectives go on behind it: "efficient and robust matching"."""
        around = self._classes[at - 1 : at] + self._classes[at + 1 : at + 2]
        return at > first and self._is(at, "joins") and set(around) <= _ADJECTIVES

    def _is_known(self) -> bool:
        last = [word.rpartition("-")[2].lower() for word in self._words if word[0].isalpha()]
        return sum(word_classes().word(word) is not None for word in last) >= LISTED_WORDS_SHARE_MIN * len(
            last
        )

    def _ends(self, end: int) -> bool:
        """Whether what follows is how it was studied."""
        return end == len(self._words) or self._is(end, "ends")

    def _written(self, begin: int, first_end: int, end: int) -> Topic:
        text = self._between(begin, end)
        if self._is_title_case():
            text = _LETTERS.sub(lambda run: _lowered(run.group(), self._names), text)
        elif begin == 0:
            text = _LETTERS.sub(lambda run: _lowered(run.group(), self._names), text, count=1)
        article = "the " if self._needs_article(begin, first_end) else ""
        of = first_end < end and self._words[first_end].lower() == "of"
        return Topic(
            article + text, self._words[first_end - 1].lower(), self._classes[first_end - 1] == "s", of
        )

    def _between(self, begin: int, end: int) -> str:
        """The words from ``begin`` to ``end`` as they are printed."""
        starts, at = [], 0
        for word in self._words:
            starts.append(self._text.index(word, at))
            at = starts[-1] + len(word)
        return self._text[starts[begin] : starts[end - 1] + len(self._words[end - 1])]

    def _needs_article(self, begin: int, end: int) -> bool:
        known = word_classes().word(self._words[end - 1].lower())
        return (
            self._classes[end - 1] == "n"
            and self._classes[begin] != _DETERMINER
            and known is not None
            and known.bare < BARE_SHARE_MIN
        )

    def _is_title_case(self) -> bool:
        long = [word for word in self._words if len(word) > 3 and word[0].isalpha()]
        return 2 * sum(word[0].isupper() for word in long) > len(long)


def _untitled(word: str) -> str:
    """In a title a capital says nothing."""
    return word.lower() if word.istitle() else word


def _named(word: str, class_: str) -> str:
    """The class of a word, which is a name where it has capitals within: "KiDS-DR3"."""
    return "p" if class_ == "j" and sum(map(str.isupper, word)) > 2 else class_


def _lowered(run: str, names: Container[str]) -> str:
    """A run of letters out of title case: names and acronyms keep their capitals."""
    known = word_classes().word(run.lower())
    plain = run[:1].isupper() and not any(map(str.isupper, run[1:]))
    return run.lower() if plain and run not in names and not (known and known.capital) else run


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, Sequence[str]]:
    """What words of titles do."""
    lines = _TITLE_WORDS.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {word: kinds.split() for word, kinds in rows}
