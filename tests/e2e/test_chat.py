"""`agq chat` without a terminal: each line of stdin is answered, and what goes wrong ends nothing."""

from __future__ import annotations

import pytest

from e2e.shell import QUESTION, Shell

pytestmark = pytest.mark.slow


def test_a_session(shell: Shell) -> None:
    lines = [
        "/save early.md",
        QUESTION,
        "1",
        "/since 2099",
        QUESTION,
        "/since",
        "/cite",
        "/save note.md",
        "/x",
    ]
    done = shell.agq("chat", stdin="\n".join(lines) + "\n")
    told, errors = done.stdout.decode(), done.stderr.decode()
    first = errors.index("nothing has been answered yet")
    assert told.startswith(f"# {QUESTION}\n")
    assert told.count("\n# ") == 1  # the further question; within 2099 there is no paper
    assert "error: no paper passes these filters" in errors
    assert "@misc{" in told.rpartition("\n# ")[2]
    assert first < errors.index("wrote note.md") < errors.index("there is no /x")
    assert not (shell.folder / "early.md").exists()
    assert (shell.folder / "note.md").read_text() in told
    assert done.returncode == 2


def test_a_session_that_goes_well(shell: Shell) -> None:
    done = shell.agq("chat", "-k", "3", stdin=f"{QUESTION}\n\n/help\n")
    assert done.returncode == 0, done.stderr.decode()
    assert "## Sources · 3" in done.stdout.decode()
    assert "/category  Only these categories" in done.stderr.decode()
