"""Workers, drivers and a node that are lost while a cluster builds, and a store that is busy and slow."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from agq.index.remote import pull
from library import write_library
from processes import PATIENCE, until
from ray_cluster import Cluster, cluster
from s3_server import s3_server

pytestmark = pytest.mark.slow

Same = Callable[[Path, Path], None]


@contextmanager
def running(folder: Path, index: str, *options: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """``agq index library --json`` as it runs; it does not outlive the block."""
    command = [sys.executable, "-m", "agq", "index", "library", "--json", "--index", index, *options]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.environ["PATH"], **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def reported(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a run reports at its end."""
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    report: dict[str, Any] = json.loads(out)
    del report["seconds"], report["papers_per_second"]
    return report


def waited(true: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait for something while a run goes on."""
    assert until(lambda: bool(true()) or process.poll() is not None), "it took too long"
    assert process.poll() is None, process.communicate()[1]


def local(folder: Path) -> dict[str, Any]:
    """The same by one process."""
    with running(folder, "local") as process:
        return reported(process)


def encoding(folder: Path) -> bool:
    """Whether the vectors of a batch are there."""
    return any((folder / "ray" / "encoded").glob("*.npy"))


def kill_one(nodes: Cluster, at: str, process: subprocess.Popen[str]) -> None:
    """End a worker that is at something."""

    def killed() -> bool:
        for pid, name in nodes.busy().items():
            if at in name:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return True
        return False

    waited(killed, process)


def test_killed_workers_and_a_killed_driver_lose_and_double_nothing(tmp_path: Path, same_index: Same) -> None:
    write_library(tmp_path / "library", papers=700, files=5)
    with cluster() as nodes:
        options = "--engine", "ray", "--address", nodes.address
        with running(tmp_path, "ray", *options) as first:
            kill_one(nodes, "scan", first)
            kill_one(nodes, "_Encoder", first)
            waited(lambda: encoding(tmp_path), first)
            first.send_signal(signal.SIGKILL)
        assert not (tmp_path / "ray" / "current").exists(), "half an index was shown"
        with running(tmp_path, "ray", *options) as again:
            report = reported(again)
    assert report == local(tmp_path)
    same_index(tmp_path / "ray", tmp_path / "local")
    assert [one.name for one in (tmp_path / "ray" / "generations").iterdir()] == ["000002"]


def test_a_lost_node_loses_and_doubles_nothing(tmp_path: Path, same_index: Same) -> None:
    write_library(tmp_path / "library", papers=700, files=5)
    with (
        cluster() as nodes,
        running(tmp_path, "ray", "--engine", "ray", "--address", nodes.address) as process,
    ):
        waited(lambda: encoding(tmp_path), process)
        nodes.lose_node()
        report = reported(process)
    assert report == local(tmp_path)
    same_index(tmp_path / "ray", tmp_path / "local")


def test_a_cluster_writes_to_a_store_that_is_busy_and_slow(
    tmp_path: Path, same_index: Same, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_library(tmp_path / "library", papers=100, files=3)
    with s3_server() as server, cluster(environ=server.environ) as nodes:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        url = f"{server.bucket('faults')}/papers"
        options = "--engine", "ray", "--address", nodes.address
        server.behave(busy=0.1, slow=0.01)
        with running(tmp_path, url, *options, **server.environ) as process:
            report = reported(process)
        with running(tmp_path, url, *options, **server.environ) as again:
            later = reported(again)
        assert server.counts()["refused"] > 3
        server.behave()
        pull(url, tmp_path / "pulled")
    assert report == local(tmp_path)
    assert (later["unchanged"], later["added"]) == (report["papers"], 0)
    same_index(tmp_path / "pulled", tmp_path / "local")
