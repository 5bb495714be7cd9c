"""A draft becomes a paper: clean text, true facts, an id."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from agq.model import Paper
from agq.readers import identifiers, names
from agq.readers.base import Draft
from agq.readers.layouts import folded
from agq.readers.tex import plain, script

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
    r"|math|m[a-z]+|inline-formula|tex-math|alternatives|disp-formula|article-title|scp|roman|sans-serif)"
    r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"']+))*\s*/?>",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s*<(?:\w+:)?(title|h\d)>\s*(?:abstract|summary)\s*:?</(?:\w+:)?\1>", re.IGNORECASE)
_SCRIPT = re.compile(r"<(?:\w+:)?(sub|sup|inf)(?:\s[^<>]*)?>([^<>]*)</(?:\w+:)?\1>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?<!\\&)(?:[A-Za-z]\w{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
MAX_ID = 200


class NoPaper(ValueError):
    """A record that cannot be indexed, and why."""


def line(text: str, *, tex: bool = False) -> str:
    """One line of clean text: no TeX, markup, control characters or lone surrogates; single spaces.

    ``tex``: all of it is TeX, braces too (BibTeX). Four texts in five have nothing to clean and pass at once.
    """
    text = _visible(" ".join(text.split()))
    if _is_busy(text) or (tex and ("{" in text or "}" in text)):
        text = _unmarked(text) if "<" in text or "&" in text else text
        text = _visible(" ".join(plain(text, tex=tex).split()))
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
    entities."""
    text = _HEADING.sub("", text)
    text = _SCRIPT.sub(lambda m: script("^" if m[1].lower() == "sup" else "_", m[2]), text)
    text = _TAG.sub(lambda m: " " if _breaks(m.group()) else "", text)
    return _ENTITY.sub(lambda m: html.unescape(m.group()), text)


def _breaks(tag: str) -> bool:
    return tag.strip("</>").split()[0].rpartition(":")[2].lower() in _BLOCKS


_BLOCKS = frozenset(
    "p div br sec title label li ul ol list list-item section abstract h1 h2 h3 h4 h5 h6".split()
)


def paper(draft: Draft) -> Paper:
    """The paper that a draft describes.

    Raises
    ------
    NoPaper
        Without a title there is nothing to index.
    """
    title = line(draft.title, tex=draft.tex)
    if not title:
        raise NoPaper("no title")
    doi = identifiers.doi(draft.doi)
    arxiv = identifiers.arxiv(draft.arxiv) or identifiers.arxiv_of_doi(doi)
    arxiv = arxiv or identifiers.arxiv_of_url(draft.url) or identifiers.arxiv_of_key(draft.key)
    return Paper(
        id=_id(draft, title, arxiv),
        title=title,
        abstract=line(draft.abstract, tex=draft.tex),
        authors=_authors(draft),
        categories=_unique(line(c, tex=draft.tex) for c in draft.categories),
        date=draft.date,
        doi=doi,
        arxiv=arxiv,
        url=_url(draft.url) or identifiers.link(doi, arxiv),
        venue=line(draft.venue, tex=draft.tex),
    )


def _authors(draft: Draft) -> tuple[str, ...]:
    """The names, cleaned; a list without a single character to clean is taken as it is."""
    whole = " ".join(draft.authors)
    clean = whole.isascii() and whole.isprintable() and not _is_busy(whole) and not draft.tex
    cleaned = draft.authors if clean else [_name(name, tex=draft.tex) for name in draft.authors]
    return tuple(name for name in cleaned if names.is_name(name))


def _name(name: str, *, tex: bool) -> str:
    """A name, cleaned; no name has braces, whoever escaped them."""
    return line(name, tex=tex).replace("{", "").replace("}", "")


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _url(text: str) -> str:
    text = "".join(_CONTROL.sub("", text).split())
    return text if text.startswith(("http://", "https://", "ftp://")) else ""


def _id(draft: Draft, title: str, arxiv: str) -> str:
    """The record's own key; else arXiv id, DOI, PMID; else one made of title and year."""
    own = line(draft.key)
    if own.startswith(("http://", "https://")):
        own = identifiers.arxiv_of_url(own) or identifiers.doi_as_written(own) or own
    if own:
        return own[:MAX_ID]
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
