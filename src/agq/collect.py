"""Records from services into a file, one CSL-JSON item per line, which is a source like any other.

What is fetched is added to the file page by page, each item once; where a run was cut short, the next goes on
there. Only a file that was made here is added to.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from agq.errors import AgqError, UsageError
from agq.files import replace_file
from agq.model import Paper
from agq.readers import read_stream
from agq.readers.identity import folded_title
from agq.records import Record, Work, csl_date, unpacked
from agq.services import SERVICES, Ask, Page, Service
from agq.services.base import Client, Read, Request
from agq.services.polite import ServiceRefused, shown
from agq.text import identifiers

MADE = "agq-from"
"""What an item's ``custom`` says of the service that it came from: the mark of a file made here."""

Clients = Callable[[Service], Client]


@dataclass
class Shelf:
    """The file, and what it holds by identifier: whether with an abstract."""

    path: Path
    _known: dict[str, bool] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for item in self._held():
            self._note(item)

    def _held(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if item := _item_of(line):
                    yield item
                elif line.strip() and number == 1:
                    raise UsageError(
                        f"{self.path} was not made by agq, and is not added to",
                        hint="name another: --to FILE",
                    )

    def add(self, items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those of ``items`` that say something new, which are in the file from now on."""
        new = []
        for item in items:
            if not self._says_nothing_new(item):
                self._note(item)
                new.append(item)
        if new:
            self._append("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in new))
        return new

    def _append(self, text: str) -> None:
        try:
            with self.path.open("a+b") as file:
                _end_last_line(file)
                file.write(text.encode("utf-8", "replace"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise AgqError(f"cannot write {self.path}: {error.strerror or error}") from error

    def _says_nothing_new(self, item: Mapping[str, Any]) -> bool:
        known = [self._known[key] for key in _keys(item) if key in self._known]
        return bool(known) and (any(known) or not item.get("abstract"))

    def _note(self, item: Mapping[str, Any]) -> None:
        for key in _keys(item):
            self._known[key] = bool(item.get("abstract")) or self._known.get(key, False)


def _end_last_line(file: BinaryIO) -> None:
    """A last line without an end gets one, or goes where a crash has cut it short."""
    file.seek(0)
    last = b""
    for last in file:  # noqa: B007  # the last one is wanted
        pass
    if last.endswith(b"\n") or not last:
        return
    if _item_of(last.decode("utf-8", "replace")):
        file.write(b"\n")
    else:
        file.truncate(file.tell() - len(last))


def _item_of(line: str) -> dict[str, Any] | None:
    """An item that was made here."""
    try:
        item = json.loads(line)
    except ValueError:
        return None
    held = item.get("custom") if isinstance(item, dict) else None
    return item if isinstance(held, dict) and MADE in held else None


def _keys(item: Mapping[str, Any]) -> Iterator[str]:
    yield f"id:{item['id']}"
    if doi := item.get("DOI"):
        yield f"doi:{str(doi).lower()}"
    if pmid := item.get("PMID"):
        yield f"pmid:{pmid}"


def items(page: Page, service: str) -> Iterator[dict[str, Any]]:
    """The records of a page as CSL-JSON."""
    for found in read_stream(BytesIO(page.body), f"{service}{page.suffix}"):
        if isinstance(found.item, Paper):
            yield as_item(Work(found.item, found.record), service)


def as_item(work: Work, service: str) -> dict[str, Any]:
    """A work as one CSL-JSON item, under the identifier that a reader knows it by."""
    paper, record = work.paper, unpacked(work.record)
    held: dict[str, Any] = {
        **record.fields,
        "id": paper.arxiv or paper.doi or paper.id,
        "type": record.type or ("article-journal" if paper.venue else "article"),
        "title": paper.title,
        "abstract": paper.abstract,
        "issued": csl_date(paper.date),
        "DOI": paper.doi,
        "URL": paper.url,
        "PMID": _pmid(record),
        "container-title": paper.venue,
        "keyword": ", ".join(paper.categories),
        "note": f"arXiv:{paper.arxiv}" if paper.arxiv else record.fields.get("note", ""),
        "custom": {**record.custom, MADE: service},
    }
    return {name: value for name, value in held.items() if value}


def _pmid(record: Record) -> str:
    return next((one.removeprefix("pmid:") for one in record.handles if one.startswith("pmid:")), "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """How many records came, and how many of them are new; whether an earlier run was gone on with."""

    came: int
    new: int
    total: int = 0
    resumed: bool = False


class ResumePoint:
    """Where a query stopped, kept until it has been answered to its end."""

    def __init__(self, folder: Path, service: str, ask: Ask, target: Path) -> None:
        told = json.dumps([service, ask.query, ask.since, str(target.resolve())])
        self._file = folder / "fetch" / f"{sha256(told.encode()).hexdigest()[:32]}.json"

    def read(self) -> tuple[str, int]:
        """The token to go on from, and how many records came before."""
        try:
            held = json.loads(self._file.read_text(encoding="utf-8"))
            return str(held["token"]), int(held["came"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", 0

    def keep(self, token: str, came: int) -> None:
        """Keep it; an empty token is the end."""
        if not token:
            self._file.unlink(missing_ok=True)
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._file, json.dumps({"token": token, "came": came}).encode())


@dataclass(frozen=True, slots=True)
class Errand:
    """A query to a service, at most so many records, and where they go."""

    service: str
    ask: Ask
    most: int
    client: Client
    shelf: Shelf
    resume: ResumePoint


def fetch(errand: Errand) -> Fetched:
    """The records that answer a query, added to the file page by page.

    A place that the service no longer knows is no end: it is asked from the start, and what came before is
    known.

    Raises
    ------
    ServiceFailed
        The service failed; what came until then is in the file, and the next run goes on there.
    """
    token, came = errand.resume.read()
    if not token:
        return _fetched(errand)
    try:
        return _fetched(errand, token, came)
    except ServiceRefused:
        return _fetched(errand)


def _fetched(errand: Errand, token: str = "", came: int = 0) -> Fetched:
    new = total = 0
    resumed = bool(token)
    for page in SERVICES[errand.service].search(errand.ask, token, errand.client):
        wanted = list(items(page, errand.service))[: errand.most - came]
        new += len(errand.shelf.add(wanted))
        came += len(wanted)
        total = page.total
        errand.resume.keep("" if came >= errand.most else page.next, came)
        if came >= errand.most:
            break
    return Fetched(came, new, total, resumed)


class _Shows:
    """Stands in for a client where nothing is to be asked: the first request, as one address."""

    request = ""

    def get(self, request: Request, read: Callable[[bytes], Read]) -> Read:  # noqa: ARG002  # not read
        self.request = shown(request)
        raise _NothingIsAskedError


class _NothingIsAskedError(Exception):
    pass


def first_request(service: str, ask: Ask) -> str:
    """What a service would be asked first."""
    shows = _Shows()
    with suppress(_NothingIsAskedError):
        next(iter(SERVICES[service].search(ask, "", shows)))
    return shows.request


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


def ways(papers: Sequence[Work]) -> Iterator[tuple[str, str, int]]:
    """Of which services abstracts would be asked, by what, and for how many papers."""
    for service, kind in _WAYS:
        if count := sum(bool(_handle(work, kind)) for work in papers):
            yield SERVICES[service].title, kind, count


def works(service: str, ids: Sequence[str], ask: Ask, client: Client) -> Iterator[dict[str, Any]]:
    """The records of identifiers as CSL-JSON."""
    for page in SERVICES[service].works(ask, ids, client):
        yield from items(page, service)


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


_WAYS = (
    ("arxiv", "arXiv id"),
    ("pubmed", "PMID"),
    ("openalex", "DOI"),
    ("crossref", "DOI"),
    ("openalex", "title"),
)
"""Service, and what is asked by, in their order."""


def _handle(work: Work, kind: str) -> str:
    paper = work.paper
    if kind == "arXiv id":
        return paper.arxiv
    if kind == "DOI":
        return paper.doi
    if kind == "PMID":
        return _pmid(unpacked(work.record))
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
