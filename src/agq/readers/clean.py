"""A draft becomes a paper: clean text, true facts, an id."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import isfinite
from urllib.parse import quote

from agq.model import Paper
from agq.readers import names
from agq.readers.base import Draft
from agq.readers.layouts import folded
from agq.readers.tex import plain, script, unescaped
from agq.records import PRIVATE_TAGS, Record, url_handle
from agq.text import identifiers
from agq.text.people import Name

_INVISIBLE = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    r"\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # soft hyphens, marks of direction or no width
    r"\ud800-\udfff\ue000-\ue004\ufffe\uffff"  # what is no character
)
_CONTROL = re.compile(f"[{_INVISIBLE}]")
_LIGATURES = {c: unicodedata.normalize("NFKC", c) for c in "ﬀﬁﬂﬃﬄﬅﬆ"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_TAG = re.compile(
    r"</?(?:\w+:)?(?:p|i|b|u|em|strong|italic|bold|span|div|br|sc|sec|title|label|inf|tt|a|ul|ol|li|h[1-6]|font|sub|sup"
    r"|abstract|section|list|list-item|ext-link|xref|named-content|styled-content|underline|monospace|fixed-case"
    r"|math|m[a-z]+|inline-formula|tex-math|alternatives|disp-formula|article-title|scp|roman|sans-serif"
    r"|(?<=jats:)[\w-]+|(?<=mml:)[\w-]+)"
    r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"']+))*\s*/?>",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s*<(?:\w+:)?(title|h\d)>\s*(?:abstract|summary)\s*:?</(?:\w+:)?\1>", re.IGNORECASE)
_SCRIPT = re.compile(r"<(?:\w+:)?(sub|sup|inf)(?:\s[^<>]*)?>([^<>]*)</(?:\w+:)?\1>", re.IGNORECASE)
_TWICE = re.compile(r"<(?:\w+:)?alternatives>(.{1,4000}?)</(?:\w+:)?alternatives>", re.DOTALL | re.IGNORECASE)
_TEX_MATH = re.compile(r"<(?:\w+:)?tex-math[^<>]*>(.*?)</(?:\w+:)?tex-math>", re.DOTALL | re.IGNORECASE)
_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_ENTITY = re.compile(r"&(?<!\\&)(?:[A-Za-z]\w{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
ID_CHARACTERS_MAX = 200


class NoPaper(ValueError):
    """A record that cannot be indexed, and why."""


def line(text: str, *, tex: bool = False) -> str:
    """One line of clean text: no TeX, markup, control characters or lone surrogates; single spaces.

    ``tex``: all of it is TeX, braces too (BibTeX), and markup may be written in it. Four texts in five have
    nothing to clean and pass at once.
    """
    text = _visible(" ".join(text.split()))
    if _is_busy(text) or (tex and ("{" in text or "}" in text)):
        text = _unmarked(text) if "<" in text or "&" in text else text
        text = _visible(" ".join(plain(text, tex=tex).split()))
        if tex and ("<" in text or "&" in text):
            text = _visible(" ".join(_unmarked(text).split()))
    return text if text.isascii() else _composed(text)


def _visible(text: str) -> str:
    return text if text.isprintable() else " ".join(_CONTROL.sub("", text).split())


def _is_busy(text: str) -> bool:
    """Whether there is anything in it that TeX and markup are made of."""
    some = "$" in text or "\\" in text or "--" in text or "<" in text
    return some or "&" in text or "~" in text or "``" in text


def _composed(text: str) -> str:
    """Accents on their letters, ligatures as letters."""
    return unicodedata.normalize("NFC", _LIGATURE.sub(lambda m: _LIGATURES[m.group()], text))


def _unmarked(text: str) -> str:
    """Without the tags that publishers leave in titles and abstracts, and with characters for their
    entities; a formula that is there in TeX and in MathML once."""
    text = _HEADING.sub("", text)
    text = _TWICE.sub(_tex_of, text) if "alternatives" in text else text
    text = _without_tags(text)
    text = _ENTITY.sub(lambda m: html.unescape(m.group()), text)
    return _without_tags(text) if "<" in text else text


def _without_tags(text: str) -> str:
    text = _SCRIPT.sub(lambda m: script("^" if m[1].lower() == "sup" else "_", m[2]), text)
    return _TAG.sub(lambda m: " " if _breaks(m.group()) else "", text)


def _tex_of(found: re.Match[str]) -> str:
    maths = _TEX_MATH.search(found.group(1))
    if not maths:
        return found.group(1)
    document = _DOCUMENT.search(maths.group(1))
    return document.group(1) if document else maths.group(1)


def _breaks(tag: str) -> bool:
    return tag.strip("</>").split()[0].rpartition(":")[2].lower() in _BLOCKS


_BLOCKS = frozenset(
    "p div br sec title label li ul ol list list-item section abstract disp-quote h1 h2 h3 h4 h5 h6".split()
)


def cleaned(draft: Draft) -> tuple[Paper, Record]:
    """The paper that a draft describes, and its record.

    Raises
    ------
    NoPaper
        Without a title there is nothing to index.
    """
    title = line(draft.title, tex=draft.tex)
    if not title:
        raise NoPaper("no title")
    people = _people(draft.authors, tex=draft.tex)
    paper, private = _paper(draft, title, people)
    own = (line(tag) for tag in draft.tags)
    return paper, _record(draft, paper, people, _unique([*private, *own]))


def _paper(draft: Draft, title: str, people: Sequence[Name]) -> tuple[Paper, tuple[str, ...]]:
    doi = identifiers.doi(_verbatim(draft.doi, draft)) or identifiers.doi_of_url(draft.url)
    arxiv = identifiers.arxiv(draft.arxiv) or identifiers.arxiv_of_doi(doi)
    arxiv = arxiv or identifiers.arxiv_of_url(draft.url) or identifiers.arxiv_of_key(draft.key)
    tags = _unique(line(c, tex=draft.tex) for c in draft.categories)
    private = tuple(tag for tag in tags if tag.startswith(PRIVATE_TAGS))
    paper = Paper(
        id=_id(draft, title, arxiv),
        title=title,
        abstract=_said(line(draft.abstract, tex=draft.tex)),
        authors=tuple(name.reading for name in people),
        categories=tuple(tag for tag in tags if tag not in private) if private else tags,
        date=draft.date or identifiers.date_of_arxiv(arxiv),
        doi=doi,
        arxiv=arxiv,
        url=_url(draft.url) or identifiers.link(doi, arxiv),
        venue=_said(line(draft.venue, tex=draft.tex)),
    )
    return paper, private


def _verbatim(text: str, draft: Draft) -> str:
    """A DOI or the like, as it is meant where TeX or HTML has to write it otherwise."""
    text = unescaped(text) if draft.tex else text
    return html.unescape(html.unescape(text)) if "&" in text else text


def _record(draft: Draft, paper: Paper, people: Sequence[Name], private: tuple[str, ...]) -> Record:
    fields = {name: value for name, held in draft.fields.items() if (value := _value(held, draft.tex))}
    if people:
        fields["author"] = [name.as_csl() for name in people]
    if custom := {name: value for name, held in draft.custom.items() if (value := _value(held, draft.tex))}:
        fields["custom"] = custom
    said = {"title": paper.title, "abstract": paper.abstract, "DOI": paper.doi, "URL": paper.url}
    fields |= {name: value for name, value in draft.verbatim.items() if value != said.get(name)}
    handles = [*draft.handles, *([f"pmid:{draft.pmid}"] if draft.pmid else [])]
    if paper.url and paper.url != identifiers.link(paper.doi, paper.arxiv):
        handles.append(url_handle(paper.url))
    return Record(draft.type, fields, draft.entry, tuple(handles), private)


def _value(held: object, tex: bool) -> object:
    """A variable's value, cleaned; empty where it says nothing."""
    if isinstance(held, str):
        return _said(line(held, tex=tex))
    if isinstance(held, Name):
        return _part_by_part(held, tex=tex).as_csl()
    if isinstance(held, Mapping):
        return {str(name): value for name, one in held.items() if (value := _value(one, tex))}
    if isinstance(held, list | tuple):
        return [value for one in held if (value := _value(one, tex))]
    return held if isinstance(held, int) or (isinstance(held, float) and isfinite(held)) else ""


EMPTY_VALUES = frozenset(
    [
        "NaN",
        "nan",
        "null",
        "NULL",
        "None",
        "N/A",
        "n/a",
        "~",
        "[No abstract available]",
        "[No author name available]",
    ]
)
"""What programs write where they have nothing to write."""


def _said(text: str) -> str:
    return "" if text in EMPTY_VALUES else text


def _people(listed: Sequence[Name], *, tex: bool) -> list[Name]:
    """The names, cleaned; a list without a single character to clean is taken as it is."""
    whole = " ".join(chain.from_iterable(listed))
    busy = tex or not whole.isascii() or not whole.isprintable() or _is_busy(whole) or "{" in whole
    people = [_part_by_part(name, tex=tex) for name in listed] if busy else listed
    return [name for name in people if names.is_name(name) and _said(name.reading)]


def _part_by_part(name: Name, *, tex: bool) -> Name:
    """A name, cleaned; no name has braces, whoever escaped them."""
    parts = (line(part, tex=tex).replace("{", "").replace("}", "") if part else "" for part in name)
    return Name(*parts)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _url(text: str) -> str:
    text = "".join(_CONTROL.sub("", text).split())
    return text if text.startswith(("http://", "https://", "ftp://")) else ""


def _id(draft: Draft, title: str, arxiv: str) -> str:
    """The record's own key; else arXiv id, DOI, PMID; else one made of title and year."""
    own = _composed(_visible(" ".join(draft.key.split())))  # a key is no text: TeX and markup stay
    if own.startswith(("http://", "https://")):
        own = identifiers.arxiv_of_url(own) or identifiers.doi_as_written(own) or own
    if own:
        return own[:ID_CHARACTERS_MAX]
    return (
        arxiv
        or quote(identifiers.doi_as_written(draft.doi), safe="/:;().-_<>+")
        or line(draft.pmid)
        or _made(title, draft.date)
    )


def _made(title: str, date: str) -> str:
    words = [folded(word) for word in title.split()]
    stem = "-".join([word for word in words if word][:4])[:40]
    mark = hashlib.sha256(f"{folded(title)}|{date[:4]}".encode()).hexdigest()[:6]
    return "-".join(part for part in (stem, date[:4], mark) if part)
