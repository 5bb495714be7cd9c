"""A question to an answer on the screen or in a file; shared by `ask`, `more` and `chat`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from agq.commands import details, listing, screen
from agq.commands.ask_request import AskRequest
from agq.commands.context import CommandContext
from agq.commands.delivering import show, write_files
from agq.commands.indexes import opened
from agq.errors import CheckFailed
from agq.model import Answer, Citation, Evidence, Understood
from agq.renderers import renderer

if TYPE_CHECKING:
    from agq.answerers import Answerer
    from agq.index import IndexReader
    from agq.pipeline import AnswerStream
    from agq.renderers.terminal import AnswerPage


UNJUDGED = "the judge was stopped: agq's own verdicts stand"
"""What is told where an interrupt meets the judge."""


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
    show(request, answer, told=changed(drafted, answer) if request.streams else ())
    screen.detail(request.settings, lambda: details.of_answer(answer))
    if request.settings.history:
        _keep(context, request, answer)
    _strict(request, answer)
    write_files(request, answer, works)
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
    from agq.renderers.terminal import AnswerPage

    page = AnswerPage(screen.console(), own_links(evidence.sources))
    page.opening(request.question, byline(by.model, today()))
    try:
        answer = _shown_as_it_comes(stream, page, status)
        page.closing(answer, request.shown)
        return answer
    finally:
        page.finish()


def _shown_as_it_comes(stream: AnswerStream, page: AnswerPage, status: screen.Waiting) -> Answer:
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
