"""`agq chat`: question after question, the index and the encoder warm."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import options, screen
from agq.commands.ask_request import AskRequest
from agq.commands.asking import run_ask_in
from agq.commands.context import CommandContext
from agq.commands.indexes import ids_named, opened
from agq.commands.output import Target
from agq.config import Settings
from agq.errors import AgqError, UsageError
from agq.model import Answer, Filters

if TYPE_CHECKING:
    from agq.index import IndexReader


def chat(
    context: CommandContext,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", "-k", min=1, metavar="N", help="How many papers an answer may cite. [8]"),
    ] = None,
    category: options.Categories = None,
    since: options.Since = None,
    until: options.Until = None,
    author: options.Authors = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
) -> None:
    """Ask question after question, each answered as `agq ask` does.

    1, 2 or 3 asks a follow-up question of the last answer; /help lists the other commands. Ctrl-C stops an
    answer but not the session, Ctrl-D ends it. Without a terminal, each line of stdin is a question.
    """
    settings = context.settings(top_k=top_k, model=model, base_url=base_url)
    with opened(context, settings) as index:
        session = Session(context, settings, index, options.filters(category, since, until, author, None))
        for line in _lines(context):
            session.take(line)
    if session.code:
        raise typer.Exit(session.code)


def _lines(context: CommandContext) -> Iterator[str]:
    """What is asked, until the end of input."""
    if not sys.stdin.isatty():
        yield from (line.strip() for line in sys.stdin)
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    past = context.environment.history_file.with_name("questions")
    past.parent.mkdir(parents=True, exist_ok=True)
    words = WordCompleter([f"/{name}" for name in COMMANDS], sentence=True)
    prompt: PromptSession[str] = PromptSession(history=FileHistory(str(past)), completer=words)
    while True:
        try:
            yield prompt.prompt("agq> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


@dataclass(slots=True)
class Session:
    """What was answered last, and within which limits the next question is asked.

    ``code``: the exit code of the last thing that went wrong.
    """

    context: CommandContext
    settings: Settings
    index: IndexReader
    filters: Filters = field(default_factory=Filters)
    last: Answer | None = None
    code: int = 0

    def take(self, line: str) -> None:
        """Do what a line asks for; an error is reported, and the session goes on."""
        try:
            if line.startswith("/"):
                self._command(line)
            elif line:
                self.ask(self._follow_up(line) if line in {"1", "2", "3"} else line)
        except AgqError as error:
            screen.tell_error(error.message, error.hint)
            self.code = error.code
        except KeyboardInterrupt:
            screen.to_stderr("\nstopped\n")

    def ask(self, question: str) -> None:
        """Answer a question and remember the answer."""
        self.last = run_ask_in(self.index, self.context, AskRequest(question, self.settings, self.filters))

    def _follow_up(self, number: str) -> str:
        questions = self.last.follow_ups if self.last else ()
        if int(number) > len(questions):
            raise UsageError(
                f"the last answer has {len(questions)} follow-up questions", hint="ask a question"
            )
        return questions[int(number) - 1]

    def _command(self, line: str) -> None:
        try:
            name, *words = shlex.split(line[1:])
        except ValueError as error:
            raise UsageError(f"{line}: {error}", hint="/help") from error
        if name not in COMMANDS:
            raise UsageError(
                f"there is no /{name}", hint=f"choose one of {', '.join(f'/{one}' for one in COMMANDS)}"
            )
        COMMANDS[name](self, words)


def _category(session: Session, words: Sequence[str]) -> None:
    """Only these categories from now on; none: all."""
    session.filters = replace(session.filters, categories=tuple(words))


def _author(session: Session, words: Sequence[str]) -> None:
    """Only by this author; none: by all."""
    session.filters = replace(session.filters, authors=(" ".join(words),) if words else ())


def _since(session: Session, words: Sequence[str]) -> None:
    """Only from this date on; none: from any."""
    day = options.day("--since", words[0] if words else None)
    session.filters = replace(session.filters, since=day)


def _show(session: Session, words: Sequence[str]) -> None:
    """The card of each of these papers."""
    from agq.renderers import card

    for paper in session.index.get(ids_named(session.index, words)):
        screen.write(card.as_text(paper, screen.measure()) + "\n")


def _cite(session: Session, words: Sequence[str]) -> None:
    """These papers as BibTeX; none: those that the last answer cites."""
    from agq.exporters import ReferenceOptions, cited, exporter

    ids = ids_named(session.index, words or sorted(_answer(session).cited))
    screen.write(exporter("bibtex")([cited(work) for work in session.index.works(ids)], ReferenceOptions()))


def _save(session: Session, words: Sequence[str]) -> None:
    """The last answer into a file, at its end where there is one."""
    from agq.renderers import renderer

    if len(words) != 1:
        raise UsageError("/save needs the name of a file", hint="/save note.md")
    target = Target(Path(words[0]), append=True)
    target.check()
    target.write(renderer("markdown")(_answer(session)))
    screen.notice(session.settings, f"wrote {words[0]}")


def _help(session: Session, words: Sequence[str]) -> None:  # noqa: ARG001  # as the others
    """This."""
    told = "".join(f"/{name:<9} {(function.__doc__ or '').strip()}\n" for name, function in COMMANDS.items())
    screen.to_stderr(told)


def _answer(session: Session) -> Answer:
    if session.last is None:
        raise UsageError("nothing has been answered yet", hint="ask a question")
    return session.last


COMMANDS: Mapping[str, Callable[[Session, Sequence[str]], None]] = MappingProxyType(
    {
        "category": _category,
        "author": _author,
        "since": _since,
        "show": _show,
        "cite": _cite,
        "save": _save,
        "help": _help,
    }
)
"""What a line that begins with / does."""
