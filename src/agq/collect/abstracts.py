"""Abstracts for papers that have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agq.collect.by_identifier import Clients
from agq.collect.items import MADE, pmid_of, works
from agq.collect.shelf import Shelf
from agq.readers.identity import folded_title
from agq.records import Work, csl_date, unpacked
from agq.services import SERVICES, Ask

_WAYS = (
    ("arxiv", "arXiv id"),
    ("pubmed", "PMID"),
    ("openalex", "DOI"),
    ("crossref", "DOI"),
    ("openalex", "title"),
)
"""Service, and what is asked by, in their order."""


def ways(papers: Sequence[Work]) -> Iterator[tuple[str, str, int]]:
    """Of which services abstracts would be asked, by what, and for how many papers."""
    for service, kind in _WAYS:
        if count := sum(bool(_handle(work, kind)) for work in papers):
            yield SERVICES[service].title, kind, count


@dataclass(frozen=True, slots=True)
class Filled:
    """A paper that got an abstract: from which service, found by what."""

    id: str
    service: str
    by: str


def fill(papers: Sequence[Work], ask: Ask, clients: Clients, shelf: Shelf) -> Iterator[Filled]:
    """Abstracts for papers that have none, as items of the file that are merged with them.

    By arXiv id, PMID and DOI; else by title, where title and year are the same and only one paper has them.
    """
    left = {work.paper.id: work for work in papers}
    for service, kind in _WAYS:
        wanted = {id_: key for id_, work in left.items() if (key := _handle(work, kind))}
        if not wanted:
            continue
        client = clients(SERVICES[service])
        by_mark = _by_mark(kind, wanted, left)
        for item in works(service, list(dict.fromkeys(wanted.values())), ask, client):
            meant = [id_ for id_ in by_mark.get(_mark(item, kind), ()) if id_ in left]
            if len(meant) == 1 and item.get("abstract"):
                shelf.add([_for(left.pop(meant[0]), item)])
                yield Filled(meant[0], SERVICES[service].title, kind)


def _handle(work: Work, kind: str) -> str:
    paper = work.paper
    if kind == "arXiv id":
        return paper.arxiv
    if kind == "DOI":
        return paper.doi
    if kind == "PMID":
        return pmid_of(unpacked(work.record))
    alone = not (paper.doi or paper.arxiv)
    return f"title:{paper.title}" if alone and paper.date and len(paper.title.split()) > 2 else ""


def _by_mark(kind: str, wanted: Mapping[str, str], left: Mapping[str, Work]) -> dict[str, list[str]]:
    """What an item has to tell of itself to be of a paper that is wanted -> all such papers."""
    found: dict[str, list[str]] = {}
    for id_, key in wanted.items():
        paper = left[id_].paper
        mark = _mark_of_title(paper.title, paper.date[:4]) if kind == "title" else key
        found.setdefault(mark, []).append(id_)
    return found


def _mark(item: Mapping[str, Any], kind: str) -> str:
    if kind == "title":
        return _mark_of_title(item["title"], _year(item))
    known: dict[str, str] = {
        "arXiv id": item.get("note", "").removeprefix("arXiv:"),
        "PMID": str(item.get("PMID", "")),
    }
    return known.get(kind, str(item.get("DOI", "")))


def _mark_of_title(title: str, year: str) -> str:
    return f"{folded_title(title)} {year}"


def _year(item: Mapping[str, Any]) -> str:
    parts = item.get("issued", {}).get("date-parts", [[""]])
    return str(parts[0][0])


def _for(work: Work, item: Mapping[str, Any]) -> dict[str, Any]:
    """An item that says no more of a paper than its abstract, under the key that it has."""
    paper = work.paper
    held = {
        "id": paper.id,
        "type": unpacked(work.record).type or "article",
        "title": paper.title,
        "issued": csl_date(paper.date),
        "DOI": paper.doi,
        "note": f"arXiv:{paper.arxiv}" if paper.arxiv else "",
        "abstract": item["abstract"],
        "custom": {MADE: item["custom"][MADE]},
        "author": unpacked(work.record).fields.get("author"),
    }
    return {name: value for name, value in held.items() if value}
