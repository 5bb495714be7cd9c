"""A cluster of several processes builds what one machine builds, whatever it loses on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from library import write_library
from processes import PATIENCE
from ray_cluster import cluster

pytestmark = pytest.mark.slow

Same = Callable[[Path, Path], None]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with cluster() as running:
        yield running.address


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def agq(home: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Runs ``agq index ... --json``; what it reports."""

    def run(index: str, *arguments: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "agq", "index", "--json", "--index", str(tmp_path / index)]
        done = subprocess.run(
            [*command, *arguments],
            cwd=tmp_path,
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        del report["seconds"], report["papers_per_second"]
        return report

    return run


def test_a_cluster_and_a_machine_build_the_same_and_go_on_from_each_other(
    address: str, tmp_path: Path, agq: Callable[..., dict[str, Any]], same_index: Same
) -> None:
    library = write_library(tmp_path / "library", papers=120, files=4)
    on_ray = (str(library), "--engine", "ray", "--address", address)
    assert agq("ray", *on_ray) == agq("local", str(library))
    same_index(tmp_path / "ray", tmp_path / "local")

    changed = library / "01.jsonl"
    changed.write_text("\n".join(changed.read_text().replace("We report", "We tell of", 2).splitlines()[2:]))
    after = agq("ray", *on_ray)
    assert after == agq("local", str(library))
    assert after["updated"]
    assert after["removed"]
    same_index(tmp_path / "ray", tmp_path / "local")

    (library / "new.jsonl").write_text('{"id": "new", "title": "One more", "abstract": "By one machine."}\n')
    onward = agq("ray", str(library))
    assert (onward["added"], onward["unchanged"]) == (1, after["papers"])
    assert onward == agq("local", str(library))
    same_index(tmp_path / "ray", tmp_path / "local")


def test_sources_without_a_paper_make_no_index(address: str, tmp_path: Path, home: Path) -> None:
    (tmp_path / "empty.jsonl").write_text('{"id": "a"}\n{"id": "b"}\n')
    command = [sys.executable, "-m", "agq", "index", "empty.jsonl", "--index", "made"]
    done = subprocess.run(
        [*command, "--engine", "ray", "--address", address],
        cwd=tmp_path,
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "no paper in" in done.stderr
    assert not (tmp_path / "made").exists()
