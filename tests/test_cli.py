"""How agq speaks of itself, before any command has begun."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from checkout import own_code


@pytest.mark.parametrize("columns", [40, 60])
@pytest.mark.parametrize("command", [[], ["ask"], ["index"]])
def test_help_fits_a_narrow_terminal(command: list[str], columns: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agq", *command, "--help"],
        env={**os.environ, "COLUMNS": str(columns), **own_code()},
        capture_output=True,
        text=True,
        check=True,
    )
    examples = ("    agq ",)  # are to be copied, and stay in one line
    assert [
        line for line in done.stdout.splitlines() if len(line) > columns and line[:8] not in examples
    ] == []
    assert len(done.stdout.splitlines()) > 20
