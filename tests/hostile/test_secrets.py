"""The key is in nothing that agq writes, shows or starts, whatever a server does with it."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile.conftest import AGQ, Run
from hostile.server import MODEL, Obedient, obey, serving

KEY = "sk-hostile-abcdefghijklmnop"
ECHO = "Zonal flows reduce the radial heat flux by 23 percent [lee2021gyro]. The key to it all is {key}.\n"


@pytest.fixture
def server() -> Iterator[Obedient]:
    with serving(lambda prompt, key: obey(ECHO, prompt, key)) as running:
        yield running


@pytest.fixture
def secret(tmp_path: Path, server: Obedient) -> dict[str, str]:
    """A user with a key, a model and a server that repeats the key."""
    named = {"AGQ_MODEL": MODEL, "AGQ_BASE_URL": server.url, "OPENAI_API_KEY": KEY, "AGQ_RETRIES": "0"}
    return named | {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def written(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield file, file.read_bytes()


QUESTION = "What reduces turbulence in tokamak plasma?"


@pytest.mark.slow
def test_a_whole_day_of_work_leaves_the_key_nowhere(
    agq: Run, index: Path, tmp_path: Path, secret: dict[str, str], server: Obedient
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    at = ("--index", str(index))
    runs = [
        (*at, "ask", QUESTION, "-o", "a.md", "--bib", "a.bib"),
        (*at, "ask", QUESTION, "--format", "json", "--verbose"),
        (*at, "ask", QUESTION, "--format", "html", "-o", "a.html"),
        (*at, "history"),
        (*at, "history", "show", "1"),
        (*at, "config"),
        (*at, "config", "init"),
        (*at, "doctor"),
        (*at, "search", QUESTION, "--verbose"),
    ]
    said = [agq(*run, cwd=work, **secret) for run in runs]
    server.reply = lambda prompt, key: obey("{fails}", prompt, key)
    said += [
        agq(*at, "ask", QUESTION, *more, cwd=work, **secret) for more in ((), ("--debug",), ("--verbose",))
    ]
    assert server.keys.count(KEY) >= 6
    assert [done.returncode for done in said[-3:]] == [4, 4, 4]
    for done in said:
        assert KEY not in done.stdout + done.stderr, done.args
    assert [str(file) for file, content in written(tmp_path) if KEY.encode() in content] == []
    assert (work / "a.md").exists()
    assert "(key)" in (work / "a.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_history_is_its_owners_alone(
    agq: Run, index: Path, tmp_path: Path, secret: dict[str, str]
) -> None:
    assert agq("--index", str(index), "ask", QUESTION, **secret).returncode == 0
    log = tmp_path / "home" / ".local" / "state" / "agq" / "history.db"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


@pytest.mark.slow
def test_the_process_list_shows_no_key(
    index: Path, secret: dict[str, str], environment: dict[str, str]
) -> None:
    asking = [*AGQ, "--index", str(index), "ask", QUESTION]
    with subprocess.Popen(asking, env=environment | secret, stdout=subprocess.DEVNULL) as running:
        line = Path(f"/proc/{running.pid}/cmdline")
        while not (seen := line.read_bytes()):  # empty while the program is being loaded
            assert running.poll() is None
    assert b"ask" in seen
    assert KEY.encode() not in seen


@pytest.mark.slow
def test_a_project_of_somebody_else_gets_no_key(
    agq: Run, index: Path, tmp_path: Path, server: Obedient, secret: dict[str, str]
) -> None:
    project = tmp_path / "cloned"
    project.mkdir()
    address = server.url.replace("127.0.0.1", "127.0.0.2")
    (project / "agq.yaml").write_text(f"model: {MODEL}\nbase_url: {address}\nretries: 0\n")
    mine = {"HOME": secret["HOME"], "OPENAI_API_KEY": KEY}
    done = agq("--index", str(index), "ask", QUESTION, cwd=project, **mine)
    assert "your key is not sent" in done.stderr
    assert KEY not in server.keys


def test_nothing_of_ours_is_written_for_others_to_change(index: Path) -> None:
    assert os.umask(0o022) in {0o022, 0o002, 0o027, 0o077}
    loose = [file for file in index.rglob("*") if file.stat().st_mode & stat.S_IWOTH]
    assert loose == []
