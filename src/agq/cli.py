"""Builds the app from the commands. The only place that turns an error into a message and an exit code."""

from __future__ import annotations

import inspect
import io
import os
import shutil
import sys
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import typer

from agq import __version__
from agq.commands import TABLE
from agq.commands.context import CommandContext
from agq.config import Environment
from agq.errors import AgqError, Exit


def _version(on: bool) -> None:
    if on:
        sys.stdout.write(f"agq {__version__}\n")
        raise typer.Exit


IndexOption = Annotated[
    str | None, typer.Option("--index", metavar="DIR", help="The index. [env: AGQ_INDEX]", show_default=False)
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors on stderr.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="More detail on stderr.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.", hidden=True)]
VersionOption = Annotated[
    bool,
    typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True),
]
SHARED = {"index": (IndexOption, None), "quiet": (QuietOption, False), "verbose": (VerboseOption, False)} | {
    "debug": (DebugOption, False),
    "version": (VersionOption, False),
}
"""The options that every command takes, and agq itself before the command."""

HELP = """Ask your own papers: cited answers from an index of metadata, every citation checked.

\b
  agq index papers.jsonl
  agq ask "What limits the lifetime of perovskite cells?"

`agq help TOPIC` explains formats, exit codes, settings, filters and more."""


def run(arguments: list[str] | None = None) -> int:
    """Run agq; returns the exit code. Errors are told on stderr, in words."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    _survive_any_locale()
    try:
        app()(_without_help_command(arguments), prog_name="agq")
    except SystemExit as leaving:
        if isinstance(leaving.__context__, typer.Abort):  # a Ctrl-C before a command has begun
            return Exit.INTERRUPTED
        return leaving.code if isinstance(leaving.code, int) else Exit.DONE
    except Exception as error:  # the last seam: whatever it is, no traceback unless asked for
        return _tell(error, debug=debug)
    return Exit.DONE


def _survive_any_locale() -> None:
    """A terminal that cannot show a letter gets a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _without_help_command(arguments: list[str]) -> list[str]:
    """``agq help COMMAND`` is ``agq COMMAND --help``; a topic is left to the command ``help``."""
    asked = [word for word in arguments if not word.startswith("-")]
    if len(asked) == 2 and asked[0] == "help" and asked[1] in TABLE:
        return [asked[1], "--help"]
    return arguments


def app() -> typer.Typer:
    """The Typer app with all commands."""
    built = typer.Typer(
        name="agq",
        help=HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100} | _narrow(),
    )
    built.callback()(_before)
    for name, function in TABLE.items():
        built.command(name)(_with_shared_options(function))
    return built


def _narrow() -> dict[str, int]:
    """The width of a terminal that is narrower than what help is otherwise wrapped to."""
    columns = shutil.get_terminal_size().columns
    return {"terminal_width": max(columns - 2, 20)} if columns < 52 else {}


def _before(
    ctx: typer.Context,
    index: IndexOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    debug: DebugOption = False,
    version: VersionOption = False,  # noqa: ARG001  # its callback has done all
) -> None:
    ctx.obj = {"index": index, "quiet": quiet, "verbose": verbose, "debug": debug}


def _with_shared_options(function: Callable[..., None]) -> Callable[..., None]:
    """A command that takes the shared options too and is handed them as one ``CommandContext``."""
    hints = get_type_hints(function, include_extras=True)
    own = [
        p.replace(annotation=hints[p.name]) for p in list(inspect.signature(function).parameters.values())[1:]
    ]

    def command(**options: Any) -> None:
        before = options.pop("ctx").obj
        shared = {name: options.pop(name) or before.get(name) for name in SHARED}
        del shared["version"]
        _guarded(lambda: function(CommandContext(Environment.here(), **shared), **options))

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("ctx", keyword, annotation=typer.Context),
        *(p.replace(kind=keyword) for p in own),
        *(inspect.Parameter(n, keyword, annotation=a, default=d) for n, (a, d) in SHARED.items()),
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what typer reads
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    command.__doc__ = function.__doc__
    return command


def _guarded(action: Callable[[], None]) -> None:
    """Run a command; a reader that went away and a Ctrl-C end it without noise."""
    try:
        action()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at its end, and would complain there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.DONE) from None
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        raise typer.Exit(Exit.INTERRUPTED) from None


def _tell(error: Exception, *, debug: bool) -> int:
    """Write ``error`` to stderr and return its exit code."""
    from agq.commands.screen import tell_error

    if debug:
        import traceback

        tell_error("".join(traceback.format_exception(error)).rstrip())
    elif isinstance(error, AgqError):
        tell_error(error.message, error.hint)
    else:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        tell_error(f"unexpected {reason}", "run it again with --debug to see the traceback")
    return error.code if isinstance(error, AgqError) else Exit.ERROR
