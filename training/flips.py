"""Pairs of sentences made by rule from abstracts: one says what a sentence says, one its opposite.

Both are the sentence with other words for some of its own, ``we`` for the authors, brackets and now and then
a last clause left out; in the false one a word stands for its antonym (``antonyms.txt``), or a negation comes
or goes. Few of their true ones read well: they teach what turns a claim round, whoever wrote it.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agq.model import Paper, Passage
from agq.text.clean import one_line
from agq.text.sentences import sentences

HERE = Path(__file__).parent
SHORTEST, LONGEST = 10, 38
"""Words of a sentence that is turned round."""

_LEAD = re.compile(
    r"^(?:However|Moreover|Furthermore|In addition|Additionally|Finally|Here|Specifically|In particular"
    r"|In this (?:paper|work|study|letter|article)|Notably|Importantly|Overall|Thus|Therefore|As a result"
    r"|Our results (?:show|demonstrate|indicate|suggest) that|We (?:show|find|demonstrate|report) that)"
    r"\s*,?\s*",
    re.IGNORECASE,
)
_LAST = re.compile(r", (?:which|while|and|where|with|thereby|thus|making|enabling)")
_AUXILIARY = r"\b(is|are|was|were|can|could|will|has been|have been|may)\b"
_NEGATED = re.compile(r"\b(do|does|did|is|are|was|were|can|could|has|have) not\b")


@dataclass(frozen=True, slots=True)
class Flip:
    """What a passage says and its opposite; ``kind`` is that of a false claim."""

    passage: Passage
    true: str
    false: str
    kind: str


def flips(papers: Iterable[Paper], chance: random.Random) -> Iterator[Flip]:
    """A pair for each paper that has a sentence for it."""
    antonyms, synonyms = _pairs(HERE / "antonyms.txt"), _lists(HERE / "synonyms.txt")
    for paper in papers:
        told = sentences(one_line(paper.abstract))
        fit = [n for n, s in enumerate(told) if SHORTEST <= len(s.split()) <= LONGEST and "$" not in s]
        if len(told) < 4 or not fit:
            continue
        at = chance.choice(fit)
        other = chance.choice([n for n in range(len(told)) if n != at])
        read = Passage(paper.title, (), tuple(told[n] for n in sorted((at, other))))
        turned = [
            ("direction", _turned(_said(told[at], synonyms, chance), antonyms, chance)),
            ("neg", _negated(_said(told[at], synonyms, chance), chance)),
        ]
        if found := [(kind, false) for kind, false in turned if false]:
            kind, false = chance.choice(found)
            yield Flip(read, _said(told[at], synonyms, chance), false, kind)


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


def _pairs(file: Path) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in _lines(file):
        one, other = line.split()
        found[one].append(other)
        found[other].append(one)
    return found


def _lists(file: Path) -> Mapping[str, Sequence[str]]:
    return {line.split(":")[0]: line.split(":")[1].split() for line in _lines(file)}


def _said(sentence: str, synonyms: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    """The sentence in other words."""
    text = re.sub(r"\s*\([^()]*\)", "", _LEAD.sub("", sentence))
    text = re.sub(r"\b[Ww]e\b", chance.choice(["the authors", "the study", "this work"]), text)
    text = re.sub(r"\b[Oo]ur\b", "their", text)
    words = text.split(" ")
    for n, word in enumerate(words):
        bare = word.strip(".,;:")
        if bare in synonyms and chance.random() < 0.7:
            words[n] = word.replace(bare, chance.choice(synonyms[bare]), 1)
    text = " ".join(words)
    ends = [match.start() for match in _LAST.finditer(text) if match.start() > 50]
    if ends and chance.random() < 0.4:
        text = text[: chance.choice(ends)] + "."
    return text[:1].upper() + text[1:]


def _turned(text: str, antonyms: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    words = text.split(" ")
    fit = [n for n, word in enumerate(words) if word.strip(".,;:").lower() in antonyms]
    if not fit:
        return ""
    at = chance.choice(fit)
    bare = words[at].strip(".,;:")
    other = chance.choice(antonyms[bare.lower()])
    words[at] = words[at].replace(bare, other.capitalize() if bare[0].isupper() else other, 1)
    return " ".join(words)


def _negated(text: str, chance: random.Random) -> str:
    """A negation more, or one less."""
    if _NEGATED.search(text):
        return _NEGATED.sub(lambda m: "" if m[1].startswith("d") else m[1], text, count=1).replace("  ", " ")
    places = list(re.finditer(_AUXILIARY, text))
    if not places:
        return ""
    at = chance.choice(places).end()
    return text[:at] + chance.choice([" not", " not", " hardly", " rarely", " no longer"]) + text[at:]
