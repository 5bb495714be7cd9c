"""Two versions of agq on one index: the other's index is named, told how to mend, and left as it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agq.errors import IndexUnusable
from agq.index import open_index
from agq.index.layout import FORMAT, Manifest
from hostile.conftest import AGQ
from processes import PATIENCE, until

Version = Callable[..., subprocess.CompletedProcess[str]]

CARD = "- {id: one2026, title: Zonal flows in plasma, abstract: Zonal flows reduce turbulence in plasma.}\n"
QUESTION = "What do zonal flows do to turbulence in plasma?"


@pytest.fixture(scope="session")
def newer(root: Path, tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Version:
    """agq as a later version might be: the same with the next format of an index."""
    code = tmp_path_factory.mktemp("newer")
    shutil.copytree(root / "src" / "agq", code / "agq", ignore=shutil.ignore_patterns("__pycache__"))
    layout = code / "agq" / "index" / "layout.py"
    said = layout.read_text(encoding="utf-8")
    assert f"\nFORMAT = {FORMAT}\n" in said
    layout.write_text(said.replace(f"\nFORMAT = {FORMAT}\n", f"\nFORMAT = {FORMAT + 1}\n"), encoding="utf-8")
    return lambda *arguments: _run(arguments, environment | {"PYTHONPATH": str(code)}, code)


@pytest.fixture(scope="session")
def present(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Version:
    """agq as it is."""
    folder = tmp_path_factory.mktemp("present")
    return lambda *arguments: _run(arguments, environment, folder)


def _run(
    arguments: tuple[str, ...], environment: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agq", *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    cards = tmp_path / "my papers.yaml"
    cards.write_text(CARD)
    return cards


def content(index: Path) -> dict[str, bytes]:
    """All that an index holds, but for its locks."""
    files = (file for file in index.rglob("*") if file.is_file() and not file.name.startswith("lock"))
    return {str(file): file.read_bytes() for file in files}


@pytest.mark.slow
def test_each_names_the_others_index_and_leaves_it_as_it_is(
    newer: Version, present: Version, source: Path, tmp_path: Path
) -> None:
    at = ("--index", str(tmp_path / "index"))
    for made_by, asked_by, word in ((newer, present, "a newer agq"), (present, newer, "another agq")):
        assert made_by(*at, "index", "--rebuild", str(source)).returncode == 0
        before = content(tmp_path / "index")
        for command in (
            ["ask", QUESTION],
            ["search", "flows"],
            ["doctor"],
            ["index"],
            ["index", str(source)],
        ):
            done = asked_by(*at, *command)
            assert done.returncode == 6, command
            assert word in done.stdout + done.stderr
            assert f"agq index --rebuild '{source}'" in done.stdout + done.stderr
            assert "Traceback" not in done.stderr
        assert content(tmp_path / "index") == before
        assert made_by(*at, "ask", QUESTION).returncode == 0
        assert asked_by(*at, "index", "--rebuild", str(source)).returncode == 0
        assert asked_by(*at, "ask", QUESTION).returncode == 0


@pytest.mark.slow
def test_a_reader_goes_on_while_another_version_makes_the_index_anew(
    newer: Version, present: Version, source: Path, tmp_path: Path
) -> None:
    at = ("--index", str(tmp_path / "index"))
    assert present(*at, "index", str(source)).returncode == 0
    with open_index(tmp_path / "index") as reader:
        for _ in range(2):
            assert newer(*at, "index", "--rebuild", str(source)).returncode == 0
        assert [paper.id for paper in reader.iterate()] == ["one2026"]
        assert reader.textual("zonal flows", 3)[0].paper.id == "one2026"
        with pytest.raises(IndexUnusable, match="a newer agq"):
            open_index(tmp_path / "index")
    assert newer(*at, "ask", QUESTION).returncode == 0


@pytest.mark.slow
def test_two_versions_do_not_write_at_once(
    newer: Version, present: Version, source: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    at = ("--index", str(tmp_path / "index"))
    assert present(*at, "index", str(source)).returncode == 0
    with subprocess.Popen(  # waits for its source with the index locked
        [*AGQ, *at, "index", "-"], stdin=subprocess.PIPE, env=environment, stderr=subprocess.PIPE, text=True
    ) as waiting:
        assert until(lambda: (tmp_path / "index" / "lock.json").exists() or waiting.poll() is not None)
        done = newer(*at, "index", "--rebuild", str(source))
        assert done.returncode == 1
        assert f"process {waiting.pid} " in done.stderr
        waiting.communicate("[]")
    assert present(*at, "ask", QUESTION).returncode == 0


def test_a_manifest_of_another_version_is_named_before_all_else(tmp_path: Path) -> None:
    Manifest("an encoder", 3, "", sources=("a.bib",)).write(tmp_path)
    held = json.loads((tmp_path / "manifest.json").read_text())
    for theirs, word in ((FORMAT + 1, "a newer"), (FORMAT - 1, "another"), ("2027", "another")):
        (tmp_path / "manifest.json").write_text(json.dumps(held | {"format": theirs, "strange": [1]}))
        with pytest.raises(IndexUnusable, match=word) as told:
            Manifest.read(tmp_path)
        assert "agq index --rebuild a.bib" in told.value.hint
    (tmp_path / "manifest.json").write_text(json.dumps({"format": FORMAT + 1}))
    with pytest.raises(IndexUnusable) as told:
        Manifest.read(tmp_path)
    assert "agq index --rebuild SOURCE" in told.value.hint
