"""Zotero itself, through the interface that it has for other programs of the same machine.

A library is read whole: an item's version changes when it is synchronised and not when it is edited, so it
does not tell what is new. The keys of all items are asked for first, so that none is missed.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agq.files import replacing
from agq.services.base import PAGE_RECORDS, Client, Request, Service, as_object
from agq.services.polite import PoliteClient, ServiceFailed
from agq.zotero import ZoteroPart, below, better_bibtex_keys

ADDRESS = "http://127.0.0.1:23119/api"
ZOTERO = Service("Zotero", ADDRESS, 0.0, lambda *_: iter(()), lambda *_: iter(()))
NO_WORKS = frozenset(["attachment", "note", "annotation"])
ALLOW = (
    "in its settings, under Advanced, allow other applications on this computer to communicate with Zotero"
)
"""The preference that a refusal, status 403, asks for."""

Item = dict[str, object]


def answers(address: str) -> bool:
    """Whether a program of this machine listens at an address."""
    place = urlsplit(address)
    try:
        socket.create_connection((place.hostname or "127.0.0.1", place.port or 80), timeout=1.0).close()
    except OSError:
        return False
    return True


def copied(cache: Path, part: ZoteroPart, address: str) -> Path:
    """What a running Zotero tells of a part of its library, as a file for :mod:`agq.readers.zotero_items`.

    Raises
    ------
    UsageError
        There is no such part.
    ServiceFailed
        Zotero does not answer, or not to the end.
    """
    client = PoliteClient(ZOTERO, direct=True)
    keys = {item: key for (_, item), key in better_bibtex_keys(part.path)}
    name = sha256(f"{address} {part.source}".encode()).hexdigest()[:32]
    path = cache / "zotero" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(client), replacing(path) as file:
        for item in _items(part, client, keys, address):
            file.write(f"{json.dumps(item, ensure_ascii=False)}\n".encode("utf-8", "replace"))
    return path


def _items(part: ZoteroPart, client: Client, keys: Mapping[str, str], address: str) -> Iterator[Item]:
    """The items of a part; ``keys``: item -> Better BibTeX's citation key."""
    groups = {
        str(group["data"]["name"]): str(group["id"])
        for group in client.get(Request(f"{address}/users/0/groups", {}), _listed)
    }
    name, path = part.group(groups)
    wanted = [groups[name]] if name else [""] if part.part else ["", *groups.values()]
    for group in wanted:
        yield from _library(_Library(address, group, client), path, keys, with_notes=part.notes)


class _Library:
    """My Library, or a group's by its number."""

    def __init__(self, address: str, group: str, client: Client) -> None:
        self.select = f"groups/{group}" if group else "library"
        self._at = f"{address}/groups/{group}" if group else f"{address}/users/0"
        self._client = client

    def collections(self) -> dict[str, str]:
        """Key -> path: ``Physics/Strings``."""
        held = {one["key"]: one["data"] for one in self._get("collections", {})}
        return {key: _path(key, held) for key in held}

    def items(self) -> Iterator[Any]:
        """Each once, in the order in which they were added."""
        return self._all("items/top", {})

    def notes(self) -> dict[str, list[str]]:
        """What is noted on items, by their keys."""
        found: dict[str, list[str]] = {}
        for note in self._all("items", {"itemType": "note"}):
            if above := note["data"].get("parentItem"):
                found.setdefault(above, []).append(str(note["data"].get("note", "")))
        return found

    def _all(self, what: str, wanted: Mapping[str, str]) -> Iterator[Any]:
        versions = self._request(what, {**wanted, "format": "versions"})
        missing = set(self._client.get(versions, as_object))
        start = 0
        while missing:
            page = self._get(what, {**wanted, **_ORDER, "start": str(start), "limit": str(PAGE_RECORDS)})
            if not page:
                raise ServiceFailed(f"Zotero keeps {len(missing):,} items back", hint="run this again")
            new = [item for item in page if item["key"] in missing]
            missing.difference_update(item["key"] for item in new)
            yield from new
            start += len(page)

    def _get(self, what: str, parameters: Mapping[str, str]) -> list[Any]:
        return self._client.get(self._request(what, parameters), _listed)

    def _request(self, what: str, parameters: Mapping[str, str]) -> Request:
        return Request(f"{self._at}/{what}", parameters)


_ORDER = {"sort": "dateAdded", "direction": "asc"}


def _library(library: _Library, path: str, keys: Mapping[str, str], *, with_notes: bool) -> Iterator[Item]:
    paths = library.collections()
    notes = library.notes() if with_notes else {}
    within = set(below(path, paths)) if path else None
    for item in library.items():
        data = item["data"]
        filed = data.get("collections", [])
        if data.get("itemType") in NO_WORKS or (within is not None and within.isdisjoint(filed)):
            continue
        told: Item = {"betterBibtexKey": keys[item["key"]]} if item["key"] in keys else {}
        told |= {"notes": notes[item["key"]]} if item["key"] in notes else {}
        yield {
            **data,
            **told,
            "meta": item.get("meta", {}),
            "select": f"zotero://select/{library.select}/items/{item['key']}",
            "paths": [paths[one] for one in filed if one in paths],
        }


def _path(key: str, held: Mapping[str, Any]) -> str:
    names: list[str] = []
    above: Any = key
    while above in held and len(names) < 100:
        names.append(str(held[above]["name"]))
        above = held[above].get("parentCollection")
    return "/".join(reversed(names))


def _listed(body: bytes) -> list[Any]:
    held = json.loads(body)
    if not isinstance(held, list):
        raise ValueError("a reply that is no list")  # noqa: TRY004  # a wrong value like any other
    return held
