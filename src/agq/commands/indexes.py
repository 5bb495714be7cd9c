"""The index a command works on: opened, or built first where asking may do that."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agq.commands import details, screen
from agq.commands.context import CommandContext
from agq.config import Settings
from agq.errors import IndexUnusable

if TYPE_CHECKING:
    from agq.index import IndexReader


@contextmanager
def opened(context: CommandContext, settings: Settings) -> Iterator[IndexReader]:
    """The index in force. The default one, where it is missing, is built from ``corpus/``."""
    from agq.embedders import open_encoder
    from agq.index import open_index
    from agq.index.layout import is_index

    begun = time.perf_counter()
    brought(settings)
    if not is_index(settings.index):
        _build_first(context, settings)
    with open_index(settings.index, load_encoder=open_encoder) as index:
        seconds = time.perf_counter() - begun
        screen.detail(settings, lambda: details.of_index(settings, index, seconds))
        _tell_if_stale(settings, index)
        yield index


def brought(settings: Settings) -> None:
    """What this machine keeps of an index on an object store, brought to what is asked there now."""
    if settings.store:
        from agq.index.remote import refresh

        refresh(settings.store, settings.index, table=True)


def _tell_if_stale(settings: Settings, index: IndexReader) -> None:
    if settings.quiet:
        return
    from agq.commands.staleness import changed

    newer = next(changed(index.sources, index.state.updated), "")
    if newer:
        screen.notice(settings, f"note: {newer} has changed since the index was made; `agq index` updates it")


def _build_first(context: CommandContext, settings: Settings) -> None:
    corpus = context.environment.folder / "corpus"
    if not (settings.index_is_default and corpus.is_dir()):
        source = "corpus/" if corpus.is_dir() else "FILE_OR_FOLDER"
        raise IndexUnusable(f"there is no index at {settings.index_name}", hint=f"agq index {source}")
    from agq.commands.building import build, summary
    from agq.engines.plan import Plan

    screen.notice(settings, f"no index yet: building {settings.index} from corpus/, once")
    built = build(
        context,
        settings,
        Plan((str(corpus),), settings.embedder, exclude=settings.exclude, fields=settings.fields),
    )
    screen.notice(settings, summary(settings, built))


def ids_named(index: IndexReader, ids: Sequence[str]) -> list[str]:
    """The ids of the papers that these ids or other identifiers name, in their order.

    Raises
    ------
    UsageError
        One is not in the index; the nearest id is named.
    """
    from agq.understand import named

    return named(index, ids, "agq search TITLE finds ids")
