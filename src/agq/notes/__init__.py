"""Notes as people write them: a file to blocks of prose with the places where they cite.

One file a syntax, one table that lists them. What the citations name, and whether it holds, is asked
elsewhere.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from types import MappingProxyType

from agq.notes.block import NoteBlock

Reader = Callable[[str], list[NoteBlock]]


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a note may be written: what its files end in, what gives it away in a text without a name."""

    suffixes: tuple[str, ...]
    marks: str

    def is_used_in(self, text: str) -> bool:
        """Whether ``text`` has what is seen in no other syntax."""
        return re.search(self.marks, text, re.MULTILINE) is not None


SYNTAXES: Mapping[str, Syntax] = MappingProxyType(
    {
        "html": Syntax((".html", ".htm", ".xhtml"), r"\A\s*<(?:!doctype|html|\?xml)"),
        "latex": Syntax((".tex", ".ltx", ".latex"), r"^\s*\\(?:documentclass|begin\{|(?:sub)*section\*?\{)"),
        "org": Syntax(
            (".org",), r"^#\+[A-Za-z_]+:|^#\+begin_|\[cite(?:/[\w/-]+)?:[^\]]*@|(?<![\w:{])cite[tp]?:&?\w"
        ),
        "typst": Syntax((".typ",), r"^#(?:import|set|show|let|include|bibliography)\b|#cite\("),
        "markdown": Syntax((".md", ".markdown", ".qmd", ".rmd", ".mdx"), r""),
    }
)
"""In the order in which a text without a name is held against them; what is no other is Markdown."""


def read(text: str, syntax: str = "markdown") -> list[NoteBlock]:
    """The prose of a note in reading order."""
    reader: Reader = import_module(f"agq.notes.{syntax}").read
    return reader(text.replace("\r\n", "\n").replace("\r", "\n"))


def syntax_of(name: str, text: str) -> str:
    """The syntax of a file by its name, else by what it holds."""
    suffix = PurePath(name).suffix.lower()
    by_name = (one for one, syntax in SYNTAXES.items() if suffix in syntax.suffixes)
    by_text = (one for one, syntax in SYNTAXES.items() if syntax.is_used_in(text))
    return next(by_name, None) or next(by_text)


def decoded(data: bytes) -> str:
    """The text of a note: UTF-8, or UTF-16 where it says or shows so; a byte-order mark is no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode(_by_its_zeros(data), "replace")


def _by_its_zeros(data: bytes) -> str:
    """UTF-16 without a mark has a zero beside nearly every letter of a Latin text."""
    head = data[:1000]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.7 * len(zeros):
            return encoding
    return "utf-8"
