"""Text that Markdown shows as it is."""

from __future__ import annotations

import re

from agq.text.clean import one_line

# `_` inside a word is no emphasis in CommonMark, `<` before a figure begins no tag, one `~` strikes nothing
# through, a bar is one in tables only, and `$` is left to the mathematics in titles.
_SPECIAL = re.compile(r"[\\`*\[\]]|<(?=/?[A-Za-z]|[!?])|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(>|#{1,6}(?=\s|$)|[-+](?=\s|$)|\d{1,9}(?=[.)](?:\s|$))|=+\s*$|-{3,}\s*$)")


def escaped(text: str) -> str:
    """``text`` on one line, so that Markdown shows it as it is; not within a table (``cell``)."""
    text = _SPECIAL.sub(r"\\\g<0>", one_line(text))
    if text.count("~") > 1:
        text = text.replace("~", r"\~")
    return _LINE_START.sub(_protected, text)


def cell(text: str) -> str:
    """``escaped(text)`` as it can stand in a table."""
    return escaped(text).replace("|", r"\|")


def _protected(start: re.Match[str]) -> str:
    mark = start.group()
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
