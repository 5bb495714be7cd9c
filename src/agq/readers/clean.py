"""A draft becomes a paper: clean text, true facts, an id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import quote

from agq.model import Paper
from agq.readers import identifiers, names
from agq.readers.layouts import Draft, folded

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
MAX_ID = 200


class NoPaper(ValueError):
    """A record that cannot be indexed, and why."""


def line(text: str, *, tex: bool = False) -> str:
    """One line of clean text: no TeX, markup, control characters or lone surrogates; single spaces."""
    if tex:
        text = text.replace("{", "").replace("}", "")
    return " ".join(_CONTROL.sub("", text).split())


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
    arxiv = (
        identifiers.arxiv(draft.arxiv) or identifiers.arxiv_of_doi(doi) or identifiers.arxiv_of_url(draft.url)
    )
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
    cleaned = (line(name, tex=draft.tex) for name in draft.authors)
    return tuple(name for name in cleaned if names.is_name(name))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _url(text: str) -> str:
    text = "".join(_CONTROL.sub("", text).split())
    return text if text.startswith(("http://", "https://", "ftp://")) else ""


def _id(draft: Draft, title: str, arxiv: str) -> str:
    """The record's own key; else arXiv id, DOI, PMID; else one made of title and year."""
    own = line(draft.key)
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
