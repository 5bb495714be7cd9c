"""What ``--verbose`` reports on stderr: what is asked of whom, the outcome, and how long each step took.

Nothing here is a key, nor an address with a name and password in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from agq.config import Settings
from agq.model import Paper
from agq.redaction import public_address

if TYPE_CHECKING:
    from agq.engines.plan import Built, Plan
    from agq.index import IndexReader
    from agq.index.write import Progress
    from agq.model import Answer, Evidence, Source
    from agq.readers.merge import Merged

STAGES = {"read": "reading", "encode": "encoding", "finish": "finishing"}


def of_index(settings: Settings, index: IndexReader, seconds: float) -> str:
    """Which index is read, why that one, and what it holds."""
    state = index.state
    return (
        f"index: {settings.index_name} ({settings.origin('index')}), generation {index.generation.name}\n"
        f"index: {state.papers:,} papers, {state.vectors:,} vectors, encoder {state.embedder}, "
        f"updated {state.updated}, opened in {seconds:.2f} s"
    )


def of_answerer(settings: Settings) -> str:
    """Who is asked, where, and whose key goes there."""
    if not settings.chat.model:
        return "answerer: the abstracts' own sentences, nothing is sent"
    from agq.answerers.endpoint import endpoint

    at = endpoint(settings.chat.model, settings.chat.base_url, settings.chat.key_variable)
    key = f"the key of {settings.origin('api_key')}" if settings.chat.api_key else "no key"
    return (
        f"answerer: {at.model} ({settings.origin('model')}) at {public_address(at.base_url)} with {key}, "
        f"timeout {settings.chat.timeout:g} s, retries {settings.chat.retries}"
    )


def of_evidence(evidence: Evidence) -> str:
    """What was found, each with its match, and whether it is enough."""
    from agq.match import MIN_MATCH

    enough = "enough" if evidence.answerable else "not enough"
    said = f"retrieved: {of_sources(evidence.sources)}, in {evidence.seconds:.2f} s"
    return f"{said}; {enough}, the best has to match {MIN_MATCH:.0%}"


def of_sources(sources: tuple[Source, ...]) -> str:
    """The papers of a list, each with its match."""
    each = ", ".join(f"{source.paper.id} {source.match:.0%}" for source in sources)
    return f"{len(sources)} papers ({each})" if sources else "no paper"


def of_answer(answer: Answer) -> str:
    """What became of the citations, which papers were left out, and the time it took."""
    verdicts = [citation.verdict for citation in answer.citations]
    counts = ", ".join(f"{verdicts.count(one)} {one}" for one in dict.fromkeys(verdicts)) or "none"
    left = [source.paper.id for source in answer.sources if source.paper.id not in answer.cited]
    used = answer.usage
    tokens = f", {used.prompt_tokens} tokens read, {used.completion_tokens} written" if used else ""
    seconds = answer.seconds.get("answer", 0.0)
    judge = f", judged in {answer.seconds['judge']:.2f} s" if "judge" in answer.seconds else ""
    cited = f"citations: {counts}; not cited: {', '.join(left) or 'none'}"
    return f"{cited}\nanswered in {seconds:.2f} s{judge}{tokens}"


class Stages:
    """How long each stage of a build takes, passing on what it is told."""

    def __init__(self, watch: Callable[[Progress], None]) -> None:
        self._watch = watch
        self._begun = {"read": time.perf_counter()}

    def __call__(self, progress: Progress) -> None:
        """A word about progress."""
        self._begun.setdefault(progress.stage, time.perf_counter())
        self._watch(progress)

    def told(self) -> str:
        """The stages with their seconds, the last one up to now."""
        ends = [*list(self._begun.values())[1:], time.perf_counter()]
        each = zip(self._begun.items(), ends, strict=True)
        return ", ".join(f"{STAGES[name]} {end - start:.2f} s" for (name, start), end in each)


def of_plan(settings: Settings, plan: Plan) -> str:
    """What a build reads, and where it writes to."""
    how = [word for word in ("rebuild", "later", "dry_run") if getattr(plan, word)]
    how += [] if plan.prune else ["no-prune"]
    options = f" ({', '.join(how).replace('_', '-')})" if how else ""
    encoder = plan.embedder or "the index's own, or the default"
    return (
        f"index: {settings.index_name} ({settings.origin('index')}){options}\n"
        f"sources: {', '.join(plan.sources)}\nencoder: {encoder}"
    )


def of_built(built: Built, stages: Stages) -> str:
    """What a build has done, and how long its stages took."""
    report = built.report
    done = f"encoded {report.encoded:,} papers, {report.vectors:,} have a vector; {stages.told()}"
    return "\n".join([*(_joined(one) for one in built.joined), done])


def _joined(one: Merged) -> str:
    """Which record is which paper's, and why."""
    key = one.found.item.id if isinstance(one.found.item, Paper) else ""
    also = f", and so is {', '.join(one.absorbs)}" if one.absorbs else ""
    return f"merged: {key} ({one.found.source}) is {one.paper.id}: {one.why}{also}"
