"""Named things in a sentence, and which of them a source does not hold."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from agq.text.sentences import sentences
from agq.text.terms import STOP_WORDS, fold, greek_name, terms

_NAME = re.compile(r"[^\W_](?:[\w+]|[-–‑./'’](?=\w))*")
_SUBSCRIPT = re.compile(r"(?<=\w)[_^]\{?(\w{1,3})\}?|\\(?=[a-z])")
_STYLE = re.compile(r"\\(?:math|text)[a-z]{2}\s*\{([^{}]*)\}|[$]")
_PARTS = re.compile(r"[-–‑/+]")
_GREEK = re.compile("|".join(map(greek_name, "αβγδεζθικλμνρσστφχψω")))
_ENGLISH_SHARE_MIN = 0.1
"""The share of function words in an English sentence, at least. In other languages a capital may open any
noun.
"""
_LONG_FORM_WORDS_MAX = 6
"""Words of a long form that is not explained where it stands."""
_ACRONYM_LETTERS_MAX = 10


def names(text: str) -> list[str]:
    """Acronyms, words with digits or inner capitals, and, in English, capitalised words that do not open a
    sentence.
    """
    found: list[str] = []
    for sentence in sentences(_plain(text)):
        english = _is_english(sentence)
        for position, match in enumerate(_NAME.finditer(sentence)):
            opens = not english or position == 0 or sentence[: match.start()].rstrip()[-1:] in ':.?!"“('
            if _is_name(match.group(), opens=opens):
                found.append(match.group())
    return list(dict.fromkeys(found))


def _is_english(sentence: str) -> bool:
    words = [fold(word) for word in _NAME.findall(sentence)]
    return len(words) < 5 or sum(word in STOP_WORDS for word in words) >= _ENGLISH_SHARE_MIN * len(words)


def unfounded_names(sentence: str, source: str) -> tuple[str, ...]:
    """The named things of ``sentence`` that ``source`` holds neither as they are nor by acronym or long
    form.

    An acronym that the sentence itself explains ("matrix metalloproteases (MMPs)") asks for nothing: its
    words are looked for as words. Where the source has the acronym, names among the words are not asked for.
    """
    claimed = names(sentence)
    if not claimed:
        return ()
    held = _held(source)
    explained = _explained(_plain(sentence))
    known = {word for short, words in explained.items() if held.has(short) for word in words}
    return tuple(
        name
        for name in claimed
        if name not in explained
        and name not in known
        and not held.has(name)
        and not held.has_joined(name, sentence)
        and not held.has_short_form(name, sentence)
    )


class _Held:
    """The words of a source, looked up as names are written: by part, by letter, by acronym."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._words = _NAME.findall(source)
        self._terms = frozenset(terms(source))
        self._letters = frozenset(map(_latin, self._terms))

    def has(self, name: str) -> bool:
        """Whether the source has the name, a more specific one (``BRCA1`` for ``BRCA``) or its long form."""
        name = name.rstrip("+")
        if either := re.fullmatch(r"(.*?[^\W\d_])(\d)/(\d)", name):  # OCT3/4: OCT3 or OCT4
            return self.has(either[1] + either[2]) or self.has(either[1] + either[3])
        return self._as_written(name) or self._by_letters(name) or self._by_parts(name) or self._expands(name)

    def has_joined(self, name: str, sentence: str) -> bool:
        """Whether the source writes the name and a word beside it as one: ``NIH 3T3`` as ``NIH3T3``."""
        words = _NAME.findall(_plain(sentence))
        pairs = (pair for pair in itertools.pairwise(words) if name in pair)
        return any(self._letters & {_latin("".join(terms(a)[:1] + terms(b)[:1]))} for a, b in pairs)

    def has_short_form(self, name: str, sentence: str) -> bool:
        """Whether ``name`` is a word of a long form in the sentence whose acronym the source uses."""
        words = _split(sentence)
        first = _latin(fold(_PARTS.split(name)[0]))
        runs = [
            words[i : i + _LONG_FORM_WORDS_MAX]
            for i in range(len(words))
            if first in words[i : i + _LONG_FORM_WORDS_MAX]
        ]
        return any(
            _expansion(short, run) > run.index(first) for short in self._acronyms for run in runs if short
        )

    def _as_written(self, name: str) -> bool:
        whole = terms(name)
        return not whole or whole[0] in self._terms or all(part in self._terms for part in whole)

    def _by_letters(self, name: str) -> bool:
        """``NF-kB`` for ``NF-κB``, ``RNA`` for ``mRNA``, ``AMP`` for ``AMPK``."""
        first = terms(name)[0]
        if _latin(first) in self._letters:
            return True
        if len(first) <= 2:
            return False
        kind = re.compile(rf"[a-z]{{1,3}}{re.escape(re.sub(r'(?<=[A-Z])s$', '', name))}s?")
        starts = any(term.startswith(first) for term in self._terms)
        return starts or any(kind.fullmatch(word) for word in self._words)

    def _by_parts(self, name: str) -> bool:
        """Of ``HIV-positive``, ``Kohn–Sham-like`` or ``AMP-activated`` the named parts are enough."""
        head, hyphen, tail = name.rpartition("-")
        if hyphen and tail.islower() and _is_name(head, opens=False):
            return self.has(head)
        parts = [part for part in _PARTS.split(name) if part]
        named = [part for part in parts if _is_marked(part) or part[0].isupper() or part.isdigit()]
        return len(parts) > 1 and bool(named) and all(self._has_part(part) for part in named)

    def _has_part(self, part: str) -> bool:
        return self._as_written(part) or self._by_letters(part)

    def _expands(self, name: str) -> bool:
        short = _short(name)
        return bool(short) and any(_expansion(short, self._split[i:]) for i in self._starts[short[0]])

    @cached_property
    def _split(self) -> list[str]:
        return _split(self._source)

    @cached_property
    def _starts(self) -> Mapping[str, list[int]]:
        starts: dict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self._split):
            starts[word[0]].append(i)
        return starts

    @cached_property
    def _acronyms(self) -> frozenset[str]:
        return frozenset(map(_short, self._words)) - {""}


@lru_cache(maxsize=64)
def _held(source: str) -> _Held:
    """Kept, because many sentences are held against one source."""
    return _Held(_plain(source))


def _plain(text: str) -> str:
    """``$R^2$`` as ``R2``, ``\\tau_{21}`` as ``tau21``."""
    bare = _STYLE.sub(lambda match: match.group(1) or "", text)
    return _SUBSCRIPT.sub(lambda match: match.group(1) or "", bare)


def _is_name(word: str, *, opens: bool) -> bool:
    parts = [part for part in _PARTS.split(word) if part]
    if len(word) < 2 or word.replace(".", "").isdigit():
        return False
    if any(_is_marked(part) for part in parts):
        return True
    capitalised = len(parts[0]) > 1 and parts[0][0].isupper()
    return capitalised and not opens and fold(parts[0]) not in STOP_WORDS


def _is_marked(part: str) -> bool:
    """Whether a word is a name by its letters: ``BERT``, ``GeoPep``, ``mRNA``, ``p53``, ``ESM3``."""
    if part.isdigit() or len(part) < 2:
        return False
    capitals = sum(letter.isupper() for letter in part)
    digits = any(letter.isdigit() for letter in part)
    return capitals >= 2 or (capitals == 1 and not part[0].isupper()) or (digits and part[0].isalpha())


def _short(name: str) -> str:
    """``PINNs`` as ``pinn``, ``SREBP2`` as ``srebp2``; empty for what is no acronym."""
    bare = re.sub(r"(?<=[A-Z\d])s$", "", name).replace("-", "").replace(".", "")
    capitals = sum(letter.isupper() for letter in bare)
    return (
        _latin(fold(bare)) if capitals >= 2 and bare.isalnum() and len(bare) <= _ACRONYM_LETTERS_MAX else ""
    )


def _split(text: str) -> list[str]:
    """The words of ``text``, folded, compounds in their parts."""
    return re.findall(r"[^\W_]+", _latin(fold(text)))


def _expansion(short: str, words: Sequence[str]) -> int:
    """How many of ``words``, from the first, spell an acronym out: 0 where they do not.

    Each word gives its first letter, or, being an acronym or a number itself, all of them (``transcription
    factor EB`` is ``TFEB``); function words may give nothing.
    """
    for n, word in enumerate(words[: 2 * _LONG_FORM_WORDS_MAX], start=1):
        if word in STOP_WORDS and not short.startswith(word[0]):
            continue
        if len(word) > 1 and n > 1 and short == word:
            return n
        if not short.startswith(word[0]):
            return 0
        short = short[1:]
        if not short:
            return n if n > 1 else 0
    return 0


def _explained(sentence: str) -> dict[str, frozenset[str]]:
    """The acronyms in brackets that the words before them explain, and the names among these words.

    After Schwartz and Hearst (2003): the letters stand in the words in their order, the first one opening a
    word, in at most min(n + 5, 2 n) words for n letters.
    """
    found: dict[str, frozenset[str]] = {}
    for match in re.finditer(r"\(([^\W_][\w-]{1,9})\)", sentence):
        letters = _split(re.sub(r"(?<=[A-Z\d])s$", "", match[1]).replace("-", ""))
        if letters and sum(letter.isupper() for letter in match[1]) > 1:
            before = _NAME.findall(sentence[: match.start()])[-min(len(match[1]) + 5, 2 * len(match[1])) :]
            words = _long_form(letters[0], before)
            found |= {match[1]: frozenset(words)} if words else {}
    return found


def _long_form(letters: str, before: Sequence[str]) -> Sequence[str]:
    """The last of the words ``before`` in which the letters stand; empty where they do not."""
    for start in range(len(before) - 1, -1, -1):
        text = fold(" ".join(before[start:]))
        rest = iter(text)
        closes = fold(before[-1])[0] in letters  # its last word has a part in it
        if closes and text.startswith(letters[0]) and all(letter in rest for letter in letters):
            return before[start:]
    return ()


def _latin(term: str) -> str:
    """Greek letters spelled out, by the Latin one that stands for them: ``nfkappab`` as ``nfkb``."""
    return _GREEK.sub(lambda match: match.group()[0], term)
