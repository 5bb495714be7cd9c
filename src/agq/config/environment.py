"""Where a run happens: the working folder and the variables. The only reader of ``os.environ``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agq.redaction import redact, without_logins

FILE = "agq.yaml"
"""The settings of a project, in its folder."""
SECRET_SUFFIXES = ("KEY", "TOKEN", "SECRET", "PASSWORD")
"""How the names of variables end that hold a secret, whichever program's it is."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run happens: what the outside world gives to the settings."""

    folder: Path
    environ: Mapping[str, str] = field(repr=False)

    @classmethod
    def here(cls) -> Environment:
        """The working folder and the environment of this process."""
        return cls(Path.cwd(), dict(os.environ))

    @property
    def home(self) -> Path:
        """The user's home."""
        return Path(self.environ.get("HOME") or Path.home())

    def xdg(self, kind: str, fallback: str) -> Path:
        """``$XDG_<kind>_HOME/agq``. A relative value is ignored, as the XDG specification asks."""
        named = Path(self.environ.get(f"XDG_{kind}_HOME", ""))
        return (named if named.is_absolute() else self.home / fallback) / "agq"

    @property
    def dumb(self) -> bool:
        """Whether the terminal understands no escapes."""
        return self.environ.get("TERM") == "dumb"

    @property
    def colours(self) -> bool:
        """Whether a terminal may be given colours (https://no-color.org)."""
        return not self.environ.get("NO_COLOR") and not self.dumb

    def redacted(self, text: str) -> str:
        """``text`` without the keys that this place holds."""
        secrets = (value for name, value in self.environ.items() if name.endswith(SECRET_SUFFIXES))
        return without_logins(redact(text, secrets))

    @property
    def user_file(self) -> Path:
        """The settings of this user."""
        return self.xdg("CONFIG", ".config") / "config.yaml"

    @property
    def project_file(self) -> Path | None:
        """The nearest ``agq.yaml`` from the working folder upwards."""
        return next((p for p in self._upwards(FILE) if p.is_file()), None)

    @property
    def history_file(self) -> Path:
        """The log of past answers."""
        return self.xdg("STATE", ".local/state") / "history.db"

    @property
    def cache(self) -> Path:
        """Where what can be made again is kept."""
        return self.xdg("CACHE", ".cache")

    def mirror(self, address: str) -> Path:
        """What is kept here of an index on an object store."""
        return self.cache / "stores" / hashlib.sha256(address.encode()).hexdigest()[:16]

    def default_index(self) -> tuple[Path, str]:
        """The index that is meant where none is named, and why."""
        if found := next((p for p in self._upwards(".agq") if p.is_dir()), None):
            return found, "default: the nearest .agq"
        if (self.folder / "corpus").is_dir():
            return self.folder / ".agq", "default: beside corpus/"
        return self.xdg("DATA", ".local/share"), "default: the user's own"

    def _upwards(self, name: str) -> list[Path]:
        return [folder / name for folder in (self.folder, *self.folder.parents)]
