"""Sentences about what sources do not tell: "none of these abstracts reports the cost"."""

from __future__ import annotations

import re

from agq.text.lexicon import phrases

_SOURCES, _TELL, _NEGATED = (
    rf"(?:{'|'.join(phrases('untold')[group])})".replace(" ", r"\ ")
    for group in ("sources", "tell", "negated")
)
_UNTOLD = re.compile(
    rf"""
      \b(?:no|none\ of|neither|nothing\ in|not\ one\ of)\b[^,.;]{{0,40}}?\b{_SOURCES}\b[^,.;]{{0,30}}?
        \b{_TELL}
    | \b{_SOURCES}\b[^,.;]{{0,40}}?\b{_NEGATED}\ (?:\w+ly\ |further\ |directly\ )?{_TELL}
    | \b(?:not|never|nowhere)\ (?:\w+ly\ )?{_TELL}\b[^,.;]{{0,20}}?\b(?:in|by)\b[^,.;]{{0,25}}?\b{_SOURCES}\b
    | \b(?:is|are|remains?)\ (?:not\ (?:clear|known|stated|given|reported|specified)|un(?:clear|known|stated))
      \ from\b[^,.;]{{0,30}}?\b{_SOURCES}\b
    | \b(?:abstracts?|sources?)\b[^,.;]{{0,20}}?\b(?:is|are|remains?)\ silent\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def says_what_is_untold(sentence: str) -> bool:
    """Whether a sentence says that sources do not tell something: no claim that one of them could bear."""
    return bool(_UNTOLD.search(" ".join(sentence.split())))
