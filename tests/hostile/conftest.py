"""An index of honest and hostile papers, made once, and agq as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checkout import own_code
from hostile import attacks
from processes import PATIENCE

Run = Callable[..., subprocess.CompletedProcess[str]]

AGQ = [sys.executable, "-m", "agq"]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A user of their own: nothing of the machine's settings, the encoder made once for all."""
    home = tmp_path_factory.mktemp("home")
    kept = {
        name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL", "VIRTUAL_ENV"}
    }
    return kept | {"HOME": str(home), "HF_HUB_OFFLINE": "1", **own_code()}


@pytest.fixture(scope="session")
def agq(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run agq in an empty folder; what it says is text."""
    folder = tmp_path_factory.mktemp("empty")

    def run(
        *arguments: str, cwd: Path = folder, stdin: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*AGQ, *arguments],
            cwd=cwd,
            env=environment | more,
            input=stdin,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=PATIENCE,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def table() -> attacks.Table:
    """The attacks and the honest papers."""
    return attacks.table()


@pytest.fixture(scope="session")
def index(agq: Run, table: attacks.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the honest papers and of those that carry orders. Not to be changed."""
    folder = tmp_path_factory.mktemp("index")
    cards = folder / "papers.yaml"
    cards.write_text(table.cards(), encoding="utf-8")
    done = agq("--index", str(folder / "index"), "index", str(cards))
    assert done.returncode == 0, done.stderr
    return folder / "index"
