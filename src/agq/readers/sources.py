"""What a person names, as files: a file, a folder, a glob, ``-`` for stdin."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

from agq import zotero
from agq.files import STDIN
from agq.model import Rejected
from agq.readers.sniff import SUFFIXES, suffix

SETTINGS = frozenset({"agq.yaml", "agq.yml"})


def files(sources: Iterable[str | Path], exclude: Sequence[str] = ()) -> Iterator[Path | str | Rejected]:
    """The files behind ``sources``, each once, in the order they are named, a folder's by name.

    ``-`` comes through as it is. ``exclude`` are lines as in ``.gitignore``. Of a folder, hidden files are
    left out, and those whose suffix is no format's.
    """
    spec = GitIgnoreSpec.from_lines(exclude)
    seen: set[str] = set()
    for source in sources:
        for found in _behind(source, spec):
            if isinstance(found, Rejected):
                yield found
            elif str(found) not in seen:
                seen.add(str(found))
                yield found


def _behind(source: str | Path, spec: GitIgnoreSpec) -> Iterator[Path | str | Rejected]:
    if str(source) == STDIN:
        yield STDIN
        return
    path = Path(source).expanduser()
    if part := zotero.named(str(path)):
        yield Path(part.source)
    elif path.is_dir():
        yield from _folder(path, spec)
    elif path.exists() or not glob.has_magic(str(path)):
        yield path.resolve()
    else:
        yield from _glob(str(path), spec)


def _folder(folder: Path, spec: GitIgnoreSpec) -> Iterator[Path | Rejected]:
    found = False
    for path in _walk(folder, spec):
        found = True
        yield path
    if not found:
        yield Rejected(str(folder.resolve()), "no metadata files in this folder")


def _walk(folder: Path, spec: GitIgnoreSpec) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(
            d for d in folders if not d.startswith(".") and not _excluded(here / d, folder, spec, "/")
        )
        for name in sorted(names):
            if _is_metadata(name) and not _excluded(here / name, folder, spec):
                yield (here / name).resolve()


def _is_metadata(name: str) -> bool:
    return not name.startswith(".") and name not in SETTINGS and suffix(name) in SUFFIXES


def _excluded(path: Path, root: Path, spec: GitIgnoreSpec, end: str = "") -> bool:
    return spec.match_file(path.relative_to(root).as_posix() + end)


def _glob(pattern: str, spec: GitIgnoreSpec) -> Iterator[Path | Rejected]:
    paths = sorted(Path(name) for name in glob.iglob(pattern, recursive=True))
    kept = [path for path in paths if path.is_file() and not spec.match_file(path.as_posix().lstrip("/"))]
    if not kept:
        yield Rejected(pattern, "no file matches this pattern")
    yield from (path.resolve() for path in kept)
