"""RIS and PubMed's ``.nbib``: a tag a line, with rispy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Bad, Draft, Fields, Input, Layout, Raw
from agq.readers.names import turned
from agq.readers.streams import NotText, lines, text
from agq.records import Name, of_text

if TYPE_CHECKING:
    from agq.readers.streams import Line

_RIS = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: |$)(.*)", re.DOTALL)
_NBIB = re.compile(r"([A-Z]{2,4}) *- (.*)", re.DOTALL)
_ENDS = "ER"


def read_ris(file: Input) -> Iterator[Raw | Bad]:
    """RIS: a record from ``TY`` to ``ER``."""
    return _records(file, _RIS, "TY", ris)


def read_nbib(file: Input) -> Iterator[Raw | Bad]:
    """PubMed's MEDLINE format: a record from ``PMID`` on."""
    return _records(file, _NBIB, "PMID", nbib)


def _records(file: Input, pattern: re.Pattern[str], start: str, layout: Layout) -> Iterator[Raw | Bad]:
    parse = _parser(pattern, start)
    for piece in _pieces(file, pattern, start):
        if isinstance(piece, Bad):
            yield piece
        else:
            line, held = piece
            for fields in parse(held):
                yield Raw(fields, layout, line)


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
        else:
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
        return text(line.data).rstrip("\r\n").replace("\x00", "")
    except NotText as error:
        return Bad(str(error), line.number)


def _tag(content: str, pattern: re.Pattern[str]) -> str:
    found = pattern.match(content.lstrip("\ufeff"))
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


def ris(fields: Fields) -> Draft:
    """A RIS record's tags, sorted."""
    get, every = _getters(fields)
    return Draft(
        key=get("ID"),
        title=get("TI", "T1", "CT", "BT"),
        abstract=get("AB", "N2"),
        authors=turned(every("AU") or every("A1")),
        categories=[part.strip() for keyword in every("KW") for part in keyword.split(";")],
        date=_ris_date(get),
        doi=get("DO") or _first_doi(every),
        arxiv=next((value for value in every("UR", "AN", "M1", "N1") if "arxiv" in value.lower()), ""),
        pmid=get("AN") if get("AN").isdecimal() and get("DP") in ("NLM", "PubMed") else "",
        url=next((url for url in every("UR", "L2", "LK") if url.startswith("http")), ""),
        venue=get("JO", "JF", "T2", "JA", "BT", "J2", "PB"),
        layout="RIS",
        mapping={name: tag for name, tags in _RIS_MAPPING.items() for tag in reversed(tags) if tag in fields},
    )


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


def _getters(fields: Fields) -> tuple[Callable[..., str], Callable[..., list[str]]]:
    def every(*tags: str) -> list[str]:
        """All values of these tags."""
        held = (fields.get(tag) for tag in tags)
        lists = (values if isinstance(values, list) else [values] for values in held)
        return [value for values in lists for value in values if isinstance(value, str) and value]

    def get(*tags: str) -> str:
        """The lines of the first of these tags that says something."""
        return next((joined for tag in tags if (joined := " ".join(every(tag)))), "")

    return get, every


def _ris_date(get: Callable[..., str]) -> str:
    """``2024/06/13/`` where it is there; a month or day alone (``DA  - May``) adds to the year."""
    year = dates.iso(get("PY", "Y1").strip("/ "))
    full = dates.iso(get("DA").strip("/ "))
    if full or not year:
        return full if len(full) >= len(year) else year
    return dates.iso(f"{get('DA')} {year}") if len(year) == 4 and get("DA") else year


def _first_doi(every: Callable[..., list[str]]) -> str:
    return next(
        (value for value in every("M3", "UR", "N1", "L3") if "doi.org/" in value or value.startswith("10.")),
        "",
    )


def nbib(fields: Fields) -> Draft:
    """A MEDLINE record's tags, sorted."""
    get, every = _getters(fields)
    ids = [value for tag in ("LID", "AID") for value in every(tag)]
    return Draft(
        key=get("PMID"),
        title=get("TI", "BTI"),
        abstract=get("AB", "OAB"),
        authors=[of_text(name) for name in every("FAU") or every("AU")]
        + [Name(literal=name) for name in every("CN")],
        categories=[term.replace("*", "") for term in [*every("OT"), *every("MH")]],
        date=dates.iso(get("DP")) or dates.iso(get("DEP")),
        doi=next((value.removesuffix(" [doi]") for value in ids if value.endswith("[doi]")), ""),
        pmid=get("PMID"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{get('PMID')}/" if get("PMID") else "",
        venue=get("JT", "TA"),
        layout="PubMed nbib",
        mapping={name: tag for name, tag in _NBIB_MAPPING.items() if tag in fields},
    )


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
