"""Figures and named things in a sentence, and which of them a source does not hold.

A figure is matched by value, whatever its spelling: ``~226 %`` is ``226%``, ``1,000`` is ``1000``, ``ten
times`` is ``10x`` and ``tenfold``, ``two orders of magnitude`` is ``100x`` (and not ``10x``), ``0.95`` is
``95 %``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from agq.text.sentences import sentences
from agq.text.terms import STOP_WORDS, fold, terms


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a text.

    ``readings`` are the (value, kind) pairs that it may mean; kind is ``%``, ``x`` (a factor) or empty.
    ``digits`` counts the significant ones. ``hedged`` where "about", "~", "over" and the like stand before
    it.
    """

    text: str
    readings: tuple[tuple[float, str], ...]
    digits: int = 1
    hedged: bool = False


_WORDS = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen".split(),
        [*range(2, 21), 30, 40, 50, 60, 70, 80, 90, 100, 1000, 12],
        strict=True,
    )
)
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SUFFIXES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
_FACTORS = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "doubling": 2.0, "triple": 3.0, "tripled": 3.0,
            "triples": 3.0, "tripling": 3.0, "quadruple": 4.0, "quadrupled": 4.0, "thrice": 3.0}  # fmt: skip
_HALVES = {"half", "halve", "halved", "halves", "halving"}
_NAMED = "|".join(_WORDS)
_HEDGE = re.compile(
    r"(?:~|≈|≃|∼|>|<|≥|≤|\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|over|under|above|below|"
    r"more than|less than|fewer than|at least|at most|up to|close to|circa|ca\.|as (?:much|many|little|few|high|low) "
    r"as|within))\s*$",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    rf"""
    (?P<orders>(?:(?P<count>\d+(?:\.\d+)?|an?|one|{_NAMED}|several|many)(?:\s*(?:-|–|to)\s*(?P<upto>\d+|{_NAMED}))?[\s-]+)?
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
    | \b(?P<half>{"|".join(_HALVES)})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TEX = (
    (re.compile(r"\\(?:%|,|;|:|!| )|\\(?:left|right|mathrm|text|rm|bf|mathbf)\b"), lambda m: "%" if m.group() == r"\%" else " "),
    (re.compile(r"\\(?:times|cdot)\b"), lambda _: "×"),
    (re.compile(r"\\(?:sim|approx|simeq)\b"), lambda _: "~"),
    (re.compile(r"\\(?:geq?|gtrsim)\b"), lambda _: "≥"),
    (re.compile(r"\\(?:leq?|lesssim)\b"), lambda _: "≤"),
    (re.compile(r"[{}$]"), lambda _: ""),
    (re.compile(r"(?<=\d)([⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)"), lambda m: "^" + m.group().translate(_SUPERSCRIPTS)),
    (re.compile("[\u00a0\u2009\u202f]"), lambda _: " "),
    (re.compile("[−‐‑‒]"), lambda _: "-"),
)  # fmt: skip


def figures(text: str) -> list[Figure]:
    """The figures of ``text``, in order. Numbers within names (``GPT-4``, ``H2O``, ``3D``) are not
    figures.
    """
    for pattern, plain in _TEX:
        text = pattern.sub(plain, text)
    found = (_read(match, text) for match in _FIGURE.finditer(text))
    return [figure for figure in found if figure]


def _read(match: re.Match[str], text: str) -> Figure | None:
    whole = match.group().strip()
    hedged = bool(_HEDGE.search(text[: match.start()]))
    if match["number"]:
        return None if _in_name(match, text) else _numeral(match, whole, hedged)
    if match["orders"]:
        return Figure(whole, _orders(match), hedged=hedged)
    if match["half"]:
        return Figure(whole, ((0.5, ""), (0.5, "x"), (50.0, "%")))
    if match["factor"]:
        return Figure(whole, ((_FACTORS[match["factor"].lower()], "x"),))
    if match["fold"]:
        return Figure(whole, ((float(_WORDS[match["fold"].lower()]), "x"),), hedged=hedged)
    kind = {"t": "x", "p": "%"}.get((match["wordafter"] or " ").strip()[:1].lower(), "")
    return Figure(whole, ((_spoken(match["word"]), kind),), hedged=hedged)


def _in_name(match: re.Match[str], text: str) -> bool:
    """``GPT-4``, ``COVID-19``, ``3D``, ``2-layer``: letters joined to the number make it part of a name."""
    before, after = text[: match.start()], text[match.end() :]
    if re.search(r"[^\W\d_]-$", before):
        return not re.search(r"(?:^|\s)(?:to|of|by|a)-$", before)
    return not match["after"] and bool(re.match(r"[^\W\d_]{1,2}(?![^\W_])", after)) and after[:1].isupper()


def _numeral(match: re.Match[str], whole: str, hedged: bool) -> Figure:
    bare = match["number"].replace(",", "")
    value = float(bare)
    power = match["power"] or match["exponent"]
    if power:
        value *= 10.0 ** min(int(power), 300)
    if match["raised"]:
        value = min(value ** min(int(match["raised"]), 60), 1e300) if value else 0.0
    after = (match["after"] or "").strip()
    digits = len(bare.replace(".", "").strip("0")) or 1
    return Figure(whole, _meanings(value, after), digits, hedged)


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
    """ "Two orders of magnitude" as a factor of 100; without a count, as one that is unknown (not a
    number).
    """
    counts = [_count(word) for word in (match["count"], match["upto"]) if word]
    if not counts and not match["orders"].lower().startswith("orders"):
        counts = [1.0]
    return tuple((10.0 ** min(c, 300) if c == c else math.nan, "x") for c in counts) or ((math.nan, "x"),)


def _count(word: str) -> float:
    word = word.lower()
    if word in {"a", "an", "one"}:
        return 1.0
    if word in {"several", "many"}:
        return math.nan
    return float(_WORDS[word]) if word in _WORDS else float(word)


def _spoken(words: str) -> float:
    """``twenty-five`` is 25, ``two hundred`` is 200."""
    values = [float(_WORDS[word]) for word in re.split(r"[-\s]+", words.lower())]
    if len(values) == 1:
        return values[0]
    first, second = values
    return first * second if second in {12.0, 100.0, 1000.0} else first + second


def _same(claimed: Figure, given: Figure) -> bool:
    return any(
        _equal(claimed, value, other, given)
        for value, kind in claimed.readings
        for other, other_kind in given.readings
        if kind == other_kind or not kind or not other_kind
    ) or _fraction(claimed, given)


def _equal(claimed: Figure, value: float, other: float, given: Figure) -> bool:
    if math.isnan(
        value
    ):  # "orders of magnitude": any that the source counts, or a factor of at least a hundred
        return math.isnan(other) or other >= 100
    if math.isclose(value, other, rel_tol=1e-9):
        return True
    if not other or claimed.digits >= given.digits:
        return False
    rounded = float(f"{other:.{claimed.digits}g}")
    return math.isclose(value, rounded, rel_tol=1e-9) and (claimed.digits >= 2 or claimed.hedged)


def _fraction(claimed: Figure, given: Figure) -> bool:
    """A share written as ``0.95`` and as ``95 %``."""
    for (value, kind), (other, other_kind) in ((c, g) for c in claimed.readings for g in given.readings):
        if {kind, other_kind} == {"%", ""}:
            share, percent = (value, other) if kind == "" else (other, value)
            if 0 < share < 1 and math.isclose(share * 100, percent, rel_tol=1e-6):
                return True
    return False


def unfounded_figures(sentence: str, source: str) -> tuple[str, ...]:
    """The figures of ``sentence`` that ``source`` does not hold, as they are written."""
    given = figures(source)
    return tuple(f.text for f in figures(sentence) if not any(_same(f, g) for g in given))


# --- named things
# ---------------------------------------------------------------------------------------------------

_NAME = re.compile(r"[^\W_](?:[\w+]|[-–‑./'’](?=\w))*", re.UNICODE)
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*[A-Z]")


def names(text: str) -> list[str]:
    """Named things in ``text``: acronyms, words with digits or inner capitals, capitalised words within a
    sentence.
    """
    found: list[str] = []
    for sentence in sentences(text):
        for position, match in enumerate(_NAME.finditer(sentence)):
            opens = position == 0 or sentence[: match.start()].rstrip()[-1:] in ':.?!"“('
            if _is_name(match.group(), opens):
                found.append(match.group())
    return list(dict.fromkeys(found))


def _is_name(word: str, opens: bool) -> bool:
    if len(word) < 2 or word.replace(".", "").isdigit():
        return False
    capitals = sum(letter.isupper() for letter in word)
    if capitals >= 2 and "-" not in word:
        return True
    if any(letter.isdigit() for letter in word):
        return word[0].isalpha() or capitals > 0
    if capitals >= 2:
        return any(_ACRONYM.match(part) or part.isupper() for part in word.split("-") if len(part) > 1)
    return word[0].isupper() and not opens and fold(word) not in STOP_WORDS


def unfounded_names(sentence: str, source: str) -> tuple[str, ...]:
    """The named things of ``sentence`` that ``source`` holds neither in full nor as their acronym or its
    long form.
    """
    held = frozenset(terms(source))
    initials = _initials(source)
    return tuple(
        name
        for name in names(sentence)
        if not _held(name, held)
        and _acronym(name) not in initials
        and not _spelled_out(name, sentence, source)
    )


def _held(name: str, held: frozenset[str]) -> bool:
    parts = terms(name)
    return (
        all(part in held for part in parts)
        or (len(parts) > 1 and parts[0] in held)
        or (len(parts) > 1 and all(part in held for part in parts[1:]))
    )


def _acronym(name: str) -> str:
    """``PINNs`` as ``pinn``; what is no acronym as a word that no initials spell."""
    bare = re.sub(r"(?<=[A-Z])s$", "", name).replace("-", "").replace(".", "")
    return bare.lower() if bare.isupper() and bare.isalpha() else "\0"


def _initials(text: str) -> frozenset[str]:
    """The first letters of every run of two to six words, function words left out and also kept."""
    words = re.findall(r"[^\W\d_]+", fold(text))
    found: set[str] = set()
    for kept in (words, [word for word in words if word not in STOP_WORDS]):
        letters = "".join(word[0] for word in kept)
        found.update(letters[i : i + n] for n in range(2, 7) for i in range(len(letters) - n + 1))
    return frozenset(found)


def _spelled_out(name: str, sentence: str, source: str) -> bool:
    """Whether ``name`` is a word of a long form in the sentence whose acronym the source uses."""
    acronyms = {_acronym(word) for word in _NAME.findall(source)} - {"\0"}
    words = re.findall(r"[^\W\d_]+", sentence)
    for n in range(2, 7):
        for i in range(len(words) - n + 1):
            run = words[i : i + n]
            if name.split("-", maxsplit=1)[0] in run and "".join(word[0] for word in run).lower() in acronyms:
                return True
    return False
