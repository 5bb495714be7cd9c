"""Anything that names one paper: its id or key, a DOI, an arXiv id, a PMID, an address its record has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from agq.errors import UsageError
from agq.records import url_handle
from agq.registry import nearest
from agq.text import identifiers
from agq.text.handles import AROUND

_PMID = re.compile(r"(?:pmid[:=]?|pubmed[/:]|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{1,8})/?$", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:arxiv|doi|pmid|pmcid|https?)[:\s]", re.IGNORECASE)


class Papers(Protocol):
    """What an index knows of its papers' identifiers."""

    def known_as(self, handles: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """The id of the paper that each of some identifiers names, by the keys it may stand under."""


def resolved(index: Papers, handles: Iterable[str]) -> dict[str, str]:
    """The ids of the papers that ``handles`` name; those that name none are left out."""
    return index.known_as({handle: keys(handle) for handle in handles})


class Identified(Papers, Protocol):
    """Papers that may be named with a slip of the pen."""

    def ids(self) -> list[str]:
        """The ids of all papers."""


def named(index: Identified, handles: Sequence[str], hint: str) -> list[str]:
    """The ids of the papers that ``handles`` name, each once, in their order.

    Raises
    ------
    UsageError
        One names none; the error suggests the nearest id, else ``hint``.
    """
    held = resolved(index, handles)
    missing = [one for one in handles if one not in held]
    if missing:
        near = nearest(missing[0], index.ids())
        meant = f"did you mean {near}?" if near else hint
        raise UsageError(f"no paper {', '.join(missing)} in the index", hint=meant)
    return list(dict.fromkeys(held[one] for one in handles))


def keys(handle: str) -> tuple[str, ...]:
    """The identity keys that a paper named so may stand under in an index."""
    whole = handle.strip()
    bare = whole.strip(AROUND)
    found = [f"id:{form}" for form in dict.fromkeys((whole, bare, _PREFIX.sub("", bare)))]
    for doi in filter(None, map(identifiers.doi_as_written, (bare, whole))):
        found += [f"{kind}:{form}" for form in (doi.lower(), doi) for kind in ("doi", "id")]
    if arxiv := identifiers.arxiv(bare):
        found += [f"arxiv:{arxiv}", f"id:{arxiv}", f"doi:10.48550/arxiv.{arxiv}"]
    if pmid := _PMID.search(bare):
        found += [f"pmid:{pmid[1]}", f"id:{pmid[1]}"]
    if "://" in bare:
        found.append(url_handle(bare))
    return tuple(dict.fromkeys(found))
