"""A question to an answer on the screen or in a file; shared by `ask`, `more` and `chat`."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from agq.commands import details, listing, screen
from agq.commands.context import CommandContext
from agq.commands.formats import chosen
from agq.commands.indexes import opened
from agq.commands.output import Target
from agq.config import Settings
from agq.errors import CheckFailed, IndexUnusable, UsageError
from agq.model import Answer, Checked, Citation, Evidence, Filters, Understood
from agq.records import Work
from agq.registry import pick
from agq.renderers import RENDERERS, renderer
from agq.renderers.evidence import with_evidence
from agq.renderers.parts import Shown

if TYPE_CHECKING:
    from agq.answerers import Answerer
    from agq.history import Entry
    from agq.index import IndexReader


UNJUDGED = "the judge was stopped: agq's own verdicts stand"
"""What is told where an interrupt meets the judge."""

WHOLE = ("html", "json")
"""Formats of which a file holds one answer and no more."""


@dataclass(frozen=True, slots=True)
class AskRequest:
    """One question and what is to become of its answer."""

    question: str
    settings: Settings
    filters: Filters = field(default_factory=Filters)
    target: Target | None = None
    bib: Target | None = None
    earlier: Answer | None = None
    explain: bool = False
    literal: bool = False
    evidence: bool = False

    @property
    def format(self) -> str:
        """The format wished for, or the one that suits where the answer goes."""
        return chosen(self.settings, RENDERERS, self.target.format if self.target else "")

    @property
    def shown(self) -> Shown:
        """What stands below the answer."""
        full = not self.settings.brief
        return Shown(sources=full and self.settings.sources, caution=full and self.settings.caution)

    @property
    def streams(self) -> bool:
        """Whether sentences are shown as they come."""
        whole = self.evidence or self.target is not None  # evidence stands below what it is about
        return self.format == "terminal" and not whole and screen.on_terminal()


def last_answer(context: CommandContext) -> Entry:
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


def going_on(context: CommandContext) -> tuple[CommandContext, Entry]:
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
    if not is_index(Path(entry.place)):
        raise IndexUnusable(
            f"the index that the last answer came from is gone: {entry.place}",
            hint="--index DIR continues in another index",
        )
    settings = context.settings()
    if Path(entry.place) != settings.index:
        screen.notice(settings, f"note: continuing in {entry.place}, the index of the last answer")
    return replace(context, index=entry.place), entry


def run_ask(context: CommandContext, request: AskRequest) -> None:
    """Ask, show, keep. Raises what the exit code tells."""
    _refuse_early(request)
    screen.tell_withheld(request.settings)
    with opened(context, request.settings) as index:
        screen.detail(request.settings, lambda: details.of_answerer(request.settings))
        run_ask_in(index, context, request)


def run_ask_in(index: IndexReader, context: CommandContext, request: AskRequest) -> Answer:
    """The same in an index that is open."""
    answer = _asked(context, request, index)
    if not answer.text:
        _tell_nothing(request, answer, index)
    cited = [source.paper.id for source in answer.sources if source.paper.id in answer.cited]
    works = index.works(cited) if request.bib else []
    if answer.interrupted:
        _stop(context, request, answer)
    drafted = answer
    answer = _judged(context, request, drafted, index)
    _show(request, answer, told=changed(drafted, answer) if request.streams else ())
    screen.detail(request.settings, lambda: details.of_answer(answer))
    if request.settings.history:
        _keep(context, request, answer)
    _strict(request, answer)
    _write_files(request, answer, works)
    return answer


def _stop(context: CommandContext, request: AskRequest, answer: Answer) -> NoReturn:
    """Ctrl-C in the middle: what came is kept, marked as incomplete; no file is written."""
    if request.settings.history:
        _keep(context, request, answer)
        screen.notice(request.settings, "note: the incomplete answer is kept: agq history")
    raise KeyboardInterrupt


def _judged(context: CommandContext, request: AskRequest, answer: Answer, index: IndexReader) -> Answer:
    """The answer as the judge sees it, where there is one; what it finds is told below an answer that stands
    on the screen.
    """
    from agq.pipeline import judge_answer, judge_for

    judge = judge_for(request.settings, index, context.environment.cache)
    if judge is None or not answer.citations:
        return answer
    try:
        with screen.waiting(request.settings, f"{judge.model} is judging the citations"):
            judged = judge_answer(answer, judge)
    except KeyboardInterrupt:  # of the judge: the answer is there
        return replace(answer, problems=(*answer.problems, UNJUDGED))
    if request.streams and judged.judged_by:
        from agq.renderers.terminal import judgement

        judgement(screen.console(), judged, changed(answer, judged))
    return judged


def changed(before: Answer, after: Answer) -> tuple[Citation, ...]:
    """The citations that a judge marks in another way."""
    pairs = zip(before.citations, after.citations, strict=True)
    return tuple(new for old, new in pairs if (new.holds, new.why) != (old.holds, old.why))


def _refuse_early(request: AskRequest) -> None:
    """What cannot end well is refused before anybody waits for an answer."""
    pick("format", RENDERERS, request.format)
    if request.target and request.target.append and request.format in WHOLE:
        raise UsageError(
            f"{request.format} is a whole file, and nothing can be added to it", hint="use --force"
        )
    for target in (request.target, request.bib):
        if target:
            target.check()


def _asked(context: CommandContext, request: AskRequest, index: IndexReader) -> Answer:
    with screen.waiting(request.settings, "searching the papers") as status:
        from agq.pipeline import Task, answerer_for, entailment_model, gather, write

        task = Task(
            request.question,
            request.settings.top_k,
            request.filters,
            request.settings.follow_ups and not request.settings.brief,
            request.earlier,
            request.literal,
            request.settings.brief,
        )
        embedder = index.embedder()
        answerer = answerer_for(request.settings, index, embedder, context.environment.cache)
        evidence = gather(index, embedder, task)
        if request.explain or request.settings.verbose:
            status.off()
        screen.detail(request.settings, lambda: details.of_evidence(evidence))
        if evidence.understood != Understood():
            status.off()
            listing.tell(request.settings, evidence.understood)
        if request.explain:
            screen.explain(evidence.sources)
        status.on(f"asking {answerer.model}" if answerer.model else "reading the abstracts")
        pieces = write(index, embedder, task, evidence, answerer, entailment_model(context.environment.cache))
        if request.streams and evidence.answerable:
            return _streamed(pieces, request, evidence, answerer, status)
        return _drained(pieces)


def _drained(pieces: Generator[Checked, None, Answer]) -> Answer:
    try:
        while True:
            next(pieces)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
    except KeyboardInterrupt:
        return _cut_short(pieces)


def _cut_short(pieces: Generator[Checked, None, Answer]) -> Answer:
    """What came of an answer until an interrupt; the interrupt where that is nothing."""
    try:
        pieces.throw(KeyboardInterrupt())
    except StopIteration as end:
        answer: Answer = end.value
        return answer
    raise KeyboardInterrupt


def _streamed(
    pieces: Generator[Checked, None, Answer],
    request: AskRequest,
    evidence: Evidence,
    by: Answerer,
    status: screen.Waiting,
) -> Answer:
    """Show each sentence when it is verified; the rest of the answer follows at its end."""
    from agq.renderers.parts import byline, source_links, today
    from agq.renderers.terminal import Page

    page = Page(screen.console(), source_links(evidence.sources))
    page.opening(request.question, byline(by.model, today()))
    try:
        while True:
            checked = next(pieces)
            status.off()
            page.piece(checked)
    except StopIteration as end:
        answer: Answer = end.value
        status.off()
        page.closing(answer, request.shown)
        return answer
    except KeyboardInterrupt:
        answer = _cut_short(pieces)
        page.closing(answer, request.shown)
        return answer
    finally:
        page.finish()


def _tell_nothing(request: AskRequest, answer: Answer, index: IndexReader) -> None:
    """No answer: the nearest papers on stderr, or in JSON on stdout; then exit code 3."""
    if request.format == "json":
        screen.write(renderer("json")(answer))
    elif answer.sources:
        from agq.renderers import plain

        listed = plain.listing(request.question, answer.sources).rstrip()
        screen.notice(request.settings, f"the nearest papers:\n{listed}")
    raise listing.nothing(
        index,
        request.filters,
        "nothing in this index bears on the question",
        "use the papers' own terms, or index more papers: agq index SOURCE",
        answer.understood,
        request.question,
    )


def _show(request: AskRequest, answer: Answer, told: Sequence[Citation]) -> None:
    """The result, and notes on what is wrong with it but for what stands on the screen."""
    from agq.verify import problem_of

    if not request.target and not request.streams:
        screen.write(renderer(request.format)(_styled(request, answer), request.shown))
    known = {problem_of(citation) for citation in told}
    for problem in (problem for problem in answer.problems if problem not in known):
        screen.notice(request.settings, f"note: {problem}")


def _styled(request: AskRequest, answer: Answer) -> Answer:
    """The answer with its citations in the style that was asked for, and evidence where it was."""
    if request.evidence and request.format not in WHOLE:  # these have it anyway
        answer = with_evidence(answer)
    if request.settings.cite_style == "id":
        return answer
    from agq.exporters.keys import pandoc

    return replace(answer, text=pandoc(answer.text, [source.paper.id for source in answer.sources]))


def _write_files(request: AskRequest, answer: Answer, works: Sequence[Work]) -> None:
    """The last step, so that a run that fails leaves files untouched."""
    if request.target:
        request.target.write(renderer(request.format)(_styled(request, answer), request.shown))
        screen.notice(request.settings, f"wrote {request.target.path}")
    if request.bib:
        count = _write_bib(request.bib, works)
        screen.notice(
            request.settings, f"wrote {request.bib.path}, {count} {'entry' if count == 1 else 'entries'}"
        )


def _write_bib(target: Target, works: Sequence[Work]) -> int:
    """The cited papers as BibTeX; how many. Added to a file, those that it has already are left out."""
    from agq.exporters import Wanted, cited, exporter

    held = (
        target.path.read_text(encoding="utf-8", errors="replace")
        if target.append and target.path.exists()
        else ""
    )
    new = [one for one in map(cited, works) if f"{{{one.key}," not in held]
    if new or not held:
        target.write(exporter("bibtex")(new, Wanted()))
    return len(new)


def _keep(context: CommandContext, request: AskRequest, answer: Answer) -> None:
    """Into the history; whatever is wrong with that, the answer stands."""
    from agq.history import HistoryUnusable, open_history

    try:
        with open_history(context.environment.history_file) as history:
            history.add(answer, str(request.settings.index))
    except HistoryUnusable as error:
        screen.notice(request.settings, f"note: {error.message}, so this answer is not kept")


def _strict(request: AskRequest, answer: Answer) -> None:
    doubted = [c for c in answer.citations if not c.holds and c.verdict != "unknown_id"]
    if request.settings.strict and doubted:
        raise CheckFailed(
            f"{len(doubted)} of {len(answer.citations)} citations are in doubt",
            hint="they are marked (?) or (!) in the answer",
        )
