"""README.md is the manual: every command and setting is in it, and what it shows is what agq says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import manual
from agq.cli import app
from agq.commands import TABLE
from agq.config import ABOUT
from agq.errors import Exit


@pytest.fixture(scope="module")
def readme() -> str:
    return manual.README.read_text(encoding="utf-8")


def test_every_command_is_in_the_manual_and_has_help(readme: str) -> None:
    for name, function in TABLE.items():
        assert f"`agq {name}" in readme, name
        assert (function.__doc__ or "").strip(), name
    assert {command.name for command in app().registered_commands} == set(TABLE)


def test_every_option_has_help() -> None:
    from typer.main import get_command

    for name, command in get_command(app()).commands.items():  # type: ignore[attr-defined]  # it is a group
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name}"


def test_every_setting_and_exit_code_is_in_the_manual(readme: str) -> None:
    for name in ABOUT:
        assert re.search(rf"\b{name}\b", readme), name
    for code in Exit:
        assert re.search(rf"^ *{code.value}  ", readme, re.MULTILINE), code


def test_every_output_of_the_manual_has_a_command(readme: str) -> None:
    names = manual.named(readme)
    assert set(names) == set(manual.BLOCKS)
    assert len(names) == len(set(names))


def test_links_of_the_manual_lead_somewhere(readme: str, root: Path) -> None:
    page = MarkdownIt("commonmark").enable("table").render(readme)
    local = [one for one in re.findall(r'(?:href|src)="([^"#]+)', page) if "://" not in one]
    assert local
    assert [one for one in local if not (root / one).exists()] == []


@pytest.mark.slow
def test_what_the_manual_shows_is_what_agq_says(readme: str) -> None:
    outputs = dict(manual.sessions(manual.named(readme)))
    shown = {found["name"]: found["text"] for found in manual._BLOCK.finditer(readme)}
    alike = {name: manual.likeness(text, manual.fenced(outputs[name])) for name, text in shown.items()}
    assert {name: ratio for name, ratio in alike.items() if ratio < 0.75} == {}, (
        "python tests/manual.py --write"
    )
