"""Zotero running: what it tells other programs of the library that is made here."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fake_services import TROUBLES, Reply
from zotero_library.made import COLLECTIONS, GROUP, GROUP_ID, MINE, OURS, Item, expected, note_on

PREFIX = "/works"


class Program:
    """Answers as Zotero does. ``allowed``: whether its user lets other programs ask; ``wrong`` as of a fake;
    ``hidden``: items that it lists and does not give."""

    def __init__(self) -> None:
        self.allowed = True
        self.hidden: set[str] = set()
        self.wrong: dict[int, str] = {}
        self.asked: list[str] = []
        self.address = ""

    def reply(self, path: str, query: Mapping[str, str]) -> Reply:
        self.asked.append(path)
        if not self.allowed:
            return Reply(b"Local API is not enabled", 403)
        trouble = self.wrong.pop(len(self.asked), "")
        good = self._good(path.removeprefix(PREFIX), query)
        return TROUBLES[trouble](good) if trouble else good

    def _good(self, path: str, query: Mapping[str, str]) -> Reply:
        library = OURS if path.startswith(f"/groups/{GROUP_ID}/") else MINE
        if path == "/users/0/groups":
            return _json([{"id": GROUP_ID, "version": 1, "data": {"id": GROUP_ID, "name": GROUP}}])
        if path.endswith("/collections"):
            return _json([_collection(n) for n, held in COLLECTIONS.items() if held[2] == library and n != 5])
        if path.endswith("/items/top"):
            return self._items(expected(library), query)
        if path.endswith("/items") and query.get("itemType") == "note":
            return _notes(expected(library), query)
        return Reply(b"Not found", 404)

    def _items(self, held: list[Item], query: Mapping[str, str]) -> Reply:
        if query.get("format") == "versions":
            return _json({one.key: one.number for one in held} | {"ALONE000": 1})
        alone = {"key": "ALONE000", "version": 1, "data": {"key": "ALONE000", "itemType": "attachment"}}
        given: list[Item | None] = [*(one for one in held if one.key not in self.hidden), None]
        start = int(query["start"])
        page = given[start : start + int(query["limit"])]
        return _json([_told(one) if one else alone for one in page])


def _notes(held: list[Item], query: Mapping[str, str]) -> Reply:
    noted = [one for one in held if note_on(one.number)]
    if query.get("format") == "versions":
        return _json({f"N{one.number:07d}": 1 for one in noted} | {"ALONE001": 1})
    start = int(query["start"])
    listed = [(f"N{one.number:07d}", {"parentItem": one.key, "note": note_on(one.number)}) for one in noted]
    listed.append(("ALONE001", {"note": "<p>On nothing.</p>"}))
    page = listed[start : start + int(query["limit"])]
    return _json(
        [{"key": key, "version": 1, "data": {"key": key, "itemType": "note", **data}} for key, data in page]
    )


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode())


def _collection(number: int) -> dict[str, object]:
    name, above, _ = COLLECTIONS[number]
    parent = f"C{above:07d}" if above else False
    return {"key": f"C{number:07d}", "data": {"name": name, "parentCollection": parent}}


def _told(item: Item) -> dict[str, object]:
    date, _, written = item.fields["date"].partition(" ")
    data = {
        "key": item.key,
        "version": item.number,
        "itemType": item.kind,
        **item.fields,
        "date": written,
        "creators": [
            {"creatorType": one.role, "firstName": one.first, "lastName": one.last}
            if one.first
            else {"creatorType": one.role, "name": one.last}
            for one in item.creators
        ],
        "tags": [{"tag": tag} for tag in item.tags],
        "collections": [f"C{number:07d}" for number in item.collections],
    }
    meta = {"parsedDate": date.replace("-00", "")}
    return {"key": item.key, "version": item.number, "meta": meta, "data": data}
