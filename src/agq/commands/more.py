"""`agq more`: one of the follow-up questions of the last answer."""

from __future__ import annotations

from typing import Annotated

import typer

from agq.commands.ask_request import AskRequest
from agq.commands.asking import run_ask
from agq.commands.context import CommandContext
from agq.commands.resuming import resumed
from agq.errors import UsageError


def more(
    context: CommandContext,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="The number of the follow-up question.")],
    format: Annotated[  # noqa: A002  # the option's name
        str | None, typer.Option("--format", "-f", metavar="F", help="The output format, as for ask.")
    ] = None,
) -> None:
    """Ask follow-up question N of the last answer.

    The question goes to the index that the answer came from, unless --index names another.
    """
    context, entry = resumed(context)
    questions = entry.answer.follow_ups
    if number > len(questions):
        raise UsageError(
            f"the last answer has {len(questions)} follow-up questions",
            hint="`agq history show N` shows them",
        )
    run_ask(context, AskRequest(questions[number - 1], context.settings(format=format)))
