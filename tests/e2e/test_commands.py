"""Every other command end to end: what it prints, what it ends in, what it never does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from e2e.shell import QUESTION, Shell
from processes import PATIENCE, rests

pytestmark = pytest.mark.slow

HEAVY = {"lancedb", "openai", "torch", "onnxruntime", "pyarrow", "numpy", "pydantic", "sentence_transformers"}


def test_help_loads_nothing_heavy(fresh: Shell) -> None:
    code = "import sys; from agq.cli import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [fresh.command()[0], "-c", code], capture_output=True, env=fresh.environ, check=True
    )
    loaded = {name.split(".")[0] for name in done.stderr.decode().split()}
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_asking_loads_no_torch_and_no_network_client(shell: Shell) -> None:
    asking = f"import sys; from agq.cli import run; run(['ask', {QUESTION!r}])"
    code = f"{asking}; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [shell.command()[0], "-c", code], capture_output=True, env=shell.environ, cwd=shell.folder, check=True
    )
    loaded = set(done.stderr.decode().split())
    assert "onnxruntime" in loaded
    assert not loaded & {"torch", "sentence_transformers", "transformers", "openai", "lancedb", "pydantic"}


def test_search_in_every_format(shell: Shell) -> None:
    ids = shell.agq("search", "jet tagging", "-k", "4", "-f", "ids").stdout.decode().split()
    assert len(ids) == 4
    lines = shell.agq("search", "jet tagging", "-k", "4", "-f", "jsonl").stdout.decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    found = json.loads(shell.agq("search", "jet tagging", "-k", "4", "-f", "json").stdout)
    assert list(found) == ["schema", "query", "understood", "sources"]
    assert [source["id"] for source in found["sources"]] == ids
    assert "cited" not in found["sources"][0]
    for name in ("markdown", "terminal", "bibtex", "ris", "csl-json", "text"):
        printed = shell.agq("search", "jet tagging", "-k", "4", "-f", name).stdout.decode()
        assert all(one in printed for one in ids), name


def test_filters_come_before_ranking(shell: Shell) -> None:
    found = json.loads(
        shell.agq("search", "networks", "-k", "6", "--category", "hep-ex", "-f", "json").stdout
    )
    assert len(found["sources"]) == 6
    nothing = shell.agq("search", "networks", "--author", "Nobody At All")
    assert nothing.returncode == 3
    assert shell.agq("search", "networks", "--since", "last year").returncode == 2


@pytest.mark.parametrize("command", ["search", "similar", "ask"])
def test_a_category_that_no_paper_has_is_named_with_the_nearest_and_the_most_common(
    shell: Shell, command: str
) -> None:
    (one,) = shell.agq("search", QUESTION, "-k", "1", "-f", "ids").stdout.decode().split()
    asked = one if command == "similar" else QUESTION
    done = shell.agq(command, asked, "--category", "hep-xe", "--format", "markdown")
    assert (done.returncode, done.stdout) == (3, b"")
    told = done.stderr.decode()
    assert "no paper in this index has the category 'hep-xe' (did you mean hep-ex?)" in told
    assert "most common are" in told
    other = shell.agq(command, asked, "--category", "hep-ex", "--author", "Nobody At All")
    assert other.returncode == 3
    assert "no paper in this index is by Nobody At All" in other.stderr.decode()


def test_show_cite_and_similar_by_id(shell: Shell) -> None:
    (one,) = shell.agq("search", QUESTION, "-k", "1", "-f", "ids").stdout.decode().split()
    assert one in shell.agq("show", one).stdout.decode()
    assert json.loads(shell.agq("show", one, "-f", "json").stdout)["papers"][0]["id"] == one
    alike = json.loads(shell.agq("similar", one, "-k", "3", "-f", "json").stdout)["sources"]
    assert len(alike) == 3
    assert one not in {paper["id"] for paper in alike}
    piped = shell.agq("cite", "-", stdin=f"{one}\n")
    assert piped.stdout == shell.agq("cite", one).stdout
    assert piped.stdout.startswith(f"@misc{{{one},".encode())


def test_an_id_that_is_not_there_names_the_nearest(shell: Shell) -> None:
    (one,) = shell.agq("search", QUESTION, "-k", "1", "-f", "ids").stdout.decode().split()
    done = shell.agq("show", one + "9")
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"did you mean {one}?" in done.stderr.decode()


def test_check_passes_an_answer_of_ours_and_finds_an_invented_id(shell: Shell) -> None:
    shell.agq("ask", QUESTION, "-o", "note.md")
    good = shell.agq("check", "note.md", "--json")
    assert good.returncode == 0
    report = json.loads(good.stdout)
    assert list(report) == ["schema", "citations", "uncited_sentences", "judged_by", "problems", "usage"]
    note = shell.folder / "note.md"
    before = note.read_text() + "\nFurther, cats like boxes [9999.99999].\n"
    note.write_text(before)
    bad = shell.agq("check", "note.md")
    assert bad.returncode == 5
    assert b"9999.99999" in bad.stdout
    assert note.read_text() == before
    assert shell.agq("check", "-", stdin=before).returncode == 5
    assert shell.agq("check", "no-such-note.md").returncode == 1


def test_a_note_with_pandoc_keys_is_checked_and_cited_like_any_other(shell: Shell) -> None:
    shell.agq("ask", QUESTION, "-o", "note.md", "--cite-style", "pandoc")
    plain = json.loads(shell.agq("ask", QUESTION, "-f", "json").stdout)
    report = shell.agq("check", "note.md", "--json")
    assert report.returncode == 0
    cited = [one["id"] for one in json.loads(report.stdout)["citations"]]
    assert list(dict.fromkeys(cited)) == list(dict.fromkeys(one["id"] for one in plain["citations"]))
    from_note = json.loads(shell.agq("cite", "--from", "note.md", "-f", "csl-json").stdout)
    assert [item["id"] for item in from_note] == list(dict.fromkeys(cited))


def test_cite_from_a_note_gives_what_it_cites_in_order(shell: Shell) -> None:
    first, second = shell.agq("search", QUESTION, "-k", "2", "-f", "ids").stdout.decode().split()
    (shell.folder / "n.md").write_text(f"One [{second}]. Two [{first}, {second}] and a [box].\n")
    done = shell.agq("cite", "--from", "n.md", "-f", "csl-json")
    assert [item["id"] for item in json.loads(done.stdout)] == [second, first]


def test_index_reports_and_reads_again_only_what_changed(fresh: Shell) -> None:
    papers = fresh.folder / "papers.jsonl"
    lines = [
        json.dumps({"id": f"p{n}", "title": f"Paper number {n}", "abstract": f"Of {n} things."})
        for n in range(3)
    ]
    papers.write_text("\n".join([*lines, '{"id": "p9"}', "not json"]) + "\n")
    first = fresh.agq("index", papers, "--json")
    report = json.loads(first.stdout)
    assert (first.returncode, report["papers"], report["added"]) == (0, 3, 3)
    assert [one["line"] for one in report["rejected"]] == [4, 5]
    assert all(one["reason"] and one["source"].endswith("papers.jsonl") for one in report["rejected"])
    assert b"papers.jsonl:4" in first.stderr
    again = json.loads(fresh.agq("index", "--json").stdout)
    assert (again["added"], again["unchanged"]) == (0, 3)
    assert fresh.agq("index", papers, "--strict").returncode == 5
    papers.write_text("\n".join(lines[:2]) + "\n")
    pruned = json.loads(fresh.agq("index", "--json").stdout)
    assert (pruned["papers"], pruned["removed"]) == (2, 1)


def test_a_source_that_is_not_there_is_refused_and_one_that_went_away_keeps_its_papers(fresh: Shell) -> None:
    for missing in ("no.bib", "no-folder/", "*.nope"):
        done = fresh.agq("index", missing)
        assert (done.returncode, done.stdout) == (2, b"")
    library = fresh.folder / "library"
    library.mkdir()
    (library / "p.jsonl").write_text('{"id": "p1", "title": "Jet tagging"}\n')
    assert fresh.agq("index", "library").returncode == 0
    library.rename(fresh.folder / "unmounted")
    assert json.loads(fresh.agq("index", "--json").stdout)["papers"] == 1


def test_a_dry_run_writes_nothing(fresh: Shell, indexed: Path) -> None:
    report = json.loads(fresh.agq("index", indexed / "corpus", "--dry-run", "--json").stdout)
    assert report["added"] > 20
    assert fresh.agq("search", "x").returncode == 6


def test_changed_sources_are_told_before_the_answer(fresh: Shell) -> None:
    papers = fresh.folder / "papers.jsonl"
    papers.write_text('{"id": "p1", "title": "Jet tagging with graphs", "abstract": "We tag jets."}\n')
    fresh.agq("index", papers)
    assert fresh.agq("search", "jets").stderr == b""
    later = time.time() + 60
    os.utime(papers, (later, later))
    assert b"has changed since" in fresh.agq("search", "jets").stderr
    assert fresh.agq("search", "jets", "--quiet").stderr == b""


def test_doctor_is_content_or_names_the_command(shell: Shell, fresh: Shell) -> None:
    assert shell.agq("doctor").returncode == 0
    sick = fresh.agq("doctor")
    assert sick.returncode == 6
    assert b"agq index" in sick.stdout
    no_key = shell.given(AGQ_MODEL="gpt-4o-mini", AGQ_BASE_URL="http://127.0.0.1:9/v1").agq("doctor")
    assert no_key.returncode == 1
    assert b"cannot be reached" in no_key.stdout


def test_config_tells_where_a_setting_comes_from_and_hides_the_key(fresh: Shell) -> None:
    told = fresh.given(AGQ_TOP_K="3", OPENAI_API_KEY="sk-secret-123").agq("config").stdout.decode()
    assert "AGQ_TOP_K" in told
    assert "secret" not in told
    assert "(set)" in told
    assert fresh.agq("config", "init").returncode == 0
    assert fresh.agq("config", "init").returncode == 2
    assert fresh.agq("config", "--json").returncode == 0  # what init wrote is valid
    assert b"agq.yaml" in fresh.agq("config", "path").stdout


def test_eval_of_seeds_and_of_known_items(shell: Shell) -> None:
    (one,) = shell.agq("search", QUESTION, "-k", "1", "-f", "ids").stdout.decode().split()
    (shell.folder / "seeds.yaml").write_text(f'- question: "{QUESTION}"\n  ids: ["{one}"]\n')
    figures = json.loads(shell.agq("eval", "seeds.yaml", "--json").stdout)
    assert (figures["queries"], figures["ndcg@10"]) == (1, 1.0)
    known = json.loads(shell.agq("eval", "--known-item", "-n", "5", "--json").stdout)
    assert known["queries"] == 5
    assert shell.agq("eval").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask"], 2),
        (["ask", ""], 2),
        (["aks", "x"], 2),
        (["ask", "x", "--frobnicate"], 2),
        (["ask", "x", "-k", "0"], 2),
        (["ask", "x", "--format", "docx"], 2),
        (["search", "x", "--format", "html"], 2),
        (["ask", "x", "--cite-style", "chicago"], 2),
        (["cite", "--format", "word", "x"], 2),
        (["history", "show", "one"], 2),
        (["config", "frob"], 2),
        (["help", "frob"], 2),
        (["similar", "nothing-like-it"], 2),
        (["help", "exit-codes"], 0),
        (["--version"], 0),
        (["ask", "--help"], 0),
        (["help", "ask"], 0),
    ],
)
def test_exit_codes_of_usage(shell: Shell, arguments: list[str], code: int) -> None:
    done = shell.agq(*arguments)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert bool(done.stdout) == (code == 0)


def test_a_wrong_setting_is_exit_2_and_an_error_speaks_words(fresh: Shell) -> None:
    (fresh.folder / "agq.yaml").write_text("modle: x\n")
    done = fresh.agq("ask", "x")
    assert done.returncode == 2
    assert b"did you mean model?" in done.stderr


def test_shared_options_work_before_and_after_the_command(fresh: Shell, indexed: Path) -> None:
    place = indexed / ".agq"
    before = fresh.agq("--index", place, "--quiet", "search", "jets", "-f", "ids")
    after = fresh.agq("search", "jets", "-f", "ids", "--index", place, "-q")
    assert before.returncode == 0
    assert before.stdout == after.stdout != b""


def test_a_reader_that_leaves_early_is_no_error(shell: Shell) -> None:
    pipe = subprocess.Popen(
        shell.command("search", "networks", "-k", "50", "-f", "ris"),
        cwd=shell.folder,
        env=shell.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert pipe.stdout is not None
    pipe.stdout.close()
    assert pipe.stderr is not None
    assert pipe.stderr.read() == b""
    pipe.stderr.close()
    assert pipe.wait(PATIENCE) == 0


def test_ctrl_c_ends_in_130_without_noise(fresh: Shell, indexed: Path) -> None:
    running = subprocess.Popen(
        fresh.command("index", "-"),
        cwd=fresh.folder,
        env=fresh.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdin is not None
    running.stdin.write(b'{"id": "p1", "title": "One"}\n')
    running.stdin.flush()
    assert rests(running)
    running.send_signal(signal.SIGINT)
    out, told = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert (out, told.strip()) == (b"", b"interrupted")


def test_a_terminal_of_another_encoding_gets_what_it_can_show(shell: Shell) -> None:
    done = shell.given(PYTHONIOENCODING="ascii").agq("search", "jets", "-f", "terminal", "-k", "2")
    assert done.returncode == 0
    help_ = shell.given(PYTHONIOENCODING="ascii").agq("doctor")
    assert help_.returncode == 0


def test_no_key_is_in_anything_that_is_written(shell: Shell) -> None:
    key = "sk-never-to-be-seen"
    keyed = shell.given(
        OPENAI_API_KEY=key, AGQ_MODEL="m", AGQ_BASE_URL="http://127.0.0.1:9/v1", AGQ_RETRIES="0"
    )
    for arguments in (
        ["ask", QUESTION, "--debug", "-v"],
        ["config", "--json"],
        ["doctor"],
        ["ask", QUESTION, "--extract"],
    ):
        done = keyed.agq(*arguments)
        assert key.encode() not in done.stdout + done.stderr
    for path in shell.home.rglob("*"):
        assert not path.is_file() or key.encode() not in path.read_bytes()


def test_completion_knows_ids_and_categories(shell: Shell) -> None:
    (one,) = shell.agq("search", QUESTION, "-k", "1", "-f", "ids").stdout.decode().split()

    def completed(line: str) -> list[str]:
        words = {
            "_AGQ_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split()) - 1),
        }
        code = "from agq.__main__ import main; main()"
        done = subprocess.run(
            [shell.command()[0], "-c", code],
            env=shell.environ | words,
            capture_output=True,
            cwd=shell.folder,
            check=False,
        )
        return done.stdout.decode().split()

    assert one in completed(f"agq show {one[:4]}")
    assert "hep-ex" in completed("agq search x --category hep-")
    assert "similar" in completed("agq si")
