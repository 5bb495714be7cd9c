"""What every command is given besides its own options."""

from __future__ import annotations

from dataclasses import dataclass

from agq.config import Environment, Settings, load


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The environment of the run, and the options that all commands share."""

    environment: Environment
    index: str | None = None
    quiet: bool = False
    verbose: bool = False
    debug: bool = False

    def settings(self, **options: object) -> Settings:
        """The settings in force, with a command's own options on top; None stands for "not given"."""
        shared = {"index": self.index, "quiet": self.quiet or None, "verbose": self.verbose or None}
        return load(self.environment, shared | options)
