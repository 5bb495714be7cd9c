"""``python -m agq`` and the ``agq`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run agq on the command line's arguments and exit with its code."""
    from agq.cli import run  # a Ctrl-C while it loads is told like any other  # noqa: PLC0415

    sys.exit(run())


if __name__ == "__main__":
    main()
