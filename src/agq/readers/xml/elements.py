"""Elements of XML by the names on their path, and their text."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from lxml import etree

from agq.readers.tex import script

if TYPE_CHECKING:
    from lxml.etree import _Element

_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: _Element | None, *path: str) -> _Element | None:
    """The element down this path of names, the first of each."""
    for name in path:
        element = next((e for e in element if local(e) == name), None) if element is not None else None
    return element


def children(element: _Element | None, *path: str) -> list[_Element]:
    """All elements down this path of names."""
    held = [element] if element is not None else []
    for name in path:
        held = [e for parent in held for e in parent if local(e) == name]
    return held


def flat(element: _Element | None) -> str:
    """The text of an element and of those in it; what is raised or lowered in Unicode's letters, formulas as
    TeX."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for inside in element:
        parts.append(_inside(inside))
        parts.append(inside.tail or "")
    return "".join(parts)


def _inside(element: _Element) -> str:
    if element.tag is etree.Entity:
        return html.unescape(element.text or "")
    name = local(element)
    if name in ("sub", "sup"):
        return script("^" if name == "sup" else "_", flat(element))
    if name == "tex-math":
        return _formula(flat(element))
    if name == "alternatives" and (maths := child(element, "tex-math")) is not None:
        return _formula(flat(maths))
    return flat(element) if name else ""


def _formula(text: str) -> str:
    if found := _DOCUMENT.search(text):
        return found.group(1)
    return text if text.startswith("$") else f"${text}$"


def at(element: _Element | None, *path: str) -> str:
    """The text down a path of names."""
    return flat(child(element, *path)).strip()


def texts(element: _Element | None, *path: str) -> list[str]:
    """The texts of all elements down a path of names."""
    return [flat(e).strip() for e in children(element, *path)]
