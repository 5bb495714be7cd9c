"""`agq check`: whether the citations of a note hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import notes, screen
from agq.commands.given import Given
from agq.commands.indexes import opened
from agq.errors import CheckFailed

if TYPE_CHECKING:
    from agq.verify import Note


def check(
    given: Given,
    note: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-", help="A note in Markdown, LaTeX, Org, Typst or HTML; - reads stdin."
        ),
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help="A citation in doubt fails too (exit code 5).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Check the citations of a note, sentence by sentence.

    Is the cited paper in the index, and what does its abstract say on the sentence? Its own words stand below
    each claim.

    "found" means that the abstract speaks of what the sentence says: read the words below it. It does not
    prove that the paper agrees. "doubtful" says why: a figure or a name that is not there, or words that may
    say something else.

    The note is only read; an unknown id ends in exit code 5, with --strict also a citation that could not be
    read, and a note that has none.
    """
    settings = given.settings(strict=strict or None)
    written = notes.read_note(note)
    with opened(given, settings) as index, screen.waiting(settings, "checking the citations"):
        from agq.verify import check_note

        found = check_note(
            written,
            notes.lookup(index),
            index.embedder(),
            frequencies=index.document_frequencies,
            papers=index.state.papers,
        )
    screen.page(settings, _written(found, as_json=as_json))
    notes.tell(settings, note, found)
    _judge(found, strict=settings.strict)
    if settings.strict:
        notes.refuse_unread(note, found)


def _written(found: Note, *, as_json: bool) -> str:
    from agq.renderers import report
    from agq.text.clean import as_json as dumped

    if as_json:
        return dumped(report.as_object(found.citations, found.lines, found.uncited_sentences))
    return report.as_text(
        found.citations,
        found.lines,
        found.uncited_sentences,
        width=screen.measure(),
        colours=screen.coloured(),
    )


def _judge(found: Note, *, strict: bool) -> None:
    unknown = [c.id for c in found.citations if c.verdict == "unknown_id"]
    doubted = [c for c in found.citations if not c.holds]
    if unknown:
        cited = "1 citation of a paper" if len(unknown) == 1 else f"{len(unknown)} citations of papers"
        raise CheckFailed(f"{cited} that the index does not hold")
    if strict and doubted:
        raise CheckFailed(f"{len(doubted)} {'citation' if len(doubted) == 1 else 'citations'} in doubt")
