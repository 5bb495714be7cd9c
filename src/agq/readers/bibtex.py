"""BibTeX and BibLaTeX, with bibtexparser.

The file goes to the parser in batches of whole entries, cut where a line begins with ``@``: memory holds
one batch, and an entry with a brace too few costs no other.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Bad, Draft, Fields, Input, Raw, SourceFormat
from agq.readers.entries import Getter, csl_type, unknown, variables
from agq.readers.streams import Line, NotText, lines, text
from agq.readers.tex import accents_resolved, plain, unescaped
from agq.records import Entry as Written
from agq.text import identifiers
from agq.text.months import ABBREVIATIONS
from agq.text.people import Name

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry, ParsingFailedBlock

_MONTH_MACROS = frozenset(name.lower() for name in ABBREVIATIONS)
BATCH_BYTES = 128 * 1024
WAITING_ENTRIES_MAX = 10_000
"""Entries that wait for the one they refer to; beyond that the first goes without."""

MACRO_BYTES_MAX = 1024 * 1024
"""Letters of one value, and of all macros of a file together: macros made of macros double with each line."""

_START = re.compile(rb"\s*@\s*(\w+)\s*[{(]\s*([^\s,{}()]*)")
_COMMENTED = re.compile(rb"\s*%.*@\s*\w+\s*[{(]")
"""An entry behind a percent sign: BibTeX would read it, the person who wrote the sign would not."""
_NO_PAPERS = frozenset({"xdata", "set", "string", "preamble", "comment"})
_PARENTS = frozenset(
    """proceedings book collection mvbook mvcollection mvproceedings reference mvreference periodical
    xdata""".split()
)
_INHERITED = frozenset(
    """year date month publisher journal journaltitle eventtitle eventdate venue organization editor series
    volume number isbn issn address location institution""".split()
)
_SPLIT = re.compile(r"[;,]")
_PLAIN_DATE = re.compile(r"\d{4}")


@dataclass(slots=True)
class _State:
    """What later entries may refer to."""

    macros: dict[str, str] = field(default_factory=dict)
    parents: dict[str, dict[str, str]] = field(default_factory=dict)
    waiting: dict[str, list[Raw]] = field(default_factory=dict)
    said: int = 0

    def define(self, name: str, value: str) -> None:
        """Keep a macro, unless the file's macros grow out of each other without bound."""
        self.said += len(value)
        if self.said <= MACRO_BYTES_MAX:
            self.macros[name] = value


def read_bibtex(file: Input) -> Iterator[Raw | Bad]:
    """The entries of a file, those that refer to a later one behind it."""
    state = _State()
    for batch in _batches(file):
        if isinstance(batch, Bad):
            yield batch
        else:
            yield from _entries(batch, state)
    for waiting in state.waiting.values():
        yield from waiting


@dataclass(slots=True)
class _Batch:
    """Whole entries one behind the other, and the number of their first line."""

    line: int
    texts: list[str] = field(default_factory=list)
    size: int = 0


def _batches(file: Input) -> Iterator[_Batch | Bad]:
    batch = _Batch(1)
    for piece in _pieces(file):
        if isinstance(piece, Bad) or batch.size > BATCH_BYTES:
            if batch.texts:
                yield batch
            batch = _Batch(0)
        if isinstance(piece, Bad):
            yield piece
            continue
        batch.line = batch.line if batch.texts else piece[0]
        batch.texts.append(piece[1])
        batch.size += len(piece[1])
    if batch.texts:
        yield batch


def _pieces(file: Input) -> Iterator[tuple[int, str] | Bad]:
    """What stands from one ``@`` at the beginning of a line to the next, and its first line's number."""
    held: list[Line] = []
    size = 0
    broken = False
    for line in lines(file):
        if isinstance(line, Bad):
            yield Bad(line.reason, line.line, _key(held[0].data) if held else None)
            held, broken = [], True
            continue
        if _START.match(line.data):
            yield from _piece(held, size, file)
            held, size, broken = [], 0, False
        size += len(line.data)
        if size <= file.limits.record and not broken:
            held.append(line if not _COMMENTED.match(line.data) else Line(line.number, b"\n"))
    yield from _piece(held, size, file)


def _piece(held: list[Line], size: int, file: Input) -> Iterator[tuple[int, str] | Bad]:
    if not held:
        return
    first = held[0]
    if size > file.limits.record:
        yield Bad(f"entry longer than {file.limits.record:,} bytes", first.number, _key(first.data))
        return
    try:
        content = text(b"".join(line.data for line in held))
    except NotText as error:
        yield Bad(str(error), first.number, _key(first.data))
        return
    yield first.number, content.replace("\r\n", "\n").replace("\x00", "")


def _key(line: bytes) -> str | None:
    found = _START.match(line)
    return found.group(2).decode("utf-8", "replace") or None if found else None


def _entries(batch: _Batch, state: _State) -> Iterator[Raw | Bad]:
    from bibtexparser import model  # noqa: PLC0415  (its tables take 50 ms)
    from bibtexparser.entrypoint import parse_string  # noqa: PLC0415

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would print becomes a rejection
    library = parse_string("".join(batch.texts), parse_stack=[])
    for block in library.blocks:
        whole = _whole(block)
        line = batch.line + (block.start_line or 0)
        if isinstance(whole, model.String):
            state.define(whole.key.lower(), _value(str(whole.value), state.macros))
        elif isinstance(whole, model.Entry):
            yield from _entry(whole, line, state)
        elif isinstance(block, model.ParsingFailedBlock):
            yield _failed(block, line)


def _whole(block: Block) -> Block:
    """An entry that the parser set aside only for its key or a field being there twice."""
    from bibtexparser import model  # noqa: PLC0415  (as above)

    if (
        isinstance(block, model.DuplicateBlockKeyBlock | model.DuplicateFieldKeyBlock)
        and block.ignore_error_block
    ):
        return block.ignore_error_block
    return block


def _failed(block: ParsingFailedBlock, line: int) -> Bad:
    raw = block.raw or ""
    reason = str(getattr(block.error, "abort_reason", "") or block.error).split("\n", 1)[0].rstrip(".")
    return Bad(f"not valid BibTeX: {_told(reason)}", line, _key(raw.encode()))


def _told(reason: str) -> str:
    """The parser's reason in the words of somebody who looks for the mistake."""
    if "end of file" in reason:
        return "the entry does not end (a brace or quote is missing)"
    if "block start" in reason:
        return "the next entry begins before this one ends (a brace or quote is missing)"
    return reason[:1].lower() + reason[1:]


def _entry(entry: Entry, line: int, state: _State) -> Iterator[Raw | Bad]:
    kind = entry.entry_type.strip().lower()
    fields: dict[str, str] = {}
    written: dict[str, tuple[str, str]] = {}
    for one in entry.fields:
        name, raw = one.key.strip(), str(one.value)
        if name.lower() not in fields:
            fields[name.lower()] = value = _value(raw, state.macros)
            written[name.lower()] = (name, _as_written(raw, value))
    key = entry.key.strip()
    if kind in _PARENTS or key.lower() in state.waiting:
        state.parents[key.lower()] = {
            name: value for name, value in fields.items() if kind == "xdata" or name in _KEPT
        }
    if kind not in _NO_PAPERS:
        source = Written("bibtex", entry.entry_type.strip(), tuple(written.values()))
        held = {**fields, "citation key": key, "entry type": kind, "as written": source}
        yield from _placed(Raw(held, draft, line, key or None), state)
    for child in state.waiting.pop(key.lower(), ()):
        yield from _placed(child, state)


_KEPT = frozenset({"title", "crossref"}) | _INHERITED


def _as_written(raw: str, value: str) -> str:
    """A value with its braces or quotes; with what its macros say, where it has any."""
    raw = raw.strip()
    alone = (raw[:1] + raw[-1:] in ("{}", '""') and len(_parted(raw, "#")) == 1) or raw.isdecimal()
    return raw if alone or raw.lower() in _MONTH_MACROS else f"{{{value}}}"


def _placed(raw: Raw, state: _State) -> Iterator[Raw]:
    """The entry with what it inherits; nothing while the entry that it refers to has not come."""
    fields = dict(raw.fields)
    for name in _referred(fields):
        if name not in state.parents:
            waiting = (
                sum(len(held) for held in state.waiting.values())
                if len(state.waiting) > WAITING_ENTRIES_MAX
                else 0
            )
            if waiting > WAITING_ENTRIES_MAX:
                break
            state.waiting.setdefault(name, []).append(raw)
            return
        _inherit(fields, state.parents[name])
    yield Raw(fields, raw.layout, raw.line, raw.record)


def _referred(fields: Mapping[str, object]) -> list[str]:
    named = f"{fields.get('crossref') or ''},{fields.get('xdata') or ''}".lower()
    own = str(fields.get("citation key")).lower()
    return [name.strip() for name in named.split(",") if name.strip() and name.strip() != own]


def _inherit(fields: dict[str, object], parent: Mapping[str, str]) -> None:
    """What the entry does not say itself; a parent's title is the child's book title."""
    xdata = "title" not in fields and "author" in parent
    taken = {
        "booktitle" if name == "title" and not xdata else name: value
        for name, value in parent.items()
        if name != "crossref"
    }
    new = {name: value for name, value in taken.items() if not fields.get(name)}
    fields.update(new)
    if isinstance(written := fields.get("as written"), Written):
        told = tuple((name, f"{{{value}}}") for name, value in new.items())
        fields["as written"] = written._replace(inherited=(*written.inherited, *told))


def _value(raw: str, macros: Mapping[str, str]) -> str:
    """What a value says: braces or quotes off, parts joined by ``#``, macros looked up.

    A macro that nobody defined stays under its own name: months, and files that lost their ``@string``s.
    """
    said = ""
    for part in _parted(raw, "#"):
        said += _part(part.strip(), macros)
        if len(said) > MACRO_BYTES_MAX:
            return said[:MACRO_BYTES_MAX]
    return said


def _part(part: str, macros: Mapping[str, str]) -> str:
    if len(part) > 1 and part[0] + part[-1] in ("{}", '""'):
        return part[1:-1]
    return macros.get(part.lower(), part)


def _parted(raw: str, mark: str) -> list[str]:
    """``raw`` parted at each ``mark`` that stands in no braces and no quotes."""
    if mark not in raw:
        return [raw]
    parts: list[str] = []
    depth, quoted, start = 0, False, 0
    for at, char in enumerate(raw):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif char == mark and depth == 0 and not quoted:
            parts.append(raw[start:at])
            start = at + 1
    return [*parts, raw[start:]]


def draft(fields: Fields) -> Draft:
    """An entry's fields, sorted."""
    get = _getter(fields)
    kind = get("entry type")
    title, subtitle = get("title"), get("subtitle")
    written = fields.get("as written")
    return Draft(
        key=get("citation key"),
        title=f"{title}: {subtitle}" if title and subtitle else title,
        abstract=get("abstract"),
        authors=people(get("author")),
        categories=[
            *_SPLIT.split(get("eprintclass", "primaryclass")),
            *_SPLIT.split(get("keywords", "keyword")),
        ],
        date=_date(get),
        doi=get("doi") or identifiers.doi_of_url(unescaped(get("url", "ee"))),
        arxiv=_arxiv(get),
        pmid=get("pmid"),
        url=_url(get),
        venue=get("journaltitle", "journal", "booktitle", "eventtitle", "school", "institution", "publisher"),
        type=csl_type(kind, get),
        fields=variables(kind, get, people),
        custom=unknown(fields),
        entry=written if isinstance(written, Written) else None,
        tex=True,
        layout="BibTeX",
        mapping={name: field for name, held in _MAPPING.items() for field in held if fields.get(field)},
    )


_MAPPING: Mapping[str, tuple[str, ...]] = {
    "id": ("citation key",),
    "title": ("title",),
    "abstract": ("abstract",),
    "authors": ("author",),
    "categories": ("keywords",),
    "date": ("year", "date"),
    "doi": ("doi",),
    "arxiv": ("eprint",),
    "url": ("url",),
    "venue": ("booktitle", "journal", "journaltitle"),
}


def _getter(fields: Fields) -> Getter:
    def get(*names: str) -> str:
        """The first of the fields that is there and says something."""
        return next(
            (value for name in names if isinstance(value := fields.get(name), str) and value.strip()), ""
        )

    return get


def _date(get: Getter) -> str:
    year = plain(get("year"), tex=True).strip(" []")
    if _PLAIN_DATE.fullmatch(year) and not get("date"):
        return dates.parts(year, get("month").strip("{}. "), get("day"))
    return dates.iso(get("date", "year").strip("{}[] ")) if get("date") else dates.iso(year)


def _arxiv(get: Getter) -> str:
    """The arXiv id that an entry has of its own: one in a note may be another paper's."""
    eprint = get("eprint", "arxivid")
    kind = get("eprinttype", "archiveprefix").lower()
    if eprint and (kind == "arxiv" or not kind):
        return eprint
    texts = (get(name) for name in ("url", "journal", "number"))
    found = next(filter(None, map(identifiers.arxiv_named, texts)), "")
    return found or identifiers.arxiv_alone(get("note"))


def _url(get: Getter) -> str:
    found = _URL.search(unescaped(get("url", "ee", "howpublished")))
    return found.group() if found else ""


_URL = re.compile(r"https?://[^\s{}]+")


def people(value: str) -> list[Name]:
    """The names of a name list, in their order, TeX and all; what stands in braces as a whole is a body's."""
    from bibtexparser.middlewares.names import split_multiple_persons_names  # noqa: PLC0415  (as above)

    value = accents_resolved(value).strip()
    if not value:
        return []
    if _in_braces(value) and all("," in name for name in _AND.split(value)) and _AND.search(value):
        value = value[1:-1]
    return [_person(" ".join(name.split())) for name in split_multiple_persons_names(value)]


_AND = re.compile(r"\sand\s", re.IGNORECASE)


def _in_braces(name: str) -> bool:
    """Whether one pair of braces holds all of it."""
    depth = 0
    for at, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return char == "}" and at == len(name) - 1
    return False


def _person(name: str) -> Name:
    from bibtexparser.middlewares.names import parse_single_name_into_parts  # noqa: PLC0415  (as above)

    if _in_braces(name):
        return Name(literal=name)
    if "=" in name and (parts := _extended(name)):
        return Name(parts["family"], parts.get("given", ""), parts.get("prefix", ""), parts.get("suffix", ""))
    held = parse_single_name_into_parts(name, strict=False)
    return Name(" ".join(held.last), " ".join(held.first), " ".join(held.von), " ".join(held.jr))


def _extended(name: str) -> dict[str, str]:
    """BibLaTeX's ``family=Berg, given=Ann``; empty where the name is none of these."""
    pairs = [part.split("=", 1) for part in _parted(name, ",") if "=" in part]
    parts = {key.strip().lower(): _bare(value.strip()) for key, value in pairs}
    return parts if parts.get("family") else {}


def _bare(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] + value[-1] == '""' else value


_BEGINS = re.compile(
    rb"^\s*@(?:[A-Za-z]+\s*[{(]\s*[^\s,{}]*\s*,|(?:string|preamble|comment)\s*[{(])", re.M | re.I
)

BIBTEX = SourceFormat(
    "bibtex", read_bibtex, lambda start: bool(_BEGINS.search(start)), (".bib", ".bibtex", ".biblatex")
)
