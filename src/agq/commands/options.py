"""The options that several commands share, in the same words."""

from __future__ import annotations

import re
import sys
from datetime import date
from typing import Annotated

import typer

from agq.commands.completion import complete_category, complete_id
from agq.errors import UsageError
from agq.model import Filters

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

Categories = Annotated[
    list[str] | None,
    typer.Option(
        "--category",
        metavar="NAME",
        help="Only this category and those below it.",
        autocompletion=complete_category,
    ),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only papers from this date on: 2024, 2024-06 ..."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only papers up to and including this date.")
]
Authors = Annotated[list[str] | None, typer.Option("--author", metavar="NAME", help="Only by this author.")]
Ids = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="ID", help="Only this paper.", autocompletion=complete_id),
]
Venues = Annotated[
    list[str] | None, typer.Option("--venue", metavar="NAME", help="Only from this journal, book or meeting.")
]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="Only of this type: book, dataset, thesis ..."),
]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Only with this keyword or tag.")
]
Literal = Annotated[
    bool,
    typer.Option("--literal", help="Take years, names and venues in the question as words, not as filters."),
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", metavar="LIST", help="Columns of the table: year,author,venue,title ..."),
]
Model = Annotated[
    str | None, typer.Option("--model", metavar="M", help="The chat model that answers and judges citations.")
]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", metavar="U", help="The address of its OpenAI-compatible server.")
]
NoJudge = Annotated[bool, typer.Option("--no-judge", help="Do not let a chat model judge the citations.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show on stderr how each match is made up.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite an existing FILE.")]


def filters(
    categories: list[str] | None,
    since: str | None,
    until: str | None,
    authors: list[str] | None,
    ids: list[str] | None,
    venues: list[str] | None = None,
    types: list[str] | None = None,
    tags: list[str] | None = None,
) -> Filters:
    """What may be ranked, from the options."""
    return Filters(
        categories=tuple(categories or ()),
        since=day("--since", since),
        until=day("--until", until),
        authors=tuple(authors or ()),
        ids=tuple(ids or ()),
        venues=tuple(venues or ()),
        types=tuple(types or ()),
        tags=tuple(tags or ()),
    )


def day(option: str, value: str | None) -> str:
    """A date of any precision that an option was given; empty for none.

    Raises
    ------
    UsageError
        It is none.
    """
    if value and not (_DATE.fullmatch(value) and _in_calendar(value)):
        raise UsageError(f"{option} is {value!r}, not a date", hint="write a year, 2024-06 or 2024-06-13")
    return value or ""


def _in_calendar(value: str) -> bool:
    """Whether a date of any precision exists: 2024-02-30 does not."""
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def words_or_stdin(words: list[str] | None, what: str) -> str:
    """The words of the command line as one text; `-`, or none where stdin is no terminal, reads stdin.

    Raises
    ------
    UsageError
        There is nothing to read.
    """
    if words and words != ["-"]:
        return " ".join(words).strip()
    if not words and sys.stdin.isatty():
        raise UsageError(
            f"there is no {what}", hint='give it as an argument, or pipe it in: echo "..." | agq'
        )
    return sys.stdin.buffer.read().decode("utf-8", "replace").strip()
