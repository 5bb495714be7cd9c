"""The index a command works on: opened, or built first where asking may do that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agq.commands import screen
from agq.commands.given import Given
from agq.config import Settings
from agq.errors import IndexUnusable

if TYPE_CHECKING:
    from agq.index import IndexReader


@contextmanager
def opened(given: Given, settings: Settings) -> Iterator[IndexReader]:
    """The index in force. The default one, where it is missing, is built from ``corpus/``."""
    from agq.embedders import open_encoder
    from agq.index import open_index
    from agq.index.layout import CURRENT

    if not (settings.index / CURRENT).exists():
        _build_first(given, settings)
    with open_index(settings.index, load_encoder=open_encoder) as index:
        yield index


def _build_first(given: Given, settings: Settings) -> None:
    corpus = given.place.folder / "corpus"
    if not (settings.index_is_default and corpus.is_dir()):
        source = "corpus/" if corpus.is_dir() else "FILE_OR_FOLDER"
        raise IndexUnusable(f"there is no index at {settings.index}", hint=f"agq index {source}")
    from agq.commands.building import build, summary

    screen.notice(settings, f"no index yet: building {settings.index} from corpus/, once")
    report = build(settings, [str(corpus)])
    screen.notice(settings, summary(report))
