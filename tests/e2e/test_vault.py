"""Answers into a folder of notes: named for the question, nobody's note overwritten, in the form it has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from e2e.shell import QUESTION, Shell

pytestmark = pytest.mark.slow

NAME = "Why do physics-informed neural networks fail to train.md"


@pytest.fixture
def vault(shell: Shell) -> Path:
    """A folder within a vault."""
    (shell.folder / "vault" / ".obsidian").mkdir(parents=True)
    papers = shell.folder / "vault" / "Papers"
    papers.mkdir()
    return papers


def ask(shell: Shell, *options: str | Path, question: str = QUESTION) -> str:
    """Ask into a file; what is told of it."""
    done = shell.agq("ask", question, "-k", "3", "--no-history", *options)
    assert done.returncode == 0, done.stderr.decode()
    assert not done.stdout
    return done.stderr.decode()


def test_a_folder_of_a_vault_gets_a_note_that_can_be_checked_and_cited(shell: Shell, vault: Path) -> None:
    assert f"wrote {vault / NAME}" in ask(shell, "-o", vault)
    text = (vault / NAME).read_text()
    head = yaml.safe_load(text.split("---\n")[1])
    assert head["question"] == QUESTION
    assert all(f"[[{one}]]" in text for one in head["ids"])
    assert "> [!quote] " in text
    checked = shell.agq("check", vault / NAME, "--json")
    assert checked.returncode == 0, checked.stdout.decode()
    report = json.loads(checked.stdout)
    assert {one["id"] for one in report["citations"]} == set(head["ids"])
    assert report["uncited_sentences"] == 0
    cited = shell.agq("cite", "--from", vault / NAME, "--format", "csl-json")
    assert {item["id"] for item in json.loads(cited.stdout)} == set(head["ids"])


def test_a_note_that_is_there_stays(shell: Shell, vault: Path) -> None:
    (vault / NAME).write_text("Mine.\n")
    second = NAME.replace(".md", " 2.md")
    assert second in ask(shell, "-o", vault)
    assert (vault / NAME).read_text() == "Mine.\n"
    ask(shell, "-o", vault, "--append")
    added = (vault / NAME).read_text()
    assert added.startswith(f"Mine.\n\n# {QUESTION}\n")
    assert "question:" not in added
    ask(shell, "-o", vault, "--force")
    assert (vault / NAME).read_text().startswith("---\n")
    assert sorted(one.name for one in vault.iterdir()) == sorted([NAME, second])


def test_a_folder_elsewhere_gets_what_its_format_is_called(shell: Shell) -> None:
    folder = shell.folder / "notes"
    folder.mkdir()
    ask(shell, "-o", folder)
    ask(shell, "-o", folder, "--format", "org")
    ask(shell, "-o", folder, "--format", "json")
    ask(shell, "-o", folder, "--format", "quarto", "--bib", "refs.bib", "--cite-style", "wiki")
    stem = NAME.removesuffix(".md")
    assert {one.name for one in folder.iterdir()} == {f"{stem}.{end}" for end in ("md", "org", "json", "qmd")}
    assert (folder / NAME).read_text().startswith(f"# {QUESTION}\n")
    quarto = (folder / f"{stem}.qmd").read_text()
    assert "bibliography: ../refs.bib\n" in quarto
    assert "[[" in quarto


def test_no_question_leads_out_of_the_folder(shell: Shell, vault: Path) -> None:
    question = '../../etc/"jets": how are\n' + "they tagged " * 40
    ask(shell, "-o", vault, question=question)
    (made,) = vault.iterdir()
    assert made.name.startswith("etc jets how are they tagged")
    assert len(made.name) < 130


def test_a_settings_file_says_which_markdown_a_file_is(shell: Shell) -> None:
    obsidian = shell.given(AGQ_FORMAT="obsidian", AGQ_COLUMNS="year,title")
    ask(obsidian, "-o", "note.md")
    text = (shell.folder / "note.md").read_text()
    assert text.startswith("---\n")
    assert "| Match | Year | Title | Id |" in text
    ask(obsidian, "-o", "note.html")
    assert (shell.folder / "note.html").read_text().startswith("<!DOCTYPE html>")
    wrong = shell.agq("ask", QUESTION, "-o", "other.md", "--columns", "yaer")
    assert wrong.returncode == 2
    assert b"did you mean year?" in wrong.stderr
