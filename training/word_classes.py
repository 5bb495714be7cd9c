"""What ``agq.text`` knows of English words: ``src/agq/text/tagging/*.tsv``, counted in arXiv's abstracts.

    word_classes.py METADATA TAGGER

METADATA is a file of arXiv's public metadata (CC0), JSON lines in gzip. TAGGER is the weights of the averaged
perceptron in the package ``textblob-aptagger`` (MIT), which agq does not need: a pickle, so take it from
the registry. It tags one abstract in three, which takes 5 minutes. Every
thirteenth record, counted from the fifth, is left out: a library to measure on.

- ``words.tsv``: a word; its word classes and their shares in percent; how often it stands in the singular
  without an article rather than behind "a", in percent; whether it is written with a capital.
- ``endings.tsv``: an ending of rare words, their word classes.
- ``orders.tsv``: two word classes and how likely the second follows the first.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agq.text.sentences import sentences
from agq.text.word_classes import BEGINS, FOLDER, split

LEFT_OUT, TAGGED = (13, 5), 3
SEEN = 8
"""Sentences that a word must have been tagged in to be listed."""
RARE_LISTED = 20
"""Words that an ending must have."""
LEAST_SHARE = 0.03

CLASSES = {
    "n": "NN", "s": "NNS", "p": "NNP NNPS", "j": "JJ JJR JJS", "g": "VBG", "d": "VBN VBD",
    "v": "VB VBP VBZ MD", "t": "DT PRP$ PDT", "r": "RB RBR RBS", "c": "CD",
}  # fmt: skip
"""Noun, plural, name, adjective, participles, verb, what determines a noun, adverb, number; o is the rest, x
is no word."""
CLASS_OF = {tag: short for short, tags in CLASSES.items() for tag in tags.split()}

Tagged = list[tuple[str, str]]


class Teacher:
    """The perceptron of ``textblob-aptagger``: greedy, from left to right."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as stream:
            self._weights, self._known, classes = pickle.load(stream, encoding="latin1")
        self._classes = sorted(classes)

    def tagged(self, words: Sequence[str]) -> Tagged:
        """The words with their classes."""
        context = ["-START-", "-START2-", *map(_normal, words), "-END-", "-END2-"]
        before, last, found = "-START2-", "-START-", []
        for at, word in enumerate(words):
            tag = self._known.get(word) or self._guess(word, context[at : at + 5], last, before)
            found.append((word, CLASS_OF.get(tag, "o") if word[0].isalnum() else "x"))
            before, last = last, tag
        return found

    def _guess(self, word: str, around: Sequence[str], last: str, before: str) -> str:
        two, one, own, following, second = around
        features = (
            "bias", f"i suffix {word[-3:]}", f"i pref1 {word[0]}", f"i-1 tag {last}", f"i-2 tag {before}",
            f"i tag+i-2 tag {last} {before}", f"i word {own}", f"i-1 tag+i word {last} {own}",
            f"i-1 word {one}", f"i-1 suffix {one[-3:]}", f"i-2 word {two}", f"i+1 word {following}",
            f"i+1 suffix {following[-3:]}", f"i+2 word {second}",
        )  # fmt: skip
        scores: Counter[str] = Counter()
        for feature in features:
            scores.update(self._weights.get(feature, {}))
        best: str = max(self._classes, key=lambda tag: (scores[tag], tag))
        return best


def _normal(word: str) -> str:
    if "-" in word and word[0] != "-":
        return "!HYPHEN"
    if word[0].isdigit():
        return "!YEAR" if word.isdigit() and len(word) == 4 else "!DIGITS"
    return word.lower()


@dataclass
class Counts:
    """What is counted."""

    classes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    singular: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    capital: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))

    def sentence(self, tagged: Tagged) -> None:
        """Count a sentence with its classes."""
        last, opened = BEGINS, "bare"
        for at, (word, class_) in enumerate(tagged):
            self.classes[word.lower()][class_] += 1
            self.pairs[last, class_] += 1
            if at:
                self.capital[word.lower()][word[0].isupper()] += 1
            if class_ not in "nspjg":
                opened = "a" if word.lower() in {"a", "an"} else "other" if class_ == "t" else "bare"
            follows = tagged[at + 1][1] if at + 1 < len(tagged) else "x"
            if class_ == "n" and follows not in "nspjg":
                self.singular[word.lower()][opened] += 1
            last = class_


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("metadata", type=Path)
    parser.add_argument("tagger", type=Path)
    options = parser.parse_args()
    counts = counted(options.metadata, Teacher(options.tagger))
    listed = {
        word: some for word, some in counts.classes.items() if some.total() >= SEEN and word[0].isalpha()
    }
    rare = [(word, some) for word, some in counts.classes.items() if word not in listed and word[0].isalpha()]
    _write("words", (_row(word, some, counts) for word, some in sorted(listed.items())))
    _write("endings", _endings(rare))
    _write("orders", _orders(counts.pairs))


def counted(metadata: Path, teacher: Teacher) -> Counts:
    """What the papers of a metadata file hold."""
    counts = Counts()
    with gzip.open(metadata, "rt", encoding="utf-8") as lines:
        for at, line in enumerate(lines):
            if at % LEFT_OUT[0] != LEFT_OUT[1] and at % TAGGED == 0:
                for words in map(split, sentences(_plain(json.loads(line)["abstract"]))):
                    counts.sentence(teacher.tagged(words))
    return counts


def _plain(text: str | None) -> str:
    """Text without TeX."""
    one = re.sub(r"\$[^$]*\$", " $ ", " ".join((text or "").split()))
    return re.sub(r"\\[a-zA-Z]+\s*|[{}]", " ", one)


def _row(word: str, some: Counter[str], counts: Counts) -> Sequence[str]:
    used = counts.singular[word]
    names = counts.capital[word]
    return (
        word,
        _shares(some),
        f"{100 * used['bare'] / (used['bare'] + used['a']):.0f}" if used["bare"] + used["a"] >= 3 else "",
        "capital" if names[True] > names[False] else "",
    )


def _shares(some: Counter[str]) -> str:
    """Classes and their shares in percent: ``n93v7``."""
    total = some.total()
    return "".join(f"{c}{100 * n / total:.0f}" for c, n in some.most_common() if n / total >= LEAST_SHARE)


def _endings(rare: Iterable[tuple[str, Counter[str]]]) -> Iterator[Sequence[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for word, some in rare:
        for letters in range(4):
            found[word[-letters:] if letters else ""].update(some)
    return ([end, _shares(some)] for end, some in sorted(found.items()) if some.total() >= RARE_LISTED)


def _orders(pairs: Counter[tuple[str, str]]) -> Iterator[Sequence[str]]:
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), count in pairs.items():
        first[one] += count
        second[other] += count
    for (one, other), count in sorted(pairs.items()):
        yield one, other, f"{count / first[one]:.5f}"
    for one, count in sorted(second.items()):
        yield "", one, f"{count / second.total():.5f}"


def _write(name: str, rows: Iterable[Sequence[str]]) -> None:
    told = "# Counted in arXiv's abstracts (CC0) by training/word_classes.py, which tells the columns.\n"
    lines = ("\t".join(row) + "\n" for row in rows)
    (FOLDER / f"{name}.tsv").write_text(told + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
