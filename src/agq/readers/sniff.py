"""Which format a file has: by its first bytes, then by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

from agq.readers.formats import FORMATS
from agq.readers.xml import ROOTS

SUFFIXES: Mapping[str, str] = {suffix: one.name for one in FORMATS for suffix in one.suffixes} | {".xml": ""}
"""Suffix -> format, where the content leaves it open; empty where only the content tells."""

LEFT_OPEN = frozenset({("json-lines", "json")})
"""Formats by name and by content that a first line does not tell apart: the name decides."""

PACKINGS = frozenset({".gz", ".bz2", ".xz", ".zst", ".zstd", ".lzma"})

_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")


def suffix(name: str) -> str:
    """A file's last suffix, that of its packing left out, lower case."""
    suffixes = [s.lower() for s in PurePath(name).suffixes]
    while suffixes and suffixes[-1] in PACKINGS:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def sniffed(head: bytes, name: str) -> str:
    """The format of a file that begins with ``head`` and is called ``name``; empty where neither tells."""
    start = head.lstrip()
    if start.startswith(b"<"):
        return ROOTS.get(root_of(start), "")
    by_content = next((one.name for one in FORMATS if one.looks(start)), "")
    by_name = SUFFIXES.get(suffix(name), "")
    return by_name if (by_name, by_content) in LEFT_OPEN else by_content or by_name


def root_of(head: bytes) -> str:
    """The name of the outermost element of XML; empty where this is none."""
    start = head.lstrip()
    root = _ROOT.search(_COMMENT.sub(b"", start)) if start.startswith(b"<") else None
    return root.group(1).decode() if root else ""
