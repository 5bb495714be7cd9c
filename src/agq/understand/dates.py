"""Limits of time in a question: ``in 2023``, ``since June 2020``, ``between 2015 and 2018``, ``recent``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agq.text.months import NUMBERS
from agq.understand.words import Words, lexicon

FIRST_YEAR = 1600
"""Earlier numbers are no years of publication."""
YEARS_AHEAD_MAX = 1
"""Papers are dated at most so many years ahead."""
QUALIFIED_WORDS_MAX = 5
"""Words that may stand between ``recent`` and the papers that it qualifies."""

_YEAR = re.compile(r"(1[6-9]|20)\d\d")
_ISO = re.compile(r"((?:1[6-9]|20)\d\d)-(0[1-9]|1[0-2])")
_RANGE = re.compile(r"((?:1[6-9]|20)\d\d)[-\u2013\u2014/]((?:1[6-9]|20)\d\d)")
_BOTH = frozenset(("in", "of", "during", "from", "for"))
_ENDS = frozenset(("before", "until", "till", "through", "to"))
_PLAIN = frozenset(("since", "until", "till"))


@dataclass(frozen=True, slots=True)
class Period:
    """ISO dates, both inclusive, and the places of the words that say so.

    ``plain``: they say when a paper has appeared and nothing else; ``in 2004`` may be a year that papers
    speak of.
    """

    since: str = ""
    until: str = ""
    places: tuple[int, ...] = ()
    newest: bool = False
    plain: bool = True


@dataclass(frozen=True, slots=True)
class _Date:
    """A year or month, ISO, and how many words it takes."""

    iso: str
    length: int


def period(words: Words, today: str) -> Period:
    """The time that a question asks for; ``today`` as an ISO date."""
    limits = [*_periods(words, int(today[:4]))]
    found = limits[0] if limits else Period()
    newest = _newest(words, today)
    return Period(
        found.since or newest.since,
        found.until or newest.until,
        (*found.places, *newest.places),
        newest.newest,
        found.plain and newest.plain,
    )


def _periods(words: Words, this_year: int) -> Iterator[Period]:
    for at in words.left:
        if date := _date(words, at, this_year):
            if limit := _limit(words, at, date, this_year):
                yield limit
        elif years := _RANGE.fullmatch(words.folded(at)):
            before = (at - 1,) if words.folded(at - 1) in {*_BOTH, "between"} else ()
            yield Period(years[1], years[2], (*before, at))


def _date(words: Words, at: int, this_year: int) -> _Date | None:
    word, after = words.folded(at), words.folded(at + 1)
    if word in NUMBERS and _is_year(after, this_year):
        return _Date(f"{after}-{NUMBERS[word]:02}", 2)
    if _ISO.fullmatch(word) and _is_year(word[:4], this_year):
        return _Date(word, 1)
    return _Date(word, 1) if _is_year(word, this_year) else None


def _is_year(word: str, this_year: int) -> bool:
    return bool(_YEAR.fullmatch(word)) and FIRST_YEAR <= int(word) <= this_year + YEARS_AHEAD_MAX


def _limit(words: Words, at: int, date: _Date, this_year: int) -> Period | None:
    """What the words around a date make of it; None where they make it no limit."""
    cue, end = words.folded(at - 1), at + date.length
    places = tuple(range(at - 1, end))
    if cue in {"between", "from"} and (second := _second(words, end, this_year)):
        return Period(date.iso, second.iso, tuple(range(at - 1, end + 1 + second.length)))
    if cue == "from" and words.folded(end) in {"on", "onward", "onwards"}:
        return Period(since=date.iso, places=(*places, end))
    earlier = (at - 2,) if words.folded(at - 2) in {*_BOTH, "up"} else ()
    counted = cue in {"of", "for"} and end in words.content  # "a sample of 2000 galaxies"
    bounds = None if counted else _bounds(cue, date.iso)
    plain = cue in _PLAIN or _of_papers(words)
    return Period(*bounds, (*earlier, *places) if cue in _ENDS else places, plain=plain) if bounds else None


def _bounds(cue: str, iso: str) -> tuple[str, str] | None:
    """``since`` and ``until``, by the word before a date."""
    bounds = {"since": (iso, ""), "after": (_next(iso, 1), ""), "before": ("", _next(iso, -1))}
    bounds |= dict.fromkeys(_ENDS - {"before"}, ("", iso)) | dict.fromkeys(_BOTH, (iso, iso))
    return bounds.get(cue)


def _second(words: Words, at: int, this_year: int) -> _Date | None:
    joined = words.folded(at) in {"and", "to", "until", "till", "through", "-", "\u2013"}
    return _date(words, at + 1, this_year) if joined else None


def _of_papers(words: Words) -> bool:
    """Whether the question speaks of papers or of their appearance."""
    held = lexicon()
    return any(words.folded(at) in held["papers"] | held["appearing"] for at in words.left)


def _next(iso: str, step: int) -> str:
    """The year or month after (1) or before (-1) a year or month."""
    if len(iso) == 4:
        return f"{int(iso) + step:04}"
    months = int(iso[:4]) * 12 + int(iso[5:7]) - 1 + step
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _newest(words: Words, today: str) -> Period:
    """``recent``, ``latest``, ``newest`` of papers, at the beginning of what is asked for; ``this year`` and
    ``the last five years``."""
    year = int(today[:4])
    for at in words.left:
        word, after = words.folded(at), words.folded(at + 1)
        if word in {"this", "last"} and after == "year":
            then = str(year - (word == "last"))
            return Period(then, then, (at, at + 1), plain=_of_papers(words))
        if word in {"last", "past"} and words.folded(at + 2) in {"years", "year"} and (n := _number(after)):
            led = {"in", "over", "within", "the", "from"}
            before = tuple(p for p in (at - 2, at - 1) if words.folded(p) in led)
            since = f"{year - n}{today[4:7]}"
            return Period(since, "", (*before, at, at + 1, at + 2), plain=_of_papers(words))
        if word in lexicon()["recent"] and words.opens(at) and _qualifies(words, at):
            return Period(places=(at,), newest=True)
    return Period()


def _number(word: str) -> int:
    named = "one two three four five six seven eight nine ten".split()
    return int(word) if word.isdecimal() and len(word) < 3 else named.index(word) + 1 if word in named else 0


def _qualifies(words: Words, at: int) -> bool:
    following = [words.folded(at + step) for step in range(1, QUALIFIED_WORDS_MAX + 2)]
    return any(word in lexicon()["papers"] | lexicon()["news"] for word in following)
