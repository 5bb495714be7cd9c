"""Which format a file has: by its first bytes, then by its name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import PurePath

from agq.readers.table import HEADER_WITHIN, is_header
from agq.readers.xml import ROOTS

SUFFIXES: Mapping[str, str] = {
    ".bib": "bibtex",
    ".cff": "yaml",
    ".ciw": "ciw",
    ".enw": "enw",
    ".csv": "table",
    ".medline": "nbib",
    ".nbib": "nbib",
    ".parquet": "parquet",
    ".ris": "ris",
    ".tab": "table",
    ".tsv": "table",
    ".xml": "",
    ".atom": "atom",
    ".nxml": "jats",
    ".bibtex": "bibtex",
    ".biblatex": "bibtex",
    ".jsonl": "json-lines", ".ndjson": "json-lines", ".json": "json",
    ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip
"""Suffix -> format, where the content leaves it open; empty where only the content tells."""

PACKINGS = frozenset({".gz", ".bz2", ".xz", ".zst", ".zstd", ".lzma"})

_BIBTEX = re.compile(
    rb"^\s*@(?:[A-Za-z]+\s*[{(]\s*[^\s,{}]*\s*,|(?:string|preamble|comment)\s*[{(])", re.M | re.I
)
_RIS = re.compile(rb"(?:.{0,80}\n){0,5}\s*TY {0,3}- ?[A-Z]")
_CIW = re.compile(rb"(?:FN .*\r?\n)?(?:VR .*\r?\n)?PT [A-Z]\s*\r?\n[A-Z][A-Z0-9] ")
_ENW = re.compile(rb"%[0A-Z@] \S.*\r?\n%[0-9A-Z@] ")
_NBIB = re.compile(rb"PMID *- *\d")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_JSON = re.compile(rb"\[\s*[\[{\]]|\{\s*[\"}]")
_YAML_KEY = re.compile(rb"- +&\w+\s*$|-\s*$|(?:- +)?(?:&\w+ +)?[\w\"'-]+ *:(?:\s|$)")


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
    by_content = next((format_ for format_, looks in CONTENT if looks(start)), "")
    by_name = SUFFIXES.get(suffix(name), "")
    return by_name if (by_name, by_content) in LEFT_OPEN else by_content or by_name


def root_of(head: bytes) -> str:
    """The name of the outermost element of XML; empty where this is none."""
    start = head.lstrip()
    root = _ROOT.search(_COMMENT.sub(b"", start)) if start.startswith(b"<") else None
    return root.group(1).decode() if root else ""


def _is_json_lines(start: bytes) -> bool:
    """One whole object a line, and more than one line."""
    first, _, rest = start.partition(b"\n")
    if not first.startswith(b"{") or not rest.strip():
        return False
    return _is_object(first) or (rest.lstrip().startswith(b"{") and not _opens_only(first))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _opens_only(line: bytes) -> bool:
    """Whether this is the first line of an object written over several: ``{`` or ``{"id": 1,``."""
    return line.strip() == b"{" or line.rstrip().endswith((b",", b"[", b"{"))


def _is_json(start: bytes) -> bool:
    return bool(_JSON.match(start))


def _is_table(start: bytes) -> bool:
    """A header that names a title and something else; a line or two on the export may stand before it."""
    return any(is_header(line.decode("utf-8", "replace")) for line in start.splitlines()[:HEADER_WITHIN])


def _is_yaml(start: bytes) -> bool:
    first = next(
        (line for line in start.splitlines() if line.strip() and not line.startswith((b"#", b"%", b"---"))),
        b"",
    )
    return bool(_YAML_KEY.match(first.strip()))


CONTENT: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("bibtex", lambda start: bool(_BIBTEX.search(start))),
    ("parquet", lambda start: start.startswith(b"PAR1")),
    ("ris", lambda start: bool(_RIS.match(start))),
    ("nbib", lambda start: bool(_NBIB.match(start))),
    ("ciw", lambda start: bool(_CIW.match(start))),
    ("enw", lambda start: bool(_ENW.match(start))),
    ("json-lines", _is_json_lines),
    ("json", _is_json),
    ("table", _is_table),
    ("yaml", _is_yaml),
)
"""Format -> what its first bytes look like, the surest first."""

LEFT_OPEN = frozenset({("json-lines", "json")})
"""Formats by name and by content that a first line does not tell apart: the name decides."""
