"""The terms that several texts share, written as a person would write them."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agq.text.lexicon import lexicon
from agq.text.terms import STOP_WORDS, fold, terms

_LEXICON = lexicon("phrases")
_WORD = re.compile(r"[^\W_](?:[\w'’]|[-–‑+](?=\w))*")
EMPTY = _LEXICON["empty"]
"""Words that make no heading by themselves."""

_JOINS = _LEXICON["joining"]
"""Prepositions and verbs: what stands on their two sides are two phrases."""
_LY = re.compile(r"(?!(?:early|family|anomaly|assembly|supply|only|fly|italy|monopoly|july)$)\w{3,}ly")
_SPELLED_OUT = re.compile(r"(?:[A-Z][\w-]+ )+(?=\([A-Z])")
EPONYMS = _LEXICON["eponyms"]
_NEVER_FIRST = _LEXICON["never_first"] | EMPTY - _LEXICON["empty_that_may_be_first"]
GENERIC_WORDS = _LEXICON["generic"]
"""Words that tell nothing about one paper that is not true of many."""
DOINGS = re.compile(rf".*\b(?:{'|'.join(sorted(_LEXICON['activities']))})$")
"""Subjects that are an activity, of which one says "does"."""
_NEVER_LAST = re.compile(
    rf".*(?:{'|'.join(sorted(_LEXICON['adjective_endings']))})$|(?:{'|'.join(sorted(_LEXICON['never_last']))})"
)
_NOUNS_IN_ED = _LEXICON["nouns_that_look_like_adjectives"]
_NOUN_IN_ING = _LEXICON["nouns_in_ing"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase that several texts share: its stems, its best spelling, the texts that hold it, and which
    of them do in their titles or in their bodies.
    """

    stems: tuple[str, ...]
    text: str
    texts: frozenset[int]
    titled: frozenset[int]
    told: frozenset[int]


def shared_phrases(titles: Sequence[str], bodies: Sequence[str], *, least: int = 2) -> list[Phrase]:
    """The noun phrases that at least ``least`` of the texts hold, in title or body, longest first."""
    seen: dict[tuple[str, ...], set[int]] = defaultdict(set)
    titled: dict[tuple[str, ...], set[int]] = defaultdict(set)
    told: dict[tuple[str, ...], set[int]] = defaultdict(set)
    spellings: dict[tuple[str, ...], tuple[Counter[str], Counter[str]]] = defaultdict(
        lambda: (Counter(), Counter())
    )
    for i, (title, body) in enumerate(zip(titles, bodies, strict=True)):
        for text, in_title in ((title, True), (body, False)):
            for stems, spelling in _candidates(text):
                seen[stems].add(i)
                spellings[stems][not in_title][spelling] += 1
                (titled if in_title else told)[stems].add(i)
    proper = _proper(bodies)
    found = [
        Phrase(
            stems,
            _spelled(*spellings[stems], proper),
            frozenset(where),
            frozenset(titled[stems]),
            frozenset(told[stems]),
        )
        for stems, where in seen.items()
        if len(where) >= least
    ]
    whole = [phrase for phrase in found if not _is_part(phrase, found)]
    return sorted(whole, key=lambda phrase: (-len(phrase.stems), -len(phrase.texts), phrase.text))


def _is_part(phrase: Phrase, found: Sequence[Phrase]) -> bool:
    """Whether the texts have a phrase only within a longer one: "learning interatomic potentials"."""
    n = len(phrase.stems)
    return any(
        len(other.stems) > n
        and phrase.texts <= other.texts
        and any(other.stems[i : i + n] == phrase.stems for i in range(len(other.stems) - n + 1))
        for other in found
    )


def _candidates(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Runs of one to four words with no function word or punctuation in them, that end like a noun."""
    for stretch in re.split(r"[^\w\s'’+–‑-]+|\s[-–—]\s", text):
        words = _WORD.findall(stretch)
        for n in (4, 3, 2, 1):
            for i in range(len(words) - n + 1):
                run = words[i : i + n]
                if _is_nominal(run):
                    yield tuple(itertools.chain.from_iterable(_stems(word) for word in run)), " ".join(run)


def _stems(word: str) -> tuple[str, ...]:
    pieces = re.split(r"[-–‑]", word)
    return tuple(stem for piece in pieces for stem in terms(piece)[:1])


def _is_nominal(run: Sequence[str]) -> bool:
    folded = [fold(word) for word in run]
    if any(map(_breaks, folded)):
        return False
    if all(word in EMPTY for word in folded) or folded[0] in _NEVER_FIRST or "'s" in run[0]:
        return False
    last = re.split(r"[-–‑]", folded[-1])[-1]
    if len(last) < 3 or (len(run) == 1 and "-" not in last and not run[0].isupper()):
        return False
    if last.endswith("ing") and last not in _NOUN_IN_ING:
        return False
    if len(run) > 1 and folded[0].endswith("ing") and folded[0] not in _NOUN_IN_ING | {"learning"}:
        return False
    return last in _NOUNS_IN_ED or (not _NEVER_LAST.fullmatch(last) and not (last in EMPTY and len(run) == 1))


def _breaks(word: str) -> bool:
    """Whether a word is in no noun phrase."""
    return (
        word in STOP_WORDS or word in _JOINS or word.isdigit() or len(word) < 2 or bool(_LY.fullmatch(word))
    )


def _lower_case(bodies: Sequence[str]) -> frozenset[str]:
    """Words that stand in lower case somewhere: no proper names. So are the parts of compounds."""
    words = (word for body in bodies for word in re.findall(r"[^\W\d_]+", body))
    return frozenset(word for word in words if word.islower())


def _proper(bodies: Sequence[str]) -> frozenset[str]:
    """Words that stand with a capital within a sentence and never in lower case, folded.

    What is spelled out for an acronym, before or within brackets, has capitals for another reason.
    """
    found: set[str] = set()
    for body in bodies:
        running = re.sub(r"\([^()]*\)", " ", _SPELLED_OUT.sub(" ", body))
        found.update(word.lower() for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", running))
    return (frozenset(found) - _lower_case(bodies)) | EPONYMS


def _spelled(titled: Counter[str], told: Counter[str], proper: frozenset[str]) -> str:
    """The commonest spelling of the texts, the plural before the singular; that of a title in lower case but
    for names and acronyms.
    """
    ranked = sorted(told or titled, key=lambda s: (not s.endswith("s"), -(told or titled)[s], s))
    words = ranked[0].split()
    opens = len(words) > 1 and not any(word[:1].isupper() for word in words[1:])  # may have opened a sentence
    return " ".join(_natural(w, proper) if not told or (opens and not n) else w for n, w in enumerate(words))


def sentence_case(title: str, bodies: Sequence[str]) -> str:
    """A title as a sentence: lower case but for its first letter, acronyms and the names in ``bodies``."""
    proper = _proper(bodies)
    words = " ".join(_natural(word, proper) for word in title.split())
    return words[:1].upper() + words[1:]


def _natural(word: str, proper: frozenset[str]) -> str:
    """A word out of title case, part by part of a compound."""
    return re.sub(r"[^-–‑]+", lambda match: _lowered(match.group(), proper), word)


def _lowered(part: str, proper: frozenset[str]) -> str:
    plain = part[:1].isupper() and part[1:].islower()
    return part.lower() if plain and part.lower() not in proper else part
