"""Where a command's output goes: the result to stdout, everything else to stderr."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from threading import Timer
from typing import TYPE_CHECKING

from agq.config import Environment, Settings

if TYPE_CHECKING:
    from rich.console import Console

    from agq.model import Source

LESS = {"LESS": "FRX"}
"""Quit if it fits, keep colours, leave the screen as it is: what git gives to less."""

SILENT_SECONDS_MAX = 0.3
"""Seconds without a sign of life after which a status line says what is going on."""


def write(text: str) -> None:
    """The result, as it is: no wrapping, no colours added, in UTF-8 whatever the locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))
    sys.stdout.buffer.flush()


def notice(settings: Settings, text: str) -> None:
    """A line on stderr, unless --quiet."""
    if not settings.quiet:
        to_stderr(text)


def tell_withheld(settings: Settings) -> None:
    """That a model is asked without the key that is there, and why."""
    if settings.chat.model and (why := settings.withheld):
        notice(settings, f"note: your key is not sent, {why}; --base-url or AGQ_BASE_URL allows it")


def detail(settings: Settings, tell: Callable[[], str]) -> None:
    """With --verbose, what ``tell`` says on stderr; without it nothing is worked out."""
    if settings.verbose and not settings.quiet:
        to_stderr(tell())


def tell_error(message: str, hint: str = "") -> None:
    """An error and the way out of it, on stderr, without any key in it."""
    bold, plain = (
        ("\x1b[1;31m", "\x1b[0m") if sys.stderr.isatty() and Environment.here().colours else ("", "")
    )
    text = f"{bold}error:{plain} {_shown(message)}"
    _write_stderr(f"{text}\n hint: {_shown(hint)}\n" if hint else f"{text}\n")


def to_stderr(text: str) -> None:
    _write_stderr(_shown(text) + "\n")


def explain(sources: Sequence[Source]) -> None:
    """What each match is made of, on stderr."""
    from agq.renderers.plain import explanation

    if sources:
        to_stderr(explanation(sources))


def _write_stderr(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(
            text.encode(sys.stderr.encoding or "utf-8", "replace").decode(sys.stderr.encoding or "utf-8")
        )
        sys.stderr.flush()


def _shown(text: str) -> str:
    from agq.text.clean import plain

    return Environment.here().redacted(plain(text))


def on_terminal() -> bool:
    """Whether stdout is a person's terminal."""
    return sys.stdout.isatty()


def columns() -> int:
    """The terminal's columns, 80 where there is none."""
    import shutil

    return shutil.get_terminal_size((80, 24)).columns


def measure() -> int:
    """Columns for running text: the terminal's, up to what reads well."""
    return max(20, min(columns(), 88))


def wrapped(text: str, indent: int) -> list[str]:
    """``text`` in lines for a terminal, all indented; in a pipe it stays one line."""
    import textwrap

    if not on_terminal():
        return [" " * indent + text]
    return textwrap.wrap(
        text,
        max(columns(), indent + 20),
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def coloured() -> bool:
    """Whether stdout takes colours."""
    return on_terminal() and Environment.here().colours


def console() -> Console:
    """Rich's view of stdout. Nothing of ours is ever markup."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def page(settings: Settings, text: str) -> None:
    """Write a result, through the pager where it is longer than the terminal, as git does."""
    if not on_terminal() or text.count("\n") < os.get_terminal_size().lines or settings.pager == "cat":
        write(text)
        return
    command = shlex.split(settings.pager or "less")
    try:
        subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            env={**LESS, **Environment.here().environ},
            check=False,
        )
    except OSError:
        write(text)


class Waiting:
    """A status line on stderr that appears after a moment of silence and goes without a trace."""

    def __init__(self, settings: Settings) -> None:
        self._wanted = not settings.quiet and sys.stderr.isatty() and not Environment.here().dumb
        self._timer: Timer | None = None
        self._status: contextlib.AbstractContextManager[object] | None = None

    def on(self, what: str) -> None:
        """Something begins."""
        self.off()
        if self._wanted:
            self._timer = Timer(SILENT_SECONDS_MAX, self._appear, [what])
            self._timer.daemon = True
            self._timer.start()

    def off(self) -> None:
        """It is over, or has something to show."""
        if self._timer:
            self._timer.cancel()
            self._timer.join()
            self._timer = None
        if self._status:
            self._status.__exit__(None, None, None)
            self._status = None

    def _appear(self, what: str) -> None:
        from rich.console import Console
        from rich.text import Text

        self._status = Console(stderr=True).status(Text(f"{what} …", style="dim"))
        self._status.__enter__()


@contextlib.contextmanager
def waiting(settings: Settings, what: str) -> Iterator[Waiting]:
    """``Waiting`` for one piece of work."""
    status = Waiting(settings)
    status.on(what)
    try:
        yield status
    finally:
        status.off()
