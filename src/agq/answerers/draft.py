"""A model's text, as it comes, to the pieces of a draft: headings, whole sentences, follow-up questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from agq.model import Piece
from agq.text.citations import cited_sentences, parts

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.+?)\s*#*\s*$|\s*(?:\*\*|__)([^*_]{3,80}?)(?:\*\*|__):?\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_ASKS = re.compile(
    r"(?:suggested |possible |three |some |related )*"
    r"(?:follow[- ]?ups?|keep exploring|next questions|further questions|"
    r"questions to (?:explore|ask))\b",
    re.IGNORECASE,
)
# A list of sources of the model's own: which papers there are is told from the index, not by a model.
_LISTS = re.compile(
    r"(?:sources?|references?|bibliography|works cited|citations?)\b[\s·:()\d]*", re.IGNORECASE
)
_STOP = re.compile(r"[.!?。！？]")
_ENDED = re.compile(r"[.!?:;,…。][\"'”’)*_]*\s*(?:\[[^\[\]]*\][\s.]*)*$")
_LABEL = re.compile(r"(?:answer|lead|response|summary)\s*:?\s*", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\s*(?:here is |this is )?(?:the |an |my )?(?:answer|solution|response)"
    r"(?: to (?:this|the|your) question)?(?: is)?\s*:\s*",
    re.IGNORECASE,
)
_CLOSES = ("</think>", "</thinking>")
_OPENS = ("<think>", "<thinking>")

MOST_SENTENCE = 3000
"""Letters after which a sentence is let go, ended or not."""

Known = Callable[[str], str | None]


class Thinking:
    """Takes ``<think>...</think>`` out of a stream, wherever the tags are broken between chunks."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self.stray = False

    def feed(self, text: str) -> str:
        """What of ``text``, and of what was held back before, is answer."""
        self._held += text
        shown = ""
        while True:
            tags = _CLOSES if self._inside else (*_OPENS, *_CLOSES)
            at, tag = _first(self._held, tags)
            if not tag:
                break
            if not self._inside:
                shown += self._held[:at]
                self.stray = self.stray or tag in _CLOSES
            self._held = self._held[at + len(tag) :]
            self._inside = tag in _OPENS
        keep = _unfinished(self._held)
        if not self._inside:
            shown += self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :] if keep else ""
        return shown

    def close(self) -> str:
        """What was held back, where the stream ends."""
        held, self._held = self._held, ""
        return "" if self._inside else held


def _first(text: str, tags: tuple[str, ...]) -> tuple[int, str]:
    found = [(at, tag) for tag in tags if (at := text.find(tag)) >= 0]
    return min(found, default=(-1, ""))


def _unfinished(text: str) -> int:
    """How many of the last characters may be the beginning of a tag."""
    longest = max(len(tag) for tag in (*_OPENS, *_CLOSES))
    for n in range(min(longest, len(text)), 0, -1):
        if any(tag.startswith(text[-n:]) for tag in (*_OPENS, *_CLOSES)):
            return n
    return 0


class Draft:
    """Cuts a stream of text into pieces. A sentence is let go when the next one has begun or its line has
    ended.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self._line = ""
        self._told = False
        self._opens: Literal["", "paragraph", "item"] = ""
        self._said = False
        self._open_ended = False
        self._asking = False
        self._listing = False
        self._code = False
        self._ahead = ""

    def feed(self, text: str) -> Iterator[Piece]:
        """The pieces that are whole now."""
        *lines, rest = (self._line + text).split("\n")
        for line in lines:
            self._line = ""
            yield from self._whole(line)
        self._line = rest
        yield from self._begun()

    def close(self) -> Iterator[Piece]:
        """What is left where the text ends."""
        line, self._line = self._line, ""
        yield from self._whole(line)
        if self._ahead:
            yield Piece("sentence", self._ahead)

    def _begun(self) -> Iterator[Piece]:
        """Sentences of the line under way that are surely over: the one after has words of its own."""
        if self._asking or self._listing or self._code or not self._is_prose(self._line):
            return
        if len(self._line) > MOST_SENTENCE:
            over, last = self._sentences(self._line), ""
        elif _STOP.search(self._line):
            *over, last = self._sentences(self._line) or [""]
        else:
            return
        if over and (not last or _has_words(last, self._known)):
            self._part_from_title("" if self._told else self._line)
            yield from self._sentence_pieces(over)
            trailing = self._line[len(self._line.rstrip()) :]
            self._line, self._told = last + trailing, True

    def _whole(self, line: str) -> Iterator[Piece]:
        yield from self._pieces_of(line)
        self._open_ended = bool(line.strip()) and not _ENDED.search(line)

    def _pieces_of(self, line: str) -> Iterator[Piece]:
        if self._told:
            yield from self._sentence_pieces(self._sentences(line))
        elif line.strip().startswith("```"):
            self._code = not self._code
        elif not line.strip():
            self._opens = "paragraph"
        elif heading := _HEADING.fullmatch(line):
            yield from self._headed((heading.group(1) or heading.group(2)).strip("*_ :"))
        elif self._is_asking(line):
            yield from _question(line)
        elif _ANNOUNCES.fullmatch(line):
            self._opens = "paragraph"
        elif (self._opens or not self._said) and self._only_cites(line):
            self._ahead += f" {line.strip()}"
        elif not (self._listing or line.lstrip().startswith("|")):
            self._line = line
            self._part_from_title(line)
            yield from self._sentence_pieces(self._sentences(line))
            self._line = ""
        self._told = False

    def _part_from_title(self, line: str) -> None:
        """What comes after a line without a full stop, such as a title, does not go on from it."""
        if self._open_ended and line.lstrip()[:1].isupper():
            self._opens = self._opens or "paragraph"
        self._open_ended = False

    def _headed(self, text: str) -> Iterator[Piece]:
        self._asking = bool(_ASKS.match(text))
        self._listing = bool(_LISTS.fullmatch(text))
        self._opens = "paragraph"
        if not self._asking and not self._listing and not _LABEL.fullmatch(text):
            yield Piece("heading", text)

    def _only_cites(self, line: str) -> bool:
        cited = any(part.ids for part in parts(line, self._known, strict=False))
        return cited and not _has_words(line, self._known)

    def _is_asking(self, line: str) -> bool:
        if _ASKS.match(line.strip()) and line.strip().endswith(":"):
            self._asking = True
        return self._asking

    def _is_prose(self, line: str) -> bool:
        return self._told or (
            bool(line.strip()) and not line.lstrip().startswith(("#", "**", "__", "`", "|"))
        )

    def _sentences(self, line: str) -> list[str]:
        body = _ITEM.sub("", line, count=1) if _ITEM.match(line) and not self._told else line
        return cited_sentences(body, self._known, strict=False)

    def _sentence_pieces(self, texts: list[str]) -> Iterator[Piece]:
        if texts and not self._told and _ITEM.match(self._line):
            self._opens = "item"
        for text in texts:
            yield Piece("sentence", self._with_ahead(text), self._opens)
            self._opens, self._said = "", True

    def _with_ahead(self, text: str) -> str:
        """A citation on a line of its own above a sentence is meant for it, where that cites nothing."""
        ahead, self._ahead = self._ahead, ""
        if not ahead or any(part.ids for part in parts(text, self._known, strict=False)):
            return text
        stop = re.search(r"[.!?]*$", text)
        return text[: stop.start()] + ahead + stop.group() if stop else text


def _has_words(text: str, known: Known) -> bool:
    """Whether a sentence has begun in earnest: more than a bracket that may still belong to the one
    before.
    """
    if text.count("[") > text.count("]") and text.lstrip().startswith("["):
        return False
    return any(re.search(r"\w{2,}", part.text) for part in parts(text, known, strict=False))


def _question(line: str) -> Iterator[Piece]:
    text = _ITEM.sub("", line, count=1).strip().strip('*_"“” ')
    if text.endswith("?"):
        yield Piece("follow_up", text)
