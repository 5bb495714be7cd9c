"""This process, and another one that reads ahead: the index is brought up to date where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from agq.engines.plan import Built, Plan
from agq.engines.stages import Seen, encoder_of, joining, options_of, place_names
from agq.index.layout import is_index
from agq.index.schema import words
from agq.index.text_stage import Incoming
from agq.index.write import BuildReport, Lookup, Progress, build_index
from agq.model import Paper, Rejected
from agq.readers.base import Found
from agq.readers.prefetch import reading_ahead


def build(path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None], /) -> Built:
    """Files to an index. ``cache`` is agq's cache folder, where encoders are kept."""
    seen = Seen()

    def reading(lookup: Lookup) -> Iterator[Incoming | Rejected]:
        return joining(chain(head, records), lookup, place_names(plan), seen)

    anew = plan.rebuild or not is_index(path)
    with reading_ahead(
        plan.read_at,
        exclude=plan.exclude,
        fields=plan.fields or None,
        made_by=words if anew else None,  # later, few papers need them
    ) as records:
        head = _up_to_a_paper(records) if anew else []  # one that stands is locked before anything is read
        if anew and not any(isinstance(one.item, Paper) for one in head):
            told = tuple(one.item for one in head if isinstance(one.item, Rejected))
            return Built(BuildReport(rejected=told), empty=plan.sources)
        report = build_index(path, reading, encoder_of(plan.embedder, cache), options_of(plan), progress)
    return seen.built(report, plan)


def _up_to_a_paper(records: Iterator[Found]) -> list[Found]:
    """What comes up to the first paper, it included: without one, there is nothing to make an index of."""
    head: list[Found] = []
    for one in records:
        head.append(one)
        if isinstance(one.item, Paper):
            break
    return head
