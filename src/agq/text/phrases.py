"""The terms that several texts speak of, as the texts print them.

A term is a run of nouns and what qualifies them, as their word classes tell; that it stands somewhere
with nothing further before or behind it keeps fragments out. What is said everywhere ("experimental
results") is told by counts over many abstracts and titles, not by a list of words.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agq.text.acronyms import acronyms
from agq.text.sentences import sentences
from agq.text.terms import terms
from agq.text.word_classes import split, word_classes

TERM_WORDS_MAX = 4
"""Words of a term."""
PECULIAR_BITS_MIN = 0.45
"""In bits: below this all fields use a word alike. A term has a word that is not so ..."""
LONE_WORD_BITS_MIN = 1.0
"""... and is none by itself, if it has one word, below this."""
TITLE_SHARE_MIN = 0.04
"""A noun of which less of its papers have it in the title is no subject."""
UNLISTED_WORD_BITS = 2.0
"""How peculiar a word is that no list has."""
WEAK_NOUN_BITS_MIN = 0.03
"""A noun of which "peculiar" times "titled" is less says little itself: "data", "strategies"."""
BARE_SHARE_MIN, BARE_IN_TEXT_SHARE_MIN = 0.9, 0.75
"""From this share on a singular stands without an article ("dark matter"), and where the texts do so, too."""
WITHIN_LONGER_SHARE_MIN = 0.6
"""A term that so often stands within a longer one is a part of that."""

_RUN = re.compile(r"[jnsp]*[nsp]")
_NAME = re.compile(r"[^\W\d_][^\W_]+(?:[-–][^\W_]+){0,2}")
_TITLE_ENDS = re.compile(r"[:?!.]\s")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PUBLISHER = re.compile(r"©|\bcopyright\b|\ball rights reserved\b", re.IGNORECASE)
_AROUND = re.compile(r"(?:[A-Z][\w-]+ )*\([^()]*\)")
"""What stands in brackets, and with capitals before them: an acronym and what it stands for."""
_PIECES = re.compile(r"[-–‑]")


Place = tuple[int, int]
"""A text, and a sentence in it."""
TITLE_SENTENCE = -1
"""The sentence that is a title."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: Sequence[str]
    place: Place


@dataclass(frozen=True, slots=True)
class Mention:
    """A term where it stands: its words, their classes, the words before and behind it, its sentence.

    ``whole``: nothing before or behind belongs to it but adjectives before. ``opens``: it begins a sentence,
    whose capital is not its own.
    """

    words: tuple[str, ...]
    classes: str
    before: str
    after: str
    place: Place
    whole: bool
    opens: bool

    @property
    def titled(self) -> bool:
        """Whether it stands in a title."""
        return self.place[1] == TITLE_SENTENCE


@dataclass(frozen=True, slots=True)
class Phrase:
    """A term: its stems, how it is written within a sentence, the texts that have it and which of them do in
    the title and in the body; how often they do; whether it is a name; whether it is surely one, by its
    words alone; how peculiar its words are to some fields; the terms of the sentences that have it.
    """

    stems: tuple[str, ...]
    text: str
    texts: frozenset[int]
    titled: frozenset[int]
    told: frozenset[int]
    times: int
    named: bool
    sure: bool
    peculiar: float
    beside: frozenset[str]


def shared_phrases(titles: Sequence[str], bodies: Sequence[str]) -> list[Phrase]:
    """The terms of some texts that can be written within a sentence, those first that most of them have."""
    texts = _Texts(bodies)
    read = list(_sentences(titles, bodies))
    seen: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for sentence in read:
        for mention in _mentions(sentence):
            seen[_stems(mention.words, texts.short)].append(mention)
    said_in = {sentence.place: frozenset(terms(" ".join(sentence.words))) for sentence in read}
    found = [
        _phrase(stems, said, text, said_in)
        for stems, said in seen.items()
        if _is_term(stems, said) and (text := _written(said, texts))
    ]
    whole = [phrase for phrase in found if not _is_part(phrase, found)]
    return sorted(whole, key=lambda phrase: (-len(phrase.texts), -len(phrase.titled), phrase.text))


def _phrase(
    stems: tuple[str, ...], said: Sequence[Mention], text: str, said_in: Mapping[Place, frozenset[str]]
) -> Phrase:
    words = [word.lower() for word in said[0].words]
    places = {mention.place for mention in said}
    return Phrase(
        stems,
        text,
        frozenset(at for at, _ in places),
        frozenset(at for at, nth in places if nth == TITLE_SENTENCE),
        frozenset(at for at, nth in places if nth != TITLE_SENTENCE),
        len(places),
        text.rsplit(maxsplit=1)[-1][:1].isupper(),
        "s" not in said[0].classes[:-1] and _is_strong(said[0].words),
        sum(_peculiar(word) for word in words) / len(words),
        frozenset().union(*(said_in[place] for place in places)),
    )


class _Texts:
    """What several texts tell of words: acronyms and what they stand for, names."""

    def __init__(self, bodies: Sequence[str]) -> None:
        found = ((one, long) for body in bodies for one, long in acronyms(body).items())
        self.short = {one: long for one, long in found if _RUN.fullmatch(word_classes().classes(split(long)))}
        self.names = frozenset(
            word for body in bodies for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", _AROUND.sub(" ", body))
        )


def _sentences(titles: Sequence[str], bodies: Sequence[str]) -> Iterator[_Sentence]:
    for at, (title, body) in enumerate(zip(titles, bodies, strict=True)):
        parts = [(TITLE_SENTENCE, part) for part in _TITLE_ENDS.split(title)]
        told = enumerate(sentences(_BRACKETS.sub(",", body)))
        parts += [(nth, one) for nth, one in told if not _PUBLISHER.search(one)]
        yield from (_Sentence(words, (at, nth)) for nth, part in parts if (words := split(part)))


def _mentions(sentence: _Sentence) -> Iterator[Mention]:
    """Every run of a sentence that ends in a noun, and what it has within it that does."""
    words = sentence.words
    classes = _classes(words, titled=sentence.place[1] == TITLE_SENTENCE)
    for run in _RUN.finditer(classes):
        before = words[run.start() - 1].lower() if run.start() else ""
        after = words[run.end()] if run.end() < len(words) else ""
        for start, end in itertools.combinations(range(run.start(), run.end() + 1), 2):
            if end - start <= TERM_WORDS_MAX and classes[end - 1] != "j":
                ahead = zip(words[run.start() : start], classes[run.start() : start], strict=True)
                whole = end == run.end() and all(class_ == "j" and _is_plain(word) for word, class_ in ahead)
                opens = start == 0 or words[start - 1] in {":", "."}
                term = tuple(words[start:end]), classes[start:end]
                yield Mention(*term, before, after, sentence.place, whole, opens)


def _classes(words: Sequence[str], *, titled: bool) -> str:
    """The classes of a sentence's words; a participle behind a noun that is mostly a noun itself counts as
    one: "machine learning". In a title a capital says nothing.
    """
    found = word_classes().classes([word.lower() if titled and word.istitle() else word for word in words])
    behind = zip(words[1:], found, found[1:], strict=False)
    nouns = (
        "n" if one == "g" and last in "jnsp" and _noun_share(word) > 0.5 else one
        for word, last, one in behind
    )
    return found[:1] + "".join(nouns)


def _noun_share(word: str) -> float:
    known = word_classes().word(word.lower())
    return sum(known.classes.get(one, 0.0) for one in "nsp") if known else 0.0


def _is_plain(word: str) -> bool:
    """Whether all fields use a word alike."""
    return _peculiar(word.lower()) < PECULIAR_BITS_MIN


def _stems(words: Iterable[str], short: Mapping[str, str]) -> tuple[str, ...]:
    """The stems of a term, an acronym being what it stands for."""
    full = " ".join(short.get(word) or short.get(word.removesuffix("s")) or word for word in words)
    return tuple(stem for word in full.split() for stem in terms(word)[:1])


def _is_term(stems: tuple[str, ...], said: Sequence[Mention]) -> bool:
    """Whether what stands there is a subject: something particular, that is not half of anything."""
    words = tuple(word.lower() for word in said[0].words)
    return (
        any(mention.whole for mention in said)
        and all(_NAME.fullmatch(word) and word[-1].isalpha() for word in words)
        and len(set(stems)) == len(stems) > 0
        and all(_titles(mention.words[-1]) for mention in said)
        and _is_particular(words)
        and not _counted(said)
        and not any(map(_is_plural_noun, said[0].words[:-1]))
        and not any(word_classes().is_set(f"{a} {b}") for a, b in itertools.pairwise(words))
    )


def _counted(said: Sequence[Mention]) -> bool:
    """Whether it is mostly counted, as units are: "10 solar masses"."""
    return 2 * sum(mention.before[:1].isdigit() for mention in said) > len(said)


def _titles(noun: str) -> bool:
    """Whether a word is a noun that stands in titles, too, where papers speak of it."""
    known = word_classes().word(noun.lower())
    return known is None or (known.titled >= TITLE_SHARE_MIN and _noun_share(noun) > 0.25)


def _is_particular(words: Sequence[str]) -> bool:
    peculiar = [_peculiar(word) for word in words]
    first = word_classes().word(words[0])
    if first and first.titled < TITLE_SHARE_MIN and peculiar[0] < PECULIAR_BITS_MIN:
        return False
    return max(peculiar) >= (PECULIAR_BITS_MIN if len(words) > 1 else LONE_WORD_BITS_MIN)


def _is_strong(words: Sequence[str]) -> bool:
    """Whether neither the noun nor the adjective it opens with is used of anything: "new data"."""
    head, first = (word_classes().word(word.lower()) for word in (words[-1], words[0]))
    weak = head is not None and head.peculiar * head.titled < WEAK_NOUN_BITS_MIN
    if weak or first is None:
        return not weak
    return (
        first.classes.get("j", 0) < 0.5
        or first.peculiar >= PECULIAR_BITS_MIN
        or first.titled >= 3 * TITLE_SHARE_MIN
    )


def _peculiar(word: str) -> float:
    """How peculiar a word is to some fields; of a compound its most peculiar part."""
    whole = word_classes().word(word)
    parts = [whole] if whole else map(word_classes().word, _PIECES.split(word))
    return max(part.peculiar if part else UNLISTED_WORD_BITS for part in parts)


def _is_part(phrase: Phrase, found: Sequence[Phrase]) -> bool:
    """Whether the texts have a term mostly within a longer one: "tension" in "the Hubble tension"."""
    n = len(phrase.stems)
    return any(
        len(other.stems) > n
        and other.times >= WITHIN_LONGER_SHARE_MIN * phrase.times
        and any(other.stems[i : i + n] == phrase.stems for i in range(len(other.stems) - n + 1))
        for other in found
    )


def _written(said: Sequence[Mention], texts: _Texts) -> str:
    """How a term is written within a sentence: in the plural; without an article, or with "the", where texts
    write it so and it is no "course of" something; else not at all.
    """
    plural = [mention for mention in said if _is_plural(mention)]
    if plural:
        return _spelled(plural, texts)
    running = [mention for mention in said if mention.whole and not mention.titled]
    before = Counter(_article(mention) for mention in running)
    head = word_classes().word(said[0].words[-1].lower())
    named = bool(running) and all(mention.words[-1][:1].isupper() for mention in running)
    mass = head.bare if head and not named else BARE_IN_TEXT_SHARE_MIN if before[""] > before["the"] else 0.0
    if before["a"] <= before[""] and (
        mass >= BARE_SHARE_MIN or (mass >= BARE_IN_TEXT_SHARE_MIN and before[""] > 1 and not before["a"])
    ):
        text = _spelled(said, texts)
        spelled_out = text in texts.short.values() and not _stands_bare(text)
        return _plural(text) if spelled_out else text
    of_something = 2 * sum(mention.after == "of" for mention in running) >= len(running)
    if (
        len(said[0].words) > 1
        and not of_something
        and before["the"] > before["a"]
        and before["the"] >= before[""]
    ):
        return f"the {_spelled(running, texts)}"
    return ""


def _stands_bare(text: str) -> bool:
    """Whether a noun stands without an article, as far as is known."""
    known = word_classes().word(text.rpartition(" ")[2].lower())
    return known is None or known.bare >= BARE_IN_TEXT_SHARE_MIN


def _is_plural(mention: Mention) -> bool:
    """Whether its noun is a plural: tagged so, or a known noun with an s."""
    return mention.classes[-1] == "s" or _is_plural_noun(mention.words[-1])


def _is_plural_noun(word: str) -> bool:
    singular = f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
    return word.endswith("s") and not word.endswith("ss") and _noun_share(singular) > 0.5


def _article(mention: Mention) -> str:
    return {"the": "the", "this": "the", "a": "a", "an": "a", "each": "a", "every": "a", "one": "a"}.get(
        mention.before, ""
    )


def _spelled(said: Sequence[Mention], texts: _Texts) -> str:
    """The commonest spelling, that within a sentence before others; an acronym spelled out."""
    running = [" ".join(mention.words) for mention in said if not mention.titled and not mention.opens]
    others = [" ".join(_natural(word, texts.names) for word in mention.words) for mention in said]
    spellings = Counter(running or others)
    best = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
    return texts.short.get(best) or _plural(texts.short.get(best.removesuffix("s"), "")) or best


def _plural(long: str) -> str:
    """A long form in the plural; empty where it is not known to be made with an s."""
    known = word_classes().word(f"{long.rpartition(' ')[2]}s")
    return f"{long}s" if known and known.classes.get("s", 0.0) > 0.5 else ""


def _natural(word: str, names: Container[str]) -> str:
    """A word out of title case, part by part of a compound: names and acronyms keep their capitals."""
    return re.sub(r"[^\W\d_]+", lambda part: _lowered(part.group(), names), word)


def _lowered(part: str, names: Container[str]) -> str:
    known = word_classes().word(part.lower())
    plain = part[:1].isupper() and not any(map(str.isupper, part[1:]))
    return part.lower() if plain and not (known.capital if known else part in names) else part
