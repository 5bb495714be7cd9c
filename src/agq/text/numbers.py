"""Figures in a sentence, and which of them a source does not hold.

A figure is matched by value, whatever its spelling: ``~226 %`` is ``226%``, ``1,000`` is ``1000``, ``ten
times`` is ``10x`` and ``tenfold``, ``two orders of magnitude`` is ``100x`` (and not ``10x``), ``0.95`` is
``95 %``, ``two thirds`` are some ``66 %``. What follows from a source's figures is held by it: ``elevenfold``
where it has 32 and 352, ``72 % less`` where something is 3.6 times less, ``2,000 light-years`` for 600 pc.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agq.text.lexicon import lexicon, table
from agq.text.months import month_number
from agq.text.terms import STOP_WORDS, fold, terms


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a text.

    ``readings`` are the (value, kind) pairs that it may mean; kind is ``%``, ``x`` (a factor) or empty.
    ``digits`` counts the significant ones; ``hedged`` where "about", "~", "over" and the like stand before
    it. ``unit`` is its unit of time, length, energy and the like. ``counted`` is the stem of what it counts
    ("two tasks"), ``label`` of what it numbers or is the value of ("type 2", "z = 3"): where a source has
    other figures of the same thing and not this one, that this one stands elsewhere in it does not help.
    ``named``: its label and it are one name ("top-10", "BRCA1"), which is asked for as a name. ``about``: the
    figure with its label or what it counts, as written. ``loose``: how far, as a share, it may be from what
    it stands for: nobody says "two thirds" for 0.66667 only.
    """

    text: str
    readings: tuple[tuple[float, str], ...]
    digits: int = 1
    hedged: bool = False
    counted: str = ""
    unit: str = ""
    label: str = ""
    named: bool = False
    about: str = ""
    loose: float = 0.0


_WORDS, _SCALES, _SUFFIXES, _FACTORS, _PARTS = (
    {word: float(worth) for kind, word, worth in table("numbers") if kind == of}
    for of in ("number", "scale", "suffix", "factor", "part")
)
_COUNTED_MAX = 10
"""Up to this a number in words counts what stands behind it."""
_IN_WORDS = "|".join(sorted(_WORDS, key=len, reverse=True))
_UNITS = [(written, measures, float(worth)) for measures, worth, written in table("units")]
"""How a unit is written, what it measures, and how much of that: 600 pc are 2,000 light-years."""
_UNIT = re.compile(
    r"[\s~-]*(?:"
    + "|".join(f"(?P<u{n}>{'|'.join(re.split(' ', written))})" for n, (written, _, _) in enumerate(_UNITS))
    + r")(?![^\W\d_])"
)
_ZERO_CELSIUS = 273.15
_CELSIUS = f"u{next(n for n, unit in enumerate(_UNITS) if unit[0].startswith('°C'))}"
_LISTED = re.compile(
    r"^(?:-?\s*(?:,|and|or|to|-|–|±|\+/-|/)\s*(?:and\s|or\s|about\s|roughly\s)?[\s~∼≈<>]*\d[\d.,]*)+"
)
_LABEL = re.compile(r"(?P<label>[^\W_][^\W\d_]*)(?:\s*(?P<joined>[=~∼≈≃<>≥≤@]|(?<=\w)[(-])\s*|\s+)$")
_NUMBERED = lexicon("english")["numbered"]
"""Words that a number follows as a name does: type 2, stage 1."""
_NAMED = re.compile(r"(?<![\w-])(?P<label>[^\W\d_]{2,})(?P<number>\d{1,3})(?![\w.]*\d)")
_HEDGE = re.compile(
    r"""(?:[~≈≃∼><≥≤]|\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|over|under|above|below
    |(?:more|less|fewer)\ than|at\ (?:least|most)|up\ to|close\ to|circa|ca\.|within
    |as\ (?:much|many|little|few|high|low)\ as))\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_FIGURE = re.compile(
    rf"""
    \b(?P<parts>an?|one|{_IN_WORDS}|\d)[\s-]+(?P<share>(?:{"|".join(_PARTS)}))
      (?:s\b|(?<=halves)\b
        |\b(?=\s+(?:of|as|to|in|on|by|at|that|the|when|while|and|or|compared|relative|less|more|fewer|lower
          |higher|smaller|larger|shorter|longer|faster|slower|cheaper|below|above|with|for|over|under|from)\b
          |\s*[,.;:)]|\s*$))
    | \b(?P<some>one|{_IN_WORDS})\s+(?:in(?:\s+every)?|out\s+of(?:\s+every)?)\s+(?P<all>{_IN_WORDS})\b
    | (?P<orders>
        (?:(?P<count>\d+(?:\.\d+)?|an?|one|{_IN_WORDS}|several|many)
           (?:\s*(?:-|–|to)\s*(?P<upto>\d+|{_IN_WORDS}))?[\s-]+)?
        orders?[\s-]+of[\s-]+magnitude)
    | (?<![\w.^])(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)
      (?:\s*(?:[×x*]|·)\s*10\^?(?P<power>[-+]?\d+)|[eE](?P<exponent>[-+]?\d+)|\^(?P<raised>[-+]?\d+))?
      (?P<after>\s*(?:%|percent\b|per\s+cent\b|percentage\s+points?\b)
        |\s*-?\s*(?:[×x](?![A-Za-z])|times\b|fold\b|-fold\b)
        |\s*(?:hundred|thousand|million|billion|trillion)\b
        |(?:[kKMBGT])(?![\w])|[kKMG](?=bp\b))?
    | \b(?P<fold>{_IN_WORDS})-?fold\b
    | \b(?P<word>(?:{_IN_WORDS})(?:(?:-|\s+|\s+and\s+)(?:{_IN_WORDS})){{0,4}})\b
        (?P<andhalf>\s+and\s+a\s+half\b)?
        (?P<wordafter>\s+(?:times|percent|per\s+cent)\b)?
    | \b(?P<factor>{"|".join(_FACTORS)})\b
    | \b(?P<half>half|halve|halves|halved|halving)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HEDGED_TOLERANCE = 0.05
"""How far "about 90" may be from what it rounds: 18 is not about 20."""
_ROUNDING_TOLERANCE = 0.025
"""How far any figure may be from one that has more digits: 10 % for 10.2 %."""
_SHARE_TOLERANCE = 0.08
"""How far a share in words may be from what it stands for, and a ratio from what is worked out."""
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TEX: Mapping[str, str] = {
    **dict.fromkeys((",", ";", ":", "!", " ", "left", "right", "mathrm", "text", "rm", "bf", "mathbf"), " "),
    **dict.fromkeys(("times", "cdot"), "×"),
    **dict.fromkeys(("sim", "approx", "simeq"), "~"),
    **dict.fromkeys(("ge", "geq", "gtrsim"), "≥"),
    **dict.fromkeys(("le", "leq", "lesssim"), "≤"),
    "%": "%",
}
_MACRO = re.compile(r"\\([A-Za-z]+|[,;:! %])")
_TYPOGRAPHY = str.maketrans(
    {**dict.fromkeys("{}$", ""), **dict.fromkeys("\u00a0\u2009\u202f", " "), **dict.fromkeys("−‐‑‒", "-")}
)
_SUPERSCRIPT = re.compile(rf"(?<=\d)[{''.join(map(chr, _RAISED))}]+")
_MIDDLE_DOT = re.compile(r"(?<=\d)·(?=\d)(?!10\^?-?\d)")  # 5·24 million
_POWER_MAX = 300  # the largest power of ten that is told apart


def figures(text: str) -> list[Figure]:
    """The figures of ``text``, in order. Numbers within names (``GPT-4``, ``H2O``, ``3D``) are none."""
    text = _spelled(text)
    found = (_read(match, text) for match in _FIGURE.finditer(text))
    return [figure for figure in found if figure]


def _in_names(text: str) -> list[Figure]:
    """The numbers in the names of ``text``: ``BRCA1`` numbers a BRCA."""
    return [
        Figure(match.group(), ((float(match["number"]), ""),), label=fold(match["label"]), named=True)
        for match in _NAMED.finditer(_spelled(text))
    ]


def _spelled(text: str) -> str:
    """TeX and typography as what ``_FIGURE`` reads."""
    text = _MACRO.sub(lambda macro: _TEX.get(macro[1], macro[0]), text).translate(_TYPOGRAPHY)
    text = _SUPERSCRIPT.sub(lambda digits: "^" + digits[0].translate(_RAISED), text)
    return _MIDDLE_DOT.sub(".", text)


def unfounded_figures(sentence: str, source: str) -> tuple[str, ...]:
    """The figures of ``sentence`` that ``source`` does not hold, as they are written."""
    claimed = figures(sentence)
    if not claimed:
        return ()
    given = _given(source)
    return tuple(dict.fromkeys(told for figure in claimed if (told := _unfounded(figure, given))))


@lru_cache(maxsize=64)
def _given(source: str) -> Sequence[Figure]:
    """All that may support a figure; kept, because many sentences are held against one source."""
    return (*figures(source), *_in_names(source))


def _unfounded(claimed: Figure, given: Sequence[Figure]) -> str:
    """The figure as it is written where ``given`` lacks it; with what it is about where that has another."""
    same = [other for other in given if _same(claimed, other)]
    if same or claimed.named:
        return claimed.about if _is_otherwise(claimed, given, same) else ""
    if any(_follows(claimed, other) for other in given) or _is_ratio(claimed, given):
        return ""
    if claimed.text[:1].isdigit() or not claimed.counted or _is_otherwise_long(claimed, given):
        return claimed.about
    return claimed.about if any(other.counted == claimed.counted for other in given) else ""


def _is_otherwise(claimed: Figure, given: Sequence[Figure], same: Sequence[Figure]) -> bool:
    """Whether the source has other figures of what this one is about, and this one of something else only.

    A label or a unit is written beside its figure; what is counted may not be, so that a figure of which the
    source does not show what it counts may be this one.
    """
    labels = {other.label for other in given} - {other.label for other in same}
    units = {other.unit for other in given} - {other.unit for other in same}
    if claimed.label and claimed.label in labels:
        return True
    if claimed.unit and claimed.unit in units:
        return not any(_is_share(mine, theirs) for mine, theirs in _pairs(claimed, same))
    counted = {other.counted for other in same}
    return bool(
        claimed.counted
        and not counted & {"", claimed.counted}
        and claimed.counted in {other.counted for other in given}
    )


def _is_otherwise_long(claimed: Figure, given: Sequence[Figure]) -> bool:
    """Whether the source has the same number of another unit: six weeks are no six months."""
    measured = _measures(claimed.unit)
    return bool(measured) and any(
        other.unit != claimed.unit and _measures(other.unit) == measured for other in given
    )


# --- reading ---


def _read(match: re.Match[str], text: str) -> Figure | None:
    whole = match.group().strip()
    hedged = bool(_HEDGE.search(text[max(0, match.start() - 24) : match.start()]))
    if match["number"]:
        if _in_name(match, text):
            return _joined_to_word(match, text)
        return _numeral(match, whole, text, hedged=hedged)
    if match["word"]:
        return _spoken(match, whole, text, hedged=hedged)
    if match["parts"] or match["some"]:
        return _share(match, whole, text[match.end() :])
    return Figure(whole, _factors(match), hedged=hedged, about=whole)


def _share(match: re.Match[str], whole: str, follows: str) -> Figure:
    """``two thirds``, ``one in five``: a share; one part of so many is also so many times less. ``a tenth of
    a second`` is a time.
    """
    parts = _count(match["parts"] or match["some"])
    whole_of = _PARTS[match["share"].lower()] if match["share"] else _WORDS[match["all"].lower()]
    share = parts / whole_of
    measured = re.match(r"\s+of\s+an?(?=\s)", follows)
    if measured and (unit := _unit(follows[measured.end() :])):
        return Figure(whole, ((share, ""),), hedged=True, unit=unit, about=whole)
    times = ((whole_of, "x"),) if parts == 1 else ()
    return Figure(
        whole, ((share, ""), (100 * share, "%"), *times), hedged=True, about=whole, loose=_SHARE_TOLERANCE
    )


def _factors(match: re.Match[str]) -> tuple[tuple[float, str], ...]:
    if match["orders"]:
        return _orders(match)
    if match["half"]:
        return ((0.5, ""), (0.5, "x"), (50.0, "%"), (2.0, "x"))
    return ((_FACTORS[match["factor"].lower()] if match["factor"] else _WORDS[match["fold"].lower()], "x"),)


def _in_name(match: re.Match[str], text: str) -> bool:
    """``GPT-4``, ``COVID-19``, ``3D``, ``3T3``: letters joined to the number make it part of a name."""
    before, after = text[: match.start()], text[match.end() :]
    if re.search(r"[^\W\d_]-$", before):
        return not re.search(r"(?:^|\s)(?:to|of|by|a)-$", before)
    if re.search(r"[^\W\d_]\d+/$", before):  # OCT3/4
        return True
    joined = re.match(r"[^\W\d_]{1,2}(?![^\W\d_])", after)
    return not match["after"] and bool(joined) and after[:1].isupper()


def _joined_to_word(match: re.Match[str], text: str) -> Figure | None:
    """``top-10``: asked for only where the source has another ``top-``; a name in capitals is a name."""
    before = re.search(r"(?<![\w-])([^\W\d_][a-z]+)-$", text[: match.start()])
    if before and month_number(before[1]):
        return _numeral(match, match.group().strip(), text, hedged=False)
    if not before or match["power"] or match["exponent"] or match["raised"]:
        return None
    value = float(match["number"].replace(",", ""))
    whole = before.group() + match["number"]
    return Figure(whole, ((value, ""),), label=fold(before[1]), named=True, about=whole)


def _numeral(match: re.Match[str], whole: str, text: str, *, hedged: bool) -> Figure:
    bare = match["number"].replace(",", "")
    value = _scaled(float(bare), match)
    digits = len(bare.replace(".", "").strip("0")) or 1
    after = (match["after"] or "").strip()
    is_year = len(bare) == 4 and bare == match["number"] and 1800 <= value < 2100
    before, follows = text[: match.start()], text[match.end() :]
    label, labelled = _label(before, whole)
    if of := re.match(r"/\d+(?![\w/])", follows):  # 10/66
        label, labelled, whole = of.group(), "", whole + of.group()
    counted, counting = ("", "") if after or is_year else _counted(follows)
    return Figure(
        match.group().strip(),
        _meanings(value, after),
        1 if is_year else digits,  # 2000 is no 2025 rounded
        hedged,
        counted=counted,
        unit=_kind(after) or _unit(follows) or _unit_before(before),
        label=label,
        about=f"{labelled}{whole}{counting}",
    )


def _kind(after: str) -> str:
    """``%`` or ``x`` for what stands behind a figure."""
    kind = _meanings(0, after)[0][1]
    return kind if kind in {"%", "x"} else ""


def _unit(after: str) -> str:
    """The unit behind a figure, or behind those it is listed with: ``55 to 65 years``."""
    follows = _LISTED.sub("", after, count=1)
    if follows != after and re.match(r"\s*(?:%|percent)", follows):
        return "%"
    match = _UNIT.match(follows)
    unit = (match.lastgroup or "") if match else ""
    return "%" if unit and _UNITS[int(unit[1:])][1] == "%" else unit


def _measures(unit: str) -> str:
    """What a unit measures: ``time``, ``length``; empty for none and for a share."""
    return _UNITS[int(unit[1:])][1] if unit.startswith("u") else ""


def _unit_before(before: str) -> str:
    """``week 12``, ``a factor of 8``."""
    if re.search(r"\bfactors? of\s*(?:~|about |around |up to |over |more than )?$", before):
        return "x"
    match = re.search(r"\b(?:day|week|month|year)s?(?=\s$)", before)
    return _unit(match.group()) if match else ""


def _label(before: str, number: str) -> tuple[str, str]:
    """What a figure numbers or is the value of (``z`` of ``z = 3``, ``type`` of ``type 2``); as written."""
    match = _LABEL.search(before[-40:])
    if match is None:
        return "", ""
    label = fold(match["label"])
    acronym = match["label"].isupper() and len(label) > 1
    numbers = number.isdigit() and (acronym or label in _NUMBERED)
    return (label, match.group()) if numbers or (match["joined"] and label not in STOP_WORDS) else ("", "")


def _scaled(value: float, match: re.Match[str]) -> float:
    power = match["power"] or match["exponent"]
    if power:
        return value * 10.0 ** max(-_POWER_MAX, min(int(power), _POWER_MAX))
    if match["raised"] and value:
        exponent = max(-_POWER_MAX, min(int(match["raised"]), _POWER_MAX))
        return float(value**exponent) if exponent * math.log10(value) < _POWER_MAX else 10.0**_POWER_MAX
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
    return tuple((math.nan if math.isnan(n) else 10.0 ** min(n, _POWER_MAX), "x") for n in counts)


def _count(word: str) -> float:
    word = word.lower()
    if word in {"a", "an", "one"}:
        return 1.0
    if word in {"several", "many"}:
        return math.nan
    return _WORDS[word] if word in _WORDS else float(word)


def _spoken(match: re.Match[str], whole: str, text: str, *, hedged: bool) -> Figure | None:
    """``twenty-five`` is 25, ``five hundred and six`` is 506, ``two tasks`` may be the writer's count."""
    if re.search(r"\b(?:several|few|many)\s+$", text[: match.start()]):
        return None  # "several hundred" says no number
    value = 0.0
    for word in re.split(r"[-\s]+", match["word"].lower()):
        if word in {"hundred", "thousand", "dozen"}:
            value = (value or 1) * _WORDS[word]
        elif word != "and":
            value += _WORDS[word]
    value += 0.5 if match["andhalf"] else 0
    kind = {"t": "x", "p": "%"}.get((match["wordafter"] or " ").strip()[:1].lower(), "")
    follows = text[match.end() :]
    counted, counting = _counted(follows) if value <= _COUNTED_MAX and not kind else ("", "")
    unit = kind or _unit(follows)
    return Figure(whole, ((value, kind),), 1, hedged, counted, unit, about=whole + counting)


def _counted(after: str) -> tuple[str, str]:
    """The stem of what a number counts, and the words up to there: the next plural within three words, before
    any stop or number.
    """
    following = re.split(r"[\d.,;:()]", after[:60], maxsplit=1)[0]
    if (joined := re.match(r"-([^\W\d_]{4,})", following)) and not _UNIT.match(following):  # two-phase
        return next(iter(terms(joined[1])), ""), joined.group()
    for match in itertools.islice(re.finditer(r"[^\W\d_]{3,}", following), 3):
        word = match.group()
        if word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in STOP_WORDS:
            return next(iter(terms(word)), ""), following[: match.end()]
    return "", ""


# --- comparing ---


def _same(claimed: Figure, given: Figure) -> bool:
    if claimed.named != given.named and claimed.label != given.label:
        return False
    if _in_other_units(claimed, given):
        return False
    pairs = _pairs(claimed, [given])
    return any(
        _equal(claimed, mine[0], theirs[0], given)
        for mine, theirs in pairs
        if mine[1] == theirs[1] or not mine[1] or not theirs[1]
    ) or any(_is_share(mine, theirs) for mine, theirs in pairs)


def _pairs(claimed: Figure, given: Sequence[Figure]) -> list[tuple[tuple[float, str], tuple[float, str]]]:
    return [(mine, theirs) for mine in claimed.readings for other in given for theirs in other.readings]


def _in_other_units(claimed: Figure, given: Figure) -> bool:
    """Whether both have a unit, a share and a factor among them, and not the same."""
    mine, theirs = (
        {figure.unit or kind for _, kind in figure.readings} - {""} for figure in (claimed, given)
    )
    return bool(mine and theirs) and not mine & theirs


def _equal(claimed: Figure, value: float, other: float, given: Figure) -> bool:
    if math.isnan(
        value
    ):  # "orders of magnitude": any that the source counts, or a factor of at least a hundred
        return math.isnan(other) or other >= 100
    if math.isclose(value, other, rel_tol=max(claimed.loose, 1e-9)):
        return True
    if not other or math.isnan(other) or claimed.digits >= given.digits:
        return False
    rounded = float(f"{other:.{claimed.digits}g}")
    if claimed.digits < 2 and not (claimed.hedged and math.isclose(value, other, rel_tol=_HEDGED_TOLERANCE)):
        return math.isclose(value, other, rel_tol=_ROUNDING_TOLERANCE)
    return math.isclose(value, rounded, rel_tol=1e-9) or math.isclose(
        value, other, rel_tol=_ROUNDING_TOLERANCE
    )


def _is_share(mine: tuple[float, str], theirs: tuple[float, str]) -> bool:
    """A share written as ``0.95`` and as ``95 %``."""
    if {mine[1], theirs[1]} != {"%", ""}:
        return False
    share, percent = (mine[0], theirs[0]) if not mine[1] else (theirs[0], mine[0])
    return 0 < share < 1 and math.isclose(share * 100, percent, rel_tol=1e-6)


def _follows(claimed: Figure, given: Figure) -> bool:
    """Whether a figure is another one in another unit, or a share told as a factor: 3.6 times less is 72 %
    less.
    """
    if _converted(claimed, given):
        return True
    return any(
        math.isclose(mine[0], value, rel_tol=_SHARE_TOLERANCE if mine[1] == "x" else _ROUNDING_TOLERANCE)
        for mine, theirs in _pairs(claimed, [given])
        for value in _other_ways(theirs, mine[1])
    )


def _converted(claimed: Figure, given: Figure) -> bool:
    measured = _measures(claimed.unit)
    if not measured or measured != _measures(given.unit) or claimed.unit == given.unit:
        return False
    tolerance = _HEDGED_TOLERANCE if claimed.hedged or claimed.digits < 3 else _ROUNDING_TOLERANCE
    return any(
        math.isclose(_in_base(mine[0], claimed.unit), _in_base(theirs[0], given.unit), rel_tol=tolerance)
        for mine, theirs in _pairs(claimed, [given])
    )


def _in_base(value: float, unit: str) -> float:
    return value + _ZERO_CELSIUS if unit == _CELSIUS else value * _UNITS[int(unit[1:])][2]


def _other_ways(reading: tuple[float, str], kind: str) -> tuple[float, ...]:
    """A factor as the per cent less and more that it makes, and the reverse."""
    value, of = reading
    if of == "x" and kind == "%" and value > 0:
        return (100 * (1 - 1 / value), 100 * (value - 1), 100 / value)
    if of == "%" and kind == "x" and value > 0:
        return (1 + value / 100, *((100 / (100 - value),) if value < 100 else ()))
    return ()


def _is_ratio(claimed: Figure, given: Sequence[Figure]) -> bool:
    """Whether a factor or a share is what two figures of one unit come to: 1,277 MB to 32 MB is fortyfold."""
    wanted = [value for value, kind in claimed.readings if kind == "x" or (claimed.loose and not kind)]
    if not wanted:
        return False
    plain = [f for f in given if not f.named and not _is_year(f)]
    pairs = ((a, b) for a, b in itertools.permutations(plain, 2) if a.unit == b.unit)
    ratios = [x[0] / y[0] for a, b in pairs for x, y in _pairs(a, [b]) if y[0] and x[1] == y[1]]
    tolerance = 1.5 * _SHARE_TOLERANCE if claimed.hedged else _SHARE_TOLERANCE
    return any(math.isclose(value, ratio, rel_tol=tolerance) for value in wanted for ratio in ratios)


def _is_year(figure: Figure) -> bool:
    return figure.text.isdigit() and len(figure.text) == 4 and 1800 <= figure.readings[0][0] < 2100
