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

PRIVATE_TAGS = ("/", "_")
"""How tags begin that are for the person who set them."""

PRIVATE_FIELDS = frozenset({"file", "annote", "annotation", "local-url", "localfile"})
"""Fields with paths on somebody's disk and somebody's own remarks; ``bdsk-file-1`` and so on too."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


def is_private(field: str) -> bool:
    """Whether a field is nobody else's business."""
    return field.lower() in PRIVATE_FIELDS or field.lower().startswith("bdsk-file")


class Name(NamedTuple):
    """A person's name in its parts, or ``literal`` for a body and for what has no parts."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def reading(self) -> str:
        """As it stands on a title page: ``Ludwig van Beethoven``, ``Martin King, Jr``."""
        if self.literal:
            return self.literal
        name = " ".join(part for part in (self.given, self.particle, self.family) if part)
        return f"{name}, {self.suffix}" if self.suffix and name else name or self.suffix

    def as_csl(self) -> dict[str, str]:
        """The name as CSL-JSON has it."""
        parts = {
            "family": self.family,
            "given": self.given,
            "non-dropping-particle": self.particle,
            "suffix": self.suffix,
            "literal": self.literal,
        }
        return {part: value for part, value in parts.items() if value}

    @classmethod
    def of_csl(cls, held: Mapping[str, Any]) -> Name:
        """The name that CSL-JSON holds."""
        particles = (held.get("dropping-particle"), held.get("non-dropping-particle"))
        return cls(
            family=held.get("family", ""),
            given=held.get("given", ""),
            particle=" ".join(part for part in particles if part),
            suffix=held.get("suffix", ""),
            literal=held.get("literal", ""),
        )


def csl_date(date: str) -> dict[str, Any]:
    """An ISO date as CSL-JSON has it, at its precision; empty for none."""
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else {}


SUFFIX = re.compile(r"(?:Jr|Sr|Ph\.?D|M\.?D|M\.?P\.?H|Esq|I{2,3}|IV|2nd|3rd|4th)\.?", re.IGNORECASE)
LAST_WORD = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV|2nd|3rd|4th")
"""What ends a name written in reading order and is no part of the family's."""

_PARTICLE = re.compile(r"(?!(?:and|und|et|y|e)$)[a-zà-ÿ'’]+\.?")
BODY = re.compile(
    r"\b(?:collaborations?|collaborative|consortium|team|group|network|project|initiative|committee|society"
    r"|institutes?|university|observatory|laboratory|foundation|association|organi[sz]ation|survey|telescope"
    r"|council|ministry|department|commission|agency|investigators|panel|bureau|federation)\b",
    re.IGNORECASE,
)
"""What a body's name has and hardly a person's: asked only where nothing else tells."""


def of_text(text: str) -> Name:
    """A name in whichever order: a comma says that the family's comes first."""
    name = " ".join(text.split())
    if len(name) > 2 and name[0] + name[-1] == "{}":
        return Name(literal=name.strip("{} "))
    if BODY.search(name):
        return Name(literal=name)
    return _inverted(name) if "," in name else _in_reading_order(name)


def _in_reading_order(name: str) -> Name:
    words = name.split()
    suffix = words.pop() if len(words) > 2 and LAST_WORD.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return Name(literal=name)
    start = _family_starts(words)
    family = start
    while family < len(words) - 1 and _PARTICLE.fullmatch(words[family]):
        family += 1
    return Name(
        family=" ".join(words[family:]),
        given=" ".join(words[:start]),
        particle=" ".join(words[start:family]),
        suffix=suffix,
    )


def _family_starts(words: list[str]) -> int:
    """At the first particle behind a given name, else at the last word."""
    return next(
        (n for n, word in enumerate(words[1:-1], start=1) if _PARTICLE.fullmatch(word)), len(words) - 1
    )


def _inverted(name: str) -> Name:
    """``Family, Given``; a suffix in the middle, at the end, or the last word (PubMed's ``King, M Jr``)."""
    parts = [part for part in (part.strip() for part in name.split(",")) if part]
    if len(parts) < 2:
        return _in_reading_order(parts[0]) if parts else Name()
    if SUFFIX.fullmatch(parts[1]):
        if len(parts) > 2:
            return Name(parts[0], " ".join(parts[2:]), suffix=parts[1])
        return _in_reading_order(parts[0])._replace(suffix=parts[1])
    suffix = parts.pop() if len(parts) > 2 and SUFFIX.fullmatch(parts[-1]) else ""
    words = " ".join(parts[1:]).split()
    if not suffix and len(words) > 1 and SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    return Name(parts[0], " ".join(words), suffix=suffix)


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
