"""What an exporter is given: papers with their records, under the keys that they are cited by."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from agq.exporters.keys import key
from agq.model import Paper
from agq.records import PRIVATE_TAGS, Record, Work, csl_date, is_private, unpacked
from agq.text.addresses import web_address
from agq.text.clean import one_line
from agq.text.people import Name, parse_name


class Reference(NamedTuple):
    """A paper, its record, and the key under which it goes out."""

    key: str
    paper: Paper
    record: Record

    @property
    def own_id(self) -> str:
        """The paper's id where the key was made of it and is another; else empty."""
        return self.paper.id if self.key == key(self.paper.id) != self.paper.id else ""


@dataclass(frozen=True, slots=True)
class ReferenceOptions:
    """How references are written.

    ``private``: with the fields and tags that are nobody else's business. ``style``: of formatted text, a
    name or a file; empty for a plain line.
    """

    private: bool = False
    style: str = ""


Exporter = Callable[[Sequence[Reference], ReferenceOptions], str]


def cited(work: Work, asked: str = "") -> Reference:
    """A paper on its way out, under the key that was asked for where a record of it has that key."""
    record = unpacked(work.record)
    known = {work.paper.id, *(same.id for same in record.merged)}
    return Reference(key(asked if asked in known else work.paper.id), work.paper, record)


def names(one: Reference) -> list[Name]:
    """The authors in their parts; where no record has them, as far as their names tell."""
    return list(one.record.authors) or [parse_name(author) for author in one.paper.authors]


def csl_item(one: Reference, *, private: bool = False) -> dict[str, Any]:
    """The work as CSL-JSON has it: what the paper says, then what its source says better."""
    paper, record = one.paper, one.record
    item: dict[str, Any] = {
        "id": one.key,
        "type": record.type
        or ("article-journal" if paper.venue else "article" if paper.arxiv else "document"),
        "title": one_line(paper.title),
        "author": [name.as_csl() for name in names(one)],
        "issued": csl_date(paper.date),
        "DOI": one_line(paper.doi),
        "URL": web_address(paper.url),
        "keyword": one_line(", ".join((*paper.categories, *(record.private if private else ())))),
        "abstract": one_line(paper.abstract),
    }
    if paper.arxiv and item["type"] in ("article", "manuscript", "document"):
        item |= {"publisher": "arXiv", "number": f"arXiv:{paper.arxiv}"}
    item[_venue(item["type"])] = one_line(paper.venue)
    item |= {name: value for name, value in record.fields.items() if name != "custom"}
    if custom := _custom(one, private=private):
        item["custom"] = custom
    if not private:
        item = {name: _public(name, value) for name, value in item.items() if not is_private(name)}
    return {name: value for name, value in item.items() if value not in ("", [], {}, None)}


def _public(name: str, value: Any) -> Any:
    """A value without the tags in it that are nobody else's business."""
    if name not in ("keyword", "tags"):
        return value
    if isinstance(value, str):
        tags = [tag.strip() for tag in re.split("[,;]", value)]
        kept = [tag for tag in tags if not tag.startswith(PRIVATE_TAGS)]
        return value if len(kept) == len(tags) else ", ".join(kept)
    listed = value if isinstance(value, list) else []
    return [tag for tag in listed if not str(tag).startswith(PRIVATE_TAGS)] if listed else value


def _venue(type_: str) -> str:
    """What a paper's venue is where its record does not tell: of a book or thesis, who brought it out."""
    return "publisher" if type_ in ("book", "thesis", "report", "dataset", "software") else "container-title"


def _custom(one: Reference, *, private: bool) -> dict[str, Any]:
    held = {name: value for name, value in one.record.custom.items() if private or not is_private(name)}
    if one.paper.arxiv:
        held["arxiv"] = one.paper.arxiv
    if one.own_id:
        held["agq-id"] = one.own_id
    return held
