"""Formats with a tag a line: RIS and PubMed's ``.nbib`` with rispy, Web of Science's ``.ciw``, EndNote's
``.enw``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from agq.readers import dates, identifiers
from agq.readers.base import Bad, Draft, Fields, Input, Raw
from agq.readers.entries import table
from agq.readers.names import initials_last, turned
from agq.readers.streams import NotText, lines, text
from agq.records import Entry, csl_date
from agq.text.people import Name, parse_name

if TYPE_CHECKING:
    from agq.readers.streams import Line

_RIS_START = re.compile(r"(\s*)TY( {0,3})-(?= ?[A-Z])")
_RIS = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: |$)(.*)", re.DOTALL)
_NBIB = re.compile(r"([A-Z]{2,4}) *- (.*)", re.DOTALL)
_CIW = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|$)", re.DOTALL)
_ENW = re.compile(r"%([A-Z0-9@!#$&()*+^>\[\]<~=?])(?: (.*)|$)", re.DOTALL)
_ENDS = "ER"


def read_ris(file: Input) -> Iterator[Raw | Bad]:
    """RIS: a record from ``TY`` to ``ER``; whichever way the tags are spaced, as long as they are alike."""
    parse = _parser(_RIS, "TY")
    for piece in _ris_pieces(file):
        if isinstance(piece, Bad):
            yield piece
            continue
        line, held = piece
        for fields in parse(held):
            written = Entry("ris", _first(fields, "TY"), tuple(_in_order(held)))
            yield Raw({**fields, "as written": written}, ris, line, _first(fields, "ID") or None)


def read_nbib(file: Input) -> Iterator[Raw | Bad]:
    """PubMed's MEDLINE format: a record from ``PMID`` on."""
    parse = _parser(_NBIB, "PMID")
    for piece in _pieces(file, _NBIB, "PMID"):
        if isinstance(piece, Bad):
            yield piece
        else:
            yield from (Raw(fields, nbib, piece[0]) for fields in parse(piece[1]))


def read_ciw(file: Input) -> Iterator[Raw | Bad]:
    """Web of Science's export: a record from ``PT`` to ``ER``; what goes on is indented."""
    for piece in _pieces(file, _CIW, "PT"):
        if isinstance(piece, Bad):
            yield piece
        else:
            yield Raw(_tagged(piece[1], _CIW), wos, piece[0])


def read_enw(file: Input) -> Iterator[Raw | Bad]:
    """EndNote's tagged export, Refer's format: a record from ``%0`` on."""
    for piece in _pieces(file, _ENW, "0"):
        if isinstance(piece, Bad):
            yield piece
        else:
            yield Raw(_tagged(piece[1], _ENW), enw, piece[0])


def _tagged(held: Sequence[str], pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Tag -> its lines; a line without a tag is one more of the last."""
    fields: dict[str, list[str]] = {}
    last: list[str] = []
    for line in held:
        found = pattern.match(line)
        if found:
            last = fields.setdefault(found.group(1), [])
        said = (found.group(2) or "" if found else line).strip()
        if said:
            last.append(said)
    return fields


def _first(fields: Mapping[str, object], tag: str) -> str:
    held = fields.get(tag)
    return str(held[0]) if isinstance(held, list) and held else held if isinstance(held, str) else ""


def _in_order(held: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The record's tags and values, as they stand."""
    tag, parts = "", [""]
    for line in held:
        if found := _RIS.match(line):
            if tag not in ("", "TY", _ENDS):
                yield tag, " ".join(parts)
            tag, parts = found.group(1), [found.group(2).strip()]
        elif line.strip():
            parts.append(line.strip())
    if tag not in ("", "TY", _ENDS):
        yield tag, " ".join(parts)


class _Spacing:
    """How the tags of a record are spaced, told by its ``TY``: as RIS has them, or all alike another way."""

    def __init__(self, line: str) -> None:
        found = _RIS_START.match(line)
        indent, gap = found.groups() if found else ("", "  ")
        self._odd = (indent, gap) not in (("", "  "), ("", " ")) or not _RIS.match(line)
        self._pattern = re.compile(rf"{re.escape(indent)}([A-Z][A-Z0-9]){re.escape(gap)}- ?(.*)", re.DOTALL)

    def regular(self, line: str) -> str:
        """The line as RIS has it."""
        found = self._pattern.match(line)
        return f"{found.group(1)}  - {found.group(2)}" if found else line


def _ris_pieces(file: Input) -> Iterator[tuple[int, list[str]] | Bad]:
    """The records' lines. Tags that stand right before a ``TY`` belong to it; what else stands between
    records is nothing, but for a record that has no ``TY`` at all, which is told."""
    held: list[tuple[int, str]] = []
    begun, size, reason = False, 0, ""
    for line in lines(file):
        content = _decoded(line)
        told = content if isinstance(content, str) else ""
        if _RIS_START.match(told):
            if begun:
                yield _ris_piece(held, reason)
                held = []
            held, begun, size, reason = (held if not begun else []), True, 0, ""
        elif not begun and not _RIS.match(told):
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
            yield _ris_piece(held, reason) if begun else _without_type(held)
            held, begun = [], False
    if begun and held:
        yield _ris_piece(held, reason)


def _ris_piece(held: Sequence[tuple[int, str]], reason: str) -> tuple[int, list[str]] | Bad:
    start = next((n for n, (_, line) in enumerate(held) if _RIS_START.match(line)), 0)
    if reason:
        return Bad(reason, held[0][0] if held else None)
    spacing = _Spacing(held[start][1])
    regular = [spacing.regular(line) for _, line in held]
    return held[0][0], [regular[start], *regular[:start], *regular[start + 1 :]]


def _without_type(held: Sequence[tuple[int, str]]) -> Bad:
    return Bad("a record without a type (TY)", held[0][0] if held else None)


def _pieces(file: Input, pattern: re.Pattern[str], start: str) -> Iterator[tuple[int, list[str]] | Bad]:
    """A record's lines, and the number of the first; what stands between records is nothing."""
    held: list[str] = []
    first, size, reason = 0, 0, ""
    for line in lines(file):
        content = _decoded(line)
        tag = _tag(content, pattern) if isinstance(content, str) else ""
        if tag == start and held:
            yield _piece(first, held, reason)
            held = []
        if tag == start:
            first, size, reason = line.number if not isinstance(line, Bad) else 0, 0, ""
        if not held and tag != start:
            if isinstance(content, Bad):
                yield content
            continue
        size += len(content) if isinstance(content, str) else 0
        if isinstance(content, Bad) or size > file.limits.record:
            reason = reason or (content.reason if isinstance(content, Bad) else "record too long")
        elif tag != _ENDS:
            held.append(content)
        if tag == _ENDS:
            yield _piece(first, held, reason)
            held = []
    if held:
        yield _piece(first, held, reason)


def _decoded(line: Line | Bad) -> str | Bad:
    if isinstance(line, Bad):
        return line
    try:
        return text(line.data).rstrip("\r\n").replace("\x00", "").removeprefix("\ufeff")
    except NotText as error:
        return Bad(str(error), line.number)


def _tag(content: str, pattern: re.Pattern[str]) -> str:
    found = pattern.match(content)
    return found.group(1) if found else ""


def _piece(first: int, held: list[str], reason: str) -> tuple[int, list[str]] | Bad:
    return Bad(reason, first) if reason else (first, held)


class _Tags(dict[str, str]):
    """Every tag under its own name."""

    def __missing__(self, tag: str) -> str:
        return tag

    def __contains__(self, _tag: object) -> bool:
        return True


def _parser(pattern: re.Pattern[str], start: str) -> Callable[[Sequence[str]], list[Fields]]:
    from rispy.parser import RisParser  # noqa: PLC0415  (only these two formats need it)

    class Parser(RisParser):  # type: ignore[misc]  # rispy has no types
        """All tags, all as lists: a line without a tag goes on with the last one's."""

        START_TAG = start
        DEFAULT_MAPPING = _Tags()
        DEFAULT_LIST_TAGS = _Tags()

        def parse_line(self, line: str) -> tuple[str | None, str]:
            found = pattern.match(line)
            return (found.group(1), found.group(2).strip()) if found else (None, line.strip())

    parser = Parser(delimiter_tags_mapping={})
    return lambda held: parser.parse_lines(iter([*held, f"{_ENDS}  - "]))


Every = Callable[..., list[str]]
Get = Callable[..., str]


def ris(fields: Fields) -> Draft:
    """A RIS record's tags, sorted."""
    get, every = _getters(fields)
    type_ = RIS_TYPES.get(get("TY").strip().upper(), "document")
    people = turned(every("AU") or every("A1"))
    date = _ris_date(get)
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
        fields=_ris_variables(type_, get, every),
        entry=written if isinstance(written, Entry) else None,
        handles=[f"id:{number}"] if number.isdecimal() else [],
        layout="RIS",
        mapping={name: tag for name, tags in _RIS_MAPPING.items() for tag in reversed(tags) if tag in fields},
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


def _ris_variables(type_: str, get: Get, every: Every) -> dict[str, object]:
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


_RIS_MAPPING = {
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


def _getters(fields: Fields) -> tuple[Get, Every]:
    def every(*tags: str) -> list[str]:
        """All values of these tags."""
        held = (fields.get(tag) for tag in tags)
        lists = (values if isinstance(values, list) else [values] for values in held)
        return [value for values in lists for value in values if isinstance(value, str) and value]

    def get(*tags: str) -> str:
        """The lines of the first of these tags that says something."""
        return next((joined for tag in tags if (joined := " ".join(every(tag)))), "")

    return get, every


def _ris_date(get: Get) -> str:
    """``2024/06/13/`` where it is there; a month or day alone (``DA  - May``) adds to the year."""
    year = dates.iso(get("PY", "Y1").strip("/ "))
    full = dates.iso(get("DA").strip("/ "))
    if full or not year:
        return full if len(full) >= len(year) else year
    return dates.iso(f"{get('DA')} {year}") if len(year) == 4 and get("DA") else year


_SAYS_DOI = re.compile(r"(?:doi[:\s]|.*doi\.org/|10\.)", re.IGNORECASE)


def _first_doi(every: Every) -> str:
    return next((value for value in every("M3", "UR", "N1", "L3", "LK") if _SAYS_DOI.match(value)), "")


def nbib(fields: Fields) -> Draft:
    """A MEDLINE record's tags, sorted."""
    get, every = _getters(fields)
    ids = [value for tag in ("LID", "AID") for value in every(tag)]
    return Draft(
        key=get("PMID"),
        title=get("TI", "BTI"),
        abstract=get("AB", "OAB"),
        authors=[parse_name(name) for name in every("FAU")]
        + ([] if every("FAU") else [initials_last(name) for name in every("AU")])
        + [Name(literal=name) for name in every("CN")],
        categories=[term.replace("*", "") for term in [*every("OT"), *every("MH")]],
        date=dates.iso(get("DP")) or dates.iso(get("DEP")),
        doi=next((value.removesuffix(" [doi]") for value in ids if value.endswith("[doi]")), ""),
        pmid=get("PMID"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{get('PMID')}/" if get("PMID") else "",
        venue=get("JT", "TA"),
        type="book" if get("BTI") else "article-journal",
        fields=_nbib_variables(get, every),
        layout="PubMed nbib",
        mapping={name: tag for name, tag in _NBIB_MAPPING.items() if tag in fields},
    )


def _nbib_variables(get: Get, every: Every) -> dict[str, object]:
    held: dict[str, object] = {
        "container-title": get("JT", "TA"),
        "container-title-short": get("TA"),
        "volume": get("VI"),
        "issue": get("IP"),
        "page": get("PG"),
        "PMID": get("PMID"),
        "PMCID": get("PMC"),
        "ISSN": next((value.split(" ")[0] for value in every("IS")), ""),
        "language": get("LA"),
        "publisher-place": get("PL"),
        "genre": "; ".join(every("PT")),
    }
    return {name: value for name, value in held.items() if value}


_NBIB_MAPPING = {
    "id": "PMID",
    "title": "TI",
    "abstract": "AB",
    "authors": "FAU",
    "categories": "MH",
    "date": "DP",
    "doi": "LID",
    "venue": "JT",
}

_WOS_TYPES = {"J": "article-journal", "B": "book", "C": "paper-conference", "P": "patent", "S": "chapter"}


def wos(fields: Fields) -> Draft:
    """A record of Web of Science, by its two-letter tags: its own export or the table of it."""
    get, every = _getters(fields)
    people = [
        part.strip() for value in every("AF") or every("AU") for part in value.split(";") if part.strip()
    ]
    pages = "-".join(part for part in (get("BP"), get("EP")) if part)
    month_and_year = f"{get('PD')} {get('PY')}".strip()
    return Draft(
        key=get("UT"),
        title=get("TI"),
        abstract=get("AB"),
        authors=[parse_name(name) for name in people] + [Name(literal=name) for name in every("CA")],
        categories=[part.strip() for part in get("DE").split(";")] if get("DE") else [],
        date=dates.iso(month_and_year if get("PY") else get("EA")),
        doi=get("DI"),
        pmid=get("PM"),
        venue=get("SO"),
        type=_WOS_TYPES.get(get("PT"), "article-journal"),
        fields={
            "container-title": get("SO"),
            "container-title-short": get("JI", "J9"),
            "volume": get("VL"),
            "issue": get("IS"),
            "page": pages,
            "number": get("AR"),
            "publisher": get("PU"),
            "publisher-place": get("PI"),
            "ISSN": get("SN"),
            "ISBN": get("BN"),
            "language": get("LA"),
            "genre": get("DT"),
            "event-title": get("CT"),
            "collection-title": get("SE"),
        },
        layout="Web of Science",
        mapping={
            name: tag
            for name, tag in {
                "id": "UT", "title": "TI", "abstract": "AB", "authors": "AF", "categories": "DE", "date":
                "PY",
                "doi": "DI", "venue": "SO",
            }.items()
            if tag in fields
        },
    )  # fmt: skip


_ENW_TYPES = {
    "journal article": "article-journal",
    "magazine article": "article-magazine",
    "newspaper article": "article-newspaper",
    "book": "book",
    "edited book": "book",
    "electronic book": "book",
    "book section": "chapter",
    "electronic book section": "chapter",
    "conference paper": "paper-conference",
    "conference proceedings": "paper-conference",
    "thesis": "thesis",
    "report": "report",
    "web page": "webpage",
    "blog": "post-weblog",
    "dataset": "dataset",
    "computer program": "software",
    "patent": "patent",
    "standard": "standard",
    "manuscript": "manuscript",
    "unpublished work": "manuscript",
    "encyclopedia": "entry-encyclopedia",
    "film or broadcast": "motion_picture",
    "map": "map",
}
"""EndNote's names of reference types -> CSL's; any other is a ``document``."""


def endnote_type(name: str) -> str:
    """CSL's type for the name that EndNote has."""
    return _ENW_TYPES.get(name.strip().lower(), "document")


def enw(fields: Fields) -> Draft:
    """EndNote's tags, sorted."""
    get, every = _getters(fields)
    type_ = endnote_type(get("0"))
    number = get("F", "M").strip()
    return Draft(
        key="" if number.isdecimal() else number,
        title=get("T"),
        abstract=get("X"),
        authors=turned(every("A")),
        categories=[part.strip() for value in every("K") for part in re.split(r"[;,]", value)],
        date=_enw_date(get),
        doi=get("R") or next((value for value in every("U") if "doi.org/" in value), ""),
        url=next((value for value in every("U") if value.startswith("http")), ""),
        venue=get("J", "B"),
        type=type_,
        fields={
            "container-title": get("J", "B"),
            "volume": get("V"),
            "issue" if type_.startswith("article-") else "number": get("N"),
            "page": get("P"),
            "publisher": get("I"),
            "publisher-place": get("C"),
            "edition": get("7"),
            "ISBN" if type_ in ("book", "chapter") else "ISSN": get("@"),
            "collection-title": get("S"),
            "language": get("G"),
            "note": get("Z"),
            "editor": [parse_name(name) for name in every("E")],
        },
        layout="EndNote",
        mapping={
            name: f"%{tag}"
            for name, tag in {
                "title": "T", "abstract": "X", "authors": "A", "date": "D", "doi": "R", "venue": "J"
            }.items()
            if tag in fields
        },
    )  # fmt: skip


def _enw_date(get: Get) -> str:
    year, full = dates.iso(get("D")), dates.iso(get("8"))
    if full.startswith(year):
        return full
    return dates.iso(f"{get('8')} {year}") if year else full
