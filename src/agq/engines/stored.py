"""This machine, for an index on an object store: a copy is brought up to date here, and goes back."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from agq.engines import local
from agq.engines.plan import Built, Plan
from agq.files import replace_file
from agq.index.layout import MANIFEST, current_generation, is_index
from agq.index.lock import writing
from agq.index.remote import pull, push, refresh
from agq.index.write import Progress

WORK = "work"
BASE = "base"
"""Says which generation of the store the copy is, and what its manifest was then."""


def build(path: Path, plan: Plan, cache: Path, progress: Callable[[Progress], None], /) -> Built:
    """Files to the index at ``plan.store``, of which ``path`` is the mirror."""
    tag = refresh(plan.store, path)
    if plan.dry_run:
        return local.build(path, plan, cache, progress)
    work = path / WORK
    with writing(path):
        _bring(path, plan, tag)
        built = local.build(work, replace(plan, store=""), cache, progress)
        if is_index(work) and _state(path, _base(path)[0]) != _base(path):
            _note(path, push(work, plan.store, tag))
            refresh(plan.store, path)
    return built


def _bring(path: Path, plan: Plan, tag: str) -> None:
    """The copy that is worked on: what the store has, and what a killed run has added to it."""
    name = current_generation(path).name if tag else ""
    if plan.rebuild or _base(path)[0] != name:
        shutil.rmtree(path / WORK, ignore_errors=True)
    if tag and not plan.rebuild and not is_index(path / WORK):
        pull(plan.store, path / WORK)
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
