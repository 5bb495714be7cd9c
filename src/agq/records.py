"""A work with all that its source says of it, in CSL-JSON's model.

A paper is the part that is searched and shown; its record holds the rest: the type, names in their parts,
every field. What CSL has no variable for stands in ``custom``, under its source's own name. A record travels
and is stored as one line of JSON (``packed``), which only citing and looking at a paper unpacks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from agq.model import Paper
from agq.text.people import Name

PRIVATE_TAGS = ("/", "_")
"""How tags begin that are for the person who set them."""

PRIVATE_FIELDS = frozenset({"file", "annote", "annotation", "local-url", "localfile"})
"""Fields with paths on somebody's disk and somebody's own remarks; ``bdsk-file-1`` and so on too."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


def is_private(field: str) -> bool:
    """Whether a field is nobody else's business."""
    return field.lower() in PRIVATE_FIELDS or field.lower().startswith("bdsk-file")


def csl_date(date: str) -> dict[str, Any]:
    """An ISO date as CSL-JSON has it, at its precision; empty for none."""
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else {}


class Entry(NamedTuple):
    """A record as its source wrote it: its kind there, its fields in their order, values verbatim.

    ``inherited``: what a BibTeX entry has from the one that it refers to.
    """

    format: str
    kind: str
    fields: Sequence[Sequence[str]] = ()
    inherited: Sequence[Sequence[str]] = ()


class Work(NamedTuple):
    """A paper and its record, packed."""

    paper: Paper
    record: str = ""


class Same(NamedTuple):
    """Another record that is of this paper: its key, the file it stands in, and why it is the same."""

    id: str
    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a source says of a work beyond its paper.

    ``fields`` are CSL's variables, ``custom`` among them; title, abstract, DOI, URL, date and keywords are
    there only where the paper does not say them all. ``handles``: by what else the paper may be asked for.
    ``private``: tags that are the reader's own business.
    """

    type: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    entry: Entry | None = None
    handles: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    merged: tuple[Same, ...] = ()

    @property
    def authors(self) -> tuple[Name, ...]:
        """The authors' names."""
        return names(self.fields.get("author"))

    @property
    def custom(self) -> Mapping[str, Any]:
        """The fields that CSL does not know."""
        held: Mapping[str, Any] = self.fields.get("custom", NOTHING)
        return held

    @property
    def zotero(self) -> str:
        """The address that shows the item in Zotero; empty where it came from elsewhere."""
        address = str(self.custom.get("zotero", ""))
        return address if _SELECT.fullmatch(address) else ""


_SELECT = re.compile(r"zotero://select/(?:library|groups/\d{1,12})/items/\w{1,20}", re.ASCII)
"""The only addresses of Zotero's that become links: they show an item and do nothing else."""

EMPTY = Record()


def names(held: object) -> tuple[Name, ...]:
    """The names that a variable of CSL-JSON holds."""
    listed = held if isinstance(held, list | tuple) else ()
    return tuple(Name.of_csl(one) for one in listed if isinstance(one, Mapping))


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def packed(record: Record) -> str:
    """A record as one line of JSON; empty where it says nothing."""
    said = {
        "type": record.type,
        "fields": record.fields,
        "entry": record.entry,
        "handles": record.handles,
        "private": record.private,
        "merged": record.merged,
    }
    held = {name: value for name, value in said.items() if value}
    text = _encode(held) if held else ""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def unpacked(text: str) -> Record:
    """The record that ``packed`` made this of."""
    if not text:
        return EMPTY
    held = json.loads(text)
    return Record(
        type=held.get("type", ""),
        fields=held.get("fields", NOTHING),
        entry=Entry(*held["entry"]) if "entry" in held else None,
        handles=tuple(held.get("handles", ())),
        private=tuple(held.get("private", ())),
        merged=tuple(Same(*one) for one in held.get("merged", ())),
    )


def zotero_address(packed_record: str) -> str:
    """Where Zotero shows the item that a record came from; most come from elsewhere, and are not unpacked."""
    return unpacked(packed_record).zotero if "zotero://select/" in packed_record else ""


def handles(packed_record: str) -> tuple[str, ...]:
    """By what a paper may be asked for beside its id, DOI and arXiv id: ``pmid:25657356``,
    ``url:example.org/a``, ``id:smith2020`` (a key that another record of it has).
    """
    return unpacked(packed_record).handles if '"handles"' in packed_record else ()


_NUMBERED = re.compile(r"~\d+$")
"""What tells the later of two papers under one key apart; it is not part of the key."""


def id_key(paper_id: str) -> str:
    """The key of an id: what papers whose ids differ in their number alone have in common."""
    return f"id:{_NUMBERED.sub('', paper_id)}"


_URL = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?", re.IGNORECASE)


def folded_url(url: str) -> str:
    """An address for comparison: lower case, without scheme, ``www.`` and a slash at its end."""
    return _URL.sub("", url.strip()).rstrip("/").lower()


def url_handle(url: str) -> str:
    """The handle of an address."""
    return f"url:{folded_url(url)}"
