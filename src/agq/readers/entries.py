"""What BibTeX's and BibLaTeX's types and fields are in CSL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from agq.readers import dates
from agq.records import csl_date, is_private
from agq.text.people import Name


class Getter(Protocol):
    """The first of some fields that says something."""

    def __call__(self, *names: str) -> str: ...


def table(text: str) -> dict[str, str]:
    """Rows ``CSL's name  source's names`` as source's name -> CSL's."""
    return {name: row.split()[0] for row in text.strip().splitlines() for name in row.split()[1:]}


TYPES: Mapping[str, str] = table("""
article-journal    article suppperiodical
book               book mvbook collection mvcollection reference mvreference proceedings mvproceedings
chapter            inbook incollection suppbook suppcollection bookinbook
paper-conference   inproceedings conference
thesis             phdthesis mastersthesis thesis bachelorsthesis
report             techreport report manual
webpage            online electronic www
manuscript         unpublished
pamphlet           booklet
periodical         periodical
entry-encyclopedia inreference
dataset            dataset
software           software
patent             patent
standard           standard
motion_picture     video movie
song               audio music
graphic            artwork image
performance        performance
review             review
personal_communication letter
legal_case         jurisdiction
legislation        legislation legal
""")
"""Entry type -> CSL's; any other is a ``document``."""

_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "container-title": ("journaltitle", "journal", "booktitle", "maintitle"),
    "container-title-short": ("shortjournal",),
    "title-short": ("shorttitle",),
    "collection-title": ("series",),
    "event-title": ("eventtitle",),
    "event-place": ("venue",),
    "volume": ("volume",),
    "page": ("pages",),
    "edition": ("edition",),
    "publisher-place": ("location", "address"),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "PMID": ("pmid",),
    "PMCID": ("pmcid",),
    "language": ("language", "langid"),
    "note": ("note", "addendum"),
    "chapter-number": ("chapter",),
    "number-of-volumes": ("volumes",),
    "number-of-pages": ("pagetotal",),
    "part-number": ("part",),
    "version": ("version",),
    "status": ("pubstate",),
}
"""CSL's variable -> the fields that hold it, best first."""

_PEOPLE = {
    "editor": "editor",
    "translator": "translator",
    "bookauthor": "container-author",
    "commentator": "commentator",
    "director": "director",
}
"""Field with names -> CSL's variable."""

_DATES = {"urldate": "accessed", "origdate": "original-date", "eventdate": "event-date"}

_GENRES = {
    "phdthesis": "PhD thesis",
    "mastersthesis": "Master’s thesis",
    "bachelorsthesis": "Bachelor’s thesis",
}
_THESES = {"phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "bathesis": "Bachelor’s thesis"}

_ELSEWHERE = (
    frozenset(
        """title subtitle abstract author keywords keyword date year month day doi url ee eprint eprinttype
    eprintclass archiveprefix primaryclass arxivid number issue publisher school institution organization type
    crossref xdata xref ids options howpublished eid""".split()
    )
    | {name for held in _VARIABLES.values() for name in held}
    | set(_PEOPLE)
    | set(_DATES)
)
"""Fields that are no business of ``custom``, but for private ones."""


def csl_type(kind: str, get: Getter) -> str:
    """CSL's type of an entry; what is on arXiv only is an ``article``, as CSL calls preprints."""
    known = TYPES.get(kind, "document")
    eprint = get("eprint") and (get("eprinttype", "archiveprefix").lower() or "arxiv") == "arxiv"
    if known in ("document", "webpage", "manuscript") and eprint:
        return "article"
    return known


def variables(kind: str, get: Getter, people: Callable[[str], list[Name]]) -> dict[str, object]:
    """CSL's variables beyond those of a paper, values as they are written."""
    type_ = csl_type(kind, get)
    held: dict[str, object] = {name: value for name, fields in _VARIABLES.items() if (value := get(*fields))}
    held |= {name: found for field, name in _PEOPLE.items() if (found := people(get(field)))}
    held |= {name: date for field, name in _DATES.items() if (date := csl_date(dates.iso(get(field))))}
    if publisher := _publisher(type_, get):
        held["publisher"] = publisher
    if genre := _THESES.get(get("type").lower(), get("type")) or _GENRES.get(kind, ""):
        held["genre"] = genre
    if number := get("number", "issue"):
        held[_numbered(type_, get)] = number
    if eid := get("eid"):
        held.setdefault("number", eid)
    if how := get("howpublished"):
        held.setdefault("publisher" if type_ == "document" and "http" not in how else "medium", how)
    return {name: value for name, value in held.items() if value not in ("", {})}


def _publisher(type_: str, get: Getter) -> str:
    if type_ == "thesis":
        return get("school", "institution", "publisher", "organization")
    if type_ == "report":
        return get("institution", "organization", "publisher", "school")
    return get("publisher", "organization", "institution", "school")


def _numbered(type_: str, get: Getter) -> str:
    if type_ in ("article-journal", "periodical", "review"):
        return "issue"
    return (
        "collection-number"
        if type_ in ("book", "chapter", "paper-conference") and get("series")
        else "number"
    )


def unknown(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields that CSL has no variable for."""
    return {
        name: value
        for name, value in fields.items()
        if name not in _ELSEWHERE and isinstance(value, str) and " " not in name and not is_private(name)
    }
