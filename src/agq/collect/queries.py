"""The records that answer a query, page by page; where a run was cut short, the next goes on there."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from agq.collect.items import items
from agq.collect.shelf import Shelf
from agq.files import replace_file
from agq.services import SERVICES, Ask
from agq.services.base import Client, Read, Request
from agq.services.polite import ServiceRefused, shown


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
