"""Ctrl-C in the middle of a model's answer: what came is kept, and is not taken for the whole."""

from __future__ import annotations

import json
import signal
import subprocess

import pytest

from answerers.server import Server, chunk, serving, waits
from e2e.shell import Shell
from processes import PATIENCE, rests, until

QUESTION = "What are jets?"
pytestmark = pytest.mark.slow


def interrupted(shell: Shell, server: Server, *options: str) -> tuple[int, bytes, bytes]:
    """Exit code, stdout and stderr of an ask that is stopped once its model has fallen silent."""
    named = shell.given(AGQ_MODEL="m", AGQ_BASE_URL=server.base_url, AGQ_RETRIES="0")
    running = subprocess.Popen(
        named.command("ask", QUESTION, *options),
        cwd=named.folder,
        env=named.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert until(lambda: bool(server.requests))
    assert rests(running)
    running.send_signal(signal.SIGINT)
    out, told = running.communicate(timeout=PATIENCE)
    return running.returncode, out, told


def test_what_came_is_kept_as_incomplete(shell: Shell) -> None:
    begun = waits(PATIENCE, chunk("Jets are sprays of particles. Many are"), chunk(" found"))
    with serving(begun) as server:
        code, out, told = interrupted(shell, server, "-o", "note.md")
    assert (code, out) == (130, b"")
    assert b"interrupted" in told
    assert not (shell.folder / "note.md").exists()
    kept = shell.agq("history", "show", "1").stdout.decode()
    assert "Jets are sprays of particles." in kept
    assert "Many are" not in kept
    assert "incomplete" in kept
    problems = json.loads(shell.agq("history", "show", "1", "-f", "json").stdout)["problems"]
    assert "this answer is incomplete: it was stopped before its end" in problems


def test_nothing_is_kept_of_an_answer_that_had_not_begun(shell: Shell) -> None:
    with serving(waits(PATIENCE)) as server:
        code, out, _ = interrupted(shell, server)
    assert (code, out) == (130, b"")
    assert b"jets" not in shell.agq("history").stdout.lower()
