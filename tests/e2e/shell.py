"""agq as a person runs it: a process of its own, in a folder, with a home."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from checkout import own_code
from processes import PATIENCE

QUESTION = "Why do physics-informed neural networks fail to train?"
FILES = ("antigravity.yaml", "pinns.yaml", "collider-ml.yaml")


@dataclass(frozen=True)
class Shell:
    """A working folder, a home, and ``agq`` in it."""

    folder: Path
    home: Path
    cache: Path
    variables: dict[str, str] = field(default_factory=dict)

    def agq(self, *arguments: str | Path, stdin: str | bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run it; stdout and stderr are pipes."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environ,
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "agq", *map(str, arguments)]

    @property
    def environ(self) -> dict[str, str]:
        """As little as a shell has."""
        own = {"HOME": str(self.home), "XDG_CACHE_HOME": str(self.cache), "PATH": os.environ["PATH"]}
        return own | {"LANG": "C.UTF-8", "TERM": "xterm-256color", **own_code()} | self.variables

    def given(self, **variables: str) -> Shell:
        """The same with more in its environment."""
        return replace(self, variables=self.variables | variables)

    def inside(self, folder: Path) -> Shell:
        """The same in another folder."""
        return replace(self, folder=folder)

    @property
    def history(self) -> Path:
        return self.home / ".local" / "state" / "agq" / "history.db"
