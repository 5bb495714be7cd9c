"""A question -> what is asked and what limits it, read against what an index holds.

Years, authors, venues, categories and identifiers are taken out of a question and become filters; what is
left ranks. No list of names is shipped: a name is one because a paper of the index has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from agq.model import Filters, Understood
from agq.text.handles import may_name
from agq.text.venues import Venues
from agq.understand.authors import Authors, people
from agq.understand.dates import period
from agq.understand.identifiers import Papers, named, resolved
from agq.understand.venues import Categories, category, kind, venue
from agq.understand.words import Words

__all__ = ["Library", "Limits", "Reading", "literal", "named", "resolved", "understand"]

SEARCHED_IDS_MAX = 16
"""How many identifiers a question is searched for."""


class Library(Authors, Categories, Papers, Protocol):
    """What understanding asks of an index."""

    @property
    def venues(self) -> Venues:
        """The venues as they are written, and how many papers each has."""

    @property
    def types(self) -> Mapping[str, int]:
        """How many papers are of each of CSL's types."""

    def count(self, filters: Filters) -> int:
        """How many papers pass."""

    def undated(self, filters: Filters) -> int:
        """How many papers pass but for their date, which they do not have."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question was found to limit, beside the filters that were given."""

    understood: Understood = field(default_factory=Understood)
    together: bool = False

    def within(self, given: Filters) -> Filters:
        """Both together."""
        found = self.understood
        return replace(
            given,
            since=max(given.since, found.since),
            until=min(filter(None, (given.until, found.until)), default=""),
            authors=given.authors or (() if self.together else found.authors),
            coauthors=(*given.coauthors, *(found.authors if self.together else ())),
            categories=given.categories or found.categories,
            ids=given.ids or found.ids,
            venues=given.venues or ((found.venue,) if found.venue else ()),
            types=given.types or ((found.type,) if found.type else ()),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a question: what ranks papers (``text``, empty where the limits say all), and what
    limits them.

    ``plain``: the limits are beyond doubt. Others hold only where papers within them answer as well.
    """

    text: str
    limits: Limits = field(default_factory=Limits)
    plain: bool = True


def literal(question: str) -> Reading:
    """The question as it stands, nothing in it understood as a limit."""
    return Reading(question)


def understand(question: str, index: Library, given: Filters | None = None, today: str = "") -> Reading:
    """What ``question`` asks of ``index``; what ``given`` limits already is not looked for.

    Parameters
    ----------
    today:
        An ISO date; what "recent" and "this year" are counted from.
    """
    words = Words.of(question)
    given = given or Filters()
    ids, words = _identified(words, index)
    if ids:
        rest = words.rest
        return Reading(rest, Limits(Understood(ids=ids)))
    coded = category(words, index)
    words = words.without(coded.places)
    time = period(words, today or date.today().isoformat())
    words = words.without(time.places)
    who = people(words, index)
    words = words.without(who.places)
    where = venue(words, index.venues)
    words = words.without(where.places)
    what = kind(words, index.types)
    words = words.without(what.places)
    found = Understood(
        authors=who.names,
        since=who.year or time.since,
        until=who.year or time.until,
        venue=where.name,
        type=what.name,
        categories=(coded.name,) if coded.name else (),
        newest=time.newest,
        unknown=who.unknown,
    )
    if found == Understood():
        return literal(question)
    text = _trimmed(words)
    plain = (time.plain and who.plain and where.plain and what.plain) or not text
    return Reading(text, _counted(index, given, Limits(found, who.together)), plain)


def _identified(words: Words, index: Library) -> tuple[tuple[str, ...], Words]:
    """The papers that a question names, and the words that are left."""
    alone = len(words) == 1
    places = [at for at in words.left if alone or may_name(words.all[at].raw) or _follows_pmid(words, at)]
    handles = {at: _handle(words, at) for at in places[:SEARCHED_IDS_MAX]}
    held = resolved(index, handles.values()) if handles else {}
    named = [at for at, handle in handles.items() if handle in held]
    ids = tuple(dict.fromkeys(held[handles[at]] for at in named))
    return ids, words.without([*named, *(at - 1 for at in named if _follows_pmid(words, at))])


def _follows_pmid(words: Words, at: int) -> bool:
    return words.folded(at - 1) == "pmid" and words.folded(at).isdecimal()


def _handle(words: Words, at: int) -> str:
    return f"PMID:{words.all[at].bare}" if _follows_pmid(words, at) else words.all[at].raw


def _counted(index: Library, given: Filters, limits: Limits) -> Limits:
    """The limits with the number of papers that they leave out for want of a date; authors who have written
    nothing together have each written something."""
    found = limits.understood
    all_of_them = replace(limits, understood=Understood(authors=found.authors)).within(given)
    limits = replace(limits, together=limits.together and index.count(all_of_them) > 0)
    if not (found.since or found.until):
        return limits
    return replace(limits, understood=replace(found, undated=index.undated(limits.within(given))))


def _trimmed(words: Words) -> str:
    """What is left to rank by, without the words of request before it: "what has published on X" is "X"."""
    content = words.content
    return " ".join(words.all[at].raw for at in words.left if at >= content[0]) if content else ""


def told(understood: Understood) -> str:
    """The limits in one line; empty where there is none."""
    return "; ".join(_parts(understood))


def _parts(found: Understood) -> Iterator[str]:
    yield from (text for text, holds in _phrases(found) if holds)
    yield from (f"{short} or {long}" for short, long in found.expanded.items())


def _phrases(found: Understood) -> Iterator[tuple[str, object]]:
    """Each limit in words, and whether there is one."""
    yield f"the paper{'s' if len(found.ids) > 1 else ''} {_listed(found.ids)}", found.ids
    yield f"by {_listed(found.authors)}", found.authors
    yield _time(found.since, found.until), found.since or found.until
    yield f"in {found.venue}", found.venue
    yield f"of the type {found.type}", found.type
    yield f"in the category {_listed(found.categories)}", found.categories
    yield "newest first", found.newest
    yield f"{found.undated} without a date left out", found.undated


def _time(since: str, until: str) -> str:
    if since and until:
        return f"of {since}" if since == until else f"from {since} to {until}"
    return f"since {since}" if since else f"until {until}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
