"""A Zotero library read where it lies, whole or in part, locked or in the middle of a change."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agq.errors import AgqError, UsageError
from agq.model import Paper
from agq.readers import Found, read
from agq.records import unpacked
from agq.zotero import ZoteroPart, asked, located, named
from zotero_library.made import GROUP, GROUP_ID, ITEMS, MINE, OURS, Item, expected, made

CSL = {"journalArticle": "article-journal", "conferencePaper": "paper-conference", "preprint": "article"} | {
    "bookSection": "chapter", "thesis": "thesis", "book": "book", "report": "report", "webpage": "webpage"
}  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("zotero"))


def papers(source: str | Path) -> dict[str, Found]:
    """What is read, by the number in its title."""
    found = list(read([source]))
    assert all(isinstance(one.item, Paper) for one in found)
    return {one.item.title.split()[1]: one for one in found if isinstance(one.item, Paper)}


def numbers(wanted: list[Item]) -> set[str]:
    return {str(item.number) for item in wanted}


def test_a_whole_library_is_read_with_types_names_keys_and_dates(library: Path) -> None:
    found = papers(library)
    wanted = expected()
    assert set(found) == numbers(wanted)
    assert len(wanted) == ITEMS - ITEMS // 50
    records = {number: unpacked(one.record) for number, one in found.items()}
    assert Counter(record.type for record in records.values()) == Counter(CSL[one.kind] for one in wanted)
    for item in wanted:
        paper, record = found[str(item.number)].item, records[str(item.number)]
        assert isinstance(paper, Paper)
        assert paper.id == item.citation_key
        assert paper.doi == f"10.1234/z.{item.number}"
        assert paper.abstract == item.fields["abstractNote"]
        assert paper.authors == tuple(one.reading for one in item.creators if one.role == "author")
        month = item.number % 13
        assert paper.date == f"{2000 + item.number % 25}" + (f"-{month:02d}" if month else "")
        assert paper.categories == ()
        assert set(record.private) == set(item.tags)
        assert [name["family"] for name in record.fields.get("editor", [])] == [
            one.last for one in item.creators if one.role == "editor"
        ]


def test_what_extra_says_is_told_apart_from_what_is_noted_there(library: Path) -> None:
    found = papers(library)["1"]
    record = unpacked(found.record)
    assert "pmid:100001" in record.handles
    assert record.fields["note"] == "Read on the train"


def test_a_record_knows_where_it_lies_in_zotero(library: Path) -> None:
    found = papers(library)
    mine, ours = unpacked(found["13"].record).custom, unpacked(found["20"].record).custom
    assert mine == {
        "zotero": "zotero://select/library/items/Z0000013",
        "collections": ["Physics", "Physics/Strings"],
    }
    assert ours == {
        "zotero": f"zotero://select/groups/{GROUP_ID}/items/Z0000020",
        "collections": ["Shared"],
    }


@pytest.mark.parametrize(
    ("part", "within"),
    [
        ("Physics", lambda one: one.library == MINE and (one.number % 4 == 1 or one.number % 6 == 1)),
        ("Physics/Strings", lambda one: one.library == MINE and one.number % 6 == 1),
        (f"group/{GROUP}", lambda one: one.library == OURS),
        (f"group/{GROUP}/Shared", lambda one: one.library == OURS and one.number % 20 == 0),
    ],
)
def test_a_part_is_a_collection_with_those_below_or_a_group(library: Path, part: str, within) -> None:  # type: ignore[no-untyped-def]
    wanted = [one for one in expected() if within(one)]
    assert wanted
    found = papers(f"{library}:{part}")
    assert set(found) == numbers(wanted)
    assert {one.source for one in found.values()} == {f"{library}:{part}"}


@pytest.mark.parametrize(
    ("part", "message", "hint"),
    [
        ("Phisics", r"no collection 'Phisics' .*did you mean Physics", "Physics"),
        ("Given up", "no collection 'Given up'", "To read"),
        ("group/Your group", "no group 'Your group' .*did you mean group/Our group", GROUP),
    ],
)
def test_a_part_that_is_not_there_names_those_that_are(
    library: Path, part: str, message: str, hint: str
) -> None:
    with pytest.raises(UsageError, match=message) as error:
        list(read([f"{library}:{part}"]))
    assert hint in error.value.hint


def test_an_item_of_the_web_interface_keeps_its_publisher_and_kind(tmp_path: Path) -> None:
    book = {"itemType": "book", "title": "On 1", "publisher": "A Press", "creators": []}
    thesis = {"itemType": "thesis", "title": "On 2", "university": "MIT", "thesisType": "PhD", "creators": []}
    items = [{"key": one["title"], "version": 1, "data": one} for one in (book, thesis)]
    file = tmp_path / "items.json"
    file.write_text(json.dumps(items), encoding="utf-8")
    fields = {number: unpacked(one.record).fields for number, one in papers(file).items()}
    assert fields["1"] == {"publisher": "A Press"}
    assert fields["2"] == {"publisher": "MIT", "genre": "PhD"}


@contextmanager
def held(library: Path, *statements: str) -> Iterator[None]:
    """Another program has executed some statements, and holds the database."""
    program = (
        "import sqlite3, sys\n"
        "database = sqlite3.connect(sys.argv[1])\n"
        "for statement in sys.argv[2:]: database.execute(statement)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(library), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        yield


def test_a_library_that_another_program_has_locked_is_read(library: Path) -> None:
    with held(library, "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE"):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            sqlite3.connect(library, timeout=0).execute("SELECT 1 FROM items").fetchone()
        before = library.stat().st_mtime_ns, sorted(library.parent.iterdir())
        assert len(papers(library)) == len(expected())
        assert (library.stat().st_mtime_ns, sorted(library.parent.iterdir())) == before


def test_a_change_that_is_half_done_is_not_read(tmp_path: Path) -> None:
    """A transaction that has written pages and has not ended: what was before it is read."""
    library = made(tmp_path / "zotero")
    half = ("UPDATE itemDataValues SET value = 'wrong ' || value", "DELETE FROM deletedItems")
    with held(library, "PRAGMA cache_size=1", "BEGIN IMMEDIATE", *half):
        assert library.with_name("zotero.sqlite-journal").stat().st_size
        assert set(papers(library)) == numbers(expected())


def test_what_stands_in_a_write_ahead_log_is_read(tmp_path: Path) -> None:
    library = made(tmp_path / "zotero")
    writer = sqlite3.connect(library)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("INSERT INTO deletedItems VALUES (1, '2026-01-01')")
    writer.commit()
    assert library.with_name("zotero.sqlite-wal").stat().st_size
    assert set(papers(library)) == numbers(expected()) - {"1"}
    writer.close()


def test_a_database_that_is_none_is_told_and_not_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "zotero.sqlite"
    broken.write_bytes(b"SQLite format 3\x00" + bytes(5000))
    with pytest.raises(AgqError, match="cannot be read"):
        list(read([broken]))


def test_a_profile_tells_where_the_data_is(tmp_path: Path) -> None:
    data = made(tmp_path / "else where").parent
    profile = tmp_path / ".zotero" / "zotero" / "abc.default"
    profile.mkdir(parents=True)
    (profile.parent / "profiles.ini").write_text(
        "[General]\nStartWithLastProfile=1\n\n[Profile0]\nName=default\nIsRelative=1\nPath=abc.default\nDefault=1\n"
    )
    said = {"extensions.zotero.useDataDir": True, "extensions.zotero.dataDir": str(data)}
    (profile / "prefs.js").write_text(
        "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in said.items())
    )
    assert located(tmp_path) == data / "zotero.sqlite"


def test_without_a_library_the_places_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no Zotero library in .*Zotero") as error:
        located(tmp_path)
    assert "--zotero DIR" in error.value.hint


def test_a_folder_of_that_name_is_a_folder() -> None:
    assert asked("zotero") == ZoteroPart(Path("zotero.sqlite"))
    assert asked("zotero:A/B") == ZoteroPart(Path("zotero.sqlite"), "A/B")
    assert asked("zotero+notes:A/B") == ZoteroPart(Path("zotero.sqlite"), "A/B", notes=True)
    assert asked("./zotero") is None
    assert asked("zotero.bib") is None
    assert named("/x/zotero.sqlite:A") == ZoteroPart(Path("/x/zotero.sqlite"), "A")
    assert named("/x/zotero.sqlite+notes") == ZoteroPart(Path("/x/zotero.sqlite"), notes=True)
    assert named("/x/library.sqlite") is None


def test_notes_on_items_are_read_where_they_are_asked_for(library: Path) -> None:
    noted = {
        number: unpacked(one.record).fields.get("annote")
        for number, one in papers(f"{library}+notes").items()
    }
    assert {n: text for n, text in noted.items() if text} == {
        str(item.number): f"Ask Quillfeather{item.number} & Co. Twice."
        for item in expected()
        if item.number % 5 == 0
    }
    assert not any("annote" in unpacked(one.record).fields for one in papers(library).values())
    assert set(papers(f"{library}+notes:Physics")) == set(papers(f"{library}:Physics"))


@pytest.mark.parametrize("wrapped", [True, False], ids=["as the interface has it", "as Better BibTeX has it"])
def test_an_exported_item_is_read_as_one_of_the_database_is(tmp_path: Path, wrapped: bool) -> None:
    item = {
        "key": "ABCD2345",
        "itemType": "bookSection",
        "title": "On rain",
        "creators": [
            {"creatorType": "author", "firstName": "Ann", "lastName": "Berg"},
            {"creatorType": "bookAuthor", "firstName": "Li", "lastName": "Wu"},
        ],
        "bookTitle": "Weather",
        "date": "2020-03",
        "extra": "DOI: 10.1000/rain",
        "tags": [{"tag": "to read"}],
    }
    held = {"key": item["key"], "version": 7, "data": item} if wrapped else item
    (tmp_path / "items.json").write_text(json.dumps([held]))
    (found,) = read([tmp_path])
    paper, record = found.item, unpacked(found.record)
    assert isinstance(paper, Paper)
    assert (paper.id, paper.authors, paper.venue, paper.date) == (
        "ABCD2345",
        ("Ann Berg",),
        "Weather",
        "2020-03",
    )
    assert (paper.doi, paper.categories, record.type) == ("10.1000/rain", (), "chapter")
    assert record.fields["container-author"] == [{"family": "Wu", "given": "Li"}]
