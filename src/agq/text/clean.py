"""Text as it may be shown: nothing in it acts on a terminal, nothing hides."""

from __future__ import annotations

import json
import re

_ESCAPES = re.compile(
    r"""
      (?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]                          # CSI: colours, cursor moves
    | \x1b[\]PX^_][^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?        # OSC, DCS, SOS, PM, APC
    # The same as one character; without an end it is a letter in the wrong encoding, and the text goes on.
    | [\x9d\x90\x98\x9e\x9f][^\x07\x1b\x9c\n\x9d\x90\x98\x9e\x9f]*(?:\x07|\x1b\\|\x9c)
    | \x1b[ -/]*[0-~]?                                          # any other escape
    """,
    re.VERBOSE,
)
# C0 and C1 controls but tab and newline, bidi marks and overrides, zero-width and invisible characters, tags,
# interlinear marks, Unicode's line ends, lone surrogates, what Unicode says is no character.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff]"
)
# Marks that are set on the letter before them. Tibetan piles up eight; more only smear over the lines around.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0f71-\u0f84\u0f8d-\u0fbc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U000e0100-\U000e01ef"
)
_MARKER = r"[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t>]))[ \t]*"
_NESTED = re.compile(f"^((?:{_MARKER}){{4}})(?:{_MARKER})+", re.MULTILINE)
_PILE = re.compile(f"([{_MARKS}]{{8}})[{_MARKS}]+")
# Joiners shape letters in Arabic, Indic and other scripts, and build emoji; after any other letter they
# only hide.
_STRAY_JOINER = re.compile("(?<![\u0600-\u1fff\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])[\u200c\u200d]")
_TEX_ACTS = re.compile(
    r"\\(?:input|include\w*|openin|openout|read|write|immediate|special|catcode|csname|g?def|edef|xdef|let|new\w+"
    r"|renew\w+|directlua|latelua|everymath|require|href|url|style|class|cssId|html\w*|unicode|loop|repeat)(?![A-Za-z])"
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BREAKS_SO_FAR = re.compile(rf"(?!\r\Z)(?:{_BREAKS.pattern})")


def with_plain_breaks(text: str, *, ended: bool) -> str:
    """``text`` with line ends of every kind as ``\\n``.

    The last character of a text that has not ``ended`` may be half of one, and stays.
    """
    return (_BREAKS if ended else _BREAKS_SO_FAR).sub("\n", text)


def plain(text: str) -> str:
    """``text`` without terminal escapes, control, bidi and zero-width characters and piles of marks.

    Line ends of every kind become ``\\n``; tabs stay.
    """
    text = _ESCAPES.sub("", _BREAKS.sub("\n", text))
    return _PILE.sub(r"\1", _STRAY_JOINER.sub("", _HIDDEN.sub("", text)))


def prose(text: str) -> str:
    """``plain(text)`` for Markdown of an answer: lists and quotations nest four deep at most.

    Parsers of Markdown have a deepest level, and lose what follows on the way there.
    """
    return _NESTED.sub(r"\1", plain(text))


def as_json(value: object, indent: int | None = 2) -> str:
    """``value`` as JSON in readable UTF-8 with a final newline.

    Characters that act on a terminal or hide are escaped: the value stays, and looking at it is safe. So are
    lone surrogates, which no UTF-8 could hold.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _HIDDEN.sub(_escaped, text) + "\n"


def _escaped(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def acts_in_tex(text: str) -> bool:
    """Whether TeX would do more with ``text`` than set it: read, write, load, link, define."""
    return _TEX_ACTS.search(text) is not None


def one_line(text: str) -> str:
    """``plain(text)`` on one line with single spaces."""
    return " ".join(plain(text).split())


def readable(text: str) -> str:
    """``one_line(text)`` with what is left of TeX's spacing and dollar signs made readable."""
    text = re.sub(r"(?<!\\)\$([^$]{1,80})\$", r"\1", one_line(text))
    text = re.sub(r"\\([%&#_$])", r"\1", text)
    return re.sub(r"\s+([.,;:])", r"\1", text)
