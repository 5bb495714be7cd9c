"""Without a model agq opens no connection: not for indexing, not for asking, not in a network of one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hostile.conftest import AGQ
from processes import PATIENCE

QUESTION = "What reduces turbulence in tokamak plasma?"
_CONNECTS = re.compile(r"(?:connect|sendto|sendmsg)\(.*sa_family=AF_INET6?\b.*")


def commands(index: Path) -> list[list[str]]:
    """Everything that is not told to ask a model."""
    at = ["--index", str(index)]
    return [
        [*at, "ask", "--extract", QUESTION],
        [*at, "search", QUESTION],
        [*at, "similar", "lee2021gyro"],
        [*at, "cite", "lee2021gyro"],
        [*at, "doctor"],
        [*at, "history"],
    ]


@pytest.mark.slow
def test_no_internet_socket_is_opened(index: Path, environment: dict[str, str], tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace here; on Debian: apt-get install strace")
    sources = tmp_path / "one.yaml"
    sources.write_text("- {id: one2026, title: A first paper, abstract: It holds a sentence.}\n")
    every = [*commands(index)[:2], ["--index", str(tmp_path / "fresh"), "index", str(sources)]]
    keyed = environment | {"OPENAI_API_KEY": "sk-0123456789"}
    for number, command in enumerate(every):
        log = tmp_path / f"log{number}"
        traced = [strace, "-f", "-qq", "-e", "trace=network", "-o", str(log), *AGQ, *command]
        done = subprocess.run(
            traced, env=keyed, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if "not permitted" in done.stderr:
            pytest.skip("processes cannot be traced here")
        assert done.returncode == 0, done.stderr
        assert _CONNECTS.findall(log.read_text(errors="replace")) == []


@pytest.mark.slow
def test_everything_works_in_a_network_of_one(index: Path, environment: dict[str, str]) -> None:
    alone = ["unshare", "-n"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("no network namespace can be made here")
    for command in commands(index):
        done = subprocess.run(
            [*alone, *AGQ, *command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)


OWN_BYTES = {"readers/prefetch.py", "readers/merge.py"}
"""May use marshal: on a pipe from a process that agq itself started, and on a file of its own that has no
name. Neither can be written by anybody else."""


def test_nothing_in_the_source_loads_a_pickle(root: Path) -> None:
    risky = re.compile(
        r"\bpickle\b|\bmarshal\b|allow_pickle=True|torch\.load|unsafe_load|UnsafeLoader|FullLoader|yaml\.Loader|\beval\(|\bexec\("
    )
    code = root / "src" / "agq"
    found = [
        f"{name}: {line.strip()}"
        for file in code.rglob("*.py")
        for name in [file.relative_to(code).as_posix()]
        for line in file.read_text(encoding="utf-8").splitlines()
        if risky.search(line.replace("marshal", "") if name in OWN_BYTES else line)
    ]
    assert found == []
