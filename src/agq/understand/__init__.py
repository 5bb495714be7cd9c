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
from agq.understand.authors import Authors, People, people
from agq.understand.dates import Period, period
from agq.understand.identifiers import Papers, may_name, resolved
from agq.understand.venues import Categories, Place, category, venue
from agq.understand.words import Words

__all__ = ["Library", "Limits", "Reading", "literal", "resolved", "understand"]

MOST_IDS = 16
"""How many identifiers a question is searched for."""


class Library(Authors, Categories, Papers, Protocol):
    """What understanding asks of an index."""

    @property
    def venues(self) -> Mapping[str, int]:
        """How many papers each venue has, as it is written."""

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
    found = _limits(index, given, time, who, where, coded)
    text = _trimmed(words)
    nothing = found.understood == Understood()
    plain = (time.plain and who.plain and where.plain) or not text
    return literal(question) if nothing else Reading(text, found, plain)


def _identified(words: Words, index: Library) -> tuple[tuple[str, ...], Words]:
    """The papers that a question names, and the words that are left."""
    alone = len(words) == 1
    places = [at for at in words.left if alone or may_name(words.all[at].raw) or _follows_pmid(words, at)]
    handles = {at: _handle(words, at) for at in places[:MOST_IDS]}
    held = resolved(index, handles.values()) if handles else {}
    named = [at for at, handle in handles.items() if handle in held]
    ids = tuple(dict.fromkeys(held[handles[at]] for at in named))
    return ids, words.without([*named, *(at - 1 for at in named if _follows_pmid(words, at))])


def _follows_pmid(words: Words, at: int) -> bool:
    return words.folded(at - 1) == "pmid" and words.folded(at).isdecimal()


def _handle(words: Words, at: int) -> str:
    return f"PMID:{words.all[at].bare}" if _follows_pmid(words, at) else words.all[at].raw


def _limits(index: Library, given: Filters, time: Period, who: People, where: Place, coded: Place) -> Limits:
    since, until = (who.year, who.year) if who.year else (time.since, time.until)
    found = Understood(
        authors=who.names,
        since=since,
        until=until,
        venue=where.name,
        categories=(coded.name,) if coded.name else (),
        newest=time.newest,
        unknown=who.unknown,
    )
    limits = Limits(found, who.together)
    if who.together and not index.count(
        replace(limits, understood=Understood(authors=who.names)).within(given)
    ):
        limits = replace(limits, together=False)
    if since or until:
        undated = index.undated(limits.within(given))
        limits = replace(limits, understood=replace(found, undated=undated))
    return limits


def _trimmed(words: Words) -> str:
    """What is left to rank by, without the words of request before it: "what has published on X" is "X"."""
    content = words.content
    return " ".join(words.all[at].raw for at in words.left if at >= content[0]) if content else ""


def told(understood: Understood) -> str:
    """The limits in one line; empty where there is none."""
    return "; ".join(_parts(understood))


def _parts(found: Understood) -> Iterator[str]:
    if found.ids:
        yield f"the paper{'s' if len(found.ids) > 1 else ''} {_listed(found.ids)}"
    if found.authors:
        yield f"by {_listed(found.authors)}"
    if found.since and found.since == found.until:
        yield f"of {found.since}"
    elif found.since or found.until:
        between = f"from {found.since} to {found.until}"
        yield (
            between
            if found.since and found.until
            else f"since {found.since}"
            if found.since
            else f"until {found.until}"
        )
    if found.venue:
        yield f"in {found.venue}"
    if found.categories:
        yield f"in the category {_listed(found.categories)}"
    if found.newest:
        yield "newest first"
    for short, long in found.expanded.items():
        yield f"{short} also as {long}"
    if found.undated:
        yield f"{found.undated} without a date left out"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
