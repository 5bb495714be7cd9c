"""Turns a question that continues another one into a question that stands by itself.

What is left out is taken over: "and in Coma?" after a question about Perseus asks the same about Coma. A
question that leaves nothing out is a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from agq.model import Understood
from agq.understand.words import Word, Words, lexicon

if TYPE_CHECKING:
    from agq.model import Embedder

RELATED_WORD_COSINE = 0.02
"""The least cosine of words that may stand for each other."""
SAME_KIND_BONUS = 0.15
"""What it adds that both are written as names, or neither is."""
SAME_PREPOSITION_BONUS = 0.5
"""What it adds that the same preposition stands before both."""


@dataclass(frozen=True, slots=True)
class _WordRun:
    """Words of a question beside each other that say something, and the preposition before them."""

    start: int
    end: int
    words: tuple[Word, ...]
    preposition: str

    @property
    def text(self) -> str:
        """As they stand."""
        return " ".join(word.bare for word in self.words)

    @property
    def name(self) -> bool:
        """Whether they are written as a name."""
        return self.words[0].capital and self.start > 0


def goes_on(question: str) -> bool:
    """Whether a question leaves out what it is about: it opens with ``and``, speaks of ``it``, or says
    nothing."""
    words = Words.of(question)
    opens = words.folded(0) in lexicon()["onward"] or f"{words.folded(0)} {words.folded(1)}" in _OPENINGS
    return opens or _refers(words) or not words.content


_OPENINGS = frozenset(("what about", "how about"))


def _refers(words: Words) -> bool:
    """Whether a question speaks of ``it``, ``them`` or the like."""
    return any(words.folded(at) in lexicon()["pronouns"] for at in words.left)


def followed(question: str, earlier: str, embedder: Embedder) -> str:
    """``question`` with what it takes over from the one before; as it is where it takes over nothing."""
    if not goes_on(question):
        return question
    words = Words.of(question)
    runs = list(_runs(words))
    if not runs:
        return earlier
    if len(runs) > 1 or _refers(words):
        return f"{earlier} {question}"
    return _in_its_place(runs[0], earlier, embedder) or f"{earlier} {question}"


def carried(earlier: Understood, found: Understood) -> Understood:
    """The limits of both questions; where both have one of a kind, the later one's."""
    if found.since or found.until:
        earlier = replace(earlier, since="", until="")
    kept = {one.name: getattr(found, one.name) or getattr(earlier, one.name) for one in fields(Understood)}
    return Understood(
        **{**kept, "missing": (), "expanded": {}, "undated": found.undated, "unknown": found.unknown}
    )


def _runs(words: Words) -> Iterator[_WordRun]:
    """The runs of content words, one after the other."""
    content = words.content
    start = 0
    for at in range(1, len(content) + 1):
        if at == len(content) or content[at] != content[at - 1] + 1 or words.all[content[at - 1]].ends:
            first, last = content[start], content[at - 1] + 1
            before = words.folded(first - 1)
            before = words.folded(first - 2) if before in {"the", "a", "an"} else before
            preposition = before if before in lexicon()["prepositions"] else ""
            yield _WordRun(first, last, tuple(words.all[first:last]), preposition)
            start = at


def _in_its_place(new: _WordRun, earlier: str, embedder: Embedder) -> str:
    """The earlier question with ``new`` in place of what is most like it; empty where nothing is."""
    words = Words.of(earlier)
    runs = [part for run in _runs(words) for part in _parts(run)]
    if not runs:
        return ""
    rows = embedder.embed([new.text, *(run.text for run in runs)])
    likeness = [
        float(row @ rows[0])
        + SAME_KIND_BONUS * (run.name == new.words[0].capital)
        + SAME_PREPOSITION_BONUS * (bool(new.preposition) and run.preposition == new.preposition)
        for run, row in zip(runs, rows[1:], strict=True)
    ]
    best, at = max((value, -number) for number, value in enumerate(likeness))
    return _replaced(words.all, runs[-at], new) if best >= RELATED_WORD_COSINE + SAME_KIND_BONUS else ""


def _parts(run: _WordRun) -> list[_WordRun]:
    """A run, and the names within it where it is not all a name."""
    capital = [word.capital for word in run.words]
    if len(run.words) == 1 or all(capital) or not any(capital):
        return [run]
    names = [at for at, is_name in enumerate(capital) if is_name and run.start + at > 0]
    return [
        _WordRun(run.start + at, run.start + at + 1, (run.words[at],), run.preposition) for at in names
    ] or [run]


def _replaced(words: Sequence[Word], old: _WordRun, new: _WordRun) -> str:
    last = words[old.end - 1]
    closing = last.raw[len(last.raw.rstrip(",.;:?!")) :]
    return " ".join(
        [
            *(word.raw for word in words[: old.start]),
            f"{new.text}{closing}",
            *(word.raw for word in words[old.end :]),
        ]
    )
