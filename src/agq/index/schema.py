"""Paper <-> row of the table. The only place that knows the columns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from agq.model import Paper
from agq.records import Record, Work, handles, unpacked
from agq.text.terms import fold, joined_terms

if TYPE_CHECKING:
    from agq.model import Vectors

PAPER_COLUMNS = ("id", "title", "abstract", "authors", "categories", "date", "doi", "arxiv", "url", "venue")
"""The columns that a Paper is read back from: its fields, by their own names."""

WORK_COLUMNS = (*PAPER_COLUMNS, "record")
"""The columns that a paper and its record are read back from."""

_STRINGS = pa.list_(pa.string())


def table_schema(dim: int) -> pa.Schema:
    """The columns of the table.

    ``words``: the terms of title, abstract and the reader's notes, a newline, those of authors and
    identifiers; what is searched.
    ``category_keys``, ``author_keys``, ``first_day``, ``last_day``, ``type`` (CSL's), ``tags`` (keywords and
    private tags, lower case): what filters compare. ``record``: the packed record, which no question reads;
    the engine compresses it. ``recorded``: its hash. ``sources``: the files that hold the paper, one a line.
    ``keys``: hashes of what the same paper may come under again and may be asked for by. ``embedded``,
    ``stored``: hashes of what is encoded and of the rest. ``vector``: a unit row as float16, null until it is
    made. float16 moves no cosine by more than 0.001.
    """
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("title", pa.string()),
            pa.field("abstract", pa.string()),
            pa.field("authors", _STRINGS),
            pa.field("categories", _STRINGS),
            pa.field("date", pa.string()),
            pa.field("doi", pa.string()),
            pa.field("arxiv", pa.string()),
            pa.field("url", pa.string()),
            pa.field("venue", pa.string()),
            pa.field("words", pa.string()),
            pa.field("category_keys", _STRINGS),
            pa.field("author_keys", _STRINGS),
            pa.field("first_day", pa.int32()),
            pa.field("last_day", pa.int32()),
            pa.field("type", pa.string()),
            pa.field("tags", _STRINGS),
            pa.field("record", pa.string()),
            pa.field("sources", pa.string()),
            pa.field("keys", pa.list_(pa.int64())),
            pa.field("embedded", pa.int64()),
            pa.field("stored", pa.int64()),
            pa.field("recorded", pa.int64()),
            pa.field("vector", vector_type(dim)),
        ]
    )


def vector_type(dim: int) -> pa.DataType:
    """How a vector of length ``dim`` is stored."""
    return pa.list_(pa.float16(), dim)


@dataclass(frozen=True, slots=True)
class Row:
    """A paper as it is about to be stored, with its packed record. ``sources`` are the files that hold it,
    sorted; ``words`` the column of that name, empty where it is still to be made."""

    paper: Paper
    record: str
    sources: tuple[str, ...]
    embedded: int
    stored: int
    recorded: int
    words: str = ""

    @classmethod
    def of(cls, work: Work, sources: Iterable[str], words: str = "") -> Row:
        """The row of a paper."""
        paper, names, recorded = work.paper, tuple(sorted(set(sources))), hash64(work.record)
        stored = stored_hash(paper, names, recorded)
        return cls(paper, work.record, names, embedded_hash(paper), stored, recorded, words)


def words(paper: Paper, packed_record: str = "") -> str:
    """What the text index holds: terms of title, abstract and the reader's notes, a newline, terms of authors
    and identifiers."""
    noted = unpacked(packed_record).fields.get("annote", "") if '"annote"' in packed_record else ""
    said = joined_terms(f"{paper.title} {paper.abstract} {noted}")
    about = joined_terms(" ".join((*paper.authors, paper.id, paper.arxiv, paper.doi)))
    return f"{said}\n{about}"


def said_terms(words_column: str) -> list[str]:
    """The terms of title and abstract, from the column ``words``."""
    return words_column.partition("\n")[0].split()


def embedded_hash(paper: Paper) -> int:
    """Tells whether what is encoded has changed."""
    return hash64(paper.text)


def stored_hash(paper: Paper, sources: Sequence[str], recorded: int) -> int:
    """Tells whether anything has changed that is only stored; of the record, its hash tells."""
    plain = (paper.title, paper.date, paper.doi, paper.arxiv, paper.url, paper.venue)
    parts = (plain, paper.authors, paper.categories, tuple(sources), (str(recorded),))
    return hash64("\x1d".join("\x1e".join(part) for part in parts))


def hash64(text: str) -> int:
    """A signed 64-bit hash."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def to_table(
    rows: Sequence[Row],
    dim: int,
    keys: Callable[[Paper], Sequence[str]],
    vectors: Mapping[str, Sequence[float] | None] = MappingProxyType({}),
) -> pa.Table:
    """Rows as an Arrow table, with the keys that ``keys`` gives and the vectors that are known, by paper
    id."""
    columns: dict[str, list[Any]] = {
        name: [getattr(row.paper, name) for row in rows] for name in PAPER_COLUMNS
    }
    days = [day_range(row.paper.date) for row in rows]
    records = [unpacked(row.record) for row in rows]
    columns |= {
        "words": [row.words or words(row.paper, row.record) for row in rows],
        "category_keys": [category_keys(row.paper.categories) for row in rows],
        "author_keys": [author_keys(row.paper.authors) for row in rows],
        "first_day": [first for first, _ in days],
        "last_day": [last for _, last in days],
        "type": [record.type.lower() for record in records],
        "tags": [tags(row.paper, record) for row, record in zip(rows, records, strict=True)],
        "record": [row.record for row in rows],
        "sources": ["\n".join(row.sources) for row in rows],
        "keys": [[hash64(key) for key in (*keys(row.paper), *handles(row.record))] for row in rows],
        "embedded": [row.embedded for row in rows],
        "stored": [row.stored for row in rows],
        "recorded": [row.recorded for row in rows],
        "vector": pa.array([vectors.get(row.paper.id) for row in rows], vector_type(dim)),
    }
    return pa.Table.from_pydict(columns, schema=table_schema(dim))


def to_paper(row: Mapping[str, Any]) -> Paper:
    """The paper of a row that holds ``PAPER_COLUMNS``."""
    values = {name: row[name] for name in PAPER_COLUMNS}
    return Paper(**{**values, "authors": tuple(row["authors"]), "categories": tuple(row["categories"])})


def to_work(row: Mapping[str, Any]) -> Work:
    """The paper and the record of a row that holds ``WORK_COLUMNS``."""
    return Work(to_paper(row), row["record"])


def tags(paper: Paper, record: Record) -> list[str]:
    """What a paper is filed under, lower case: its categories and keywords, the reader's own tags."""
    return list(dict.fromkeys(tag.lower() for tag in (*paper.categories, *record.private)))


def vectors_table(ids: Sequence[str], vectors: Vectors) -> pa.Table:
    """The two columns by which vectors are put into rows that stand already."""
    flat = pa.array(vectors.astype("float16").ravel(), pa.float16())
    column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    return pa.table({"id": pa.array(ids, pa.string()), "vector": column})


def category_keys(categories: Sequence[str]) -> list[str]:
    """Each category, lower case, and what stands before each of its dots: ``cs.LG`` -> ``cs``, ``cs.lg``."""
    found: dict[str, None] = {}
    for category in categories:
        parts = category.lower().split(".")
        found |= dict.fromkeys(".".join(parts[:end]) for end in range(1, len(parts) + 1))
    return list(found)


def author_keys(authors: Sequence[str]) -> list[str]:
    """What an author may be asked for by: the whole name, its endings (family names), initial and last
    word."""
    found: dict[str, None] = {}
    for author in authors:
        parts = name_key(author).split()
        found |= dict.fromkeys(" ".join(parts[start:]) for start in range(len(parts)))
        if len(parts) > 1:
            found[f"{parts[0][0]} {parts[-1]}"] = None
    return list(found)


def name_key(name: str) -> str:
    """A name for comparison: folded, without dots, given name first also where a comma says otherwise."""
    family, comma, given = name.partition(",")
    ordered = f"{given} {family}" if comma else name
    return " ".join(fold(ordered).replace(".", " ").split())


_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def day_range(date: str) -> tuple[int | None, int | None]:
    """The first and last day that an ISO date of any precision may mean, as yyyymmdd; Nones where there
    is none."""
    found = _DATE.match(date)
    if not found:
        return None, None
    year, month, day = found.groups()
    return int(year + (month or "00") + (day or "00")), int(year + (month or "99") + (day or "99"))
