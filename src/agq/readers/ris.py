"""RIS, with rispy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from agq.readers import dates
from agq.readers.base import Bad, Draft, Fields, Input, Raw, SourceFormat
from agq.readers.entries import table
from agq.readers.names import turned
from agq.readers.streams import lines
from agq.readers.tagged import ENDS, Every, Get, decoded, getters, parser
from agq.records import Entry, csl_date
from agq.text import identifiers
from agq.text.people import Name, parse_name

_TYPE = re.compile(r"(\s*)TY( {0,3})-(?= ?[A-Z])")

_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: |$)(.*)", re.DOTALL)


def read_ris(file: Input) -> Iterator[Raw | Bad]:
    """RIS: a record from ``TY`` to ``ER``; whichever way the tags are spaced, as long as they are alike."""
    parse = parser(_TAG, "TY")
    for piece in _pieces(file):
        if isinstance(piece, Bad):
            yield piece
            continue
        line, held = piece
        for fields in parse(held):
            written = Entry("ris", _first(fields, "TY"), tuple(_in_order(held)))
            yield Raw({**fields, "as written": written}, _draft, line, _first(fields, "ID") or None)


def _first(fields: Mapping[str, object], tag: str) -> str:
    held = fields.get(tag)
    return str(held[0]) if isinstance(held, list) and held else held if isinstance(held, str) else ""


def _in_order(held: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The record's tags and values, as they stand."""
    tag, parts = "", [""]
    for line in held:
        if found := _TAG.match(line):
            if tag not in ("", "TY", ENDS):
                yield tag, " ".join(parts)
            tag, parts = found.group(1), [found.group(2).strip()]
        elif line.strip():
            parts.append(line.strip())
    if tag not in ("", "TY", ENDS):
        yield tag, " ".join(parts)


class _Spacing:
    """How the tags of a record are spaced, told by its ``TY``: as RIS has them, or all alike another way."""

    def __init__(self, line: str) -> None:
        found = _TYPE.match(line)
        indent, gap = found.groups() if found else ("", "  ")
        self._odd = (indent, gap) not in (("", "  "), ("", " ")) or not _TAG.match(line)
        self._pattern = re.compile(rf"{re.escape(indent)}([A-Z][A-Z0-9]){re.escape(gap)}- ?(.*)", re.DOTALL)

    def regular(self, line: str) -> str:
        """The line as RIS has it."""
        found = self._pattern.match(line)
        return f"{found.group(1)}  - {found.group(2)}" if found else line


def _pieces(file: Input) -> Iterator[tuple[int, list[str]] | Bad]:
    """The records' lines. Tags that stand right before a ``TY`` belong to it; what else stands between
    records is nothing, but for a record that has no ``TY`` at all, which is reported."""
    held: list[tuple[int, str]] = []
    begun, size, reason = False, 0, ""
    for line in lines(file):
        content = decoded(line)
        told = content if isinstance(content, str) else ""
        if _TYPE.match(told):
            if begun:
                yield _piece(held, reason)
                held = []
            held, begun, size, reason = (held if not begun else []), True, 0, ""
        elif not begun and not _TAG.match(told):
            held = []  # what stands before it is no part of a record
            if isinstance(content, Bad) and not told:
                yield content
            continue
        size += len(told)
        if isinstance(content, Bad) or size > file.limits.record:
            reason = reason or (content.reason if isinstance(content, Bad) else "record too long")
        else:
            held.append((line.number if not isinstance(line, Bad) else 0, told))
        if re.match(r"\s*ER {0,3}-", told):
            yield _piece(held, reason) if begun else _without_type(held)
            held, begun = [], False
    if begun and held:
        yield _piece(held, reason)


def _piece(held: Sequence[tuple[int, str]], reason: str) -> tuple[int, list[str]] | Bad:
    start = next((n for n, (_, line) in enumerate(held) if _TYPE.match(line)), 0)
    if reason:
        return Bad(reason, held[0][0] if held else None)
    spacing = _Spacing(held[start][1])
    regular = [spacing.regular(line) for _, line in held]
    return held[0][0], [regular[start], *regular[:start], *regular[start + 1 :]]


def _without_type(held: Sequence[tuple[int, str]]) -> Bad:
    return Bad("a record without a type (TY)", held[0][0] if held else None)


def _draft(fields: Fields) -> Draft:
    """A RIS record's tags, sorted."""
    get, every = getters(fields)
    type_ = RIS_TYPES.get(get("TY").strip().upper(), "document")
    people = turned(every("AU") or every("A1"))
    date = _date(get)
    written = fields.get("as written")
    number = get("ID").strip()
    return Draft(
        key=_author_year(people, date, get("TI", "T1", "CT", "BT")) if number.isdecimal() else number,
        title=get("TI", "T1", "CT", "BT"),
        abstract=get("AB", "N2"),
        authors=people,
        categories=[part.strip().lstrip("*") for keyword in every("KW") for part in keyword.split(";")],
        date=date,
        doi=get("DO") or _first_doi(every),
        arxiv=next(filter(None, map(identifiers.arxiv_named, every("UR", "AN", "M1"))), "")
        or next(filter(None, map(identifiers.arxiv_alone, every("N1"))), ""),
        pmid=get("AN") if get("AN").isdecimal() and get("DP") in ("NLM", "PubMed") else "",
        url=next((url for url in every("UR", "L2", "LK") if url.startswith("http")), ""),
        venue=get("JO", "JF", "T2", "JA", "BT", "J2", "PB"),
        type=type_,
        fields=_variables(type_, get, every),
        entry=written if isinstance(written, Entry) else None,
        handles=[f"id:{number}"] if number.isdecimal() else [],
        layout="RIS",
        mapping={name: tag for name, tags in _MAPPING.items() for tag in reversed(tags) if tag in fields},
    )


def _author_year(people: Sequence[Name], date: str, title: str) -> str:
    """The key of a record whose own is but a number: who, when, and the title's first word that says
    something."""
    who = (people[0].family or people[0].literal) if people else ""
    words = [word for word in re.findall(r"[^\W\d_]+", title.casefold()) if len(word) > 3]
    made = f"{identifiers.plain_letters(who)}{date[:4]}{identifiers.plain_letters(words[0]) if words else ''}"
    return made if who or date else ""


RIS_TYPES: Mapping[str, str] = table("""
article-journal   JOUR JFULL ABST INPR EJOUR
article-magazine  MGZN
article-newspaper NEWS
book              BOOK EBOOK EDBOOK WHOLE CTLG
chapter           CHAP ECHAP
paper-conference  CONF CPAPER
thesis            THES
report            RPRT GOVDOC
webpage           ELEC WEB
post-weblog       BLOG
manuscript        UNPB MANSCPT
dataset           DATA AGGR DBASE
software          COMP
patent            PAT
standard          STAND
pamphlet          PAMP
periodical        SER
motion_picture    MPCT VIDEO
song              SOUND MUSIC
graphic           ART FIGURE
map               MAP
legal_case        CASE
legislation       STAT
bill              BILL UNBILL
hearing           HEAR
personal_communication PCOMM ICOMM
speech            SLIDE
entry-encyclopedia ENCYC
entry-dictionary  DICT
""")
"""RIS's type -> CSL's; any other is a ``document``."""


def _variables(type_: str, get: Get, every: Every) -> dict[str, object]:
    pages = "-".join(part for part in (get("SP"), get("EP")) if part)
    held: dict[str, object] = {
        "container-title": get("JF", "JO", "T2", "BT", "JA", "J2"),
        "container-title-short": get("JA", "J2"),
        "collection-title": get("T3"),
        "volume": get("VL"),
        "issue" if type_.startswith("article-") else "number": get("IS"),
        "page": pages,
        "publisher": get("PB"),
        "publisher-place": get("CY", "PP"),
        "edition": get("ET"),
        "ISBN" if type_ in ("book", "chapter", "report", "thesis") else "ISSN": get("SN"),
        "language": get("LA"),
        "note": " ".join(every("N1")),
        "title-short": get("ST"),
        "event-title": get("C3"),
        "genre": "" if "10." in get("M3") else get("M3"),
        "source": get("DB", "DP"),
        "editor": [parse_name(name) for name in every("ED") or every("A2")],
        "accessed": csl_date(dates.iso(get("Y2").strip("/ "))),
    }
    return {name: value for name, value in held.items() if value}


_MAPPING = {
    "id": ("ID",),
    "title": ("TI", "T1"),
    "abstract": ("AB", "N2"),
    "authors": ("AU", "A1"),
    "categories": ("KW",),
    "date": ("DA", "PY", "Y1"),
    "doi": ("DO",),
    "url": ("UR",),
    "venue": ("JO", "JF", "T2"),
}


def _date(get: Get) -> str:
    """``2024/06/13/`` where it is there; a month or day alone (``DA  - May``) adds to the year."""
    year = dates.iso(get("PY", "Y1").strip("/ "))
    full = dates.iso(get("DA").strip("/ "))
    if full or not year:
        return full if len(full) >= len(year) else year
    return dates.iso(f"{get('DA')} {year}") if len(year) == 4 and get("DA") else year


_SAYS_DOI = re.compile(r"(?:doi[:\s]|.*doi\.org/|10\.)", re.IGNORECASE)


def _first_doi(every: Every) -> str:
    return next((value for value in every("M3", "UR", "N1", "L3", "LK") if _SAYS_DOI.match(value)), "")


_BEGINS = re.compile(rb"(?:.{0,80}\n){0,5}\s*TY {0,3}- ?[A-Z]")

RIS = SourceFormat("ris", read_ris, lambda start: bool(_BEGINS.match(start)), (".ris",))
