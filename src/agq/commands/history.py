"""`agq history`: lists past answers, or shows one again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.commands.formats import chosen
from agq.errors import UsageError
from agq.history import PastAnswer, open_history
from agq.registry import pick
from agq.renderers import RENDERERS, renderer
from agq.renderers.parts import Shown, chosen_columns


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

    Newest first, with the time and the library; with QUERY, those that contain all of its words.

    `agq history show N` shows an answer again without asking again; `agq more N` asks follow-up question N of
    the last answer.
    """
    settings = context.settings(format=format)
    with open_history(context.environment.history_file) as log:
        if query and query[0] == "show":
            entry = log.get(_number(query[1:]))
            name = chosen(settings, RENDERERS)
            pick("format", RENDERERS, name)
            shown = Shown(columns=chosen_columns(settings.columns))
            screen.page(settings, renderer(name)(entry.answer, shown))
            where = f" in {_library(entry, context.environment.home)}" if entry.place else ""
            screen.notice(settings, f"asked {_when(entry)}{where}")
            return
        entries = log.search(" ".join(query or ()))
    screen.page(settings, _as_json(entries) if as_json else _listed(entries, context.environment.home))


def _number(words: Sequence[str]) -> int:
    if len(words) != 1 or not words[0].isdigit():
        raise UsageError("`agq history show` needs the number of an answer", hint="`agq history` lists them")
    return int(words[0])


def _listed(entries: Sequence[PastAnswer], home: Path) -> str:
    """One line an answer: its number, when it was asked and in which library, its question."""
    from agq.renderers.terminal import shortened
    from agq.text.clean import one_line

    told = [(str(one.number), _when(one), _library(one, home), one.answer.question) for one in entries]
    number, library = (max((len(row[n]) for row in told), default=1) for n in (0, 2))
    lines = [
        f"{row[0]:>{number}}  {row[1]}  {one_line(row[2]):<{library}}  {one_line(row[3])}" for row in told
    ]
    if screen.on_terminal():
        lines = [shortened(line, screen.columns()) for line in lines]
    return "".join(line + "\n" for line in lines)


def _when(entry: PastAnswer) -> str:
    """By the user's clock."""
    asked = datetime.fromisoformat(entry.asked.replace("Z", "+00:00"))
    return f"{asked.astimezone():%Y-%m-%d %H:%M}"


def _library(entry: PastAnswer, home: Path) -> str:
    """The folder whose index was asked; an index of another name by itself."""
    place = Path(entry.place)
    place = place.parent if place.name == ".agq" else place
    return f"~/{place.relative_to(home)}" if home in place.parents else str(place) if entry.place else ""


def _as_json(entries: Sequence[PastAnswer]) -> str:
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
