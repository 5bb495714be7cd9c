"""The index, kept warm, and exchanged for its next state when a run has made one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agq.config import Settings

if TYPE_CHECKING:
    from agq.answerers import Answerer
    from agq.index import IndexReader
    from agq.model import Embedder, EntailmentModel
    from agq.records import Work


class LibrarySession:
    """The index in force, asked within a ``turn``."""

    def __init__(self, settings: Settings, cache: Path) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._cache = cache
        self._reader: IndexReader | None = None
        self._answerer: Answerer | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One question at a time, since each takes all cores anyway, and to the newest state of the index."""
        with self._lock:
            if self._reader and not self._is_newest(self._reader):
                self.close()
            yield

    @property
    def index(self) -> IndexReader:
        """The state of the index that this turn asks.

        Raises
        ------
        IndexUnusable
            There is none, or this version of agq cannot read it.
        """
        from agq.embedders import open_encoder
        from agq.index import open_index

        if not self._reader:
            self._reader = open_index(self.settings.index, load_encoder=open_encoder)
        return self._reader

    def _is_newest(self, reader: IndexReader) -> bool:
        """Whether no run has ended since: one adds to the generation, or puts another in its place."""
        from agq.index.layout import Manifest, current_generation

        newest = current_generation(self.settings.index)
        return reader.generation == newest and reader.manifest == Manifest.read(newest)

    @property
    def embedder(self) -> Embedder:
        """The encoder of the index."""
        return self.index.embedder()

    @property
    def answerer(self) -> Answerer:
        """The abstracts' own sentences: an assistant that asks is a model itself."""
        from agq.pipeline import answerer_for

        index = self.index
        if not self._answerer:
            self._answerer = answerer_for(self.settings, index, index.embedder(), self._cache)
        return self._answerer

    @cached_property
    def entailment(self) -> EntailmentModel:
        """What tells whether an abstract states a sentence."""
        from agq.pipeline import entailment_model

        return entailment_model(self._cache)

    def ids(self, ids: Sequence[str]) -> list[str]:
        """The ids of the papers that these ids or other identifiers name, in their order.

        Raises
        ------
        UsageError
            One is not in the index; the nearest id is named.
        """
        from agq.understand import named

        return named(self.index, ids, "search finds ids")

    def works(self, ids: Sequence[str]) -> list[Work]:
        """These papers with their records."""
        return self.index.works(self.ids(ids))

    def warm(self) -> None:
        """Load what the first question needs, while the assistant is still saying hello."""
        from agq.pipeline import Task, gather, write

        with self.turn():
            task = Task("what is known", 1, follow_ups=False)
            evidence = gather(self.index, self.embedder, task)
            _ = write(self.index, self.embedder, task, evidence, self.answerer, self.entailment).answer

    def close(self) -> None:
        """Let go of the index."""
        if self._reader:
            self._reader.close()
        self._reader = self._answerer = None
