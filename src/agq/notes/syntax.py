"""What the syntaxes of notes call things, from ``syntax.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

from agq.text.citations import looks_like_id


@cache
def names(kind: str) -> tuple[str, ...]:
    """The names of ``kind``: ``latex.tables``."""
    table: object = _read()
    for key in kind.split("."):
        assert isinstance(table, Mapping)
        table = table[key]
    assert isinstance(table, list)
    return tuple(table)


@cache
def _read() -> Mapping[str, object]:
    return MappingProxyType(tomllib.loads((files("agq.notes") / "syntax.toml").read_text(encoding="utf-8")))


@lru_cache(maxsize=10_000)
def among(name: str, kind: str) -> bool:
    """Whether ``name`` is one of ``kind``."""
    return any(fnmatchcase(name, pattern) for pattern in names(kind))


def is_reference(key: str) -> bool:
    """Whether a key names a part of the document itself: ``fig-heat``, ``eq:mass``."""
    prefix = re.match(r"([A-Za-z]+)[-:]", key)
    return prefix is not None and prefix[1].lower() in names("references")


def is_locator(text: str) -> bool:
    """Whether a bracket behind a key says where in the paper: ``p. 3``, ``33-35``."""
    if looks_like_id(text.strip()):
        return False
    word = re.match(r"\s*(?:(?P<word>[A-Za-z]+)\.?|[\d§¶]|[ivxlc]+\b)", text)
    return word is not None and (word["word"] is None or word["word"].lower() in names("locators"))
