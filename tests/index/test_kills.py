"""A short form of ``benchmarks/kills.py``: runs ended by SIGKILL while others ask."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_kills_break_nothing_lose_nothing_and_disturb_nobody(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(root / "benchmarks" / "kills.py"), "--kills", "5", "--papers", "300"]
    done = subprocess.run(
        [*command, "--askers", "2", "--seed", "11", "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    figures = json.loads((tmp_path / "kills.json").read_text())
    assert figures["kills"] == 5
    assert figures["asked meanwhile"] > 0
    assert figures["broken, lost or doubled"] == figures["failed asks"] == []
    assert figures["processes left running"] == []
    assert figures["papers encoded again"] == 0
