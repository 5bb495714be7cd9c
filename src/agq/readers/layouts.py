"""Which field of a record is which field of a paper: the known layouts, and how the others are guessed.

A layout is a function from a record's fields to a :class:`Draft`. Known ones are told by fields that only
they have; any other record is read by the usual names, in a few languages, and by what ``agq.yaml`` says of
it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from agq.readers import dates, managers, names, services, zotero_items
from agq.readers.base import Draft, Fields, Layout
from agq.readers.entries import TYPES
from agq.readers.exports import TABLES, csl_type
from agq.readers.values import string, strings

_USUAL = """
id          id key citationkey citekey bibkey paperid articleid recordid uid ut
title       title papertitle articletitle documenttitle titel titre titulo titolo titles ti
abstract    abstract abstracttext abstractnote summary description zusammenfassung kurzfassung resume resumen
            riassunto summaries tldr text ab
authors     authors author authornames authorfullnames creator creators autoren autor auteurs autores autori
            verfasser au
categories  categories category keywords authorkeywords keyword subjects subject tags manualtags topics
            fieldsofstudy field theme schlagworter schlagworte kategorien kategorie motscles primarycategory
            terms kw de
date        date published publicationdate publisheddate datepublished issued pubdate publicationyear pubyear
            year publishedyear datum jahr annee ano anno created updatedate py
doi         doi dois di
arxiv       arxiv arxivid eprint
pmid        pmid pubmedid
url         url link links href uri landingpageurl sourceurl articleurl ur
venue       venue journal journaltitle publicationtitle containertitle booktitle conference sourcetitle
            publication publishedin journalbook zeitschrift revue revista rivista journalref source so
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows: dict[str, tuple[str, ...]] = {}
    name = ""
    for row in text.strip().splitlines():
        first, *rest = row.split()
        name, rest = (name, [first, *rest]) if row.startswith(" ") else (first, rest)
        rows[name] = (*rows.get(name, ()), *rest)
    return rows


ALIASES: Mapping[str, Sequence[str]] = _table(_USUAL)
"""Paper's field -> the usual names for it, best first; compared without case, accents, spaces and marks."""


def folded(name: str) -> str:
    """A field's name with only its letters and digits, lower case, without accents."""
    return "".join(c for c in _unaccented(name).casefold() if c.isalnum())


def _unaccented(text: str) -> str:
    return (
        text
        if text.isascii()
        else "".join(c for c in unicodedata.normalize("NFD", text) if ord(c) < 0x300 or ord(c) > 0x36F)
    )


def guessed(fields: Fields) -> Draft:
    """A record of no known layout, by the usual names."""
    mapping = mapped(tuple(fields))
    more = {name: found for name, found in _more(fields).items() if found not in mapping.values()}
    used = {*mapping.values(), *more.values()}
    draft = Draft(
        type=_type(string(fields.get(more.get("type", "")))),
        fields=_variables(fields, {name: source for name, source in more.items() if name != "type"}),
        custom={name: value for name, value in fields.items() if name not in used and _is_plain(value)},
        layout="plain",
        mapping=mapping,
    )
    return _filled(draft, {name: fields.get(source) for name, source in mapping.items()})


def _more(fields: Fields) -> dict[str, str]:
    """CSL's variable -> the record's field, for the usual names."""
    present = {folded(name): name for name in reversed(tuple(fields))}
    return {
        name: next(present[a] for a in aliases if a in present)
        for name, aliases in _MORE.items()
        if any(a in present for a in aliases)
    }


_MORE: Mapping[str, Sequence[str]] = _table("""
type             type itemtype entrytype documenttype publicationtype referencetype
volume           volume vol
issue            issue issuenumber number no
page             pages page pagerange pagination
publisher        publisher school university institution
publisher-place  publisherplace place location address
edition          edition
ISBN             isbn
ISSN             issn
language         language
editor           editors editor
collection-title series
note             note notes
PMCID            pmcid
""")


def _variables(fields: Fields, more: Mapping[str, str]) -> dict[str, object]:
    held = {
        name: names.from_value(fields[source]) if name == "editor" else string(fields[source])
        for name, source in more.items()
    }
    return {name: value for name, value in held.items() if value}


def _type(name: str) -> str:
    """CSL's type for whatever a record calls it: CSL's own word, BibTeX's, or a service's."""
    word = name.strip().lower()
    return word if word in TYPES.values() else TYPES.get(word, "") or csl_type(word)


def _is_plain(value: object) -> bool:
    """Text, a number, or a list of these: what a record's unknown field may keep."""
    if isinstance(value, list):
        return len(value) <= LISTED_VALUES_MAX and all(isinstance(one, str | int | float) for one in value)
    return isinstance(value, str | int | float)


LISTED_VALUES_MAX = 100
"""Values of an unknown field that are kept: a list of references may have thousands."""


def mapped(present: Sequence[str]) -> dict[str, str]:
    """Paper's field -> record's field, for the fields that are present."""
    by_folded: dict[str, str] = {}
    for name in present:
        by_folded.setdefault(folded(name), name)
    found = {
        name: next((by_folded[a] for a in aliases if a in by_folded), "") for name, aliases in ALIASES.items()
    }
    return {name: source for name, source in found.items() if source}


_CONVERTERS: Mapping[str, Callable[[object], object]] = {
    "id": string,
    "title": string,
    "abstract": lambda value: "\n".join(strings(value, "")),
    "authors": names.from_value,
    "categories": strings,
    "date": dates.from_value,
}
"""Paper's field -> what makes its value from a record's; a string for the rest."""


def _filled(draft: Draft, values: Mapping[str, object]) -> Draft:
    converted = {
        "key" if name == "id" else name: _CONVERTERS.get(name, string)(value)
        for name, value in values.items()
    }
    return replace(draft, **converted)  # type: ignore[arg-type]  # each converter gives what its field takes


_KNOWN: tuple[tuple[frozenset[str], Layout], ...] = (
    (frozenset({"authors_parsed"}), services.arxiv_snapshot),
    (frozenset({"abstract_inverted_index"}), services.open_alex),
    (frozenset({"authorships"}), services.open_alex),
    (frozenset({"externalIds"}), services.semantic_scholar),
    (frozenset({"externalids"}), services.semantic_scholar),
    (frozenset({"paperId"}), services.semantic_scholar),
    (frozenset({"titles", "authors"}), services.inspire),
    (frozenset({"titles", "dois"}), services.inspire),
    (frozenset({"metadata", "links"}), services.inspire),
    (frozenset({"info", "@id"}), services.dblp),
    (frozenset({"info", "@score"}), services.dblp),
    (frozenset({"itemType", "select"}), zotero_items.draft),
    (frozenset({"creators", "itemType"}), zotero_items.exported),
    (frozenset({"data", "key", "version"}), zotero_items.exported),
    (frozenset({"indexed_abstract"}), services.aminer),
    (frozenset({"fos", "n_citation"}), services.aminer),
    (frozenset({"cff-version"}), managers.cff),
    (frozenset({"ENTRYTYPE"}), managers.bibtex_fields),
    (frozenset({"bibcode"}), services.ads),
    (frozenset({"serial-number", "type"}), managers.hayagriva),
    (frozenset({"parent", "type", "title"}), managers.hayagriva),
    (frozenset({"issued"}), services.csl),
    (frozenset({"container-title"}), services.csl),
    (frozenset({"citation-key"}), services.csl),
    (frozenset({"DOI", "type", "title"}), services.csl),
    *TABLES,
)
"""Fields that only one layout has together -> how its records are read; the first that fits."""


def _unmarked(fields: Fields) -> Layout:
    """What reads a record that no field gives away: CSL's if its names are CSL's."""
    people = fields.get("author")
    first = people[0] if isinstance(people, list) and people else None
    parts = first if isinstance(first, Mapping) else {}
    return services.csl if "type" in fields and not {"family", "literal"}.isdisjoint(parts) else guessed


def at(fields: Fields, path: str) -> object:
    """The value under a name, or under a path of names and numbers: ``titles.0.title``."""
    if path in fields:
        return fields[path]
    value: object = fields
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def draft(fields: Fields, layout: Layout | None = None, said: Mapping[str, str] | None = None) -> Draft:
    """A record's fields, sorted: by its format's layout, by a known one, or by the usual names.

    ``said`` (paper's field -> record's field or path) is what a person said of them, and goes before all.
    """
    known = layout or next((read for marks, read in _KNOWN if marks <= fields.keys()), _unmarked(fields))
    sorted_ = known(fields)
    there = {name: value for name, path in (said or {}).items() if (value := at(fields, path)) is not None}
    if not there:
        return sorted_
    mapping = {**sorted_.mapping, **{name: path for name, path in (said or {}).items() if name in there}}
    return replace(_filled(sorted_, there), mapping=mapping)
