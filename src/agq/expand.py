"""Short forms of a question and their long ones, as the papers found for it explain them.

"UDGs" and "ultra-diffuse galaxies" ask for the same, in an index of which some paper writes "ultra-diffuse
galaxies (UDGs)". Either is read as the long form, and a paper that has the short form alone has the long one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agq.model import Paper
from agq.text.acronyms import acronyms
from agq.text.terms import STOP_WORDS, terms, tokens

_SHORT = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z][\w-]*[A-Z])[A-Z][\w-]{1,9}(?![\w-])")
_PLURAL = re.compile(r"(?<=[A-Z])s$")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A question with long forms in place of short ones.

    ``forms``: what stood in the question, and its other form. ``aliases``: the term of each short form, and
    the terms of the long one.
    """

    text: str
    forms: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def may_expand(question: str) -> bool:
    """Whether a question has a word that looks like an acronym, or words enough to be one's long form."""
    content = [token for token in tokens(question) if token not in STOP_WORDS]
    return bool(_SHORT.search(question)) or len(content) > 1


def expand(question: str, papers: Sequence[Paper]) -> Expanded:
    """``question`` with the forms that ``papers`` explain, best first; the first that explains one counts."""
    found = Expanded(question)
    for short, long in _explained(papers):
        if _term(short) in found.aliases or _is_known(found, long):
            continue
        found = _with_short(found, short, long) or _with_long(found, short, long) or found
    return found


def _is_known(found: Expanded, long: str) -> bool:
    """Whether a long form is a part of one that was found already."""
    own = set(terms(long))
    return not own or any(own.issubset(known) for known in found.aliases.values())


def _explained(papers: Sequence[Paper]) -> Iterator[tuple[str, str]]:
    """The short and long forms; what has a digit, as ``CCR7``, is a name by itself."""
    for paper in papers:
        found = acronyms(f"{paper.title}. {paper.abstract}")
        yield from ((short, long) for short, long in found.items() if short.isalpha())


def _term(short: str) -> str:
    return "".join(terms(_PLURAL.sub("", short))[:1])


def _with_short(found: Expanded, short: str, long: str) -> Expanded | None:
    """The question with a short form spelled out; None where it does not have it, or has both."""
    bare = re.escape(_PLURAL.sub("", short))
    held = re.search(rf"(?<![\w-]){bare}s?(?![\w-])", found.text)
    if not held or _has_long(found.text, long):
        return None
    text = f"{found.text[: held.start()]}{long}{found.text[held.end() :]}"
    return Expanded(text, {**found.forms, held.group(): long}, _aliases(found, short, long))


def _with_long(found: Expanded, short: str, long: str) -> Expanded | None:
    """The question as it is, a long form of it known by its short one as well; None where it has none."""
    if not _has_long(found.text, long):
        return None
    return Expanded(found.text, {**found.forms, long: short}, _aliases(found, short, long))


def _has_long(question: str, long: str) -> bool:
    return f" {' '.join(terms(long))} " in f" {' '.join(terms(question))} "


def _aliases(found: Expanded, short: str, long: str) -> dict[str, tuple[str, ...]]:
    return {**found.aliases, _term(short): tuple(terms(long))}
