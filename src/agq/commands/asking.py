"""A question to an answer on the screen or in a file; shared by `ask`, `more` and `chat`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from agq.commands import details, listing, screen
from agq.commands.context import CommandContext
from agq.commands.formats import chosen
from agq.commands.indexes import opened
from agq.commands.output import Target
from agq.config import DEFAULT_ORIGIN, Settings
from agq.errors import CheckFailed, IndexUnusable, UsageError
from agq.model import Answer, Citation, Evidence, Filters, Understood
from agq.records import Work
from agq.registry import pick
from agq.renderers import RENDERERS, Format, renderer
from agq.renderers.evidence import with_evidence
from agq.renderers.parts import Shown, chosen_columns

if TYPE_CHECKING:
    from agq.answerers import Answerer
    from agq.history import Entry
    from agq.index import IndexReader
    from agq.pipeline import AnswerStream
    from agq.renderers.terminal import Page


UNJUDGED = "the judge was stopped: agq's own verdicts stand"
"""What is told where an interrupt meets the judge."""


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
        return chosen(self.settings, RENDERERS, self.target.formats if self.target else ())

    @property
    def form(self) -> Format:
        """What is known of the format."""
        return pick("format", RENDERERS, self.format)

    @property
    def shown(self) -> Shown:
        """What stands below the answer and, in a note, above it."""
        full = not self.settings.brief
        return Shown(
            sources=full and self.settings.sources,
            caution=full and self.settings.caution,
            columns=chosen_columns(self.settings.columns),
            front=not (self.target and self.target.adds),
            bibliography=self._bibliography,
        )

    @property
    def _bibliography(self) -> str:
        """The file of the references, as the note can name it."""
        if not (self.bib and self.target):
            return ""
        return os.path.relpath(self.bib.path, self.target.path.parent)

    @property
    def cite_style(self) -> str:
        """The style that is set, else the format's own."""
        is_set = self.settings.origin("cite_style") != DEFAULT_ORIGIN
        return self.settings.cite_style if is_set else self.form.cites

    @property
    def settled(self) -> AskRequest:
        """With the file that the answer goes to where a folder was named; what cannot end well is refused
        before anybody waits for an answer.
        """
        form = self.form
        chosen_columns(self.settings.columns)
        target = self.target and self.target.within(self.question, self.format)
        if target and target.append and form.whole:
            raise UsageError(
                f"{self.format} is a whole file, and nothing can be added to it", hint="use --force"
            )
        for one in (target, self.bib):
            if one:
                one.check()
        named = replace(self.settings, format=self.format)
        return replace(self, target=target, settings=named)

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


def run_ask(context: CommandContext, request: AskRequest) -> None:
    """Ask, show, keep. Raises what the exit code tells."""
    request = request.settled
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
    answer = _judged(request, drafted)
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


def _judged(request: AskRequest, answer: Answer) -> Answer:
    """The answer as the judge sees it, where there is one; what it finds is told below an answer that stands
    on the screen.
    """
    from agq.pipeline import judge_answer, judge_for

    judge = judge_for(request.settings)
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
        stream = write(index, embedder, task, evidence, answerer, entailment_model(context.environment.cache))
        if request.streams and evidence.answerable:
            return _streamed(stream, request, evidence, answerer, status)
        return _drained(stream)


def _drained(stream: AnswerStream) -> Answer:
    try:
        return stream.answer
    except KeyboardInterrupt:
        return _cut_short(stream)


def _cut_short(stream: AnswerStream) -> Answer:
    """What came of an answer until an interrupt; the interrupt where that is nothing."""
    if not stream.has_begun:
        raise KeyboardInterrupt
    stream.stop()
    return stream.answer


def _streamed(
    stream: AnswerStream,
    request: AskRequest,
    evidence: Evidence,
    by: Answerer,
    status: screen.Waiting,
) -> Answer:
    """Show each sentence when it is verified; the rest of the answer follows at its end."""
    from agq.renderers.parts import byline, own_links, today
    from agq.renderers.terminal import Page

    page = Page(screen.console(), own_links(evidence.sources))
    page.opening(request.question, byline(by.model, today()))
    try:
        answer = _shown_as_it_comes(stream, page, status)
        page.closing(answer, request.shown)
        return answer
    finally:
        page.finish()


def _shown_as_it_comes(stream: AnswerStream, page: Page, status: screen.Waiting) -> Answer:
    try:
        for checked in stream:
            status.off()
            page.piece(checked)
        answer = stream.answer
        status.off()
    except KeyboardInterrupt:
        return _cut_short(stream)
    return answer


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
    if request.evidence and not request.form.whole:  # these have it anyway
        answer = with_evidence(answer)
    from agq.exporters.keys import styled

    ids = [source.paper.id for source in answer.sources]
    return replace(answer, text=styled(answer.text, ids, request.cite_style))


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
            history.add(answer, request.settings.index_name)
    except HistoryUnusable as error:
        screen.notice(request.settings, f"note: {error.message}, so this answer is not kept")


def _strict(request: AskRequest, answer: Answer) -> None:
    doubted = [c for c in answer.citations if not c.holds and c.verdict != "unknown_id"]
    if request.settings.strict and doubted:
        raise CheckFailed(
            f"{len(doubted)} of {len(answer.citations)} citations are in doubt",
            hint="they are marked (?) or (!) in the answer",
        )
