"""This machine, for an index on an object store: a copy is brought up to date here, and goes back."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from agq.engines import local
from agq.engines.plan import Built, Plan
from agq.files import replace_file
from agq.index.layout import MANIFEST, current_generation, is_index
from agq.index.lock import writing
from agq.index.remote import pull, push, refresh
from agq.index.store import Tag
from agq.index.write import Progress

Result = TypeVar("Result")

WORK = "work"
BASE = "base"
"""Says which generation of the store the copy is, and what its manifest was then."""


def build(path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None], /) -> Built:
    """Files to the index at ``plan.store``, of which ``path`` is the mirror."""
    if plan.dry_run:
        refresh(plan.store, path)
        return local.build(path, plan, cache, progress)
    here = replace(plan, store="")
    return changed(path, plan.store, lambda copy: local.build(copy, here, cache, progress), anew=plan.rebuild)


def changed(path: Path, store: str, change: Callable[[Path], Result], *, anew: bool = False) -> Result:
    """The index at ``store``, changed: ``change`` is given a copy of it, which goes back.

    ``path`` is the index's mirror. ``anew``: nothing of what the store has is kept.
    """
    tag = refresh(store, path)
    work = path / WORK
    with writing(path):
        _bring(path, store, tag, anew)
        result = change(work)
        if is_index(work) and _state(path, _base(path)[0]) != _base(path):
            _note(path, push(work, store, tag))
            refresh(store, path)
    return result


def _bring(path: Path, store: str, tag: Tag, anew: bool) -> None:
    """The copy that is worked on: what the store has, and what a killed run has added to it."""
    name = current_generation(path).name if tag else ""
    if anew or _base(path)[0] != name:
        shutil.rmtree(path / WORK, ignore_errors=True)
    if tag and not anew and not is_index(path / WORK):
        pull(store, path / WORK, path)
        _note(path, name)


def _state(path: Path, name: str) -> tuple[str, str]:
    manifest = (current_generation(path / WORK) / MANIFEST).read_bytes()
    return name, hashlib.sha256(manifest).hexdigest()


def _note(path: Path, name: str) -> None:
    replace_file(path / BASE, "\n".join(_state(path, name)).encode())


def _base(path: Path) -> tuple[str, str]:
    try:
        name, _, manifest = (path / BASE).read_text(encoding="utf-8").partition("\n")
    except OSError:
        return "", ""
    return name, manifest
