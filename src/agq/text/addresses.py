"""Web addresses that a program may open: the one place where an identifier or an address becomes a link."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from agq.text.clean import one_line

_SAFE = ":/?#@!$&'*+,=%~-._"  # without `;`, which parts addresses in RIS


def arxiv_address(number: str) -> str:
    """Where arXiv shows a paper; empty without a number."""
    number = one_line(number)
    return f"https://arxiv.org/abs/{quote(number, safe='/.')}" if number else ""


def doi_address(doi: str) -> str:
    """Where a DOI leads; empty without one."""
    doi = one_line(doi)
    return f"https://doi.org/{quote(doi, safe='/.:;-_()')}" if doi else ""


def web_address(url: str) -> str:
    """``url`` if it is http or https and names a host, percent-encoded where it would break out; else empty.

    ``javascript:``, ``data:``, ``file:`` and whatever else a program might run or open are no addresses.
    """
    url = one_line(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return ""
    return quote(parts.geturl(), safe=_SAFE)
