"""How an index is built: by this process, or by a Ray cluster. Both call the same functions of a paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from agq.engines.plan import Built, Plan
    from agq.index.write import Progress


class Engine(Protocol):
    """Sources to an index. ``cache`` is agq's cache folder, where encoders are kept."""

    def __call__(
        self, path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None], /
    ) -> Built: ...


def _local(path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None], /) -> Built:
    if plan.store:
        from agq.engines.stored import build as build_stored

        return build_stored(path, plan, cache, progress)
    from agq.engines.local import build

    return build(path, plan, cache, progress)


def _ray(path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None], /) -> Built:
    from agq.engines.ray import build

    return build(path, plan, cache, progress)


ENGINES: Mapping[str, Engine] = MappingProxyType({"local": _local, "ray": _ray})
"""Name -> engine. Each loads what it needs when it is called: a plain install has no Ray."""
