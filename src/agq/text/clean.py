"""Text as it may be shown: nothing in it acts on a terminal, nothing hides."""

from __future__ import annotations

import re

_ESCAPES = re.compile(
    r"""
      (?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]                          # CSI: colours, cursor moves
    | (?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?   # OSC, DCS, SOS, PM, APC
    | \x1b[ -/]*[0-~]?                                          # any other escape
    """,
    re.VERBOSE,
)
# C0 and C1 controls but tab and newline, bidi marks and overrides, zero-width and invisible characters, tags,
# interlinear marks, lone surrogates.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# Joiners shape letters in Arabic, Indic and other scripts, and build emoji; after any other letter they
# only hide.
_STRAY_JOINER = re.compile("(?<![\u0600-\u1fff\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])[\u200c\u200d]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def plain(text: str) -> str:
    """``text`` without terminal escapes, control, bidi-override and zero-width characters.

    Line ends of every kind become ``\\n``; tabs stay.
    """
    text = _ESCAPES.sub("", _BREAKS.sub("\n", text))
    return _STRAY_JOINER.sub("", _HIDDEN.sub("", text))


def one_line(text: str) -> str:
    """``plain(text)`` on one line with single spaces."""
    return " ".join(plain(text).split())


def readable(text: str) -> str:
    """``one_line(text)`` with what is left of TeX's spacing and dollar signs made readable."""
    text = re.sub(r"(?<!\\)\$([^$]{1,80})\$", r"\1", one_line(text))
    text = re.sub(r"\\([%&#_$])", r"\1", text)
    return re.sub(r"\s+([.,;:])", r"\1", text)
