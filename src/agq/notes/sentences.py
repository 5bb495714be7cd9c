"""A block of a note to its sentences, each with what it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agq.notes.block import MARK, NoteBlock
from agq.text.citations import CitedPart, Known
from agq.text.sentences import sentences

_AFTER_STOP = re.compile(
    rf"""(?P<stop>[.!?]+["”’)*_]*)(?P<gap>\s*)
        (?P<cited>{MARK}(?:[\s,;]*{MARK})*)
        \.?(?=\s*$|\s+(?:[^\W\d_a-z]|["“‘(*_\d]))""",
    re.VERBOSE,
)
_CITED_BEHIND = re.compile(rf"[.,;)]?\s*{MARK}")
_CITED_BEFORE = re.compile(rf"{MARK}[.!?]*\Z")  # moved there, before the quotation's last stop
_QUOTE = re.compile(r"(?P<open>(?:(?<=[\s(\[])|^)[\"“„«](?=\S))|(?P<close>(?<=\S)[\"”“»](?![^\W_]))")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: the stretches of it, each with the ids that stand behind it, and the line it begins on."""

    parts: tuple[CitedPart, ...]
    line: int


def read(block: NoteBlock, known: Known) -> Iterator[Sentence]:
    """The sentences of ``block`` in order; ids are resolved by ``known`` where it knows them.

    A citation behind a full stop belongs to the sentence before it, one behind a quotation to all of the
    quotation.
    """
    words, lines, groups = _resolved(block, known)
    text = _AFTER_STOP.sub(r"\g<gap>\g<cited>\g<stop>", " ".join(words))
    at, cited = 0, iter(groups)
    for sentence in _whole_quotations(text, sentences(text)):
        yield Sentence(_parts(sentence, cited), lines[min(at, len(lines) - 1)])
        at += len(sentence.split())


def _resolved(block: NoteBlock, known: Known) -> tuple[list[str], list[int], list[tuple[str, ...]]]:
    """Words, lines and the ids of each mark; what turns out to be no citation is text again."""
    words: list[str] = []
    lines: list[int] = []
    groups: list[tuple[str, ...]] = []
    places = iter(block.cited)

    def told(_: re.Match[str]) -> str:
        place = next(places)
        ids = place.ids(known)
        if ids is None and place.readings:
            return place.written
        groups.append(tuple(ids or ()))
        return MARK

    for word, line in zip(block.words, block.lines, strict=True):
        split = re.sub(MARK, told, word).split()
        words += split
        lines += [line] * len(split)
    return words, lines, groups


def _parts(sentence: str, groups: Iterator[tuple[str, ...]]) -> tuple[CitedPart, ...]:
    """Cut behind each group of citations; marks with nothing but a comma between them are one group."""
    found: list[CitedPart] = []
    text, ids = "", list[str]()
    for n, stretch in enumerate(sentence.split(MARK)):
        if n:
            ids += [one for one in next(groups) if one not in ids]
        if not ids or stretch.strip(" ,;"):
            if ids:
                found.append(CitedPart(text, tuple(ids)))
                text, ids = "", []
            text += stretch
    if text or ids:
        found.append(CitedPart(text, tuple(ids)))
    return tuple(found)


def _whole_quotations(text: str, told: Sequence[str]) -> Iterator[str]:
    """The sentences, those of one quotation that is cited as a whole joined."""
    spans = _cited_quotations(text)
    start, held = 0, ""
    for sentence in told:
        held = f"{held} {sentence}" if held else sentence
        end = start + len(held)
        if not any(begin < end < close for begin, close in spans):
            yield held
            start, held = end + 1, ""
    if held:
        yield held


def _cited_quotations(text: str) -> list[tuple[int, int]]:
    """Where the outermost quotations stand that a citation follows."""
    spans: list[tuple[int, int]] = []
    depth, begin = 0, 0
    for mark in _QUOTE.finditer(text):
        if mark["open"]:
            begin = begin if depth else mark.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth and _is_cited(text, begin, mark):
                spans.append((begin, mark.end()))
    return spans


def _is_cited(text: str, begin: int, closing: re.Match[str]) -> bool:
    behind = _CITED_BEHIND.match(text, closing.end())
    return behind is not None or _CITED_BEFORE.search(text[begin : closing.start()]) is not None
