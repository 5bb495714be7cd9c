"""The options of every command in docs/commands.md, from the command line itself.

A block is a comment ``<!-- reference: COMMAND -->`` and ``<!-- end -->``; ``shared`` holds the options that
all commands take. ``python tests/manual.py --reference`` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from inspect import cleandoc
from pathlib import Path
from types import MappingProxyType
from typing import Any

from typer.main import get_command

from agq.cli import SHARED, app

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
SHARED_NAMES = frozenset(SHARED) | {"help", "install_completion", "show_completion"}

_BLOCK = re.compile(r"(<!-- reference: (?P<name>[\w-]+) -->\n)(?P<text>.*?)(<!-- end -->)", re.DOTALL)


def write() -> None:
    """Put the options of all commands into the page."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def rotten() -> list[str]:
    """The blocks that differ from the command line."""
    now = blocks()
    return [
        m["name"] for m in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")) if m["text"] != now[m["name"]]
    ]


def named() -> list[str]:
    """The blocks of the page."""
    return [found["name"] for found in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]


def written(page: str) -> str:
    """A page with the options as they are now."""
    now = blocks()
    return _BLOCK.sub(lambda m: f"{m[1]}{now[m['name']]}{m[4]}", page)


def blocks() -> Mapping[str, str]:
    """Every command with its block, and ``shared``."""
    commands: dict[str, Any] = get_command(app()).commands  # type: ignore[attr-defined]  # it is a group
    some = next(iter(commands.values()))
    shared = [one for one in _visible(some) if one.name in SHARED_NAMES]
    told = {name: _command(command) for name, command in commands.items()}
    return MappingProxyType({**told, "shared": _table("Option", shared, _option)})


def _command(command: Any) -> str:
    own = [one for one in _visible(command) if one.name not in SHARED_NAMES]
    arguments = [one for one in own if one.param_type_name == "argument"]
    options = [one for one in own if one.param_type_name == "option"]
    usage = " ".join(["agq", command.name, *(["[OPTIONS]"] if options else []), *map(_metavar, arguments)])
    about = re.sub(r"(?<=\S)\n(?=\S)", " ", cleandoc(command.help or ""))
    parts = [
        f"```text\n{usage}\n```\n",
        f"{_prose(about)}\n",
        _table("Argument", arguments, _argument) if arguments else "",
        _table("Option", options, _option) if options else "",
    ]
    return "\n".join(part for part in parts if part)


def _visible(command: Any) -> Iterator[Any]:
    return (one for one in command.params if not getattr(one, "hidden", False))


def _table(head: str, rows: list[Any], name: Callable[[Any], str]) -> str:
    told = "".join(f"| {name(row)} | {_prose(row.help)}{_default(row)} |\n" for row in rows)
    return f"| {head} | |\n| --- | --- |\n{told}"


def _argument(argument: Any) -> str:
    return _code(_metavar(argument).strip("{}"))


def _option(option: Any) -> str:
    value = "" if option.is_flag else f" {_metavar(option)}"
    names = [*sorted(option.opts, key=len), *option.secondary_opts]
    return (
        f"{', '.join(_code(name) for name in names[:-1])}{', ' * (len(names) > 1)}{_code(names[-1] + value)}"
    )


def _metavar(one: Any) -> str:
    return str(one.metavar or one.name.upper())


def _default(one: Any) -> str:
    """The default, where the help leaves it to be told."""
    if one.param_type_name == "argument" or not one.show_default or one.default in (None, "", False):
        return ""
    return f" Default: {_code(one.opts[0] if one.is_flag else str(one.default))}"


def _code(text: str) -> str:
    """Code in a cell of a table: a bar would end the cell, on one site or the other."""
    return f"<code>{escape(text, quote=False).replace('|', '&#124;')}</code>" if "|" in text else f"`{text}`"


def _prose(text: str) -> str:
    """Help as Markdown: brackets, stars and bars are letters, names of options are code."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if part.startswith("`") else _letters(part) for part in parts)


def _letters(text: str) -> str:
    coded = re.sub(r"(?<![\w-])(--?[a-z][\w-]*)", r"`\1`", escape(text, quote=False))
    return re.sub(r"([\[\]*_|])(?![^`]*`[^`]*$)", r"\\\1", coded)
