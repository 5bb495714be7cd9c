"""``python -m agq`` and the ``agq`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run agq on the command line's arguments and exit with its code."""
    try:
        from agq.cli import run  # noqa: PLC0415  # a Ctrl-C while it loads is reported like any other

        code = run()
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
