"""Signals, full disks, read-only places, no home: nothing is lost, and what went wrong is told in words."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import agq
from agq.index import open_index
from hostile.conftest import AGQ, Run

QUESTION = "What reduces turbulence in tokamak plasma?"
OWN_CODE = str(Path(agq.__file__).parent).encode()


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A file system of its own at ``folder``; skips where none can be mounted."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    if os.geteuid() or shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def tidy_end(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether a run that failed says so in words."""
    return "Traceback" not in done.stderr and "unexpected" not in done.stderr


@pytest.mark.slow
def test_a_reader_that_goes_away_ends_it_in_silence(index: Path, environment: dict[str, str]) -> None:
    for command in (["ask", QUESTION], ["search", QUESTION, "-f", "jsonl"], ["help", "formats"], ["history"]):
        with subprocess.Popen(
            [*AGQ, "--index", str(index), *command],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.close()
            told = running.stderr.read()
        assert running.returncode in {0, -signal.SIGPIPE}
        assert b"Broken pipe" not in told
        assert b"Exception" not in told


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_an_answer_without_a_traceback(
    index: Path, environment: dict[str, str], sent: signal.Signals
) -> None:
    for after in (0.05, 0.2, 0.5):
        with subprocess.Popen(
            [*AGQ, "--index", str(index), "ask", QUESTION],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as running:
            time.sleep(after)
            running.send_signal(sent)
            assert running.stderr is not None
            told = running.stderr.read()
        # an interrupt before agq begins is the interpreter's: it tells a traceback and ends in 1
        starting = b"KeyboardInterrupt" in told and OWN_CODE not in told
        assert running.returncode in ({1, 130, -sent} if starting else {0, 130, -sent})
        assert OWN_CODE not in told.partition(b"Traceback")[2]
    with open_index(index) as opened:
        assert opened.state.papers > 40


@pytest.mark.slow
def test_a_full_disk_costs_the_log_entry_and_not_the_answer(agq: Run, index: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=64k") as disk:
        (disk / "filler").write_bytes(bytes(60 * 1024))
        done = agq("--index", str(index), "ask", QUESTION, XDG_STATE_HOME=str(disk / "state"))
        assert done.returncode == 0
        assert "this answer is not kept" in done.stderr
        done = agq("--index", str(index), "ask", QUESTION, "-f", "html", "-o", str(disk / "answer.html"))
        assert done.returncode == 1
        assert "No space left" in done.stderr
        assert tidy_end(done)
        assert [file.name for file in disk.iterdir() if "answer" in file.name] == []


@pytest.mark.slow
def test_an_index_on_a_full_disk_is_told_and_goes_on_when_there_is_room(
    agq: Run, index: Path, tmp_path: Path
) -> None:
    cards = index.parent / "papers.yaml"
    with mounted(tmp_path / "disk", "size=8m") as disk:
        done = agq("--index", str(disk / "index"), "index", str(cards))
        assert done.returncode == 1
        assert "No space left" in done.stderr
        assert tidy_end(done)
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        done = agq("--index", str(disk / "index"), "index", str(cards))
        assert done.returncode == 0, done.stderr
        with open_index(disk / "index") as whole, open_index(index) as reference:
            assert whole.state.papers == reference.state.papers


@pytest.mark.slow
def test_a_read_only_index_is_asked_and_not_written(agq: Run, index: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=200m") as disk:
        shutil.copytree(index, disk / "index")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        asked = agq("--index", str(disk / "index"), "ask", QUESTION)
        assert asked.returncode == 0, asked.stderr
        built = agq("--index", str(disk / "index"), "index", str(index.parent / "papers.yaml"))
        assert built.returncode == 1
        assert "Read-only" in built.stderr
        assert tidy_end(built)


@pytest.mark.slow
def test_without_a_home_or_a_cache_it_asks_all_the_same(agq: Run, index: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    for home in (str(blocked), "/proc/1/none"):
        done = agq("--index", str(index), "ask", QUESTION, HOME=home)
        assert done.returncode == 0, done.stderr
        assert "this answer is not kept" in done.stderr
    built = agq(
        "--index",
        str(tmp_path / "i"),
        "index",
        str(index.parent / "papers.yaml"),
        XDG_CACHE_HOME=str(blocked),
    )
    assert tidy_end(built)
    assert built.returncode in {0, 1}


@pytest.mark.slow
def test_a_clock_that_goes_back_changes_nothing(agq: Run, index: Path, tmp_path: Path) -> None:
    shutil.copytree(index, tmp_path / "index")
    for file in tmp_path.rglob("manifest.json"):
        os.utime(file, (4_000_000_000, 4_000_000_000))
    done = agq("--index", str(tmp_path / "index"), "index", str(index.parent / "papers.yaml"), "--json")
    assert done.returncode == 0, done.stderr
    assert '"unchanged": 50' in done.stdout
    assert agq("--index", str(tmp_path / "index"), "ask", QUESTION).returncode == 0


@pytest.mark.slow
def test_a_damaged_index_is_named_by_doctor_with_what_mends_it(agq: Run, index: Path, tmp_path: Path) -> None:
    shutil.copytree(index, tmp_path / "index")
    file = max(tmp_path.glob("index/generations/*/papers.lance/data/*"), key=lambda f: f.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)
    asked = agq("--index", str(tmp_path / "index"), "ask", QUESTION)
    assert (asked.returncode, asked.stdout) == (6, "")
    assert file.name in asked.stderr
    looked = agq("--index", str(tmp_path / "index"), "doctor")
    assert looked.returncode == 6
    assert "agq index --rebuild" in looked.stdout
    mended = agq("--index", str(tmp_path / "index"), "index", "--rebuild", str(index.parent / "papers.yaml"))
    assert mended.returncode == 0, mended.stderr
    assert agq("--index", str(tmp_path / "index"), "ask", QUESTION).returncode == 0
