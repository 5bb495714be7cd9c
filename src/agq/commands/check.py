"""`agq check`: whether the citations of a note hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import notes, options, screen
from agq.commands.context import CommandContext
from agq.commands.indexes import opened
from agq.errors import AnswererFailed, CheckFailed

if TYPE_CHECKING:
    from agq.config import Settings
    from agq.index import IndexReader
    from agq.judge import Judgement
    from agq.verify import Note


def check(
    context: CommandContext,
    note: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-", help="A note in Markdown, LaTeX, Org, Typst or HTML; - reads stdin."
        ),
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help="Also fail if a citation is in doubt (exit code 5).")
    ] = False,
    model: Annotated[
        str | None, typer.Option(metavar="M", help="A chat model to judge the citations.")
    ] = None,
    base_url: options.BaseUrl = None,
    no_judge: options.NoJudge = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Check the citations of a note, sentence by sentence.

    Is the cited paper in the index, and does its abstract say what the sentence says? The abstract's own
    words are shown below each claim.

    "found" means that the abstract speaks of what the sentence says. It does not prove that the paper agrees:
    read the words below it. "doubtful" gives a reason: a figure or a name that the abstract lacks, or words
    that may say something else. Of 100 true claims it doubts 8; of 100 false ones it sees all with an
    invented id or another paper's, 67 with a changed figure, 21 with the direction turned round, 32 with
    another name or thing, 20 with the opposite said, 7 with roles swapped.

    The note is never changed. Exit code 5 if a cited id is not in the index; with --strict also if a citation
    is in doubt or cannot be read, or if the note cites nothing.

    If a chat model is named (--model, AGQ_MODEL or agq.yaml), it judges the citations: it is sent the cited
    sentences and the abstracts. Its "supported" and "contradicted" count only if the words that it quotes are
    in the abstract, and not at all if it accepts one of the false claims that are planted to test it.
    """
    settings = context.settings(
        strict=strict or None, model=model, base_url=base_url, judge=False if no_judge else None
    )
    written = notes.read_note(note)
    with opened(context, settings) as index, screen.waiting(settings, "checking the citations"):
        from agq import pipeline

        found = pipeline.check(index, written, pipeline.entailment_model(context.environment.cache))
        judged = _judged(settings, found, index)
    screen.page(settings, _written(judged, found, as_json=as_json))
    for problem in judged.problems:
        screen.notice(settings, f"note: {problem}")
    notes.tell(settings, note, found)
    _refuse(judged, strict=settings.strict)
    if settings.strict:
        notes.refuse_unread(note, found)


def _judged(settings: Settings, found: Note, index: IndexReader) -> Judgement:
    """The rows of a note as the judge sees them, where there is one."""
    from agq.judge import Judgement, judged
    from agq.pipeline import judge_for

    screen.tell_withheld(settings)
    judge = judge_for(settings)
    if judge is None:
        return Judgement(found.citations)
    return judged(found.citations, index.get(list({one.id for one in found.citations})), judge)


def _written(judged: Judgement, found: Note, *, as_json: bool) -> str:
    from agq.renderers import report
    from agq.text.clean import as_json as dumped

    if as_json:
        return dumped(report.as_object(judged, found.lines, found.uncited_sentences))
    return report.as_text(
        judged,
        found.lines,
        found.uncited_sentences,
        width=screen.measure(),
        colours=screen.coloured(),
    )


def _refuse(found: Judgement, *, strict: bool) -> None:
    """What of a note ends in an exit code of its own."""
    unknown = [c.id for c in found.citations if c.verdict == "unknown_id"]
    doubted = [c for c in found.citations if not c.holds]
    if unknown:
        cited = "1 citation of a paper" if len(unknown) == 1 else f"{len(unknown)} citations of papers"
        raise CheckFailed(f"{cited} that the index does not hold")
    if strict and doubted:
        raise CheckFailed(f"{len(doubted)} {'citation' if len(doubted) == 1 else 'citations'} in doubt")
    if strict and found.failed:
        raise AnswererFailed(found.problems[0], hint="check without a judge: --no-judge")
