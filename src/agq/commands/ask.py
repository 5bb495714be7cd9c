"""`agq ask`: a question to a cited answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from agq.commands import options
from agq.commands.ask_request import AskRequest
from agq.commands.asking import run_ask
from agq.commands.context import CommandContext
from agq.commands.output import Target
from agq.commands.resuming import resumed
from agq.model import Answer
from agq.renderers import RENDERERS


def _earlier(context: CommandContext) -> tuple[CommandContext, Answer]:
    """The last answer, under the whole question that it answers, and the run in its index."""
    context, entry = resumed(context)
    return context, replace(entry.answer, question=entry.context)


def ask(
    context: CommandContext,
    question: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUESTION]...",
            show_default=False,
            help="The question; read from stdin if it is - or missing.",
        ),
    ] = None,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", "-k", min=1, metavar="N", help="How many papers the answer may cite. [8]"),
    ] = None,
    category: options.Categories = None,
    since: options.Since = None,
    until: options.Until = None,
    author: options.Authors = None,
    venue: options.Venues = None,
    type: options.Types = None,  # noqa: A002  # the option's name
    tag: options.Tags = None,
    id: options.Ids = None,  # noqa: A002  # the option's name
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="At most N tokens for the answer, reasoning included."),
    ] = None,
    extract: Annotated[
        bool, typer.Option("--extract", help="Answer with sentences quoted from the abstracts; no model.")
    ] = False,
    format: Annotated[  # noqa: A002  # the option's name
        str | None,
        typer.Option("--format", "-f", metavar="F", help=f"One of: {', '.join(RENDERERS)}."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the answer to FILE, or into a folder."),
    ] = None,
    append: Annotated[
        bool, typer.Option("--append", help="Add a dated section to an existing FILE.")
    ] = False,
    force: options.Force = False,
    bib: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the cited papers to FILE as BibTeX.")
    ] = None,
    cite_style: Annotated[
        str | None,
        typer.Option(
            metavar="STYLE",
            help="id for [id], pandoc for [@key], wiki for [[id]]; by default as the format cites.",
        ),
    ] = None,
    columns: options.Columns = None,
    go_on: Annotated[bool, typer.Option("--continue", "-c", help="Follow up on the last question.")] = False,
    no_follow_ups: Annotated[
        bool, typer.Option("--no-follow-ups", help="Leave out the follow-up questions.")
    ] = False,
    brief: Annotated[
        bool, typer.Option("--brief", help="Only the three best entries, and nothing below them.")
    ] = False,
    no_sources: Annotated[bool, typer.Option("--no-sources", help="Leave out the table of sources.")] = False,
    no_caution: Annotated[
        bool, typer.Option("--no-caution", help="Leave out the caution at the end.")
    ] = False,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Keep this answer out of the history.")
    ] = False,
    no_judge: options.NoJudge = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail if a citation is in doubt (exit code 5).")
    ] = False,
    literal: options.Literal = False,
    explain: options.Explain = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Show the cited papers' own words below each claim.")
    ] = False,
) -> None:
    """Answer a question from your papers, with a citation for each claim.

    Without a model (--model, AGQ_MODEL or agq.yaml) the answer quotes sentences of the abstracts, and nothing
    leaves this machine. Every citation is checked before it is shown; doubtful ones are marked (?).
    """
    context, earlier = _earlier(context) if go_on else (context, None)
    settings = context.settings(
        model="" if extract else model,
        base_url=base_url,
        max_tokens=max_tokens,
        top_k=top_k,
        format=format,
        cite_style=cite_style,
        columns=columns,
        brief=brief or None,
        sources=False if no_sources else None,
        follow_ups=False if no_follow_ups else None,
        caution=False if no_caution else None,
        history=False if no_history else None,
        strict=strict or None,
        judge=False if no_judge else None,
    )
    request = AskRequest(
        question=options.words_or_stdin(question, "question"),
        settings=settings,
        filters=options.filters(category, since, until, author, id, venue, type, tag),
        target=Target(output, append, force) if output else None,
        bib=Target(bib, append=append, force=force or append) if bib else None,
        earlier=earlier,
        explain=explain,
        evidence=evidence,
        literal=literal,
    )
    run_ask(context, request)
