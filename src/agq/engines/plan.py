"""What is to be built, and what was built. Loads nothing that only building needs."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from agq import zotero
from agq.files import STDIN

if TYPE_CHECKING:
    from agq.index.write import BuildReport
    from agq.readers.merge import Merged


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be read, and how the index is to change; ``exclude`` and ``fields`` as for ``read``.

    ``places``: where those sources are read that are no path themselves. ``engine`` and ``address``: what
    builds, and where its cluster is. ``store``: the address of an index on an object store.
    """

    sources: tuple[str, ...]
    embedder: str = ""
    rebuild: bool = False
    prune: bool = True
    later: bool = False
    dry_run: bool = False
    exclude: tuple[str, ...] = ()
    fields: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    engine: str = "local"
    address: str = ""
    store: str = ""

    @property
    def read_at(self) -> list[str]:
        """Where the sources are read."""
        return [self.places.get(source, source) for source in self.sources]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build has done.

    ``renamed``: ids that another paper had first, and what they became. ``bare``: papers without an abstract,
    indexed by their titles. ``first``: the first records, as they were understood. ``joined``: records that
    turned out to be of a paper that was there. ``empty``: sources in which there is no paper.
    """

    report: BuildReport
    renamed: tuple[tuple[str, str], ...] = ()
    bare: int = 0
    first: tuple[Merged, ...] = ()
    joined: tuple[Merged, ...] = ()
    empty: tuple[str, ...] = ()


def within(source: str) -> Callable[[str], bool]:
    """Whether a stored file belongs to a source: is it, lies in it, or is met by its pattern."""

    def belongs(stored: str) -> bool:
        return stored == source or stored.startswith(source + os.sep) or fnmatch(stored, source)

    return belongs


def named(source: str, places: Mapping[str, str]) -> str:
    """A source as a later run from another folder can find it."""
    if source == STDIN or source in places:
        return source
    return os.path.realpath(os.path.expanduser(source))


def reads(plan: Plan) -> Callable[[str], bool]:
    """Whether a stored source is read now: named itself, in a named folder, or met by a glob.

    A folder that is not there, on a disk that is not mounted for one, is not read: its papers stay.
    """
    whole = [named(source, plan.places) for source in plan.sources]
    there = [within(one) for one in whole if one in plan.places or _is_there(one)]
    return lambda stored: any(belongs(stored) for belongs in there)


def _is_there(source: str) -> bool:
    part = zotero.named(source)
    return glob.has_magic(source) or os.path.exists(part.path if part else source)
