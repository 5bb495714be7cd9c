"""What every rendering says in the same words: the byline, the caution, a match, where an id leads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from agq.model import Citation, Paper, Source, Verdict
from agq.registry import pick
from agq.text.addresses import arxiv_address, doi_address, web_address
from agq.text.clean import one_line
from agq.text.months import ABBREVIATIONS
from agq.text.people import family_name

CAUTION = "This is a research aid, not a peer review: check the sources before citing them."
EXPLORE = "Keep exploring"
ZOTERO = "Zotero"
"""The word that leads to a paper's place there."""

VERDICTS: Sequence[Verdict] = (
    "found", "supported", "doubtful", "not_found", "misquoted", "contradicted", "unknown_id"
)  # fmt: skip
"""In the order in which they are counted."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which parts of an answer stand below its text; what else a note of it has.

    ``columns``: of the table of sources, between match and id; empty for the usual ones. ``front``: metadata
    at the head, where the format has such. ``bibliography``: the file that holds the references.
    """

    sources: bool = True
    caution: bool = True
    columns: tuple[str, ...] = ()
    front: bool = True
    bibliography: str = ""


EVERYTHING = Shown()
# An id as citations write it: no space, no bracket inside. Whether a source has it, the caller knows.
_BRACKETED = re.compile(r"\[([^\[\]\s]+)\]")


def byline(answered_by: str, day: str) -> str:
    """Who answered, and when: ``Answered by MODEL · 22 Nov 2026``."""
    who = f"Answered by {one_line(answered_by)}" if answered_by else "Extracted from abstracts, no model"
    return f"{who} · {long_date(day)}"


def incompleteness(why: str) -> str:
    """What is said below an answer that ends before its end."""
    return f"This answer is incomplete: {one_line(why)}."


def long_date(day: str) -> str:
    """``2026-11-22`` as ``22 Nov 2026``, whatever the locale; anything else as it is."""
    try:
        moment = date.fromisoformat(day)
    except ValueError:
        return one_line(day)
    return f"{moment.day} {ABBREVIATIONS[moment.month - 1]} {moment.year}"


def percent(match: float) -> str:
    """A match of 0 to 1 as ``66%``."""
    return f"{round(100 * min(max(match, 0.0), 1.0))}%"


def quoted(sentence: str) -> str:
    """A paper's own words, in quotation marks."""
    return f"“{one_line(sentence)}”"


def counted(citations: Iterable[Citation]) -> str:
    """How many citations have each verdict: ``4 supported, 1 not found``."""
    verdicts = [citation.verdict for citation in citations]
    counts = ((verdicts.count(one), one.replace("_", " ")) for one in VERDICTS)
    return ", ".join(f"{n} {name}" for n, name in counts if n)


def category(paper: Paper) -> str:
    """The paper's primary category, the first one."""
    return one_line(paper.categories[0]) if paper.categories else ""


def year(paper: Paper) -> str:
    """The year of its date, where it has one."""
    return one_line(paper.date)[:4]


def first_author(paper: Paper) -> str:
    """The family name of the first author."""
    return family_name(paper.authors[0]) if paper.authors else ""


def title(paper: Paper) -> str:
    """The title on one line, or what stands for a missing one."""
    return one_line(paper.title) or "(untitled)"


def link(paper: Paper) -> str:
    """Where the paper can be read: arXiv, else the DOI, else the record's own web address, else nothing."""
    return arxiv_address(paper.arxiv) or doi_address(paper.doi) or web_address(paper.url)


def source_links(sources: Iterable[Source]) -> dict[str, str]:
    """Address by id, empty where a source has none."""
    return {source.paper.id: link(source.paper) for source in sources}


def own_links(sources: Iterable[Source]) -> dict[str, str]:
    """The same, but to the reader's own Zotero where the paper came from there."""
    return {source.paper.id: source.zotero or link(source.paper) for source in sources}


def today() -> str:
    """The day by the user's clock, ISO 8601."""
    return date.today().isoformat()


def split_ids(text: str) -> list[tuple[str, bool]]:
    """``text`` in runs, and whether each is a bracketed word such as ``[hep-th/9901001]``."""
    runs: list[tuple[str, bool]] = []
    end = 0
    for found in _BRACKETED.finditer(text):
        runs += [(text[end : found.start()], False), (found.group(), True)]
        end = found.end()
    return [run for run in [*runs, (text[end:], False)] if run[0]]


COLUMNS: Mapping[str, Callable[[Paper], str]] = MappingProxyType(
    {
        "year": year,
        "date": lambda paper: one_line(paper.date),
        "author": first_author,
        "authors": lambda paper: ", ".join(map(family_name, paper.authors)),
        "category": category,
        "categories": lambda paper: ", ".join(map(one_line, paper.categories)),
        "title": title,
        "venue": lambda paper: one_line(paper.venue),
        "doi": lambda paper: one_line(paper.doi),
        "arxiv": lambda paper: one_line(paper.arxiv),
    }
)
"""What a list of sources may tell of a paper between its match and its id."""

USUAL = ("year", "author", "category", "title")
"""The columns of whoever chooses none."""

_HEADS = {"doi": "DOI", "arxiv": "arXiv"}


def chosen_columns(listed: str) -> tuple[str, ...]:
    """The columns that a list such as ``year,author,venue`` names.

    Raises
    ------
    UnknownName
        There is no such column.
    """
    names = [name.lower() for name in re.split(r"[\s,]+", listed.strip()) if name]
    for name in names:
        pick("column", COLUMNS, name)
    return tuple(dict.fromkeys(names))


def head(column: str) -> str:
    """What stands above a column."""
    return _HEADS.get(column, column.capitalize())


def columns(sources: Sequence[Source], chosen: Sequence[str] = ()) -> dict[str, Callable[[Paper], str]]:
    """Those chosen, or the usual ones, that tell something of one of the sources."""
    wanted = {name: COLUMNS[name] for name in chosen or USUAL}
    return {name: tell for name, tell in wanted.items() if any(tell(source.paper) for source in sources)}
