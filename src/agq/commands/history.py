"""`agq history`: lists past answers, or shows one again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.commands.formats import chosen
from agq.errors import UsageError
from agq.history import Entry, open_history
from agq.registry import pick
from agq.renderers import RENDERERS, renderer


def history(
    context: CommandContext,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY | show N]", show_default=False, help="Words to search for, or `show N`."
        ),
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        str | None, typer.Option("--format", "-f", metavar="F", help=f"Of `show`: {', '.join(RENDERERS)}.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
) -> None:
    """List past answers, or show one of them again.

    Newest first; with QUERY, those that contain all of its words.

    `agq history show N` shows an answer again without asking again; `agq more N` asks follow-up question N of
    the last answer.
    """
    settings = context.settings(format=format)
    with open_history(context.environment.history_file) as log:
        if query and query[0] == "show":
            entry = log.get(_number(query[1:]))
            name = chosen(settings, RENDERERS)
            pick("format", RENDERERS, name)
            screen.page(settings, renderer(name)(entry.answer))
            return
        entries = log.search(" ".join(query or ()))
    screen.page(settings, _as_json(entries) if as_json else _listed(entries))


def _number(words: Sequence[str]) -> int:
    if len(words) != 1 or not words[0].isdigit():
        raise UsageError("`agq history show` needs the number of an answer", hint="`agq history` lists them")
    return int(words[0])


def _listed(entries: Sequence[Entry]) -> str:
    """One line an answer: its number, day and question."""
    from agq.renderers.terminal import shortened
    from agq.text.clean import one_line

    width = max((len(str(entry.number)) for entry in entries), default=1)
    lines = [
        f"{entry.number:>{width}}  {entry.answer.date}  {one_line(entry.answer.question)}"
        for entry in entries
    ]
    if screen.on_terminal():
        lines = [shortened(line, screen.columns()) for line in lines]
    return "".join(line + "\n" for line in lines)


def _as_json(entries: Sequence[Entry]) -> str:
    from agq.text.clean import as_json

    fields = [
        {
            "number": e.number,
            "asked": e.asked,
            "question": e.answer.question,
            "answered_by": e.answer.answered_by,
            "index": e.place,
        }
        for e in entries
    ]
    return as_json({"schema": 2, "answers": fields})
