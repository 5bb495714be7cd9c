"""The same paper twice becomes one: by id, DOI, arXiv id, or title with a common author and year.

Streaming. Memory holds 64-bit hashes of keys, some 60 bytes a paper; the papers themselves wait in a
temporary file.
"""

from __future__ import annotations

import marshal
import re
import tempfile
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from agq.model import Paper, Rejected
from agq.places import Places
from agq.readers.base import Record

Lookup = Callable[[Sequence[str]], Iterable[Paper]]
"""Identity keys -> the papers that an index holds under any of them, those left out that are being read
again."""

PREPRINT_DOIS = (
    "10.48550/arxiv.",  # arXiv
    "10.1101/",  # bioRxiv, medRxiv
    "10.64898/",  # openRxiv, since 2025
    "10.2139/ssrn.",
    "10.21203/rs.",  # Research Square
    "10.20944/preprints",
    "10.26434/chemrxiv",
    "10.31234/osf.io",  # PsyArXiv
    "10.31219/osf.io",
    "10.31223/",  # EarthArXiv
    "10.36227/techrxiv",
    "10.22541/",  # Authorea
    "10.5281/zenodo.",
)
"""Beginnings of DOIs that name a version of a paper which may have another DOI as published."""

MAX_ALIKE = 64
"""How many papers under one key are compared: a thousand papers called "Editorial" shall not cost a million
looks."""

_values = attrgetter(*(field.name for field in fields(Paper)))
"""A paper's values in the order of its fields; ``astuple`` copies each of them deeply and takes ten times
as long."""

_MARKS = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"~\d+$")
_SUFFIX = re.compile(r",.*$")


@dataclass(frozen=True, slots=True)
class Merged:
    """A paper as it shall stand in the index, under its final id.

    ``repeats``: it stands for the paper of this id that came before, in this run or in the index, and for
    this record too. ``renamed``: the key it had, where another paper had it first. ``absorbs``: ids that
    came before and turned out to be this paper; they go. ``record`` is what was read.
    """

    paper: Paper
    record: Record
    repeats: bool = False
    renamed: str = ""
    absorbs: tuple[str, ...] = ()


def folded_title(title: str) -> str:
    """A title's letters and digits, without case and accents."""
    plain = title if title.isascii() else unicodedata.normalize("NFKD", title)
    return _MARKS.sub("", plain.casefold())


def family(name: str) -> str:
    """The last word of a name in reading order, folded; a suffix left out."""
    words = _SUFFIX.sub("", name).split()
    return folded_title(words[-1]) if words else ""


def identity_keys(paper: Paper) -> tuple[str, ...]:
    """The keys under which the same paper may come again. Sharing one is a hint; :func:`same_paper`
    decides."""
    keys = [f"id:{_NUMBERED.sub('', paper.id)}"]
    if paper.doi:
        keys.append(f"doi:{paper.doi}")
    if paper.arxiv:
        keys.append(f"arxiv:{paper.arxiv}")
    if paper.date and (title := folded_title(paper.title)):
        keys.append(f"title:{paper.date[:4]}:{title}")
    return tuple(keys)


def same_paper(one: Paper, other: Paper) -> bool:
    """Whether two records are of one paper.

    The same arXiv id or DOI says so; two arXiv ids, or two DOIs of which none is a preprint's, say that
    they are not. In between the title decides, with the id or with a common author and year.
    """
    if (one.arxiv and one.arxiv == other.arxiv) or (one.doi and one.doi == other.doi):
        return True
    if _differ(one.arxiv, other.arxiv) or (_differ(one.doi, other.doi) and not _preprint(one.doi, other.doi)):
        return False
    if folded_title(one.title) != folded_title(other.title):
        return False
    same_id = _NUMBERED.sub("", one.id) == _NUMBERED.sub("", other.id)
    return same_id or (one.date[:4] == other.date[:4] != "" and _common_author(one, other))


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _preprint(*dois: str) -> bool:
    return any(doi.startswith(PREPRINT_DOIS) for doi in dois)


def _common_author(one: Paper, other: Paper) -> bool:
    families = {family(name) for name in one.authors} - {""}
    return any(family(name) in families for name in other.authors)


def richer(one: Paper, other: Paper) -> Paper:
    """Both records in one, the richer of each field; where they are as rich, ``one``'s. The id is
    ``one``'s."""
    return Paper(
        id=one.id,
        title=_longer(one.title, other.title),
        abstract=_longer(one.abstract, other.abstract),
        authors=_fuller(one.authors, other.authors),
        categories=tuple(dict.fromkeys(one.categories + other.categories)),
        date=_longer(one.date, other.date),
        doi=_published(one.doi, other.doi),
        arxiv=one.arxiv or other.arxiv,
        url=one.url or other.url,
        venue=_longer(one.venue, other.venue),
    )


def _longer(one: str, other: str) -> str:
    return other if len(other) > len(one) else one


def _fuller(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return max(one, other, key=lambda names: (len(names), sum(map(len, names))))


def _published(one: str, other: str) -> str:
    if one and other and _preprint(one) and not _preprint(other):
        return other
    return one or other


class _Shelf:
    """Papers in a temporary file, found again by their keys."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the shelf, closed with it)
        self._end = 0
        self._elsewhere = False  # whether the file stands anywhere but at its end: each seek empties buffers
        self._offsets = array("q")
        self._slots = Places()
        self._alike: dict[int, list[int]] = {}  # where several papers are under one key

    def close(self) -> None:
        self._file.close()

    def put(self, paper: Paper) -> int:
        """A new place for a paper."""
        self._offsets.append(self._write(paper))
        return len(self._offsets) - 1

    def again(self, slot: int, paper: Paper) -> None:
        """Another state of a paper that has a place."""
        self._offsets[slot] = self._write(paper)

    def drop(self, slot: int) -> None:
        self._offsets[slot] = -1

    def _write(self, paper: Paper) -> int:
        if self._elsewhere:
            self._file.seek(self._end)
            self._elsewhere = False
        offset = self._end
        self._end += self._file.write(marshal.dumps(_values(paper)))
        return offset

    def get(self, slot: int) -> Paper | None:
        if self._offsets[slot] < 0:
            return None
        self._file.seek(self._offsets[slot])
        self._elsewhere = True
        return Paper(*marshal.load(self._file))  # the file is this process's own: nobody else can write it

    def name(self, slot: int, keys: Iterable[str]) -> None:
        """Lets ``slot`` be found under ``keys``."""
        for key in map(hash, keys):
            held = self._slots.get(key)
            if held < 0:
                self._slots.put(key, slot)
            elif key in self._alike:
                if slot not in self._alike[key]:
                    self._alike[key].append(slot)
            elif held != slot:
                self._alike[key] = [held, slot]

    def under(self, keys: Iterable[str]) -> dict[int, Paper]:
        """The papers under any of ``keys``, the earliest first."""
        slots: set[int] = set()
        for key in map(hash, keys):
            if key in self._alike:
                slots.update(self._alike[key][-MAX_ALIKE:])
            elif (slot := self._slots.get(key)) >= 0:
                slots.add(slot)
        return {slot: paper for slot in sorted(slots) if (paper := self.get(slot)) is not None}


def nothing_known(_keys: Sequence[str]) -> Iterable[Paper]:
    """The look-up of an index that holds nothing."""
    return ()


def merge(records: Iterable[Record], lookup: Lookup = nothing_known) -> Iterator[Merged | Record]:
    """Each paper once or, where a later record adds to it, again in its fuller state; rejections as they are.

    Parameters
    ----------
    lookup:
        What an index holds already. It is asked once a record; papers that came only from the sources that
        are being read again must be left out of its answers, or a corrected title would make a second paper.
    """
    shelf = _Shelf()
    try:
        for record in records:
            yield record if isinstance(record.item, Rejected) else _merged(record, record.item, shelf, lookup)
    finally:
        shelf.close()


def _merged(record: Record, paper: Paper, shelf: _Shelf, lookup: Lookup) -> Merged:
    keys = identity_keys(paper)
    here = shelf.under(keys)
    ids = {held.id for held in here.values()}
    there = [held for held in lookup(keys) if held.id not in ids]
    same_here = {slot: held for slot, held in here.items() if same_paper(held, paper)}
    same = [*same_here.values(), *(held for held in there if same_paper(held, paper))]
    if same:
        return _joined(record, same, list(same_here), shelf)
    # where nothing is alike, nothing has the id either
    free = _free_id(paper.id, shelf, lookup) if here or there else paper.id
    final = paper if free == paper.id else replace(paper, id=free)
    shelf.name(shelf.put(final), keys)
    return Merged(final, record, renamed="" if free == paper.id else paper.id)


def _joined(record: Record, same: list[Paper], slots: list[int], shelf: _Shelf) -> Merged:
    """One paper of all that are the same; it takes the place of the first, the others go."""
    whole = same[0]
    for other in (*same[1:], record.item):
        if isinstance(other, Paper):
            whole = richer(whole, other)
    slot = slots[0] if slots else shelf.put(whole)
    shelf.again(slot, whole)
    for gone in slots[1:]:
        shelf.drop(gone)
    keys = [key for paper in (*same, record.item) if isinstance(paper, Paper) for key in identity_keys(paper)]
    shelf.name(slot, keys)
    return Merged(whole, record, repeats=True, absorbs=tuple(p.id for p in same[1:] if p.id != whole.id))


def _free_id(wanted: str, shelf: _Shelf, lookup: Lookup) -> str:
    """``wanted``, or ``wanted~2``, ``wanted~3`` ... where papers that are not this one have it."""
    key = (f"id:{_NUMBERED.sub('', wanted)}",)
    taken = {paper.id for paper in (*shelf.under(key).values(), *lookup(key))}
    free, number = wanted, 2
    while free in taken:
        free, number = f"{wanted}~{number}", number + 1
    return free
