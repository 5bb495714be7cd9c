"""Tests and what they start run the code of the checkout that they stand in, and of no other."""

from __future__ import annotations

import subprocess
from pathlib import Path

from checkout import SOURCE
from e2e.shell import Shell


def test_the_tests_import_this_checkout(root: Path) -> None:
    assert root / "src" == SOURCE


def test_a_shell_runs_what_the_tests_import(tmp_path: Path) -> None:
    shell = Shell(tmp_path, tmp_path, tmp_path)
    said = subprocess.run(
        [*shell.command()[:1], "-c", "import agq; print(agq.__file__)"],
        cwd=shell.folder,
        env=shell.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == str(SOURCE / "agq" / "__init__.py")
