"""The file of records, and what it holds: each item once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from agq.collect.items import MADE
from agq.errors import AgqError, UsageError


@dataclass
class Shelf:
    """The file, and what it holds by identifier: whether with an abstract."""

    path: Path
    _known: dict[str, bool] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for item in self._held():
            self._note(item)

    def _held(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if item := _item_of(line):
                    yield item
                elif line.strip() and number == 1:
                    raise UsageError(
                        f"{self.path} was not made by agq, and is not added to",
                        hint="name another: --to FILE",
                    )

    def add(self, items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those of ``items`` that say something new, which are in the file from now on."""
        new = []
        for item in items:
            if not self._says_nothing_new(item):
                self._note(item)
                new.append(item)
        if new:
            self._append("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in new))
        return new

    def _append(self, text: str) -> None:
        try:
            with self.path.open("a+b") as file:
                _end_last_line(file)
                file.write(text.encode("utf-8", "replace"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise AgqError(f"cannot write {self.path}: {error.strerror or error}") from error

    def _says_nothing_new(self, item: Mapping[str, Any]) -> bool:
        known = [self._known[key] for key in _keys(item) if key in self._known]
        return bool(known) and (any(known) or not item.get("abstract"))

    def _note(self, item: Mapping[str, Any]) -> None:
        for key in _keys(item):
            self._known[key] = bool(item.get("abstract")) or self._known.get(key, False)


def _end_last_line(file: BinaryIO) -> None:
    """A last line without an end gets one, or goes where a crash has cut it short."""
    file.seek(0)
    last = b""
    for last in file:  # noqa: B007  # the last one is wanted
        pass
    if last.endswith(b"\n") or not last:
        return
    if _item_of(last.decode("utf-8", "replace")):
        file.write(b"\n")
    else:
        file.truncate(file.tell() - len(last))


def _item_of(line: str) -> dict[str, Any] | None:
    """An item that was made here."""
    try:
        item = json.loads(line)
    except ValueError:
        return None
    held = item.get("custom") if isinstance(item, dict) else None
    return item if isinstance(held, dict) and MADE in held else None


def _keys(item: Mapping[str, Any]) -> Iterator[str]:
    yield f"id:{item['id']}"
    if doi := item.get("DOI"):
        yield f"doi:{str(doi).lower()}"
    if pmid := item.get("PMID"):
        yield f"pmid:{pmid}"
