"""Past answers: listed, found, shown again, gone on from; and never in the way of an answer."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from e2e.shell import QUESTION, Shell

pytestmark = pytest.mark.slow

ZEOLITE = {
    "id": "zeo1",
    "title": "Zeolites adsorb carbon dioxide",
    "abstract": "Zeolites adsorb carbon dioxide from flue gas. They adsorb most at a temperature of 300 K.",
}


def test_an_answer_is_listed_found_and_shown_again(shell: Shell) -> None:
    first = shell.agq("ask", QUESTION).stdout
    shell.agq("ask", "How is jet tagging done?")
    listed = shell.agq("history").stdout.decode().splitlines()
    assert [line.split()[0] for line in listed] == ["2", "1"]
    assert QUESTION in listed[1]
    assert len(shell.agq("history", "jet").stdout.splitlines()) == 1
    assert shell.agq("history", "show", "1").stdout == first
    assert json.loads(shell.agq("history", "show", "1", "-f", "json").stdout)["question"] == QUESTION
    assert [a["number"] for a in json.loads(shell.agq("history", "--json").stdout)["answers"]] == [2, 1]


def test_the_list_tells_when_and_in_which_library(shell: Shell) -> None:
    assert shell.given(TZ="UTC").agq("ask", QUESTION).returncode == 0
    (asked,) = [one["asked"] for one in json.loads(shell.agq("history", "--json").stdout)["answers"]]
    library = Path(shell.variables["AGQ_INDEX"]).parent
    listed = shell.given(TZ="UTC").agq("history").stdout.decode()
    assert listed == f"1  {asked[:10]} {asked[11:16]}  {library}  {QUESTION}\n"
    elsewhere = shell.given(TZ="Asia/Kolkata")
    assert f"  {asked[:10]} {asked[11:16]}  " not in elsewhere.agq("history").stdout.decode()
    shown = shell.given(TZ="UTC").agq("history", "show", "1").stderr.decode()
    assert f"asked {asked[:10]} {asked[11:16]} in {library}" in shown


def test_no_query_is_an_operator(shell: Shell) -> None:
    shell.agq("ask", QUESTION)
    for query in ('"', "AND", "(", "x OR", "*", "NEAR(a b)", "answer:", "-a", "'; --"):
        assert shell.agq("history", "--", query).returncode == 0, query


def test_more_asks_a_follow_up_and_continue_takes_the_last_answer_along(shell: Shell) -> None:
    follow_ups = json.loads(shell.agq("ask", QUESTION, "-f", "json").stdout)["follow_ups"]
    assert follow_ups
    more = shell.agq("more", "1")
    assert more.returncode == 0
    assert more.stdout.decode().startswith(f"# {follow_ups[0]}\n")
    assert shell.agq("more", "9").returncode == 2
    shell.agq("ask", QUESTION)
    went_on = shell.agq("ask", "-c", "and which remedies were tried?")
    assert went_on.returncode == 0
    assert went_on.stdout.decode().startswith("# and which remedies were tried?\n")
    assert b"physics-informed" in went_on.stdout


def test_a_follow_up_is_asked_in_the_index_of_its_answer(shell: Shell, tmp_path: Path) -> None:
    source = tmp_path / "zeolites.jsonl"
    source.write_text(json.dumps(ZEOLITE) + "\n")
    other = tmp_path / "other"
    assert shell.agq("--index", other, "index", source).returncode == 0
    first = shell.agq("--index", other, "ask", "What do zeolites adsorb?")
    assert first.returncode == 0, first.stderr
    went_on = shell.agq("ask", "-c", "and at which temperature do they adsorb it?")
    assert b"[zeo1]" in went_on.stdout
    assert f"continuing in {other}".encode() in went_on.stderr
    usual = shell.variables["AGQ_INDEX"]
    named = shell.agq("--index", usual, "ask", "-c", QUESTION)
    assert b"zeo1" not in named.stdout
    assert b"going on" not in named.stderr
    listed = json.loads(shell.agq("history", "--json").stdout)["answers"]
    assert [Path(a["index"]).name for a in listed] == [".agq", "other", "other"]


def test_a_follow_up_whose_index_is_gone_says_so(shell: Shell, tmp_path: Path) -> None:
    shutil.copytree(shell.variables["AGQ_INDEX"], tmp_path / "copy")
    assert shell.agq("--index", tmp_path / "copy", "ask", QUESTION).returncode == 0
    shutil.rmtree(tmp_path / "copy")
    for command in (["more", "1"], ["ask", "-c", "and why?"]):
        done = shell.agq(*command)
        assert (done.returncode, done.stdout) == (6, b"")
        assert f"is gone: {tmp_path / 'copy'}".encode() in done.stderr
        assert b"--index DIR" in done.stderr
    assert shell.agq("more", "1", "--index", shell.variables["AGQ_INDEX"]).returncode == 0


def test_without_an_earlier_answer_there_is_nothing_to_go_on_from(shell: Shell) -> None:
    for arguments in (["more", "1"], ["ask", "-c", "and?"]):
        done = shell.agq(*arguments)
        assert (done.returncode, done.stdout) == (2, b"")
    assert shell.agq("history").stdout == b""
    assert shell.agq("history", "show", "7").returncode == 2


def test_the_log_is_private_and_can_be_left_out(shell: Shell) -> None:
    shell.agq("ask", QUESTION, "--no-history")
    shell.given(AGQ_HISTORY="no").agq("ask", QUESTION)
    assert not shell.history.exists()
    shell.agq("ask", QUESTION)
    assert stat.S_IMODE(shell.history.stat().st_mode) == 0o600
    assert stat.S_IMODE(shell.history.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("fault", ["corrupt", "folder", "empty"])
def test_a_broken_log_never_stops_an_answer(shell: Shell, fault: str) -> None:
    shell.history.parent.mkdir(parents=True)
    if fault == "folder":
        shell.history.mkdir()
    else:
        shell.history.write_bytes(b"not a database at all, not at all" * 99 if fault == "corrupt" else b"")
    done = shell.agq("ask", QUESTION)
    assert done.returncode == 0
    assert done.stdout.startswith(b"# ")
    assert (b"not kept" in done.stderr) == (fault != "empty")


def test_a_locked_log_never_stops_an_answer(shell: Shell) -> None:
    import sqlite3

    shell.agq("ask", QUESTION)
    other = sqlite3.connect(shell.history)
    other.execute("BEGIN EXCLUSIVE")
    done = shell.agq("ask", QUESTION)
    other.close()
    assert done.returncode == 0
    assert b"not kept" in done.stderr
