"""A work as an entry of BibTeX or BibLaTeX: as a BibTeX source wrote it, else made from its record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from agq.exporters.base import Reference, ReferenceOptions, csl_item, names
from agq.records import PRIVATE_TAGS, Entry, is_private
from agq.records import names as names_of
from agq.text.addresses import web_address
from agq.text.clean import acts_in_tex, one_line, plain
from agq.text.months import ABBREVIATIONS
from agq.text.people import Name

# BibTeX counts braces whatever stands before them: `\{` alone would swallow the entries that follow.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
# What would end a field, or begin a command where a style prints it.
_ENDS = re.compile(r"[{}\\ ]")
_FORMULA = re.compile(r"\$[^$]+\$")
# A word with a capital behind its first letter: styles that set titles in lower case must leave it alone.
_CAPITALS = re.compile(r"(?<![\\{\w])[^\W_]\w*[A-Z]\w*")
# arXiv's archives, for primaryClass: `cs.LG`, `hep-th`, `cond-mat.str-el`.
_ARXIV_CLASS = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)+)?")
_RANGE = re.compile(r"(?<=\d)\s*[-–—]+\s*(?=[\dA-Za-z])")


class Dialect(NamedTuple):
    """What BibTeX and BibLaTeX call types and fields. ``date``: how a date is written."""

    types: Mapping[str, str]
    other: str
    journal: str
    place: str
    thesis: Callable[[str], tuple[str, str]]
    date: Callable[[str], Iterator[tuple[str, str]]]
    eprint: tuple[str, str]
    more: Mapping[str, str]


def written(cited: Sequence[Reference], wanted: ReferenceOptions, dialect: Dialect) -> str:
    """One entry a work, in the order given; what others refer to comes behind them, as BibTeX wants it."""
    keys = {one.key.lower() for one in cited}
    parents = {name for one in cited for name in _referred(one.record.entry)}
    last = [one for one in cited if one.key.lower() in parents]
    first = [one for one in cited if one.key.lower() not in parents]
    return "\n".join(_entry(one, wanted, dialect, keys) for one in [*first, *last])


def _referred(entry: Entry | None) -> list[str]:
    """The keys that an entry refers to, lower case."""
    held = [value for name, value in entry.fields if name.lower() in _REFERS] if entry else []
    return [name.strip().lower() for value in held for name in value.strip('{}" ').split(",") if name.strip()]


_REFERS = ("crossref", "xdata")


def _entry(one: Reference, wanted: ReferenceOptions, dialect: Dialect, keys: set[str]) -> str:
    entry = one.record.entry
    if entry and entry.format == "bibtex":
        kind, fields = entry.kind, _as_it_came(entry, wanted, keys)
    else:
        kind, fields = _made(one, wanted, dialect)
    if one.own_id:
        fields = [*fields, _own_id(one.own_id)]
    lines = "".join(f"  {name} = {plain(value)},\n" for name, value in fields)
    return f"@{kind}{{{one.key},\n{lines}}}\n"


def _own_id(paper_id: str) -> tuple[str, str]:
    """The id that is no key: BibLaTeX cites an entry by what stands in ``ids`` too, but for some signs."""
    alias = paper_id.isprintable() and not re.search(r"[{},%#~\\\s]", paper_id)
    return ("ids", f"{{{paper_id}}}") if alias else ("agq-id", f"{{{escaped(paper_id)}}}")


def _as_it_came(entry: Entry, wanted: ReferenceOptions, keys: set[str]) -> list[tuple[str, str]]:
    """The fields verbatim; what stands in an entry that does not go out too is written here."""
    alone = not set(_referred(entry)) <= keys
    fields: list[tuple[str, str]] = []
    for name, value in entry.fields:
        if (name.lower() in _REFERS and alone) or (is_private(name) and not wanted.private):
            continue
        told = value if wanted.private or name.lower() not in _TAGS else _public(value)
        if told:
            fields.append((name, told))
    return [*fields, *((name, value) for name, value in entry.inherited if alone)]


_TAGS = ("keywords", "keyword", "mendeley-tags")
_TAG = re.compile(r"[;,]")


def _public(value: str) -> str:
    """A list of keywords without private ones; empty where no other is in it, untouched where none is."""
    inside = value[1:-1]
    tags = _TAG.split(inside)
    kept = [tag for tag in tags if not tag.strip(" {}\n").replace("\\", "").startswith(PRIVATE_TAGS)]
    if len(kept) == len(tags):
        return value
    mark = (_TAG.search(inside) or re.match("", "")).group()  # type: ignore[union-attr]  # one of them matches
    told = mark.join(kept).strip()
    return f"{{{told}}}" if told.strip(",; ") else ""


def _made(one: Reference, wanted: ReferenceOptions, dialect: Dialect) -> tuple[str, list[tuple[str, str]]]:
    """An entry made of CSL's variables."""
    item = csl_item(one, private=wanted.private)
    kind = dialect.types.get(item["type"], dialect.other)
    genre = str(item.get("genre", ""))
    if item["type"] == "thesis":
        kind, genre = dialect.thesis(genre)
    fields = [(name, value) for name, value in _fields(one, item, kind, dialect) if value]
    if genre and item["type"] in ("thesis", "report"):
        fields.append(("type", f"{{{escaped(genre)}}}"))
    return kind, fields


def _fields(
    one: Reference, item: Mapping[str, Any], kind: str, dialect: Dialect
) -> Iterator[tuple[str, str]]:
    def text(name: str) -> str:
        value = item.get(name, "")
        return f"{{{escaped(str(value))}}}" if value and isinstance(value, str | int) else ""

    yield "title", f"{{{_protected(one.paper.title)}}}"
    yield "author", _people(names(one))
    yield "editor", _people(names_of(item.get("editor")))
    yield (dialect.journal if kind == "article" else "booktitle"), text("container-title")
    yield from dialect.date(one.paper.date)
    yield "volume", text("volume")
    yield "number", text("issue") or text("collection-number") or ("" if one.paper.arxiv else text("number"))
    yield "pages", _RANGE.sub("--", text("page"))
    yield from ((field, text(name)) for name, field in _SAME.items())
    yield _publisher(kind), "" if one.paper.arxiv and item.get("publisher") == "arXiv" else text("publisher")
    yield dialect.place, text("publisher-place")
    yield from ((field, text(name)) for name, field in dialect.more.items())
    yield "doi", f"{{{_verbatim(one.paper.doi)}}}" if one.paper.doi else ""
    yield from _eprint(one, dialect)
    address = web_address(one.paper.url)
    yield "url", f"{{{_verbatim(address)}}}" if address else ""
    yield "keywords", text("keyword")
    yield "abstract", text("abstract")
    yield from _custom(item)


_SAME = {
    "collection-title": "series",
    "edition": "edition",
    "chapter-number": "chapter",
    "ISBN": "isbn",
    "ISSN": "issn",
    "language": "language",
    "note": "note",
    "PMID": "pmid",
}


def _publisher(kind: str) -> str:
    if kind in ("phdthesis", "mastersthesis"):
        return "school"
    return "institution" if kind in ("thesis", "techreport", "report") else "publisher"


def _custom(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What CSL does not know, under names that BibTeX can have."""
    for name, value in item.get("custom", {}).items():
        if isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) and name not in _NAMED:
            yield name.lower(), f"{{{escaped(value)}}}"


_NAMED = frozenset({"arxiv", "agq-id"})


def _eprint(one: Reference, dialect: Dialect) -> Iterator[tuple[str, str]]:
    paper = one.paper
    if paper.arxiv:
        yield "eprint", f"{{{_verbatim(paper.arxiv)}}}"
        yield dialect.eprint[0], "{arXiv}"
        if paper.categories and _ARXIV_CLASS.fullmatch(paper.categories[0]):
            yield dialect.eprint[1], f"{{{paper.categories[0]}}}"


def year_and_month(date: str) -> Iterator[tuple[str, str]]:
    """A date as BibTeX has it."""
    if date:
        yield "year", f"{{{date[:4]}}}"
    if len(date) >= 7:
        yield "month", ABBREVIATIONS[int(date[5:7]) - 1].lower()


def iso_date(date: str) -> Iterator[tuple[str, str]]:
    """A date as BibLaTeX has it."""
    if date:
        yield "date", f"{{{date}}}"


def _people(people: Sequence[Name]) -> str:
    return f"{{{' and '.join(map(_person, people))}}}" if people else ""


def _person(name: Name) -> str:
    """``Family, Given``: with the comma BibTeX does not guess. A body in braces, so that it stays whole."""
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    family = f"{name.particle} {name.family}".strip()
    parts = [family, name.suffix, name.given] if name.suffix else [family, name.given]
    if not name.given:
        return f"{{{escaped(family)}}}"
    return ", ".join(_part(part) for part in parts if part)


def _part(text: str) -> str:
    """A part of a name; one with the word "and" or a comma in it would end the author."""
    return f"{{{escaped(text)}}}" if re.search(r"\band\b|,", text) else escaped(text)


def escaped(text: str) -> str:
    """``text`` with TeX's special characters as text."""
    return _SPECIAL.sub(lambda mark: _ESCAPES[mark.group()], one_line(text))


def _protected(title: str) -> str:
    """A title: formulas that only set letters as they are, capitals kept by braces, all else as text."""
    title = one_line(title)
    parts, end = [], 0
    for formula in _FORMULA.finditer(title):
        if _balanced(formula.group()) and not acts_in_tex(formula.group()):
            parts += [_words(title[end : formula.start()]), formula.group()]
            end = formula.end()
    return "".join([*parts, _words(title[end:])])


def _words(text: str) -> str:
    text = _SPECIAL.sub(lambda mark: _ESCAPES[mark.group()], text)  # the spaces at its ends stay
    return _CAPITALS.sub(lambda word: f"{{{word.group()}}}", text)


def _balanced(text: str) -> bool:
    """Whether BibTeX, to which a backslash makes no difference, finds every brace closed."""
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


def _verbatim(text: str) -> str:
    """A DOI or an address: programs read it as it is, so only what would end the field is encoded."""
    return _ENDS.sub(lambda mark: f"%{ord(mark.group()):02X}", one_line(text))
