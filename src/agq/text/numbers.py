"""Figures in a sentence, and which of them a source does not hold.

A figure is matched by value, whatever its spelling: ``~226 %`` is ``226%``, ``1,000`` is ``1000``, ``ten
times`` is ``10x`` and ``tenfold``, ``two orders of magnitude`` is ``100x`` (and not ``10x``), ``0.95`` is
``95 %``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from agq.text.terms import terms


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a text.

    ``readings`` are the (value, kind) pairs that it may mean; kind is ``%``, ``x`` (a factor) or empty.
    ``digits`` counts the significant ones; ``hedged`` where "about", "~", "over" and the like stand before
    it. ``counted`` is the stem of what a small number counts ("two tasks"): a count in words is often the
    writer's own, so it is held against a source only where that counts the same thing otherwise.
    """

    text: str
    readings: tuple[tuple[float, str], ...]
    digits: int = 1
    hedged: bool = False
    counted: str = ""


_ONES = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty")
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_WORDS: dict[str, float] = {word: n for n, word in enumerate((*_ONES, *_TEENS), start=2)}
_WORDS |= {word: 10 * n for n, word in enumerate(_TENS, start=3)} | {"thousand": 1000, "dozen": 12}
_SMALL = 10
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SUFFIXES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
_FACTORS = {
    **dict.fromkeys(("twice", "double", "doubled", "doubles", "doubling"), 2.0),
    **dict.fromkeys(("thrice", "triple", "tripled", "triples", "tripling"), 3.0),
    **dict.fromkeys(("quadruple", "quadrupled", "quadruples", "quadrupling"), 4.0),
}
_NAMED = "|".join(sorted(_WORDS, key=len, reverse=True))
_HEDGE = re.compile(
    r"""(?:[~≈≃∼><≥≤]|\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|over|under|above|below
    |(?:more|less|fewer)\ than|at\ (?:least|most)|up\ to|close\ to|circa|ca\.|within
    |as\ (?:much|many|little|few|high|low)\ as))\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_FIGURE = re.compile(
    rf"""
    (?P<orders>
        (?:(?P<count>\d+(?:\.\d+)?|an?|one|{_NAMED}|several|many)
           (?:\s*(?:-|–|to)\s*(?P<upto>\d+|{_NAMED}))?[\s-]+)?
        orders?[\s-]+of[\s-]+magnitude)
    | (?<![\w.^])(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)
      (?:\s*(?:[×x*]|·)\s*10\^?(?P<power>[-+]?\d+)|[eE](?P<exponent>[-+]?\d+)|\^(?P<raised>[-+]?\d+))?
      (?P<after>\s*(?:%|percent\b|per\s+cent\b|percentage\s+points?\b)
        |\s*-?\s*(?:[×x](?![A-Za-z])|times\b|fold\b|-fold\b)
        |\s*(?:hundred|thousand|million|billion|trillion)\b
        |(?:[kKMBGT])(?![\w]))?
    | \b(?P<fold>{_NAMED})-?fold\b
    | \b(?P<word>(?:{_NAMED})(?:[-\s](?:{_NAMED}))?)\b(?P<wordafter>\s+(?:times|percent|per\s+cent)\b)?
    | \b(?P<factor>{"|".join(_FACTORS)})\b
    | \b(?P<half>half|halve|halves|halved|halving)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SPELLINGS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\(?:[,;:! ]|left\b|right\b|mathrm\b|text\b|rm\b|bf\b|mathbf\b)"), " "),
    (re.compile(r"\\(?:times|cdot)\b"), "×"),
    (re.compile(r"\\(?:sim|approx|simeq)\b"), "~"),
    (re.compile(r"\\(?:geq?|gtrsim)\b"), "≥"),
    (re.compile(r"\\(?:leq?|lesssim)\b"), "≤"),
    (re.compile(r"[{}$]"), ""),
    (re.compile(r"(?<=\d)([⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)"), lambda m: "^" + m.group().translate(_RAISED)),
    (re.compile("[\u00a0\u2009\u202f]"), " "),
    (re.compile("[−‐‑‒]"), "-"),
)
"""TeX and typography to what ``_FIGURE`` reads."""
_LARGEST = 300  # the largest power of ten that is told apart


def figures(text: str) -> list[Figure]:
    """The figures of ``text``, in order. Numbers within names (``GPT-4``, ``H2O``, ``3D``) are none."""
    for pattern, plain in _SPELLINGS:
        text = pattern.sub(plain, text)
    found = (_read(match, text) for match in _FIGURE.finditer(text))
    return [figure for figure in found if figure]


def unfounded_figures(sentence: str, source: str) -> tuple[str, ...]:
    """The figures of ``sentence`` that ``source`` does not hold, as they are written."""
    claimed = figures(sentence)
    if not claimed:
        return ()
    given = figures(source)
    return tuple(figure.text for figure in claimed if not _founded(figure, given))


def _founded(claimed: Figure, given: list[Figure]) -> bool:
    if any(_same(claimed, other) for other in given):
        return True
    if claimed.text[:1].isdigit() or not claimed.counted:
        return False
    return not any(other.counted == claimed.counted for other in given)


# --- reading ---


def _read(match: re.Match[str], text: str) -> Figure | None:
    whole = match.group().strip()
    hedged = bool(_HEDGE.search(text[max(0, match.start() - 24) : match.start()]))
    if match["number"]:
        return None if _in_name(match, text) else _numeral(match, whole, text, hedged=hedged)
    if match["word"]:
        return _spoken(match, whole, text, hedged=hedged)
    return Figure(whole, _factors(match), hedged=hedged)


def _factors(match: re.Match[str]) -> tuple[tuple[float, str], ...]:
    if match["orders"]:
        return _orders(match)
    if match["half"]:
        return ((0.5, ""), (0.5, "x"), (50.0, "%"), (2.0, "x"))
    return ((_FACTORS[match["factor"].lower()] if match["factor"] else _WORDS[match["fold"].lower()], "x"),)


def _in_name(match: re.Match[str], text: str) -> bool:
    """``GPT-4``, ``COVID-19``, ``3D``: letters joined to the number make it part of a name."""
    before, after = text[: match.start()], text[match.end() :]
    if re.search(r"[^\W\d_]-$", before):
        return not re.search(r"(?:^|\s)(?:to|of|by|a)-$", before)
    joined = re.match(r"[^\W\d_]{1,2}(?![^\W_])", after)
    return not match["after"] and bool(joined) and after[:1].isupper()


def _numeral(match: re.Match[str], whole: str, text: str, *, hedged: bool) -> Figure:
    bare = match["number"].replace(",", "")
    value = _scaled(float(bare), match)
    digits = len(bare.replace(".", "").strip("0")) or 1
    counted = _counted(text[match.end() :]) if value <= _SMALL and not match["after"] else ""
    return Figure(whole, _meanings(value, (match["after"] or "").strip()), digits, hedged, counted)


def _scaled(value: float, match: re.Match[str]) -> float:
    power = match["power"] or match["exponent"]
    if power:
        return value * 10.0 ** max(-_LARGEST, min(int(power), _LARGEST))
    if match["raised"] and value:
        exponent = max(-_LARGEST, min(int(match["raised"]), _LARGEST))
        return float(value**exponent) if exponent * math.log10(value) < _LARGEST else 10.0**_LARGEST
    return value


def _meanings(value: float, after: str) -> tuple[tuple[float, str], ...]:
    lowered = after.lower().lstrip("- ")
    if lowered.startswith(("%", "per")):
        return ((value, "%"),)
    if lowered in {"×", "x", "times", "fold"}:
        return ((value, "x"),)
    if lowered in _SCALES:
        return ((value * _SCALES[lowered], ""),)
    if after in _SUFFIXES:
        return ((value, ""), (value * _SUFFIXES[after], ""))
    return ((value, ""),)


def _orders(match: re.Match[str]) -> tuple[tuple[float, str], ...]:
    """Two orders of magnitude are a factor of 100; "orders" without a count one that is not a number."""
    counts = [_count(word) for word in (match["count"], match["upto"]) if word]
    if not counts:
        counts = [math.nan if match["orders"].lower().startswith("orders") else 1.0]
    return tuple((math.nan if math.isnan(n) else 10.0 ** min(n, _LARGEST), "x") for n in counts)


def _count(word: str) -> float:
    word = word.lower()
    if word in {"a", "an", "one"}:
        return 1.0
    if word in {"several", "many"}:
        return math.nan
    return _WORDS[word] if word in _WORDS else float(word)


def _spoken(match: re.Match[str], whole: str, text: str, *, hedged: bool) -> Figure:
    """``twenty-five`` is 25, ``two hundred`` is 200, ``two tasks`` may be the writer's count."""
    values = [_WORDS[word] for word in re.split(r"[-\s]+", match["word"].lower())]
    value = values[0]
    if len(values) == 2:
        value = value * values[1] if values[1] in {12, 100, 1000} else value + values[1]
    kind = {"t": "x", "p": "%"}.get((match["wordafter"] or " ").strip()[:1].lower(), "")
    counted = _counted(text[match.end() :]) if value <= _SMALL and not kind else ""
    return Figure(whole, ((value, kind),), hedged=hedged, counted=counted)


def _counted(after: str) -> str:
    """The stem of what a number counts: the next plural within three words."""
    for word in re.findall(r"[^\W\d_]{3,}", after[:60])[:3]:
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return next(iter(terms(word)), "")
    return ""


# --- comparing ---


def _same(claimed: Figure, given: Figure) -> bool:
    pairs = [(mine, theirs) for mine in claimed.readings for theirs in given.readings]
    return any(
        _equal(claimed, mine[0], theirs[0], given)
        for mine, theirs in pairs
        if mine[1] == theirs[1] or not mine[1] or not theirs[1]
    ) or any(_is_share(mine, theirs) for mine, theirs in pairs)


def _equal(claimed: Figure, value: float, other: float, given: Figure) -> bool:
    if math.isnan(
        value
    ):  # "orders of magnitude": any that the source counts, or a factor of at least a hundred
        return math.isnan(other) or other >= 100
    if math.isclose(value, other, rel_tol=1e-9):
        return True
    if not other or math.isnan(other) or claimed.digits >= given.digits:
        return False
    rounded = float(f"{other:.{claimed.digits}g}")
    return math.isclose(value, rounded, rel_tol=1e-9) and (claimed.digits >= 2 or claimed.hedged)


def _is_share(mine: tuple[float, str], theirs: tuple[float, str]) -> bool:
    """A share written as ``0.95`` and as ``95 %``."""
    if {mine[1], theirs[1]} != {"%", ""}:
        return False
    share, percent = (mine[0], theirs[0]) if not mine[1] else (theirs[0], mine[0])
    return 0 < share < 1 and math.isclose(share * 100, percent, rel_tol=1e-6)
