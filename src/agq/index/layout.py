"""What is where in an index folder, and the manifest of each generation.

::

    INDEX/
      current            the name of the generation that is asked; replaced atomically
      lock, lock.json    who writes; the second only while a run writes
      generations/
        000001/
          manifest.json  format, encoder, sources, counts
          papers.lance/  the LanceDB table with its text, scalar and vector indexes
          encoder/       the query encoder
          centroid.npz   the mean of the vectors, and the mean length of a paper
          frequencies    document frequencies of terms
          authors        how many papers each author has, under every key of their names
          venues         how many papers each venue, category and type has
          kept/          vectors made while asking, until the next run puts them into the table
          sums.json      checksums of the files
          readers        locked (shared) by whoever reads this generation

A run on a cluster that has not ended keeps its vectors in ``encoded/``. A mirror of an index in an object
store has that index's address in ``origin``, and in place of ``papers.lance/`` a file ``table`` that says
where it is.
"""

from __future__ import annotations

import json
import os
import shlex
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agq.errors import IndexUnusable
from agq.files import replace_file

FORMAT = 2
"""Counts the layouts of an index. One of another number is not read. To be raised with every change of the
columns, of their hashes, or of the terms that are stored: a test holds them to it."""

TABLE = "papers"
MANIFEST = "manifest.json"
CURRENT = "current"
ELSEWHERE = "table"
ORIGIN = "origin"
GENERATIONS = "generations"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself.

    ``papers`` and ``vectors`` hold for ``version`` of the table and are counted again where the table has
    another. ``weights`` is the sha256 of the encoder's weights.
    """

    embedder: str
    dim: int
    weights: str
    updated: str = ""
    sources: tuple[str, ...] = ()
    papers: int = 0
    vectors: int = 0
    version: int = 0
    format: int = FORMAT

    def write(self, generation: Path) -> None:
        """Put the manifest into its generation, in one step."""
        said = asdict(self)
        replace_file(generation / MANIFEST, json.dumps(said | {"check": _check(said)}, indent=1).encode())

    @classmethod
    def read(cls, generation: Path) -> Manifest:
        """The manifest of a generation.

        Raises
        ------
        IndexUnusable
            It is missing, damaged, or of another version of agq.
        """
        file = generation / MANIFEST
        try:
            found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            if found["format"] != FORMAT:
                raise _of_another_version(found)
            if found.pop("check") != _check(found):
                raise ValueError("it is not what was written")
            return cls(**{**found, "sources": tuple(found["sources"])})
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexUnusable(
                f"{file} cannot be read: {error}", hint="agq index --rebuild SOURCE"
            ) from error


def _of_another_version(found: Mapping[str, Any]) -> IndexUnusable:
    """Says which of the two is the newer, and how to make the index anew from what it was made of."""
    theirs, sources = found["format"], found.get("sources")
    newer = isinstance(theirs, int) and theirs > FORMAT
    named = map(str, sources) if isinstance(sources, list) and sources else ["SOURCE"]
    again = f"agq index --rebuild {shlex.join(named)}"
    return IndexUnusable(
        f"the index has format {theirs}, of {'a newer' if newer else 'another'} agq; this one reads {FORMAT}",
        hint=f"install the newer agq, or: {again}" if newer else again,
    )


def _check(said: Mapping[str, Any]) -> int:
    """A checksum of what a manifest says."""
    return zlib.crc32(json.dumps(said, sort_keys=True).encode())


def origin(index: Path) -> str:
    """The address in an object store of an index of which this folder is a mirror; empty where it is none."""
    try:
        return (index / ORIGIN).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def is_index(path: Path) -> bool:
    """Whether there is an index at ``path``: one whose first generation has been finished."""
    return (path / CURRENT).exists()


def current_generation(index: Path) -> Path:
    """The generation that is asked.

    Raises
    ------
    IndexUnusable
        There is no index at this place.
    """
    try:
        name = (index / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexUnusable(f"there is no index at {index}", hint="agq index SOURCE") from None
    except (OSError, ValueError) as error:
        raise IndexUnusable(f"the index at {index} cannot be read: {error}", hint="agq doctor") from error
    refuse_other_name(name, index / CURRENT)
    return index / GENERATIONS / name


def refuse_other_name(name: str, said_by: Path | str) -> None:
    """Take nothing for the name of a generation that is none: an index may be somebody else's.

    Raises
    ------
    IndexUnusable
        It is no such name; ``said_by`` is the file that has it, or its address.
    """
    if not name.isdecimal():
        raise IndexUnusable(
            f"{said_by} names no generation of the index: {name[:40]!r}",
            hint="agq index --rebuild SOURCE",
        )


def generations(index: Path) -> list[Path]:
    """All generations, oldest first; the unfinished ones too."""
    folder = index / GENERATIONS
    return (
        sorted(child for child in folder.iterdir() if child.is_dir() and not child.is_symlink())
        if folder.is_dir()
        else []
    )


def table_home(generation: Path) -> str:
    """What holds the table of a generation: its folder, or one in an object store."""
    try:
        return (generation / ELSEWHERE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return str(generation)


def new_generation(index: Path) -> Path:
    """A fresh, empty generation beside the others."""
    last = max((int(found.name) for found in generations(index) if found.name.isdigit()), default=0)
    made = index / GENERATIONS / f"{last + 1:06d}"
    made.mkdir(parents=True)
    (made / "readers").touch()
    return made


def refuse_links(generation: Path) -> None:
    """Write and clean up nowhere but in the generation itself.

    Raises
    ------
    IndexUnusable
        There is a link in it, which no agq makes: what it leads to is not to be changed.
    """
    for folder, folders, files in os.walk(generation):
        for name in (*folders, *files):
            if os.path.islink(os.path.join(folder, name)):
                raise IndexUnusable(
                    f"{os.path.join(folder, name)} is a link to elsewhere; an index has none",
                    hint="agq index --rebuild SOURCE, in another folder",
                )


def make_current(generation: Path) -> None:
    """From now on this generation is asked."""
    replace_file(generation.parents[1] / CURRENT, f"{generation.name}\n".encode())
