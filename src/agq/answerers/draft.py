"""A model's text, as it comes, to the pieces of a draft: headings, whole sentences, rows, questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from agq.answerers.layout import Layout, Unit, in_formula, is_whole, paragraphs
from agq.answerers.questions import Questions
from agq.model import Piece
from agq.text.citations import Known, cited_sentences, parts, spelled_out
from agq.text.clean import with_plain_breaks

# A list of sources of the model's own: which papers there are is told from the index, not by a model.
_LISTS = re.compile(
    r"(?:sources?|references?|bibliography|works cited|citations?)\b[\s·:()\d]*", re.IGNORECASE
)
MODEL_LIST_REMOVED = "the model's own list of sources was left out: the papers are listed below the answer"

_STOP = re.compile(r"[.!?。！？|]")
_PROSE = re.compile(r"\s*(?:>\s?)*(?:(?:[-*+]|\d{1,9}[.)])\s+)*[\"“‘«„(\[¿¡]*[^\W_]")
_TEX = re.compile(
    r"""
      (?P<code>```.*?(?:```|\Z)|`[^`\n]+`)
    | (?<!\\)\\\[(?P<display>.+?)(?<!\\)\\\]
    | (?<!\\)\\\(\s*(?P<inline>.+?)\s*(?<!\\)\\\)
    """,
    re.DOTALL | re.VERBOSE,
)
_OPEN_CHARACTERS_MAX = 200
"""Letters within which a bracket or a formula that is open may close."""


class Thinking:
    """Takes a ``<think>`` block off the beginning of a stream, wherever its tags are broken between chunks.

    Anywhere else the tag is a word. ``stray``: a block ended that nobody saw begin.
    """

    def __init__(self) -> None:
        self._held = ""
        self._closing = ""
        self._answers = False
        self._opened = False
        self.stray = False

    def feed(self, text: str) -> str:
        """What of ``text``, and of what was held back before, is answer."""
        self._held += text
        if not self._answers:
            self._begin()
        if not self._answers:
            return ""
        keep = next((n for n in range(_TAG_CHARACTERS_MAX, 0, -1) if _is_part_of_tag(self._held[-n:], n)), 0)
        shown, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        self._opened = self._opened or any(tag in shown for tag in _OPENING)
        self.stray = self.stray or (not self._opened and any(tag in shown for tag in _CLOSING))
        return shown

    def close(self) -> str:
        """What was held back, where the stream ends."""
        held, self._held = self._held, ""
        return "" if self._closing else held

    def _begin(self) -> None:
        """Whether the answer has begun, a block of thought before it being over."""
        start = self._held.lstrip()
        if self._closing:
            _, closed, after = start.partition(self._closing)
            if closed:
                self._closing, self._held = "", after.lstrip()
                self._answers = True
            return
        opening = next((tag for tag in _OPENING if start.startswith(tag)), "")
        if opening:
            self._closing = opening.replace("<", "</")
            self._begin()
        else:
            self._answers = not any(tag.startswith(start) for tag in _OPENING)


_OPENING = ("<think>", "<thinking>")
_CLOSING = ("</think>", "</thinking>")
_TAG_CHARACTERS_MAX = 10
"""Letters of the longest part of a tag."""


def _is_part_of_tag(end: str, letters: int) -> bool:
    return len(end) == letters and any(tag.startswith(end) and tag != end for tag in (*_OPENING, *_CLOSING))


class DraftSplitter:
    """Cuts a stream of text into pieces. A sentence is let go when the next one has begun or its paragraph
    has ended.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self._text = ""
        self._base = 0
        self._begun = False
        self._units = 0
        self._told = 0
        self._listing = False
        self._listed = False
        self._ahead = ""
        self._questions = Questions()

    def feed(self, text: str) -> Iterator[Piece]:
        """The pieces that are whole now."""
        self._text = _dollars(with_plain_breaks(self._text + text, ended=False))
        if "\n" in text or _STOP.search(self._text, self._text.rfind("\n") + 1):
            for piece in self._pieces(self._readable(), ended=False):
                yield from self._questions.feed(piece)

    def close(self) -> Iterator[Piece]:
        """What is left where the text ends."""
        self._text = with_plain_breaks(self._text, ended=True)
        for piece in self._pieces(self._text, ended=True):
            yield from self._questions.feed(piece)
        yield from self._questions.close()
        if self._ahead:
            yield Piece("sentence", spelled_out(self._ahead.strip(), self._known), lead="\n\n")
        if self._listed:
            yield Piece("note", MODEL_LIST_REMOVED)

    def _pieces(self, text: str, *, ended: bool) -> Iterator[Piece]:
        layout = Layout(text, begun=self._begun, base=self._base)
        units = list(layout.units())
        for n, unit in enumerate(units[self._units :], start=self._units):
            whole = ended or is_whole(unit, text, last=n == len(units) - 1)
            yield from self._of(unit, whole=whole)
            if not whole:
                break
            self._units, self._told = n + 1, 0
        self._forget(layout, units)

    def _forget(self, layout: Layout, units: list[Unit]) -> None:
        """What is told, up to the block that may go on; that one is read from its beginning again."""
        start = layout.tops[-1] if layout.tops else 0
        before = sum(unit.line < start for unit in units)
        if before and self._units >= before:
            self._base = layout.base
            self._text = "\n".join(self._text.split("\n")[start:])
            self._units -= before
            self._begun = True

    def _readable(self) -> str:
        """The whole lines, and the one under way where it is surely prose."""
        lines, _, line = self._text.rpartition("\n")
        return self._text if _PROSE.match(line) and "|" not in line else lines + "\n" * bool(lines)

    def _of(self, unit: Unit, *, whole: bool) -> Iterator[Piece]:
        if unit.kind == "heading":
            if whole and unit.text.strip() and not self._lists(unit.text):
                yield Piece("heading", spelled_out(unit.text, self._known), lead=unit.lead)
        elif self._listing:
            self._listed = True
        elif unit.kind == "paragraph":
            yield from self._paragraph(unit, whole=whole)
        elif whole:
            yield self._block(unit)

    def _lists(self, heading: str) -> bool:
        self._listing = bool(_LISTS.fullmatch(heading))
        return self._listing

    def _block(self, unit: Unit) -> Piece:
        if unit.kind == "block":
            return Piece("block", unit.text, lead=unit.lead)
        lines = [spelled_out(line, self._known) for line in unit.text.split("\n")]
        claim = spelled_out(unit.claim, self._known) if unit.claim else ""
        return Piece("row", "\n".join(lines), lead=unit.lead, claim=claim)

    def _paragraph(self, unit: Unit, *, whole: bool) -> Iterator[Piece]:
        found = list(self._sentences(unit))
        over = found if whole else self._over(found, unit.text)
        for piece in over[self._told :]:
            if piece.lead != " " and self._only_cites(piece.text):
                self._ahead += f" {piece.text.strip()}"
                continue
            yield replace(piece, text=spelled_out(self._with_ahead(piece.text), self._known))
        self._told = max(self._told, len(over))

    def _sentences(self, unit: Unit) -> Iterator[Piece]:
        for n, paragraph in enumerate(paragraphs(unit.text)):
            lead = f"\n{unit.inner.rstrip()}\n{unit.inner}" if n else unit.lead
            for text in cited_sentences(paragraph, self._known, strict=False):
                yield Piece("sentence", text, lead=lead)
                lead = "" if text.endswith(("。", "！", "？")) else " "

    def _over(self, found: list[Piece], text: str) -> list[Piece]:
        """The sentences that are surely over: the one after has words of its own, nothing stands open."""
        if len(found) < 2 or in_formula(text) or "|" in text.rsplit("\n", 1)[-1]:
            return []
        last = found[-1].text
        if not _has_words(last, self._known) or _stands_open(text[: len(text) - len(last)], len(last)):
            return []
        return found[:-1]

    def _only_cites(self, text: str) -> bool:
        cited = any(part.ids for part in parts(text, self._known, strict=False))
        return cited and not _has_words(text, self._known)

    def _with_ahead(self, text: str) -> str:
        """A citation on a line of its own above a sentence is meant for it, where that cites nothing."""
        ahead, self._ahead = self._ahead, ""
        if not ahead or any(part.ids for part in parts(text, self._known, strict=False)):
            return text
        stop = re.search(r"[.!?]*$", text)
        return text[: stop.start()] + ahead + stop.group() if stop else text


def _dollars(text: str) -> str:
    r"""TeX between ``\[`` and ``\]`` or ``\(`` and ``\)`` set between dollar signs, which notes know."""

    def marked(found: re.Match[str]) -> str:
        if found["code"]:
            return found.group()
        return f"$${found['display']}$$" if found["display"] else f"${found['inline']}$"

    return _TEX.sub(marked, text) if "\\[" in text or "\\(" in text else text


def _stands_open(text: str, ahead: int) -> bool:
    """Whether a bracket or a formula is open that may close in what comes."""
    unclosed = any(text.count(left) > text.count(right) for left, right in ("()", "[]"))
    return ahead < _OPEN_CHARACTERS_MAX and (unclosed or text.count("$") % 2 == 1)


def _has_words(text: str, known: Known) -> bool:
    """Whether a sentence has begun in earnest: more than a bracket that may still belong to the one
    before.
    """
    if text.count("[") > text.count("]") and text.lstrip().startswith("["):
        return False
    return any(re.search(r"\w{2,}", part.text) for part in parts(text, known, strict=False))
