"""Text to index terms: what counts as the same word in a question, a title and an abstract.

Lower case, accents and typographic forms folded, English function words left out, Snowball English stems.
What plain tokenisers break stays findable: ``pre-training`` is found as ``pretraining``, ``pre`` and
``training``; ``GPT-4`` as ``GPT4``; ``H₂O`` as ``H2O``; ``TGF-β`` as ``TGF-beta``; ``2406.08554v2`` as
``2406.08554``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

import Stemmer

from agq.text.lexicon import lexicon

Frequencies = Callable[[Sequence[str]], Sequence[int]]
"""How many papers of the index hold each of the terms."""

STOP_WORDS = frozenset(word.replace("'", "") for word in lexicon("english")["function_words"])
"""English function words, contractions without their apostrophe."""

_HYPHENS = "\\-_'\u2010\u2011\u2012\u2013\u2212\u2019"
_COMPOUND = re.compile(rf"[^\W_]+(?:[{_HYPHENS}./][^\W_]+)*")
_PIECE_ENDS = re.compile(rf"[{_HYPHENS}/]|\.(?=[^\W\d_])|(?<=[^\W\d_])\.")
_JOINED_BY = re.compile(rf"[{_HYPHENS}]")
_ARXIV_VERSION = re.compile(r"(\d{4}\.\d{4,5})v\d+")
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "ı": "i",
     "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ß": "ss", "ẞ": "SS", "ŋ": "ng"}
)  # fmt: skip
"""Letters that Unicode does not take apart, as they are written without them."""
_MARKS = re.compile("[\u0300-\u036f]")
_GREEK = re.compile("[\u03b1-\u03c9]+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")


def greek_name(letter: str) -> str:
    """``β`` as ``beta``."""
    return unicodedata.name(letter).split()[-1].lower().replace("lamda", "lambda")


def _spelled(run: re.Match[str]) -> str:
    """A Greek symbol by its name; a longer run is a Greek word and stays."""
    letters = run.group()
    return letters if len(letters) > 2 else "".join(map(greek_name, letters))


def fold(text: str) -> str:
    """``text`` in lower case, accents off, typographic forms plain (NFKC), Greek symbols spelled out."""
    if text.isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_LETTERS)
    return _GREEK.sub(_spelled, unicodedata.normalize("NFKC", bare).lower())


def tokens(text: str) -> list[str]:
    """The words of ``text``, folded, compounds and identifiers in one piece, nothing left out."""
    return _COMPOUND.findall(fold(text))


def terms(text: str) -> list[str]:
    """The index terms of ``text``, in order, repeated as often as they stand there.

    A compound gives itself (without its hyphens) and then its pieces: either spelling finds the other.
    Runs of Chinese, Japanese or Korean writing give overlapping pairs of characters.
    """
    return joined_terms(text).split()


def joined_terms(text: str) -> str:
    """The index terms of ``text``, spaces between.

    No token goes across white space, so that each word is looked up whole: a third of the time that finding
    the tokens takes.
    """
    words = text.encode().translate(_BLANKED).decode() if text.isascii() else fold(text)
    return " ".join(filter(None, map(_WORDS.__getitem__, words.split())))


_BLANKED = bytes(byte if chr(byte).isalnum() or chr(byte) in "-_'./" else 32 for byte in range(256)).lower()
"""ASCII in lower case, and a space for what is in no token."""


class _Words(dict[str, str]):
    """Folded word -> its terms, spaces between; kept, because the words of 200 abstracts are some 6,000
    different ones."""

    def __missing__(self, word: str) -> str:
        found = " ".join(term for token in _COMPOUND.findall(word) for term in _terms_of(token))
        if len(word) > WORD_LENGTH_MAX:
            return found
        if len(self) >= STEM_CACHE_WORDS_MAX:
            self.clear()
        self[word] = found
        return found


STEM_CACHE_WORDS_MAX = 200_000
WORD_LENGTH_MAX = 40
"""Words that are kept at most, some 30 MB, and letters of one."""

_WORDS = _Words()


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english", 0)  # its own cache takes nine times as long as stemming


def _stem(word: str) -> str:
    """The stem of a word; what holds a digit is a name and stays as it is."""
    if not word.isalpha():
        return word
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


def _terms_of(token: str) -> tuple[str, ...]:
    """The terms of one token."""
    if token in STOP_WORDS:
        return ()
    if token.isalpha() and token.isascii():
        return (_stem(token),)
    if _UNSPACED.search(token):
        return _pairs(token)
    return _compound(token)


def _compound(token: str) -> tuple[str, ...]:
    token = token.replace("\u2019", "'").removesuffix("'s")
    token = _ARXIV_VERSION.sub(r"\1", token)
    pieces = _PIECE_ENDS.split(token)
    joined = _JOINED_BY.sub("", token)
    if joined in STOP_WORDS:
        return ()
    if len(pieces) == 1:
        return (_stem(joined),)
    parts = tuple(_stem(piece) for piece in pieces if piece not in STOP_WORDS)
    return (_stem(joined), *parts) if _stands_for_itself(token, joined) else parts


def _stands_for_itself(token: str, joined: str) -> bool:
    """Whether a compound is a term of its own: ``x-ray`` and ``hep-th/9901001`` are, ``and/or`` is not."""
    if joined.isdigit():
        return False
    only_hyphens = "/" not in token and "." not in token
    return only_hyphens or any(letter.isdigit() for letter in joined)


def _pairs(token: str) -> tuple[str, ...]:
    """Overlapping pairs of characters of each unspaced run, and the terms of what stands between the runs."""
    found: list[str] = []
    rest = 0
    for run in _UNSPACED.finditer(token):
        found += terms(token[rest : run.start()])
        letters = run.group()
        found += [letters[i : i + 2] for i in range(max(1, len(letters) - 1))]
        rest = run.end()
    return (*found, *terms(token[rest:]))


def idf(papers: int, frequency: int) -> float:
    """Inverse document frequency of a term that n of N papers hold: ln(1 + (N - n + 0.5) / (n + 0.5)).

    Never negative (Lucene's form of Robertson and Spärck Jones); highest for a term that no paper has.
    """
    return math.log(1 + (papers - frequency + 0.5) / (frequency + 0.5))
