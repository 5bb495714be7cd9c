"""Which generation of an index a run writes to, and what becomes of the others.

The one that is asked, where there is one; else the one that a killed run has begun, or a new one with its
encoder in it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agq.errors import IndexUnusable
from agq.index.checksums import refuse_damaged
from agq.index.layout import Manifest, current_generation, generations, new_generation, refuse_links
from agq.index.reading import nobody_reading

if TYPE_CHECKING:
    from agq.model import Embedder


@dataclass(frozen=True, slots=True)
class Encoder:
    """How an index comes by its encoder.

    ``name``: what is asked for, empty for whatever the index has. ``folder``: makes (or finds) the
    encoder's folder. ``load``: loads one from a folder.
    """

    name: str
    folder: Callable[[], Path]
    load: Callable[[Path], Embedder]


def asked(path: Path) -> Path | None:
    """The generation that is asked; None where there is no index yet.

    Raises
    ------
    IndexUnusable
        It cannot be read.
    """
    try:
        return current_generation(path)
    except IndexUnusable:
        if generations(path) and (path / "current").exists():
            raise
        return None


def begun(path: Path, encoder: Encoder) -> Path:
    """A generation that is not asked yet: the one that a killed run has begun, or a new one."""
    try:
        newest = current_generation(path).name
    except IndexUnusable:
        newest = ""
    for generation in reversed(generations(path)):
        if generation.name > newest and _goes_on(generation, encoder):
            return generation
    folder = encoder.folder()
    generation = new_generation(path)
    furnished(generation, folder).write(generation)
    return generation


def _goes_on(generation: Path, encoder: Encoder) -> bool:
    try:
        same_encoder(Manifest.read(generation), encoder)
        refuse_damaged(generation, thorough=True)
    except IndexUnusable:
        return False
    return True


def furnished(generation: Path, encoder: Path) -> Manifest:
    """Put the encoder of that folder into a new generation; what the generation may say of itself."""
    card = json.loads((encoder / "encoder.json").read_text(encoding="utf-8"))
    shutil.copytree(encoder, generation / "encoder", copy_function=shutil.copyfile)
    return Manifest(card["name"], card["dim"], card["weights"])


def same_encoder(manifest: Manifest, encoder: Encoder) -> None:
    """Refuse an index that was made with another encoder than the one asked for."""
    if encoder.name and encoder.name != manifest.embedder:
        raise IndexUnusable(
            f"the index was made with the encoder {manifest.embedder}, not with {encoder.name}",
            hint=f"agq index --rebuild --embedder {encoder.name}",
        )


def drop_others(path: Path, kept: Path) -> None:
    """Remove generations that are asked no more; one that is still being read stays until a later run."""
    for generation in generations(path):
        if generation == kept:
            continue
        refuse_links(generation)
        (generation / "readers").touch()
        with nobody_reading(generation) as free:
            if free:
                shutil.rmtree(generation, ignore_errors=True)
