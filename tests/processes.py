"""Waiting for what a test has started, as long as a busy machine takes and no longer than that."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 600
"""Seconds: many times what anything takes on a quiet machine, and an end for what hangs."""


def until(is_so: Callable[[], bool]) -> bool:
    """Whether something becomes so; looks twenty times a second."""
    end = time.monotonic() + PATIENCE
    while not (found := is_so()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def rests(process: subprocess.Popen[bytes]) -> bool:
    """Whether a process comes to wait for others: for a second none of its threads runs or wants to."""
    looks: list[str] = []

    def is_still() -> bool:
        looks.append(_times(process.pid))
        return process.poll() is not None or (looks[-1] != "" and looks[-20:] == looks[-1:] * 20)

    return until(is_still) and process.poll() is None


def _times(process: int) -> str:
    """The time that each thread of a process has had, where all of them sleep; else nothing."""
    try:
        threads = [file.read_text() for file in sorted(Path(f"/proc/{process}/task").glob("*/stat"))]
    except OSError:  # one has just ended
        return ""
    told = [text.rpartition(")")[2].split() for text in threads]
    return " ".join(f"{one[11]}+{one[12]}" for one in told) if all(one[0] == "S" for one in told) else ""
