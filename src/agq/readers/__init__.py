"""Metadata files to papers, streaming.

A file goes one way: found (``sources``), unpacked (``streams``), told by its content (``sniff``), cut into
records and parsed one by one (a file a format), its fields sorted into a draft (``layouts``; the known ones
stand in ``services``, ``managers`` and ``exports``), the draft cleaned into a paper (``clean``). Whoever
indexes joins duplicates (``merge``). Each record is parsed by itself, so that a broken one costs no other and
memory holds one at a time.

What reads what, and why that library:

=================== ============== ===================================================================
format              library        why
=================== ============== ===================================================================
BibTeX, BibLaTeX    bibtexparser 2 keeps all entries beside a broken one; pybtex ends at the first brace
                                   too few or unknown macro, and takes three times as long
names in BibTeX     bibtexparser   knows braces, ``von`` and ``Jr`` (``\\~`` is hidden from it: it takes
                                   the accent for a space)
TeX                 pylatexenc     its tables of macros; its parser (290 µs a formula, and forgets what
                                   ``_{ij}`` groups) only for what the walk here does not know;
                                   unicodeit takes longer and knows no text macros
RIS, nbib           rispy          takes any tag, on several lines; the package nbib reads one format
                                   and brings two more packages
YAML                PyYAML         its parser's events: every scalar stays text (``2406.08550``),
                                   nested aliases take no memory
JSON                json           orjson would save 0.4 of 6 seconds over 40,000 records, and refuses
                                   ``NaN``; ijson ends at the first mistake
CSV, TSV            csv            strict row by row, lenient for a row that fails
XML                 lxml           entities left alone, nothing fetched; defusedxml ends a file at its
                                   first entity
Zotero              sqlite3        the library itself, locked or not; pyzotero wants a bibtexparser that
                                   reads no BibLaTeX beside a broken entry
Parquet             pyarrow        is here for the index
.zst                pyarrow        tells a truncated file, which zstandard's reader takes for a whole one
excludes            pathspec       means what git means
dates               standard lib.  dateutil and dateparser fill in the month and day that are not there
=================== ============== ===================================================================
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from pathspec import GitIgnoreSpec

from agq.files import STDIN
from agq.model import Rejected
from agq.readers import clean, layouts
from agq.readers.base import LIMITS, Bad, Found, InputLimits, Raw, Reader
from agq.readers.formats import READERS
from agq.readers.json import read_json_lines
from agq.readers.sniff import root_of, sniffed
from agq.readers.sources import files
from agq.readers.streams import opened
from agq.readers.xml import ELSEWHERE
from agq.readers.zotero import records as zotero_records
from agq.records import packed
from agq.registry import pick
from agq.zotero import named

__all__ = [
    "READERS",
    "FieldMap",
    "FieldMaps",
    "Found",
    "InputLimits",
    "Reader",
    "read",
    "read_file",
    "read_lines",
]

FieldMap = Mapping[str, str]
"""Paper's field -> record's field, or a path to it: ``titles.0.title``."""


def read(
    sources: Iterable[str | Path],
    *,
    exclude: Sequence[str] = (),
    fields: Mapping[str, str | FieldMap] | None = None,
    stdin: BinaryIO | None = None,
    limits: InputLimits = LIMITS,
) -> Iterator[Found]:
    """Every paper and every rejection in ``sources``, one at a time, in order.

    Parameters
    ----------
    sources:
        Files, folders, globs; ``-`` reads ``stdin`` (by default the process's).
    exclude:
        Lines as in ``.gitignore``, for folders and globs.
    fields:
        For records whose layout is their own: paper's field -> record's (``{"title": "Titel"}``), for all
        sources or, under a pattern as in ``.gitignore``, for some (``{"old/*.csv": {"title": "Titel"}}``).

    Raises
    ------
    UnknownName
        ``fields`` names a field that no paper has.
    """
    said = FieldMaps(fields or {})
    for found in files(sources, exclude):
        if isinstance(found, Rejected):
            yield Found(found.source, found)
        elif part := named(str(found)):
            yield from (_record(raw, part.source, None) for raw in zotero_records(part))
        elif found == STDIN:
            yield from read_stream(stdin or sys.stdin.buffer, STDIN, fields=said.of(STDIN), limits=limits)
        else:
            yield from read_file(Path(found), fields=said.of(str(found)), limits=limits)


class FieldMaps:
    """What a person said of the fields, by source; a name that no paper's field has raises UnknownName."""

    def __init__(self, fields: Mapping[str, str | FieldMap]) -> None:
        self._all = {name: path for name, path in fields.items() if isinstance(path, str)}
        self._some = [
            (GitIgnoreSpec.from_lines([pattern]), said)
            for pattern, said in fields.items()
            if not isinstance(said, str)
        ]
        for name in [*self._all, *(name for _, said in self._some for name in said)]:
            pick("field of a paper", layouts.ALIASES, name)

    def of(self, source: str) -> FieldMap:
        """The fields of one source; what is said of it alone goes before what is said of all."""
        own = [said for spec, said in self._some if spec.match_file(source.lstrip("/"))]
        return {name: path for said in (self._all, *own) for name, path in said.items()}


def read_file(path: Path, *, fields: FieldMap | None = None, limits: InputLimits = LIMITS) -> Iterator[Found]:
    """The records of one file. A file that is not there or cannot be opened is one rejection."""
    try:
        raw = path.open("rb")
    except OSError as error:
        yield Found(str(path), Rejected(str(path), f"cannot be opened: {error.strerror}"))
        return
    with raw:
        yield from read_stream(raw, str(path), fields=fields, limits=limits, path=str(path))


def read_stream(
    raw: BinaryIO,
    source: str,
    *,
    fields: FieldMap | None = None,
    limits: InputLimits = LIMITS,
    path: str = "",
) -> Iterator[Found]:
    """The records of one stream of bytes. Depends on nothing else."""
    try:
        file = opened(raw, source, limits, path)
    except OSError as error:
        yield Found(source, Rejected(source, f"cannot be read: {error.strerror}"))
        return
    format_ = sniffed(file.head, source)
    if not format_:
        yield Found(source, Rejected(source, file.broken or _unknown(file.head)))
        return
    empty = True
    for item in READERS[format_].read(file):
        empty = False
        yield _record(item, source, fields)
    if file.broken or empty:
        yield Found(source, Rejected(source, file.broken or "no records in it"))


def read_lines(
    raw: BinaryIO, source: str, *, fields: FieldMap | None = None, limits: InputLimits = LIMITS
) -> Iterator[Found]:
    """The records of some lines of a file of JSON Lines, which count from 1. Depends on nothing else."""
    for item in read_json_lines(opened(raw, source, limits)):
        yield _record(item, source, fields)


def _unknown(head: bytes) -> str:
    if not head.strip():
        return "empty file"
    known = next((reason for magic, reason in _OTHERS if head.startswith(magic)), "")
    return known or ELSEWHERE.get(root_of(head), "format not recognised")


_OTHERS = (
    (b"PK\x03\x04", "a zip archive or office document: unpack or export it first"),
    (b"%PDF", "a PDF: metadata is wanted, not the paper"),
    (
        b"SQLite format 3",
        "an SQLite database: export it first; Zotero's own is read where it is called zotero.sqlite",
    ),
)
"""First bytes -> what to say of a file that is often tried."""


def _record(item: Raw | Bad, source: str, fields: FieldMap | None) -> Found:
    if isinstance(item, Bad):
        return Found(source, Rejected(source, item.reason, item.line, item.record))
    draft = layouts.draft(item.fields, item.layout, fields)
    try:
        paper, record = clean.cleaned(draft)
    except clean.NoPaper as error:
        told = Rejected(source, str(error), item.line, item.record or draft.key or None)
        return Found(source, told, "", draft.layout, draft.mapping)
    return Found(source, paper, packed(record), draft.layout, draft.mapping)
