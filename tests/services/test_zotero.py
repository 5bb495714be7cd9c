"""A library through a running Zotero: the same as from its file, whole, and what happens when refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agq.commands.building import from_program
from agq.commands.context import CommandContext
from agq.config import Environment
from agq.errors import UsageError
from agq.model import Paper
from agq.readers import read
from agq.services.polite import ServiceFailed
from agq.services.zotero import answers, copied
from agq.zotero import ZoteroPart
from fake_services import served
from zotero_library.made import GROUP, made
from zotero_library.program import Program


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("zotero"))


@pytest.fixture
def zotero() -> Iterator[Program]:
    with served(Program()) as program:
        yield program


def told(source: Path | str) -> dict[str, tuple[Paper, str]]:
    """Papers and their records, by id."""
    return {one.item.id: (one.item, one.record) for one in read([source]) if isinstance(one.item, Paper)}


@pytest.mark.parametrize(
    "part", ["", "Physics", "Physics/Strings", f"group/{GROUP}", f"group/{GROUP}/Shared"]
)
def test_it_tells_what_its_file_tells(zotero: Program, library: Path, tmp_path: Path, part: str) -> None:
    """Types, names, keys, dates, tags and collections: record by record the same."""
    copy = copied(tmp_path, ZoteroPart(library, part), zotero.address)
    by_file = told(f"{library}:{part}" if part else library)
    assert len(by_file) > 50
    assert told(copy) == by_file


def test_it_tells_the_notes_that_its_file_tells(zotero: Program, library: Path, tmp_path: Path) -> None:
    assert told(copied(tmp_path, ZoteroPart(library, notes=True), zotero.address)) == told(f"{library}+notes")


def test_pages_that_break_off_are_asked_for_again(zotero: Program, library: Path, tmp_path: Path) -> None:
    zotero.wrong = {6: "cut in silence"}
    copy = copied(tmp_path, ZoteroPart(library), zotero.address)
    assert told(copy) == told(library)
    assert not zotero.wrong


def test_an_item_that_is_kept_back_is_no_end(zotero: Program, library: Path, tmp_path: Path) -> None:
    zotero.hidden = {"Z0000013"}
    with pytest.raises(ServiceFailed, match="keeps 1 items back"):
        copied(tmp_path, ZoteroPart(library), zotero.address)
    assert not list(tmp_path.rglob("*.jsonl"))


def test_a_collection_that_is_not_there_is_told(zotero: Program, library: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean Physics"):
        copied(tmp_path, ZoteroPart(library, "Phisics"), zotero.address)


def test_a_refusal_names_the_preference_and_the_file_is_read(
    zotero: Program, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = CommandContext(Environment(tmp_path, {"HOME": str(tmp_path)}))
    zotero.allowed = False
    assert from_program(context, ZoteroPart(library), zotero.address) == ""
    assert "under Advanced, allow other applications" in capsys.readouterr().err
    zotero.allowed = True
    assert told(from_program(context, ZoteroPart(library), zotero.address)) == told(library)


def test_where_no_zotero_runs_nothing_is_said(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = CommandContext(Environment(tmp_path, {"HOME": str(tmp_path)}))
    with served(Program()) as gone:
        address = gone.address
    assert not answers(address)
    assert from_program(context, ZoteroPart(library), address) == ""
    assert capsys.readouterr().err == ""
