"""A Zotero library where it lies: ``zotero.sqlite``, which Zotero keeps locked while it runs.

It is opened as a file that nobody changes, so that no lock is asked for and none is taken. Where a change is
half done (a journal beside it), a copy is read, in which SQLite ends or undoes the change. A source is the
path of the database, or of a part of it (:mod:`agq.zotero`).
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from agq.errors import AgqError
from agq.readers.base import Raw
from agq.readers.zotero_items import draft
from agq.zotero import ZoteroPart, below, better_bibtex_keys, unlocked

ITEMS_PER_QUERY = 400
"""Items read at a time."""
COPY_TRIES = 4
COPY_PAUSE_SECONDS = 0.3
"""Seconds until a database is looked at again that was changed while it was read."""


def records(part: ZoteroPart) -> Iterator[Raw]:
    """The items of a database, or of a part of it, without those in the trash and attachments.

    Raises
    ------
    UsageError
        There is no such part.
    AgqError
        The database cannot be read.
    """
    try:
        with _opened(part.path) as database:
            library = _Database(database, part)
            for item in library.items():
                yield Raw(item, draft, record=str(item["key"]))
    except (sqlite3.Error, OSError) as error:
        raise AgqError(
            f"{part.path} cannot be read: {error}", hint="close Zotero, or try again in a moment"
        ) from error


def refuse(part: ZoteroPart) -> None:
    """Refuse a part that is not there before anything is begun; errors as for ``records``."""
    for _ in records(part):
        return


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The database as it was last whole.

    Raises
    ------
    AgqError
        It was changed while it was read.
    """
    before = _state(path)
    with tempfile.TemporaryDirectory(prefix="agq-zotero-") as folder:
        whole = _whole(path, Path(folder))
        with closing(sqlite3.connect(unlocked(whole), uri=True)) as database:
            database.row_factory = sqlite3.Row
            yield database
        if whole == path and _state(path) != before:
            raise AgqError(f"{path} was changed while it was read", hint="run this again")


def _whole(path: Path, folder: Path) -> Path:
    """The database itself, or a copy in ``folder`` in which a change that is half done has been dealt with.

    Raises
    ------
    AgqError
        It goes on changing.
    """
    for _ in range(COPY_TRIES):
        beside = [p for end in ("-journal", "-wal") if _has_content(p := path.with_name(path.name + end))]
        before = _state(path)
        if not beside:
            return path
        copy = folder / path.name
        for one in (path, *beside):
            shutil.copy2(one, folder / one.name)
        if _state(path) == before:
            with closing(sqlite3.connect(copy)) as mended:
                mended.execute("SELECT count(*) FROM sqlite_master").fetchone()
                mended.execute("PRAGMA journal_mode = DELETE").fetchone()
            return copy
        time.sleep(COPY_PAUSE_SECONDS)
    raise AgqError(f"{path} is being written to", hint="try again in a moment")


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


class _Database:
    """What an open database holds of the part that is asked for."""

    def __init__(self, database: sqlite3.Connection, part: ZoteroPart) -> None:
        self._database = database
        self._libraries = {
            row["libraryID"]: row["groupID"]
            for row in self._rows(
                "SELECT libraryID, groupID FROM libraries LEFT JOIN groups USING (libraryID) "
                "WHERE type IN ('user', 'group')"
            )
        }
        self._paths = dict(self._collection_paths())
        self._meant = self._items_meant(part)
        self._keys = dict(better_bibtex_keys(part.path))
        self._with_notes = part.notes

    def items(self) -> Iterator[dict[str, object]]:
        """Each item, as Zotero's programming interface writes it, in the order in which they were added."""
        for start in range(0, len(self._meant), ITEMS_PER_QUERY):
            yield from self._batch(self._meant[start : start + ITEMS_PER_QUERY])

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._database.execute(query, values).fetchall()

    def _of(self, query: str, ids: Sequence[int]) -> Iterator[sqlite3.Row]:
        """The rows of a query that has ``{ids}`` where the items go."""
        yield from self._rows(query.replace("{ids}", ", ".join("?" * len(ids))), ids)

    def _collection_paths(self) -> Iterator[tuple[int, tuple[int, str]]]:
        """Collection -> its library, and its path: ``Physics/Strings``."""
        gone = (
            {row[0] for row in self._rows("SELECT collectionID FROM deletedCollections")}
            if self._has("deletedCollections")
            else set()
        )
        held = {
            row["collectionID"]: row
            for row in self._rows(
                "SELECT collectionID, collectionName, parentCollectionID, libraryID FROM collections"
            )
            if row["collectionID"] not in gone
        }
        for number, row in held.items():
            names = [row["collectionName"]]
            above = row["parentCollectionID"]
            while above in held and len(names) < 100:
                names.append(held[above]["collectionName"])
                above = held[above]["parentCollectionID"]
            yield number, (row["libraryID"], "/".join(reversed(names)))

    def _has(self, table: str) -> bool:
        return bool(self._rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table]))

    def _items_meant(self, part: ZoteroPart) -> list[int]:
        libraries, collections = self._narrowed(part)
        marks = ", ".join("?" * len(libraries))
        within = ""
        if collections is not None:
            listed = ", ".join(map(str, collections))
            within = f"AND itemID IN (SELECT itemID FROM collectionItems WHERE collectionID IN ({listed})) "
        rows = self._rows(
            "SELECT itemID FROM items JOIN itemTypes USING (itemTypeID) "
            f"WHERE libraryID IN ({marks}) AND typeName NOT IN ('attachment', 'note', 'annotation') {within}"
            "AND itemID NOT IN (SELECT itemID FROM deletedItems) ORDER BY itemID",
            list(libraries),
        )
        return [row["itemID"] for row in rows]

    def _narrowed(self, part: ZoteroPart) -> tuple[Sequence[int], Sequence[int] | None]:
        """Libraries, and within them collections with those below them; None for all."""
        if not part.part:
            return list(self._libraries), None
        groups = {row["name"]: row["libraryID"] for row in self._rows("SELECT name, libraryID FROM groups")}
        group, rest = part.group(groups)
        of = [groups[group]] if group else [one for one, held in self._libraries.items() if held is None]
        paths = {number: path for number, (library, path) in self._paths.items() if library in of}
        return of, below(rest, paths) if rest else None

    def _batch(self, ids: Sequence[int]) -> Iterator[dict[str, object]]:
        items: dict[int, dict[str, object]] = {}
        for row in self._of(
            "SELECT itemID, key, version, libraryID, typeName FROM items JOIN itemTypes USING (itemTypeID) "
            "WHERE itemID IN ({ids})",
            ids,
        ):
            items[row["itemID"]] = self._begun(row)
        for number, name, value in self._of(
            "SELECT itemID, fieldName, value FROM itemData JOIN itemDataValues USING (valueID) "
            "JOIN fields USING (fieldID) WHERE itemID IN ({ids})",
            ids,
        ):
            items[number][name] = _dated(value) if name in _MULTIPART else str(value)
        self._people(items)
        self._filed(items)
        if self._with_notes:
            self._noted(items)
        yield from (items[number] for number in ids if number in items)

    def _begun(self, row: sqlite3.Row) -> dict[str, object]:
        group = self._libraries[row["libraryID"]]
        where = f"groups/{group}" if group else "library"
        item: dict[str, object] = {
            "key": row["key"],
            "version": row["version"],
            "itemType": row["typeName"],
            "select": f"zotero://select/{where}/items/{row['key']}",
            "creators": [],
            "tags": [],
            "paths": [],
        }
        if key := self._keys.get((row["libraryID"], row["key"])):
            item["betterBibtexKey"] = key
        return item

    def _people(self, items: Mapping[int, dict[str, object]]) -> None:
        for row in self._of(
            "SELECT itemID, firstName, lastName, fieldMode, creatorType FROM itemCreators "
            "JOIN creators USING (creatorID) JOIN creatorTypes USING (creatorTypeID) "
            "WHERE itemID IN ({ids}) ORDER BY itemID, orderIndex",
            list(items),
        ):
            name = {"name": row["lastName"]} if row["fieldMode"] == 1 else _two_fields(row)
            _added(items[row["itemID"]], "creators", {"creatorType": row["creatorType"], **name})

    def _filed(self, items: Mapping[int, dict[str, object]]) -> None:
        ids = list(items)
        tagged = (
            "SELECT itemID, name FROM itemTags JOIN tags USING (tagID) WHERE itemID IN ({ids}) ORDER BY name"
        )
        for number, name in self._of(tagged, ids):
            _added(items[number], "tags", {"tag": name})
        inside = "SELECT itemID, collectionID FROM collectionItems WHERE itemID IN ({ids})"
        for number, collection in self._of(inside, ids):
            if collection in self._paths:
                _added(items[number], "paths", self._paths[collection][1])

    def _noted(self, items: Mapping[int, dict[str, object]]) -> None:
        query = (
            "SELECT parentItemID, note FROM itemNotes WHERE parentItemID IN ({ids}) AND note IS NOT NULL "
            "AND itemID NOT IN (SELECT itemID FROM deletedItems) ORDER BY itemID"
        )
        for number, note in self._of(query, list(items)):
            _added(items[number], "notes", note)


_MULTIPART = frozenset(["date", "dateDecided", "dateEnacted", "issueDate", "filingDate", "originalDate"])


def _dated(value: object) -> str:
    """``2024-06-00 June 2024``, as Zotero keeps dates, at the precision that is known."""
    text = str(value)
    return text[:10].replace("-00", "") if re.match(r"\d{4}-\d\d-\d\d", text) and text[:4] != "0000" else text


def _two_fields(row: sqlite3.Row) -> dict[str, object]:
    return {"firstName": row["firstName"] or "", "lastName": row["lastName"] or ""}


def _added(item: dict[str, object], name: str, value: object) -> None:
    held = item.setdefault(name, [])
    assert isinstance(held, list)
    held.append(value)
