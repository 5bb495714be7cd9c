"""The order of the stages: a question to an answer, files to an index. Nothing else.

An answer comes in two steps, so that a terminal can show who is asked, and link ids, before the first
sentence: ``gather`` finds the evidence, ``write`` drafts, verifies and assembles. ``ask`` is both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agq import gather as gathering
from agq.answerers import ANSWERERS, Answerer, AnswererConfig
from agq.answerers.judging import ChatJudge
from agq.config import Settings
from agq.conversation import carried, followed, goes_on
from agq.embedders.cross import OnnxCrossEncoder
from agq.embedders.entails import OnnxEntailmentModel
from agq.engines import ENGINES
from agq.gather import Query
from agq.judge import Judge, added, judged
from agq.model import (
    INTERRUPTED,
    Answer,
    Checked,
    Embedder,
    EntailmentModel,
    Evidence,
    Filters,
    Piece,
    Turn,
)
from agq.registry import pick
from agq.retrieve import retrieve
from agq.understand import understand
from agq.verify import Note, assemble, check_note, verify, with_judged

if TYPE_CHECKING:
    from agq.engines.plan import Built, Plan
    from agq.index import IndexReader
    from agq.index.write import BuildReport, Progress
    from agq.notes.block import NoteBlock

BRIEF_SENTENCES = 3
"""Lines of a brief answer."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked, and how. ``earlier`` is what a question that goes on from another one follows."""

    question: str
    k: int = 8
    filters: Filters = field(default_factory=Filters)
    follow_ups: bool = True
    earlier: Answer | None = None
    literal: bool = False
    brief: bool = False


def gather(index: IndexReader, embedder: Embedder, task: Task) -> Evidence:
    """The evidence for a question; ``answerable`` is False where the index knows nothing of it."""
    if task.earlier:
        return gathering.gather(index, embedder, _going_on(index, embedder, task, task.earlier))
    return gathering.gather(index, embedder, Query(task.question, task.k, task.filters, task.literal))


def _going_on(index: IndexReader, embedder: Embedder, task: Task, earlier: Answer) -> Query:
    """What a question asks that follows another one: its own words and limits, and what it leaves out from
    there."""
    if task.literal or not goes_on(task.question):
        return Query(task.question, task.k, task.filters, task.literal)
    reading = understand(task.question, index, task.filters)
    limits = replace(reading.limits, understood=carried(earlier.understood, reading.limits.understood))
    text = followed(reading.text, earlier.question, embedder) if reading.text else earlier.question
    return Query(text, task.k, task.filters, literal=True, limits=limits)


class AnswerStream:
    """An answer in the making: its verified pieces as they come, then the finished answer.

    Iterate over it to show each piece when it is verified; ``answer`` reads whatever is left.
    """

    def __init__(self, pieces: Iterator[Checked], finish: Callable[[Sequence[Checked], str], Answer]) -> None:
        self._pieces = pieces
        self._finish = finish
        self._checked: list[Checked] = []
        self._incomplete = ""

    def __iter__(self) -> AnswerStream:
        return self

    def __next__(self) -> Checked:
        if self._incomplete:
            raise StopIteration
        checked = next(self._pieces)
        self._checked.append(checked)
        return checked

    @property
    def has_begun(self) -> bool:
        """Whether a sentence has come."""
        return any(checked.piece.kind == "sentence" for checked in self._checked)

    @cached_property
    def answer(self) -> Answer:
        """The finished answer; after ``stop`` what came until then, marked as incomplete."""
        for _ in self:
            pass
        return self._finish(self._checked, self._incomplete)

    def stop(self) -> None:
        """End the answer before its end."""
        self._incomplete = INTERRUPTED


def write(
    index: IndexReader,
    embedder: Embedder,
    task: Task,
    evidence: Evidence,
    answerer: Answerer,
    entailment: EntailmentModel | None = None,
) -> AnswerStream:
    """Verified pieces as they come, then the finished answer; one with no text where nothing bears."""
    start = time.perf_counter()
    drafted = answerer.answer(_in_conversation(evidence, task)) if evidence.answerable else iter(())
    drafted = _brief(drafted) if task.brief else drafted

    def finish(checked: Sequence[Checked], incomplete: str) -> Answer:
        proposing = task.follow_ups and not incomplete
        answer = assemble(
            checked,
            evidence,
            answered_by=answerer.model,
            date=date.today().isoformat(),
            answerable=answerable(index, embedder, task) if proposing else lambda _: False,
            incomplete=incomplete,
        )
        answering = time.perf_counter() - start
        seconds = {"retrieve": evidence.seconds, "answer": answering, "total": evidence.seconds + answering}
        return replace(answer, question=task.question, context=answer.question, seconds=seconds)

    return AnswerStream(_Checking(embedder, entailment, index).verified(drafted, evidence), finish)


def _in_conversation(evidence: Evidence, task: Task) -> Evidence:
    """The evidence with what was asked and answered before."""
    if not task.earlier:
        return evidence
    turn = Turn(task.earlier.question, task.earlier.text)
    return replace(evidence, asked=task.question, turns=(turn,))


def _brief(drafted: Iterator[Piece]) -> Iterator[Piece]:
    """The first lines of a draft, and what agq has to say of them."""
    said = 0
    for piece in drafted:
        said += piece.kind == "sentence"
        if piece.kind not in {"heading", "follow_up"}:
            yield piece
        if said == BRIEF_SENTENCES:
            return


def ask(
    index: IndexReader,
    embedder: Embedder,
    task: Task,
    answerer: Answerer,
    entailment: EntailmentModel | None = None,
) -> AnswerStream:
    """A question to verified pieces and the finished answer."""
    return write(index, embedder, task, gather(index, embedder, task), answerer, entailment)


def answerer_for(settings: Settings, index: IndexReader, embedder: Embedder, cache: Path) -> Answerer:
    """A chat model where one is named, else the abstracts' own sentences. ``cache`` is agq's cache folder."""
    return ANSWERERS["chat" if settings.chat.model else "extract"](
        _answerer_config(settings, index, embedder, cache)
    )


def judge_for(settings: Settings) -> Judge | None:
    """The chat model as the judge of citations, where one is named and the settings let it judge."""
    if not (settings.chat.model and settings.judge):
        return None
    return ChatJudge(settings.chat)


def judge_answer(answer: Answer, by: Judge) -> Answer:
    """The answer as a judge sees its citations, its tokens and seconds with those of the judge."""
    start = time.perf_counter()
    found = judged(answer.citations, [source.paper for source in answer.sources], by)
    took = time.perf_counter() - start
    seconds = {**answer.seconds, "judge": took, "total": answer.seconds.get("total", 0.0) + took}
    marked = with_judged(answer, found.citations)
    return replace(
        marked,
        problems=(*marked.problems, *found.problems),
        judged_by=found.by,
        usage=added(answer.usage, found.usage),
        seconds=seconds,
    )


def check(index: IndexReader, note: Sequence[NoteBlock], entailment: EntailmentModel) -> Note:
    """The citations of a note, held against the papers of the index."""
    from agq.cited import lookup  # an answer does without the exporters' keys

    return check_note(
        note,
        lookup(index),
        index.embedder(),
        entailment,
        frequencies=index.document_frequencies,
        papers=index.state.papers,
    )


def _answerer_config(
    settings: Settings, index: IndexReader, embedder: Embedder, cache: Path
) -> AnswererConfig:
    return AnswererConfig(
        embedder,
        OnnxCrossEncoder(cache),
        frequencies=index.document_frequencies,
        chat=settings.chat,
        follow_ups=settings.follow_ups,
    )


@dataclass(frozen=True, slots=True)
class _Checking:
    """What citations are checked with."""

    embedder: Embedder
    entailment: EntailmentModel | None
    index: IndexReader

    def verified(self, drafted: Iterator[Piece], evidence: Evidence) -> Iterator[Checked]:
        """The pieces of a draft, checked one by one."""
        if not evidence.answerable:
            return iter(())
        frequencies = self.index.document_frequencies
        return verify(drafted, evidence, self.embedder, self.entailment, frequencies=frequencies)


def entailment_model(cache: Path) -> EntailmentModel:
    """What tells whether an abstract states a sentence. ``cache`` is agq's cache folder."""
    return OnnxEntailmentModel(cache)


def answerable(index: IndexReader, embedder: Embedder, task: Task) -> Callable[[str], bool]:
    return lambda question: retrieve(index, embedder, question, k=1, filters=task.filters).answerable


def build(path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None] | None = None) -> Built:
    """Files to an index. ``cache`` is agq's cache folder, where encoders are kept."""
    from agq.index.write import silent  # asking does without the writer

    engine = pick("engine", ENGINES, "local" if plan.dry_run else plan.engine)
    return engine(path, plan, cache, progress or silent)


def forget(path: Path, source: str, cache: Path, store: str = "") -> BuildReport:
    """Take a source out of an index, with the papers that stand in no other.

    ``store`` is the index's address where it is on an object store; ``path`` then is what is kept of it here.
    """
    from agq.engines.plan import within
    from agq.engines.stages import encoder_of
    from agq.index.text_stage import Scope
    from agq.index.write import BuildOptions, build_index
    from agq.readers.identity import identity_keys

    scope = Scope(within(source), identity_keys)
    options = BuildOptions(scope=scope, forget=(source,))

    def forgotten(index: Path) -> BuildReport:
        return build_index(index, lambda _: (), encoder_of("", cache), options)

    if not store:
        return forgotten(path)
    from agq.engines.stored import changed

    return changed(path, store, forgotten)
