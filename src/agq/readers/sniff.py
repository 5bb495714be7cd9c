"""Which format a file has: by its first bytes, then by its name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import PurePath

SUFFIXES: Mapping[str, str] = {
    ".bib": "bibtex",
    ".bibtex": "bibtex",
    ".biblatex": "bibtex",
    ".jsonl": "json-lines", ".ndjson": "json-lines", ".json": "json-lines",
    ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip
"""Suffix -> format, where the content leaves it open."""

PACKINGS = frozenset({".gz", ".bz2", ".xz", ".zst", ".zstd", ".lzma"})

_BIBTEX = re.compile(
    rb"^\s*@(?:[A-Za-z]+\s*[{(]\s*[^\s,{}]*\s*,|(?:string|preamble|comment)\s*[{(])", re.M | re.I
)
_YAML_KEY = re.compile(rb"(?:- +)?[\w\"'-]+ *:(?:\s|$)")


def suffix(name: str) -> str:
    """A file's last suffix, that of its packing left out, lower case."""
    suffixes = [s.lower() for s in PurePath(name).suffixes]
    while suffixes and suffixes[-1] in PACKINGS:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def sniffed(head: bytes, name: str) -> str:
    """The format of a file that begins with ``head`` and is called ``name``; empty where neither tells."""
    start = head.lstrip()
    by_content = next((format_ for format_, looks in CONTENT if looks(start)), "")
    return by_content or SUFFIXES.get(suffix(name), "")


def _is_json_lines(start: bytes) -> bool:
    first, newline, rest = start.partition(b"\n")
    if not first.startswith(b"{"):
        return False
    try:
        json.loads(first)
    except ValueError:
        return not newline or rest.lstrip().startswith(b'{"')
    return True


def _is_yaml(start: bytes) -> bool:
    first = next(
        (line for line in start.splitlines() if line.strip() and not line.startswith((b"#", b"%", b"---"))),
        b"",
    )
    return bool(_YAML_KEY.match(first.strip()))


CONTENT: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("bibtex", lambda start: bool(_BIBTEX.search(start))),
    ("json-lines", _is_json_lines),
    ("yaml", _is_yaml),
)
"""Format -> what its first bytes look like, the surest first."""
