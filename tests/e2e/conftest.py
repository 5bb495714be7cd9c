"""A small library, indexed once, and shells to use it from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from e2e.shell import FILES, Shell


@pytest.fixture(scope="session")
def encoders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests, so that the encoder is made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def indexed(root: Path, tmp_path_factory: pytest.TempPathFactory, encoders: Path) -> Path:
    """A folder with a few files of the corpus and their index."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "corpus").mkdir()
    for name in FILES:
        shutil.copy(root / "corpus" / name, folder / "corpus" / name)
    done = Shell(folder, tmp_path_factory.mktemp("home"), encoders).agq("index", "corpus")
    assert done.returncode == 0, done.stderr.decode()
    return folder


@pytest.fixture
def shell(indexed: Path, tmp_path: Path, encoders: Path) -> Shell:
    """A new home, and a working folder whose index is named in the environment."""
    named = {"AGQ_INDEX": str(indexed / ".agq")}
    return Shell(_made(tmp_path / "work"), _made(tmp_path / "home"), encoders, named)


@pytest.fixture
def fresh(tmp_path: Path, encoders: Path) -> Shell:
    """A new home and an empty folder; no index anywhere."""
    return Shell(_made(tmp_path / "elsewhere"), _made(tmp_path / "other-home"), encoders)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
