"""Text that Markdown shows as it is."""

from __future__ import annotations

import re

from agq.text.clean import one_line

# `_` inside a word is no emphasis in CommonMark, and `$` is left to the mathematics in titles.
_SPECIAL = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(#{1,6}(?=\s)|[-+](?=\s)|\d{1,9}(?=[.)]\s)|=+\s*$|-{3,}\s*$)")


def escaped(text: str) -> str:
    """``text`` on one line, so that Markdown shows it as it is."""
    text = _SPECIAL.sub(r"\\\g<0>", one_line(text))
    return _LINE_START.sub(_protected, text)


def _protected(start: re.Match[str]) -> str:
    mark = start.group()
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
