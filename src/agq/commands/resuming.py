"""Where a question goes on: the last answer, and the index that it came from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.errors import IndexUnusable, UsageError

if TYPE_CHECKING:
    from agq.history import PastAnswer


def last_answer(context: CommandContext) -> PastAnswer:
    """The newest answer of the history.

    Raises
    ------
    UsageError
        There is none yet.
    """
    from agq.history import open_history

    with open_history(context.environment.history_file) as history:
        if entry := history.last():
            return entry
    raise UsageError(
        "there is no earlier answer to continue from", hint='ask a question first: agq ask "QUESTION"'
    )


def resumed(context: CommandContext) -> tuple[CommandContext, PastAnswer]:
    """The newest answer, and the run in the index that it came from: a follow-up is made of its papers.

    ``--index`` wins, and an answer that an earlier version of agq kept goes on in the index in force.

    Raises
    ------
    UsageError
        There is no answer yet.
    IndexUnusable
        Its index is gone.
    """
    from agq.index.layout import is_index

    entry = last_answer(context)
    if context.index or not entry.place:
        return context, entry
    on_store = "://" in entry.place
    if not on_store and not is_index(Path(entry.place)):
        raise IndexUnusable(
            f"the index that the last answer came from is gone: {entry.place}",
            hint="--index DIR continues in another index",
        )
    settings = context.settings()
    if entry.place != settings.index_name:
        screen.notice(settings, f"note: continuing in {entry.place}, the index of the last answer")
    return replace(context, index=entry.place), entry
