"""The records of identifiers: DOIs, arXiv ids and PMIDs, wherever they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from agq.collect.items import works
from agq.collect.shelf import Shelf
from agq.services import SERVICES, Ask, Service
from agq.services.base import Client
from agq.text import identifiers

Clients = Callable[[Service], Client]


class Named(NamedTuple):
    """An identifier in a text, and the service that keeps its record."""

    service: str
    text: str


_PMID = re.compile(r"\bpm ?id\s*[:=]?\s*[{\"]?(\d{1,8})\b", re.IGNORECASE)
_AROUND = re.compile(r"[\s\[\](){}<>\"'`|]+")


def identified(texts: Iterable[str]) -> list[Named]:
    """Every DOI, arXiv id and PMID in some texts, each once: arXiv's own DOIs as arXiv ids."""
    found: dict[Named, None] = {}
    for text in texts:
        found |= dict.fromkeys(Named("pubmed", number) for number in _PMID.findall(text))
        for word in _AROUND.split(text):
            doi = identifiers.doi(word).rstrip("*_:!?")
            arxiv = identifiers.arxiv_of_doi(doi) or ("" if doi else identifiers.arxiv(word))
            if arxiv:
                found[Named("arxiv", arxiv)] = None
            elif doi:
                found[Named("crossref", doi)] = None
    return [Named(one.service, f"PMID:{one.text}") if one.service == "pubmed" else one for one in found]


def add(named: Sequence[Named], ask: Ask, clients: Clients, shelf: Shelf) -> list[Named]:
    """The records of identifiers into the file; those that no service knows come back."""
    missing = set(named)
    for service in dict.fromkeys(one.service for one in named):
        ids = [one.text.removeprefix("PMID:") for one in named if one.service == service]
        for item in works(service, ids, ask, clients(SERVICES[service])):
            shelf.add([item])
            missing -= {Named(service, text) for text in _names_of(item)}
    return [one for one in named if one in missing]


def _names_of(item: Mapping[str, Any]) -> Iterator[str]:
    yield str(item["id"])
    yield str(item.get("DOI", ""))
    yield f"PMID:{item.get('PMID', '')}"
