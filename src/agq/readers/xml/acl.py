"""The ACL Anthology's XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from agq.readers import dates
from agq.readers.base import Fields
from agq.readers.xml.elements import at, children
from agq.readers.xml.kind import SAME_NAMES, Context, Kind, drafted
from agq.text.people import Name

if TYPE_CHECKING:
    from lxml.etree import _Element

_ACL_PLACE = re.compile(rb"<(collection|volume)\s[^<>]*?\bid=[\"']([^\"'<>]*)")
_ACL_META = re.compile(rb"<meta>.*?</meta>", re.DOTALL)


def _acl(paper: _Element, context: Context) -> Fields:
    key = _acl_id(paper, context)
    return {
        "id": key,
        "title": at(paper, "title"),
        "abstract": at(paper, "abstract"),
        "authors": [Name(at(a, "last"), at(a, "first")) for a in children(paper, "author")],
        "date": dates.parts(
            at(paper, "year") or context.get("year"), at(paper, "month") or context.get("month")
        ),
        "doi": at(paper, "doi"),
        "url": f"https://aclanthology.org/{key}/" if key else "",
        "venue": context.get("booktitle", ""),
        "type": "paper-conference",
        "fields": {"container-title": context.get("booktitle", ""), "page": at(paper, "pages")},
    }


def _acl_around(between: bytes, context: Context) -> Context:
    """The collection, the volume and what its ``meta`` says."""
    found = {name.decode(): value.decode("utf-8", "replace") for name, value in _ACL_PLACE.findall(between)}
    if "volume" not in found and "collection" not in found:
        return context
    meta = _ACL_META.findall(between)
    held = etree.fromstring(meta[-1], etree.XMLParser(recover=True, resolve_entities=False)) if meta else None
    facts = {name: at(held, name) for name in ("year", "month", "booktitle")}
    return {**context, **found, **facts}


def _acl_id(paper: _Element, context: Context) -> str:
    """The Anthology's id: ``2020.acl-main.1``, or ``P18-1001`` for what came before 2020."""
    collection, volume, number = context.get("collection", ""), context.get("volume", ""), paper.get("id", "")
    if not collection or not volume or not number:
        return at(paper, "url")
    if collection[0].isdecimal() or not (volume.isdecimal() and number.isdecimal()):
        return f"{collection}-{volume}.{number}"
    if collection[0] == "W" or collection == "C69" or (collection == "D19" and int(volume) >= 5):
        return f"{collection}-{int(volume):02d}{int(number):02d}"
    return f"{collection}-{int(volume)}{int(number):03d}"


ACL = Kind(
    "paper",
    _acl,
    drafted("ACL Anthology", {**SAME_NAMES, "id": "id", "venue": "booktitle"}),
    _acl_around,
    roots=("collection",),
)
