"""README.md and docs/: every command and setting is in them, and what they show is what agq says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import manual
import reference
from agq.cli import app
from agq.commands import TABLE
from agq.config import ABOUT
from agq.errors import Exit
from agq.judge import Judgement
from agq.model import Answer, Citation, Finding, MatchParts, Paper, Quote, Source, Understood, Usage
from agq.renderers import report
from agq.renderers.json import as_object, listed

PLAIN = ("BENCHMARKS.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")


def page(name: str) -> str:
    """A page of docs/, or README.md."""
    return next(one for one in manual.PAGES if one.name == name).read_text(encoding="utf-8")


def test_the_first_page_is_short() -> None:
    assert len(page("README.md").encode()) < 8_192


def test_every_command_is_in_the_manual_and_has_help() -> None:
    commands = page("commands.md")
    for name, function in TABLE.items():
        assert f"\n## agq {name}\n" in commands, name
        assert (function.__doc__ or "").strip(), name
    assert {command.name for command in app().registered_commands} == set(TABLE)


def test_every_option_has_help() -> None:
    from typer.main import get_command

    commands = get_command(app()).commands  # type: ignore[attr-defined]  # it is a group
    assert set(commands) == set(TABLE)
    for name, command in commands.items():
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name}"


def test_the_options_in_the_manual_are_those_of_the_commands() -> None:
    assert sorted(reference.named()) == sorted([*TABLE, "shared"])
    assert reference.rotten() == [], "python tests/manual.py --reference"


def test_the_help_topics_in_the_manual_are_those_of_agq() -> None:
    shown = {name: block["text"] for name, block in manual.shown().items() if name in manual.topics()}
    assert shown == {name: manual.fenced(said) for name, said in manual.topics().items()}


def test_a_changed_option_is_noticed() -> None:
    changed = page("commands.md").replace("`--top-k N`", "`--top N`")
    assert reference.written(changed) == page("commands.md") != changed


def test_every_setting_and_exit_code_is_in_the_manual() -> None:
    configuration = page("configuration.md")
    for name in ABOUT:
        assert re.search(rf"^  {name}  ", configuration, re.MULTILINE), name
    for code in Exit:
        assert re.search(rf"^ *{code.value}  ", configuration, re.MULTILINE), code


def test_every_output_of_the_manual_has_a_command() -> None:
    assert {block["name"] for block in manual.shown().values()} == {*manual.BLOCKS, *manual.topics()}
    names = Counter(
        name for one in manual.PAGES for name in re.findall(r"<!-- output: (.+?) -->", page(one.name))
    )
    assert set(names.values()) == {1}


def test_another_output_is_noticed_and_another_day_is_not() -> None:
    shown = manual.shown()["doctor"]["text"]
    assert not manual.differs("doctor", shown, re.sub(r"\d+ papers", "299 papers", shown))
    assert manual.differs("doctor", shown, shown.replace("intact", "damaged"))
    answer = manual.shown()["ask"]["text"]
    assert not manual.differs("ask", answer, re.sub(r"\d% ████", "9% ███", answer))
    assert manual.differs("ask", answer, answer.partition("Sources · ")[0])


def test_an_entry_that_goes_missing_is_noticed() -> None:
    """Of an answer with several of them, whichever it is."""
    shown = manual.shown()["ask"]["text"]
    entries = re.findall(r"^• .*?(?=^\n)", shown, re.MULTILINE | re.DOTALL)
    assert len(entries) > 2
    for entry in entries:
        assert manual.differs("ask", shown, shown.replace(entry, "")), entry


def test_a_shortened_answer_keeps_its_first_entries_and_sources() -> None:
    answer, table = "Question\n\nOne line.\n\n• a\n\n• b\n\n• c\n\n", "\nSources · 4\n 9% a\n 8% b\n 7% c\n"
    whole = f"{answer}• d\n{table} 6% d\n\nA caution."
    assert manual.shortened(whole) == f"{answer}⋮\n{table}⋮\n\nA caution."
    long = whole.replace("• b", "• " + "b" * manual.SHORT)
    assert manual.shortened(long).startswith("Question\n\nOne line.\n\n• a\n\n⋮\n\nSources · 4\n")


def test_every_field_of_json_is_in_the_manual() -> None:
    told = set(re.findall(r"`(\w+)`", page("formats.md").partition("## JSON")[2]))
    source = Source(Paper("a", "A title"), 0.5, MatchParts(0.5, 0.5))
    finding = Finding("a", (Quote("It is so.", 0),))
    answer = Answer(
        "?", "", "", "", (source,), (Citation("a", "It is so.", 0.5, "found"),), (finding,), usage=Usage(1, 1)
    )
    written = [
        as_object(answer),
        listed("?", [source], Understood()),
        report.as_object(Judgement(answer.citations), [1], 0),
    ]
    assert set(names(written)) - told == set()


def names(value: object) -> Iterator[str]:
    """The names of all fields of some JSON."""
    if isinstance(value, dict):
        yield from value
    for one in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    ):
        yield from names(one)


@pytest.mark.parametrize(
    "path", [*manual.PAGES, *(manual.ROOT / name for name in PLAIN)], ids=lambda p: p.name
)
def test_links_of_the_manual_lead_somewhere(path: Path) -> None:
    html = MarkdownIt("commonmark").enable("table").render(path.read_text(encoding="utf-8"))
    local = [one for one in re.findall(r'(?:href|src)="([^"#]+)', html) if "://" not in one]
    assert [one for one in local if not (path.parent / one).exists()] == []


@pytest.mark.slow
def test_the_site_is_built_and_loads_nothing_from_elsewhere(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(tmp_path / "site")]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=root, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "site").glob("*.html"))
    assert {page.stem for page in pages} >= {"index", "commands", "benchmarks", "contributing"}
    loaded = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=[\"']?((?:https?:)?//[^\"' >]+)")
    assert [(page.name, loaded.findall(page.read_text("utf-8"))) for page in pages] == [
        (page.name, []) for page in pages
    ]


@pytest.mark.slow
def test_what_the_manual_shows_is_what_agq_says() -> None:
    outputs = dict(manual.sessions({block["name"] for block in manual.shown().values()})) | manual.topics()
    assert manual.rotten(outputs) == [], "python tests/manual.py --write"
