"""The same paper twice becomes one. :mod:`agq.readers.identity` says what is the same.

One record of them speaks for the paper: its title, authors, date and venue are one claim, and mixed with
another's they would make a paper that nobody wrote. The others lend it what it lacks and what does not depend
on that: an abstract, identifiers, keywords. Streaming: memory holds 64-bit hashes of keys, some 60 bytes a
paper; the papers themselves wait in a temporary file.
"""

from __future__ import annotations

import marshal
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from agq.compact_map import CompactIntMap
from agq.model import Paper, Rejected
from agq.readers.base import Found
from agq.readers.identity import identity_keys, is_preprint_doi, is_published, why_same
from agq.records import Record, Same, Work, id_key, packed, unpacked

Lookup = Callable[[Sequence[str]], Iterable[Work]]
"""Identity keys -> the papers that an index holds under any of them, those left out that are being read
again."""

COMPARED_PAPERS_MAX = 64
"""How many papers under one key are compared: a thousand papers called "Editorial" shall not cost a million
looks."""

_values = attrgetter(*(field.name for field in fields(Paper)))
"""A paper's values in the order of its fields; ``astuple`` copies each of them deeply and takes ten times
as long."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A paper as it shall stand in the index, under its final id, and its record, packed.

    ``repeats``: it stands for the paper of this id that came before, in this run or in the index, and for
    what was read now too. ``renamed``: the key it had, where another paper had it first. ``absorbs``: ids
    that came before and turned out to be this paper; they go. ``found`` is what was read, ``why`` what makes
    it the same.
    """

    paper: Paper
    found: Found
    record: str = ""
    repeats: bool = False
    renamed: str = ""
    absorbs: tuple[str, ...] = ()
    why: str = ""


def joined(one: Work, other: Work, told: Same) -> Work:
    """Two records of one paper in one: the better speaks for it, under ``one``'s id. ``told``: what is kept
    on record of the other."""
    if one.paper == other.paper and not _tells_more(one, other):
        return one  # the same record in another file, or a file under another name
    first, second = unpacked(one.record), unpacked(other.record)
    best, rest, spoken = one, other, first
    if _rank(other, second) > _rank(one, first):
        best, rest, spoken = other, one, second
    paper = replace(
        best.paper,
        id=one.paper.id,
        abstract=_abstract(best.paper, rest.paper),
        categories=tuple(dict.fromkeys(best.paper.categories + rest.paper.categories)),
        date=_to_the_day(best.paper.date, rest.paper.date),
        doi=_published(best.paper.doi, rest.paper.doi),
        arxiv=best.paper.arxiv or rest.paper.arxiv,
        url=best.paper.url or rest.paper.url,
    )
    also = [f"id:{held.paper.id}" for held in (one, other) if held.paper.id != paper.id]
    also += [f"doi:{held.paper.doi}" for held in (one, other) if held.paper.doi not in ("", paper.doi)]
    known = dict.fromkeys((*first.handles, *second.handles, *also))
    same = dict.fromkeys((*first.merged, *second.merged, told))
    private = dict.fromkeys((*first.private, *second.private))
    fields = _with_place(spoken, second if spoken is first else first)
    record = replace(spoken, fields=fields, handles=tuple(known), private=tuple(private), merged=tuple(same))
    return Work(paper, packed(record))


def _tells_more(one: Work, other: Work) -> bool:
    """Whether ``other`` tells where Zotero has the paper or what is noted on it, and ``one`` does not."""
    if "zotero://select/" not in other.record:
        return False
    first, second = unpacked(one.record), unpacked(other.record)
    return bool(second.zotero and not first.zotero) or "annote" in second.fields.keys() - first.fields.keys()


def _with_place(spoken: Record, other: Record) -> Mapping[str, Any]:
    """The fields of the record that speaks, with the paper's place in Zotero and the reader's notes there if
    the other one has them."""
    if not other.zotero:
        return spoken.fields
    place = {name: other.custom[name] for name in ("zotero", "collections") if name in other.custom}
    noted = {"annote": other.fields["annote"]} if "annote" in other.fields else {}
    return {**noted, **spoken.fields, "custom": {**place, **spoken.custom}}


def _rank(work: Work, record: Record) -> tuple[object, ...]:
    """How well a record speaks for its paper: published before preprint, complete before sketchy."""
    paper = work.paper
    return (
        bool(paper.authors),
        is_published(work),
        bool(paper.date),
        bool(paper.venue),
        len(record.fields) // 3,
    )


def _abstract(best: Paper, rest: Paper) -> str:
    """The speaker's own, unless it has none or the beginning only."""
    return best.abstract if 2 * len(best.abstract) >= len(rest.abstract) else rest.abstract


def _to_the_day(best: str, rest: str) -> str:
    """The same date, as precise as either says it."""
    return rest if best and rest.startswith(best) else best


def _published(best: str, rest: str) -> str:
    return rest if not best or (is_preprint_doi(best) and rest and not is_preprint_doi(rest)) else best


class _Shelf:
    """Papers in a temporary file, found again by their keys."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the shelf, closed with it)
        self._end = 0
        self._elsewhere = False  # whether the file stands anywhere but at its end: each seek empties buffers
        self._offsets = array("q")
        self._slots = CompactIntMap()
        self._alike: dict[int, list[int]] = {}  # where several papers are under one key

    def close(self) -> None:
        self._file.close()

    def put(self, work: Work) -> int:
        """A new place for a paper."""
        self._offsets.append(self._write(work))
        return len(self._offsets) - 1

    def again(self, slot: int, work: Work) -> None:
        """Another state of a paper that has a place."""
        self._offsets[slot] = self._write(work)

    def drop(self, slot: int) -> None:
        self._offsets[slot] = -1

    def _write(self, work: Work) -> int:
        if self._elsewhere:
            self._file.seek(self._end)
            self._elsewhere = False
        offset = self._end
        self._end += self._file.write(marshal.dumps((*_values(work.paper), work.record)))
        return offset

    def get(self, slot: int) -> Work | None:
        if self._offsets[slot] < 0:
            return None
        self._file.seek(self._offsets[slot])
        self._elsewhere = True
        *values, record = marshal.load(self._file)  # the file is this process's own: nobody else can write it
        return Work(Paper(*values), record)

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

    def under(self, keys: Iterable[str]) -> dict[int, Work]:
        """The papers under any of ``keys``, the earliest first."""
        slots: set[int] = set()
        for key in map(hash, keys):
            if key in self._alike:
                slots.update(self._alike[key][-COMPARED_PAPERS_MAX:])
            elif (slot := self._slots.get(key)) >= 0:
                slots.add(slot)
        return {slot: work for slot in sorted(slots) if (work := self.get(slot)) is not None}


def nothing_known(_keys: Sequence[str]) -> Iterable[Work]:
    """The look-up of an index that holds nothing."""
    return ()


def merge(found: Iterable[Found], lookup: Lookup = nothing_known) -> Iterator[Merged | Found]:
    """Each paper once or, where a later record adds to it, again in its fuller state; rejections as they are.

    Parameters
    ----------
    lookup:
        What an index holds already. It is asked once a record; papers that came only from the sources that
        are being read again must be left out of its answers, or a corrected title would make a second paper.
    """
    shelf = _Shelf()
    try:
        for one in found:
            yield one if isinstance(one.item, Rejected) else _merged(one, one.item, shelf, lookup)
    finally:
        shelf.close()


def _merged(found: Found, paper: Paper, shelf: _Shelf, lookup: Lookup) -> Merged:
    work = Work(paper, found.record)
    keys = identity_keys(paper)
    here = shelf.under(keys)
    ids = {held.paper.id for held in here.values()}
    there = [held for held in lookup(keys) if held.paper.id not in ids] if lookup is not nothing_known else []
    same_here = {slot: why for slot, held in here.items() if (why := why_same(held, work))}
    same = [(here[slot], why) for slot, why in same_here.items()]
    same += [(held, why) for held in there if (why := why_same(held, work))]
    if same:
        return _joined(found, work, same, list(same_here), shelf)
    # where nothing is alike, nothing has the id either
    free = _free_id(paper.id, shelf, lookup) if here or there else paper.id
    final = paper if free == paper.id else replace(paper, id=free)
    shelf.name(shelf.put(Work(final, found.record)), keys)
    return Merged(final, found, found.record, renamed="" if free == paper.id else paper.id)


def _joined(
    found: Found, work: Work, same: Sequence[tuple[Work, str]], slots: Sequence[int], shelf: _Shelf
) -> Merged:
    """One paper of all that are the same; it takes the place of the first, the others go."""
    whole, why = same[0]
    for other, _ in same[1:]:
        whole = joined(
            whole, other, Same(other.paper.id, found.source, f"{work.paper.id} is the same as both")
        )
    whole = joined(whole, work, Same(work.paper.id, found.source, why))
    slot = slots[0] if slots else shelf.put(whole)
    shelf.again(slot, whole)
    for gone in slots[1:]:
        shelf.drop(gone)
    all_keys = [key for held, _ in same for key in identity_keys(held.paper)] + [*identity_keys(work.paper)]
    shelf.name(slot, all_keys)
    absorbed = tuple(held.paper.id for held, _ in same[1:] if held.paper.id != whole.paper.id)
    return Merged(whole.paper, found, whole.record, repeats=True, absorbs=absorbed, why=why)


def _free_id(wanted: str, shelf: _Shelf, lookup: Lookup) -> str:
    """``wanted``, or ``wanted~2``, ``wanted~3`` ... where papers that are not this one have it."""
    key = (id_key(wanted),)
    taken = {held.paper.id for held in (*shelf.under(key).values(), *lookup(key))}
    free, number = wanted, 2
    while free in taken:
        free, number = f"{wanted}~{number}", number + 1
    return free
