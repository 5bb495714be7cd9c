"""What the documents tell to put into other programs is something that these programs, and agq, take."""

from __future__ import annotations

import configparser
import json
import plistlib
import re
import shlex
from collections.abc import Sequence

import pytest
from typer.main import get_command

import manual
from agq.cli import app


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a page in a language."""
    text = next(one for one in manual.PAGES if one.name == page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def takes(arguments: Sequence[str]) -> None:
    """Whether agq has the command and all of the options; nothing is run."""
    name, *rest = arguments
    command = get_command(app()).commands[name]  # type: ignore[attr-defined]  # it is a group
    with command.make_context(name, list(rest)):
        pass


def test_an_option_that_is_not_there_would_be_noticed() -> None:
    with pytest.raises(Exception, match="No such option"):
        takes(["index", "zotero", "--wacht"])


def test_the_unit_of_systemd_runs_a_command_of_ours() -> None:
    (unit,) = blocks("zotero.md", "ini")
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # systemd knows capitals
    read.read_string(unit)
    program, *arguments = shlex.split(read["Service"]["ExecStart"])
    assert program.endswith("/agq")
    takes(arguments)
    assert read["Install"]["WantedBy"] == "default.target"


def test_the_agent_of_launchd_runs_a_command_of_ours() -> None:
    (agent,) = blocks("zotero.md", "xml")
    program, *arguments = plistlib.loads(agent.encode())["ProgramArguments"]
    assert program.endswith("/agq")
    takes(arguments)


def test_the_task_of_an_editor_runs_a_command_of_ours() -> None:
    (tasks,) = blocks("notes.md", "json")
    held = json.loads(tasks)
    (task,) = held["tasks"]
    assert task["command"] == "agq"
    asked = {f"${{input:{one['id']}}}" for one in held["inputs"]}
    assert asked <= set(task["args"])
    takes(task["args"])


def test_the_function_of_emacs_runs_a_command_of_ours() -> None:
    (function,) = blocks("notes.md", "elisp")
    assert function.count("(") == function.count(")")
    call = re.search(r'\(call-process "agq" nil t nil (.*?) question\)', function)
    assert call
    takes([*shlex.split(call[1]), "a question"])
