"""`agq ask` end to end: files, index, question, answer, in every format and to every place."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import html5lib
import pytest
from markdown_it import MarkdownIt
from pybtex.database import parse_string

from answerers.server import says, serving
from e2e.shell import QUESTION, Shell

pytestmark = pytest.mark.slow

CITED = re.compile(r"\[(?:AG-)?\d{4}\.\d{2,5}(?:-\d+)?\]")


def asked_json(shell: Shell, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shell.agq("ask", QUESTION, "--format", "json", *more).stdout)
    return found


def test_two_commands_from_files_to_an_answer(fresh: Shell, indexed: Path) -> None:
    built = fresh.agq("index", indexed / "corpus", "--quiet")
    assert (built.returncode, built.stdout, built.stderr) == (0, b"", b"")
    answered = fresh.agq("ask", QUESTION)
    assert answered.returncode == 0
    assert b"error" not in answered.stderr
    assert len(set(CITED.findall(answered.stdout.decode()))) >= 3


def test_off_a_terminal_the_answer_is_markdown_and_nothing_else(shell: Shell) -> None:
    done = shell.agq("ask", QUESTION)
    note = done.stdout.decode()
    assert note.startswith(f"# {QUESTION}\n\n*Extracted from abstracts, no model · ")
    assert "\x1b" not in note
    headings = [line for line in note.splitlines() if line.startswith("## ")]
    assert headings[0] == "## Sources · 8"
    assert note.rstrip().endswith(
        "*This is a research aid, not a peer review: check the sources before citing them.*"
    )
    assert max(map(len, note.splitlines())) > 200  # unwrapped


def test_the_note_is_valid_commonmark_with_a_table_of_eight_rows(shell: Shell) -> None:
    page = MarkdownIt("commonmark").enable("table").render(shell.agq("ask", QUESTION).stdout.decode())
    assert page.count("<tr>") == 9
    assert page.count("<td") == 48
    assert '<td style="text-align:left"><a href="https://arxiv.org/abs/' in page


def test_the_json_has_the_fields_of_schema_2(shell: Shell) -> None:
    answer = asked_json(shell)
    assert list(answer) == [
        "schema",
        "question",
        "answer",
        "answered_by",
        "judged_by",
        "date",
        "sources",
        "findings",
        "understood",
        "citations",
        "complete",
        "problems",
        "follow_ups",
        "index",
        "usage",
        "seconds",
    ]
    assert (answer["schema"], answer["question"], answer["usage"]) == (2, QUESTION, None)
    source = answer["sources"][0]
    assert list(source) == ["id", "title", "authors", "categories", "date", "url", "match", "cited"]
    assert 0 < source["match"] <= 1
    matches = [one["match"] for one in answer["sources"]]
    assert matches == sorted(matches, reverse=True)
    assert set(answer["citations"][0]) == {
        "id", "sentence", "support", "verdict", "relevance", "why", "evidence",
    }  # fmt: skip
    assert set(answer["index"]) == {"papers", "vectors", "embedder", "updated"}
    assert set(answer["seconds"]) == {"retrieve", "answer", "total"}
    assert {c["id"] for c in answer["citations"]} == {s["id"] for s in answer["sources"] if s["cited"]}


def test_top_k_and_filters_reach_the_sources(shell: Shell) -> None:
    assert len(asked_json(shell, "-k", "3")["sources"]) == 3
    physics = asked_json(shell, "--category", "physics")["sources"]
    assert physics
    assert all(any(c.startswith("physics") for c in one["categories"]) for one in physics)
    late = asked_json(shell, "--since", "2026-03", "--until", "2026-06")["sources"]
    assert late
    assert all("2026-03" <= one["date"][:7] <= "2026-06" for one in late)


def test_the_page_is_valid_html_without_script_or_remote_resource(shell: Shell) -> None:
    page = shell.agq("ask", QUESTION, "--format", "html").stdout.decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert tree.find(".//script") is None
    assert [e.tag for e in tree.iter() if e.get("src") or (e.tag == "link")] == []
    assert "url(" not in page
    anchors = [a.get("href") for a in tree.iter("a") if a.get("class") == "cite"]
    rows = {row.get("id") for row in tree.iter("tr")}
    assert anchors
    assert {anchor.removeprefix("#") for anchor in anchors} <= rows


def test_plain_text_fits_a_mail(shell: Shell) -> None:
    lines = shell.agq("ask", QUESTION, "--format", "plain").stdout.decode().splitlines()
    assert max(map(len, lines)) <= 90
    assert lines[0] == QUESTION


def test_the_question_may_come_from_words_a_dash_or_a_pipe(shell: Shell) -> None:
    for arguments, stdin in ((QUESTION.split(), ""), (["-"], QUESTION), ([], QUESTION + "\n")):
        assert shell.agq("ask", *arguments, stdin=stdin).stdout.decode().startswith(f"# {QUESTION}\n")


def test_nothing_that_bears_is_exit_3_with_the_nearest_papers_on_stderr(shell: Shell) -> None:
    done = shell.agq("ask", "How long should a sourdough loaf rise in the fridge?")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"the nearest papers" in done.stderr
    told = shell.agq("ask", "How long should a sourdough loaf rise in the fridge?", "-f", "json")
    answer = json.loads(told.stdout)
    assert (told.returncode, answer["answer"]) == (3, "")
    assert answer["sources"]
    assert not shell.history.exists()


def test_output_goes_to_a_file_and_stdout_stays_empty(shell: Shell) -> None:
    done = shell.agq("ask", QUESTION, "-o", "note.md", "--bib", "refs.bib")
    assert (done.returncode, done.stdout) == (0, b"")
    note = (shell.folder / "note.md").read_text()
    cited = {one.strip("[]") for one in CITED.findall(note.split("## Sources")[0])}
    assert set(parse_string((shell.folder / "refs.bib").read_text(), "bibtex").entries) == cited


def test_an_existing_file_needs_append_or_force(shell: Shell) -> None:
    note = shell.folder / "note.md"
    note.write_text("mine, no newline at the end")
    note.chmod(0o640)
    refused = shell.agq("ask", QUESTION, "-o", note)
    assert refused.returncode == 2
    assert b"--append" in refused.stderr
    assert note.read_text() == "mine, no newline at the end"
    assert shell.agq("ask", QUESTION, "-o", note, "--append").returncode == 0
    assert note.read_text().startswith(f"mine, no newline at the end\n\n# {QUESTION}")
    assert shell.agq("ask", QUESTION, "-o", note, "--force").returncode == 0
    assert note.read_text().startswith(f"# {QUESTION}")
    assert stat.S_IMODE(note.stat().st_mode) == 0o640
    assert [path.name for path in shell.folder.iterdir()] == ["note.md"]


def test_a_second_question_adds_to_note_and_bibliography_without_repeating_an_entry(shell: Shell) -> None:
    for question in (QUESTION, "How is jet tagging done?", QUESTION):
        assert shell.agq("ask", question, "-o", "n.md", "--bib", "r.bib", "--append").returncode == 0
    note, bib = ((shell.folder / name).read_text() for name in ("n.md", "r.bib"))
    assert note.count("## Sources") == 3
    cited = {
        one.strip("[]") for part in note.split("\n# ") for one in CITED.findall(part.split("## Sources")[0])
    }
    keys = re.findall(r"@misc\{(.+),", bib)
    assert len(keys) == len(set(keys))
    assert set(keys) == cited
    (shell.folder / "a.html").write_text("mine")
    assert shell.agq("ask", QUESTION, "-o", "a.html", "--append").returncode == 2


def test_a_run_that_fails_leaves_the_file_as_it_was(shell: Shell) -> None:
    note = shell.folder / "note.md"
    note.write_text("mine")
    for arguments in (
        ["sourdough", "--append"],
        [QUESTION, "--force", "--model", "none/such", "--base-url", "http://127.0.0.1:9/v1"],
        [QUESTION, "--force", "--bib", "no/such/folder.bib"],
    ):
        assert shell.agq("ask", *arguments, "-o", note).returncode != 0
        assert note.read_text() == "mine"


def test_the_ending_of_the_file_chooses_the_format(shell: Shell) -> None:
    for name, start in (("a.html", "<!DOCTYPE html>"), ("a.json", "{"), ("a.txt", QUESTION), ("a.md", "# ")):
        assert shell.agq("ask", QUESTION, "-o", name).returncode == 0
        assert (shell.folder / name).read_text().startswith(start)


def test_pandoc_citations_and_the_bibliography_have_the_same_keys(shell: Shell) -> None:
    shell.agq("ask", QUESTION, "-o", "note.md", "--bib", "refs.bib", "--cite-style", "pandoc")
    body = (shell.folder / "note.md").read_text().split("## Sources")[0]
    cited = set(re.findall(r"@([\w.:/+-]*\w)", body))
    assert cited == set(parse_string((shell.folder / "refs.bib").read_text(), "bibtex").entries)


def test_a_model_that_is_not_there_is_exit_4_and_says_so(shell: Shell) -> None:
    done = shell.given(AGQ_RETRIES="0").agq(
        "ask", QUESTION, "--model", "m", "--base-url", "http://127.0.0.1:9/v1"
    )
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"127.0.0.1:9" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_first_ask_builds_the_corpus_and_says_so(fresh: Shell, indexed: Path) -> None:
    (fresh.folder / "corpus").symlink_to(indexed / "corpus")
    done = fresh.agq("ask", QUESTION)
    assert done.returncode == 0
    assert b"building" in done.stderr
    assert (fresh.folder / ".agq").is_dir()
    assert b"building" not in fresh.agq("ask", QUESTION).stderr


@pytest.mark.parametrize("how", ["option", "variable", "file"])
def test_a_named_index_is_never_built_by_asking(fresh: Shell, indexed: Path, how: str) -> None:
    (fresh.folder / "corpus").symlink_to(indexed / "corpus")
    if how == "file":
        (fresh.folder / "agq.yaml").write_text("index: mine\n")
    named = fresh.given(AGQ_INDEX="mine") if how == "variable" else fresh
    done = named.agq("ask", QUESTION, *(["--index", "mine"] if how == "option" else []))
    assert (done.returncode, done.stdout) == (6, b"")
    assert b"agq index corpus/" in done.stderr
    assert not (fresh.folder / "mine").exists()


def test_explain_tells_on_stderr_what_a_match_is_made_of(shell: Shell) -> None:
    done = shell.agq("ask", QUESTION, "--explain", "-k", "2")
    assert done.stderr.count(b"vectors ") == 2
    assert b"vectors " not in done.stdout


def test_strict_fails_on_a_citation_in_doubt_only(shell: Shell) -> None:
    assert {citation["verdict"] for citation in asked_json(shell)["citations"]} == {"found"}
    assert shell.agq("ask", QUESTION, "--strict").returncode == 0
    with serving(says("They train 9876 times slower than anything else [1].")) as server:
        asked = ("ask", QUESTION, "--no-judge", "--model", "m", "--base-url", server.base_url)
        lenient, strict = shell.agq(*asked), shell.agq(*asked, "--strict")
    assert (lenient.returncode, strict.returncode) == (0, 5)
    assert b"] (?)" in lenient.stdout
    assert b"does not mention 9876 times" in strict.stderr


def test_an_ending_that_is_no_formats_is_refused_before_anything_is_written(
    shell: Shell, tmp_path: Path
) -> None:
    note = tmp_path / "answer.pdf"
    done = shell.agq("ask", QUESTION, "-o", note)
    assert done.returncode == 2
    assert b"unknown format 'pdf'" in done.stderr
    assert not note.exists()
    assert shell.agq("ask", QUESTION, "-o", note, "--format", "markdown").returncode == 0
    assert note.read_text().startswith(f"# {QUESTION}")


def test_a_brief_answer_has_three_lines_and_nothing_below(shell: Shell) -> None:
    note = shell.agq("ask", "Why do PINNs fail to train?", "--brief").stdout.decode()
    lines = [line for line in note.splitlines() if line]
    assert sum(line.startswith("- ") for line in lines) in {1, 2, 3}
    assert lines[-1].startswith("- ")


def test_what_stands_below_an_answer_can_be_left_out(shell: Shell) -> None:
    note = shell.agq("ask", QUESTION, "--no-sources", "--no-caution", "--no-follow-ups").stdout.decode()
    assert "## " not in note.removeprefix("# ")
    assert "research aid" not in note


def test_a_paper_can_be_asked_by_its_id(shell: Shell) -> None:
    found: dict[str, Any] = json.loads(
        shell.agq("ask", "summarise", "--id", "2605.30910", "--format", "json").stdout
    )
    assert [finding["id"] for finding in found["findings"]] == ["2605.30910"]
