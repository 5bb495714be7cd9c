"""A setting's value as it is written in a file, a variable or an option, read and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agq.config.settings import default
from agq.errors import UsageError


def checked(name: str, value: object, origin: str) -> object:
    """``value`` as the kind that its setting has."""
    wanted = type(default(name))
    reading = READING.get(name) or {bool: _truth, int: _count, float: _seconds}.get(wanted)
    try:
        if name in STRUCTURED:
            return STRUCTURED[name](value)
        return reading(str(value)) if reading else str(value)
    except ValueError as error:
        where = origin.format(name.upper())
        raise UsageError(
            f"{name} is {str(value)!r} ({where}), and {error}", hint="`agq config` shows what is in force"
        ) from error


def _whole(text: str) -> int:
    if not text.isdigit():
        raise ValueError("should be a whole number from 0")
    return int(text)


def _warmth(text: str) -> float:
    try:
        degree = float(text)
    except ValueError:
        degree = -1.0
    if not 0 <= degree <= 2:
        raise ValueError("should be a number from 0 to 2")
    return degree


def _style(text: str) -> str:
    if text not in CITE_STYLES:
        raise ValueError(f"should be one of: {', '.join(CITE_STYLES)}")
    return text


def _prompt(text: str) -> str:
    if text not in PROMPTS:
        raise ValueError("should be full or short")
    return text


def _patterns(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(line for line in value.split("\n") if line.strip())
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return tuple(value)
    raise ValueError("should be a list of patterns")


def _field_map(value: object) -> dict[str, str | dict[str, str]]:
    if not isinstance(value, dict):  # a wrong value like any other
        raise ValueError("should say field: name of it in the records, in a settings file")  # noqa: TRY004
    return {
        str(key): {str(a): str(b) for a, b in said.items()} if isinstance(said, dict) else str(said)
        for key, said in value.items()
    }


def _truth(text: str) -> bool:
    words = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }
    if text.lower() not in words:
        raise ValueError("should be true or false")
    return words[text.lower()]


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ValueError("should be a whole number from 1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise ValueError("should be a number of seconds above 0")
    return seconds


CITE_STYLES = ("id", "pandoc", "wiki")
PROMPTS = ("", "full", "short")
READING: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "retries": _whole,
        "context_tokens": _whole,
        "max_tokens": _whole,
        "temperature": _warmth,
        "cite_style": _style,
        "prompt": _prompt,
    }
)
"""How a value is read where its kind alone does not say."""
STRUCTURED: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {"exclude": _patterns, "fields": _field_map}
)
"""How values are read that are more than a word."""
