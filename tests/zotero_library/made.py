"""Makes the library: what its items are, and the database that holds them as Zotero keeps them.

    python -m zotero_library.made FOLDER

What each item is follows from its number, so a test can say what it has to read.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ITEMS = 2000
GROUP_ID = 4711
GROUP = "Our group"
MINE, OURS, FEED = 1, 2, 3
"""Libraries, by their numbers."""

ABOUT = 4
FINDING = (
    "Perovskite solar cells lose power within weeks. Moisture that enters through the edge seal limits the "
    "lifetime of perovskite cells. Glass seals keep nine tenths of the power over a year."
)
"""The item that says something, and what."""

TYPES = (
    ("journalArticle", "publicationTitle"),
    ("conferencePaper", "proceedingsTitle"),
    ("preprint", "repository"),
    ("bookSection", "bookTitle"),
    ("thesis", "university"),
    ("book", "publisher"),
    ("report", "institution"),
    ("webpage", "websiteTitle"),
)
"""Types in turn, and the field of each that tells where it appeared."""

COLLECTIONS = {1: ("Physics", None, MINE), 2: ("Strings", 1, MINE), 3: ("To read", None, MINE)} | {
    4: ("Shared", None, OURS),
    5: ("Given up", None, MINE),
}
"""Number -> name, the one above, library. The last is in the trash."""

SCHEMA = """
CREATE TABLE version (schema TEXT PRIMARY KEY, version INT NOT NULL);
CREATE TABLE libraries (libraryID INTEGER PRIMARY KEY, type TEXT NOT NULL, editable INT NOT NULL,
    filesEditable INT NOT NULL, version INT NOT NULL DEFAULT 0, storageVersion INT NOT NULL DEFAULT 0,
    lastSync INT NOT NULL DEFAULT 0, archived INT NOT NULL DEFAULT 0);
CREATE TABLE groups (groupID INTEGER PRIMARY KEY, libraryID INT NOT NULL UNIQUE, name TEXT NOT NULL,
    description TEXT NOT NULL, version INT NOT NULL);
CREATE TABLE itemTypes (itemTypeID INTEGER PRIMARY KEY, typeName TEXT, templateItemTypeID INT,
    display INT DEFAULT 1);
CREATE TABLE fields (fieldID INTEGER PRIMARY KEY, fieldName TEXT, fieldFormatID INT);
CREATE TABLE creatorTypes (creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT);
CREATE TABLE items (itemID INTEGER PRIMARY KEY, itemTypeID INT NOT NULL,
    dateAdded TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, dateModified TIMESTAMP NOT NULL
    DEFAULT CURRENT_TIMESTAMP, clientDateModified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    libraryID INT NOT NULL, key TEXT NOT NULL, version INT NOT NULL DEFAULT 0, synced INT NOT NULL DEFAULT 0,
    UNIQUE (libraryID, key));
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID INT, PRIMARY KEY (itemID, fieldID));
CREATE TABLE itemNotes (itemID INTEGER PRIMARY KEY, parentItemID INT, note TEXT, title TEXT);
CREATE TABLE itemAttachments (itemID INTEGER PRIMARY KEY, parentItemID INT, linkMode INT, contentType TEXT,
    charsetID INT, path TEXT, syncState INT DEFAULT 0, storageModTime INT, storageHash TEXT);
CREATE TABLE creators (creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, fieldMode INT,
    UNIQUE (lastName, firstName, fieldMode));
CREATE TABLE itemCreators (itemID INT NOT NULL, creatorID INT NOT NULL, creatorTypeID INT NOT NULL DEFAULT 1,
    orderIndex INT NOT NULL DEFAULT 0, PRIMARY KEY (itemID, creatorID, creatorTypeID, orderIndex),
    UNIQUE (itemID, orderIndex));
CREATE TABLE tags (tagID INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE itemTags (itemID INT NOT NULL, tagID INT NOT NULL, type INT NOT NULL,
    PRIMARY KEY (itemID, tagID));
CREATE TABLE collections (collectionID INTEGER PRIMARY KEY, collectionName TEXT NOT NULL,
    parentCollectionID INT DEFAULT NULL, clientDateModified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    libraryID INT NOT NULL, key TEXT NOT NULL, version INT NOT NULL DEFAULT 0, synced INT NOT NULL DEFAULT 0,
    UNIQUE (libraryID, key));
CREATE TABLE collectionItems (collectionID INT NOT NULL, itemID INT NOT NULL, orderIndex INT NOT NULL
    DEFAULT 0, PRIMARY KEY (collectionID, itemID));
CREATE TABLE deletedItems (itemID INTEGER PRIMARY KEY, dateDeleted DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE deletedCollections (collectionID INTEGER PRIMARY KEY, dateDeleted DEFAULT CURRENT_TIMESTAMP
    NOT NULL);
"""


@dataclass(frozen=True)
class Creator:
    """A name in two fields, or a body's in one."""

    role: str
    last: str
    first: str = ""

    @property
    def reading(self) -> str:
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True)
class Item:
    """One item, and where it is filed."""

    number: int
    kind: str
    fields: dict[str, str]
    creators: Sequence[Creator] = ()
    tags: Sequence[str] = ()
    collections: Sequence[int] = ()
    library: int = MINE
    trashed: bool = False
    key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"Z{self.number:07d}")

    @property
    def citation_key(self) -> str:
        """The key that it is to have, of the three places where one may stand; else its DOI."""
        if self.number % 4 == 0:
            return f"native{self.number}"
        if self.number % 4 == 1:
            return f"extra{self.number}"
        return f"bbt{self.number}" if self.number % 4 == 2 else f"10.1234/z.{self.number}"


def items() -> Iterator[Item]:
    """All items that are works: every tenth in the group's library, every fiftieth in the trash."""
    for number in range(1, ITEMS + 1):
        kind, place = TYPES[number % len(TYPES)]
        ours = number % 10 == 0
        yield Item(
            number,
            kind,
            dict(_fields(number, place)),
            list(_creators(number)),
            ["automatic: materials", f"own/{number % 7}"],
            ([4] if number % 20 == 0 else []) if ours else _collections(number),
            OURS if ours else MINE,
            number % 50 == 7,
        )


def _fields(number: int, place: str) -> Iterator[tuple[str, str]]:
    subject = "perovskite cells" if number == ABOUT else "<i>thin</i> films"
    yield "title", f"Study {number} of {subject}"
    yield "abstractNote", FINDING if number == ABOUT else f"We measure film {number} at {number} kelvin."
    yield place, f"Place {number % 9}"
    month = number % 13
    yield "date", f"{2000 + number % 25}-{month:02d}-00 {month}/{2000 + number % 25}"
    if number % 4 == 0:
        yield "citationKey", f"native{number}"
    if number % 4 == 1:
        yield "extra", f"Citation Key: extra{number}\nPMID: {100000 + number}\nRead on the train"
    yield "DOI", f"10.1234/z.{number}"
    if place != "websiteTitle":
        yield "pages", f"{number}-{number + 9}"


def _creators(number: int) -> Iterator[Creator]:
    yield Creator("author", f"Müller{number % 40}", "Ana")
    yield (
        Creator("editor", "Éditeur", "Zoé") if number % 3 == 0 else Creator("author", "van der Berg", "Kees")
    )
    if number % 11 == 0:
        yield Creator("author", "The ATLAS Collaboration")


def _collections(number: int) -> list[int]:
    return [collection for collection, every in ((1, 4), (2, 6), (3, 9), (5, 10)) if number % every == 1]


@cache
def expected(library: int | None = None) -> list[Item]:
    """What a reader has to find."""
    return [one for one in items() if not one.trashed and library in {None, one.library}]


def note_on(number: int) -> str:
    """What is noted on every fifth item, as Zotero keeps it; nothing on the others."""
    if number % 5:
        return ""
    return f'<div data-schema-version="9"><p>Ask <b>Quillfeather{number}</b> &amp; Co.</p><p>Twice.</p></div>'


class _Database:
    """What is written into the tables."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._numbers: dict[tuple[str, object], int] = {}

    def number(self, table: str, name: str, value: object, **more: object) -> int:
        """The number of a value in a table of such."""
        known = (table, (value, *more.values()))
        if known not in self._numbers:
            columns = ", ".join((name, *more))
            marks = ", ".join("?" * (1 + len(more)))
            added = self._database.execute(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})", (value, *more.values())
            )
            self._numbers[known] = int(added.lastrowid or 0)
        return self._numbers[known]

    def row(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self._database.execute(f"INSERT INTO {table} VALUES ({marks})", values)

    def item(self, item: Item) -> None:
        self._bare(item.number, item.kind, item.library, item.key)
        for name, value in item.fields.items():
            of, held = self.number("fields", "fieldName", name), self.number("itemDataValues", "value", value)
            self.row("itemData", item.number, of, held)
        for order, one in enumerate(item.creators):
            person = self.number(
                "creators", "firstName", one.first, lastName=one.last, fieldMode=int(not one.first)
            )
            role = self.number("creatorTypes", "creatorType", one.role)
            self.row("itemCreators", item.number, person, role, order)
        for tag in item.tags:
            self.row("itemTags", item.number, self.number("tags", "name", tag), int(tag[0] == "a"))
        for collection in item.collections:
            self.row("collectionItems", collection, item.number, 0)
        if item.trashed:
            self.row("deletedItems", item.number, "2026-01-01 00:00:00")

    def _bare(self, number: int, kind: str, library: int, key: str) -> None:
        of = self.number("itemTypes", "typeName", kind)
        self._database.execute(
            "INSERT INTO items (itemID, itemTypeID, libraryID, key, version) VALUES (?, ?, ?, ?, ?)",
            (number, of, library, key, number),
        )

    def attachments_and_notes(self) -> None:
        """A PDF and a note below every fifth item, a note in the trash, a PDF and a note of their own, an
        article of a feed."""
        for number in range(5, ITEMS + 1, 5):
            pdf, note, gone = 10_000 + number, 20_000 + number, 30_000 + number
            library = OURS if number % 10 == 0 else MINE
            self._bare(pdf, "attachment", library, f"P{number:07d}")
            self._bare(note, "note", library, f"N{number:07d}")
            self._bare(gone, "note", library, f"G{number:07d}")
            self.row("itemAttachments", pdf, number, 0, "application/pdf", None, "storage:a.pdf", 0, 0, "")
            self.row("itemNotes", note, number, note_on(number), "Mine")
            self.row("itemNotes", gone, number, "<p>Thrown away.</p>", "Thrown away")
            self.row("deletedItems", gone, "2026-01-01 00:00:00")
        self._bare(90_002, "note", MINE, "ALONE001")
        self.row("itemNotes", 90_002, None, "<p>On nothing.</p>", "On nothing")
        self._bare(90_000, "attachment", MINE, "ALONE000")
        self._bare(90_001, "journalArticle", FEED, "FEED0000")


def made(folder: Path) -> Path:
    """The library in ``folder``, Better BibTeX's database beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "zotero.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        tables = _Database(database)
        for library, kind in ((MINE, "user"), (OURS, "group"), (FEED, "feed")):
            tables.row("libraries", library, kind, 1, 1, 100, 0, 0, 0)
        tables.row("groups", GROUP_ID, OURS, GROUP, "", 1)
        for number, (name, above, library) in COLLECTIONS.items():
            tables.row("collections", number, name, above, "2026-01-01", library, f"C{number:07d}", 0, 0)
        tables.row("deletedCollections", 5, "2026-01-01")
        for item in items():
            tables.item(item)
        tables.attachments_and_notes()
    database.close()
    with sqlite3.connect(folder / "better-bibtex.sqlite") as keys:
        keys.execute(
            "CREATE TABLE citationkey (itemID INTEGER PRIMARY KEY, itemKey TEXT,"
            "  libraryID INT, citationKey TEXT, pinned INT)"
        )
        keys.executemany(
            "INSERT INTO citationkey VALUES (?, ?, ?, ?, 0)",
            [
                (one.number, one.key, one.library, f"bbt{one.number}")
                for one in items()
                if one.number % 4 != 3
            ],
        )
    keys.close()
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{made(Path(sys.argv[1]))}\n")
