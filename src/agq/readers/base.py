"""What a reader takes and gives: a file as bytes, unpacked, in; records and rejections out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from agq.model import Paper, Rejected
from agq.records import Entry
from agq.text.people import Name

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class InputLimits:
    """What bounds memory and time on broken or hostile input; in bytes, but for ``ratio`` and ``aliases``.

    ``record``: one line or one record; a paper with 3,000 authors and their affiliations has 2 MB.
    ``unpacked`` and ``ratio``: a packed file that holds more than the one and more than ``ratio`` times
    its packed size is taken for a decompression bomb (real metadata packs 3 to 12 times, repeats up to 200).
    ``aliases``: YAML aliases in one card.
    """

    record: int = 16 * MEBIBYTE
    unpacked: int = 1024 * MEBIBYTE
    ratio: int = 400
    aliases: int = 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """What a record says of a paper, sorted by field but not yet cleaned.

    ``key`` is the record's own key; ``tags`` are what its reader filed it under, and no categories. ``tex``
    says that braces and backslashes are TeX in all fields (BibTeX). ``mapping`` is paper's field -> record's
    field, for people to look at. ``type`` and ``fields`` are CSL's, ``custom`` what CSL does not know,
    ``verbatim`` CSL's variables as CSL-JSON has them; ``entry`` the record as it is written; ``handles`` as
    in :class:`agq.records.Record`.
    """

    key: str = ""
    title: str = ""
    abstract: str = ""
    authors: Sequence[Name] = ()
    categories: Sequence[str] = ()
    tags: Sequence[str] = ()
    date: str = ""
    doi: str = ""
    arxiv: str = ""
    pmid: str = ""
    url: str = ""
    venue: str = ""
    type: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    custom: Mapping[str, object] = field(default_factory=dict)
    verbatim: Mapping[str, object] = field(default_factory=dict)
    entry: Entry | None = None
    handles: Sequence[str] = ()
    tex: bool = False
    layout: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


Fields = Mapping[str, object]
Layout = Callable[[Fields], Draft]
"""What sorts a record's fields into a draft."""

LIMITS = InputLimits()
"""The limits that hold unless others are given."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as its format holds it: fields by name, nothing cleaned.

    ``layout`` sorts them; None where the fields themselves tell how.
    ``line`` counts from 1; ``record`` is the record's own key or its number.
    """

    fields: Fields
    layout: Layout | None = None
    line: int | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that its format's parser could not read, and why."""

    reason: str
    line: int | None = None
    record: str | None = None


class Unpacking(Protocol):
    """What a file is unpacked by."""

    broken: str
    """Why the file breaks off where it did; empty where it did not."""


@dataclass(frozen=True, slots=True)
class Input:
    """One opened file.

    ``head`` is its beginning, for a look ahead; ``stream`` starts at the first byte all the same.
    ``path`` is set where ``stream`` holds the very bytes of a file on disk.
    """

    source: str
    stream: BinaryIO
    unpacked: Unpacking
    head: bytes
    limits: InputLimits
    path: str = ""

    @property
    def broken(self) -> str:
        """Why the file breaks off where it did; empty where it did not."""
        return self.unpacked.broken


class Reader(Protocol):
    """A format: one opened file in, its records in their order out. Tied to no process, keeps nothing."""

    def __call__(self, file: Input, /) -> Iterator[Raw | Bad]: ...


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """A format of metadata: its name, its reader, and how it is known.

    ``looks``: whether the first bytes of a file, without white space before them, are of it. ``suffixes``:
    those of its files, for where the content leaves it open.
    """

    name: str
    read: Reader
    looks: Callable[[bytes], bool] = lambda _start: False
    suffixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A paper or a rejection, and the file it came from: its resolved path, or ``-`` for stdin.

    ``record``: what the source says beyond the paper, packed. ``layout`` and ``mapping`` (paper's field ->
    record's field) say how the fields were understood.
    ``made``: what was worked out of the paper while it was read ahead.
    """

    source: str
    item: Paper | Rejected
    record: str = ""
    layout: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    made: str = ""
