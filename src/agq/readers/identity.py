"""Whether two records are of one paper, and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher

from agq.model import Paper
from agq.records import Record, Work, id_key, unpacked
from agq.text.lexicon import lexicon
from agq.text.people import family_name

PREPRINT_DOIS = (
    "10.48550/arxiv.",  # arXiv
    "10.1101/",  # bioRxiv, medRxiv
    "10.64898/",  # openRxiv, since 2025
    "10.2139/ssrn.",
    "10.21203/rs.",  # Research Square
    "10.20944/preprints",
    "10.26434/chemrxiv",
    "10.31234/osf.io",  # PsyArXiv
    "10.31219/osf.io",
    "10.31223/",  # EarthArXiv
    "10.36227/techrxiv",
    "10.22541/",  # Authorea
    "10.5281/zenodo.",
)
"""Beginnings of DOIs that name a version of a paper which may have another DOI as published."""

PUBLICATION_YEARS_MAX = 3
"""Years at most from a preprint to its publication."""

SAME_TITLE_SIMILARITY = 0.85
"""From which share of common letters on two titles under one DOI are one title."""

COMPARED_LETTERS_MAX = 500
"""Letters of titles that are compared letter by letter: it takes the square of that."""

GENERIC_TITLE_WORDS = 3
"""Words up to which a title may be many papers': "Editorial", "Book reviews", "Reply to letter"."""

_MARKS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+[a-z]?|[ivx]+|[a-z]")
_NOTICES = lexicon("english")["notices"]

_PLACES = ("volume", "issue", "page", "number", "chapter-number")
"""Variables of which two that differ tell papers apart."""


def folded_title(title: str) -> str:
    """A title's letters and digits, without case and accents."""
    return _MARKS.sub("", _plain(title))


def _plain(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKD", text)).casefold()


def family(name: str) -> str:
    """The last word of a family name, folded."""
    words = family_name(name).split()
    return folded_title(words[-1]) if words else ""


def identity_keys(paper: Paper) -> tuple[str, ...]:
    """The keys under which the same paper may come again. Sharing one is a hint; :func:`why_same` decides."""
    keys = [id_key(paper.id)]
    if paper.doi:
        keys.append(f"doi:{paper.doi}")
    if paper.arxiv:
        keys.append(f"arxiv:{paper.arxiv}")
    if title := folded_title(paper.title):
        keys.append(f"title:{title}")
    return tuple(keys)


def why_same(one: Work, other: Work) -> str:
    """What makes two records one paper, in words; empty where they are two.

    An identifier that they share does not suffice: a DOI may be a book's, or be cut off, so the titles have
    to be alike; an arXiv id may be that of the paper a comment is on, so there has to be a common author.
    Without one, the title has to be the same and to say enough, and author and year too; two DOIs of which
    none is a preprint's, two arXiv ids, two volumes or two first pages tell that they are two.
    """
    a, b = one.paper, other.paper
    if _differ(a.arxiv, b.arxiv):
        return ""
    if a.arxiv and a.arxiv == b.arxiv:
        return "the same arXiv id" if _no_strangers(a, b) and not _notice(a, b) else ""
    if a.doi and a.doi == b.doi:
        return "the same DOI" if _alike(a, b) else ""
    if _differ(a.doi, b.doi) and not (is_preprint_doi(a.doi) or is_preprint_doi(b.doi)):
        return ""
    if folded_title(a.title) != folded_title(b.title):
        return ""
    return _why_by_title(one, other)


def _why_by_title(one: Work, other: Work) -> str:
    a, b = one.paper, other.paper
    records = unpacked(one.record), unpacked(other.record)
    if _told_apart(*records):
        return ""
    known = "" not in (a.date, b.date) and bool(a.authors and b.authors)
    alike = (a.date[:4] == b.date[:4] or "" in (a.date, b.date)) and _no_strangers(a, b)
    if id_key(a.id) == id_key(b.id) and alike:
        return "the same key and title"
    if _is_generic(a.title) or not known:
        return ""
    if a.date[:4] == b.date[:4] and _common_author(a, b):
        return "the same title, author and year"
    orders = (one, records[0], other), (other, records[1], one)
    if _same_first_author(a, b) and any(_published_later(*order) for order in orders):
        return "a preprint and its publication: the same title and first author"
    return ""


def _published_later(first: Work, record: Record, then: Work) -> bool:
    years = int(then.paper.date[:4]) - int(first.paper.date[:4])
    return _is_preprint(first, record) and is_published(then) and 0 <= years <= PUBLICATION_YEARS_MAX


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _told_apart(one: Record, other: Record) -> bool:
    """Whether both say where they stand, and that is not the same place."""
    return any(_differ(_place(one.fields, name), _place(other.fields, name)) for name in _PLACES)


def _place(fields: Mapping[str, object], name: str) -> str:
    """A volume or the like; of pages the first."""
    held = re.split(r"[-–—,]", str(fields.get(name) or ""), maxsplit=1)[0].strip().lstrip("0")
    return "" if held.lower().startswith("arxiv") else held


def is_preprint_doi(doi: str) -> bool:
    """Whether a DOI is a preprint server's."""
    return doi.startswith(PREPRINT_DOIS)


def _is_preprint(work: Work, record: Record) -> bool:
    server = (
        bool(work.paper.arxiv) or is_preprint_doi(work.paper.doi) or record.type in ("article", "manuscript")
    )
    return server and not is_published(work)


def is_published(work: Work) -> bool:
    """Whether a record is of what a journal, a conference or a publisher brought out."""
    paper = work.paper
    if paper.doi:
        return not is_preprint_doi(paper.doi)
    return bool(paper.venue) and "arxiv" not in paper.venue.lower() and "preprint" not in paper.venue.lower()


def _is_generic(title: str) -> bool:
    words = _words(title)
    return len(words) < GENERIC_TITLE_WORDS or (
        len(words) == GENERIC_TITLE_WORDS and sum(map(len, words)) < 15
    )


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", _plain(title).replace("̈", ""))


def _alike(one: Paper, other: Paper) -> bool:
    """Whether two titles are one, written differently: a subtitle left out, a letter wrong."""
    first, second = folded_title(one.title), folded_title(other.title)
    if first == second:
        return not _is_generic(one.title) or _no_strangers(one, other)
    words, others = _words(one.title), _words(other.title)
    between = set(words) ^ set(others)
    if not _no_strangers(one, other) or _notice(one, other):
        return False
    shorter, longer = sorted((words, others), key=len)
    if len(shorter) > GENERIC_TITLE_WORDS and longer[: len(shorter)] == shorter:
        return True
    if any(_NUMBER.fullmatch(word) for word in between):
        return False
    if max(len(first), len(second)) > COMPARED_LETTERS_MAX:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= SAME_TITLE_SIMILARITY


def _notice(one: Paper, other: Paper) -> bool:
    """Whether one of two is a correction of the other, or an answer to it."""
    return bool((set(_words(one.title)) ^ set(_words(other.title))) & _NOTICES)


def _families(paper: Paper) -> set[str]:
    return {family(name) for name in paper.authors} - {""}


def _common_author(one: Paper, other: Paper) -> bool:
    return not _families(one).isdisjoint(_families(other))


def _no_strangers(one: Paper, other: Paper) -> bool:
    """Whether they share an author, or one of them names none."""
    return not one.authors or not other.authors or _common_author(one, other)


def _same_first_author(one: Paper, other: Paper) -> bool:
    return bool(one.authors and other.authors) and family(one.authors[0]) == family(other.authors[0])
