"""`--verbose`: what is asked, of whom, what came of it and how long it took, on stderr; never a secret."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from answerers.server import serving
from e2e.shell import QUESTION, Shell

pytestmark = pytest.mark.slow

KEY = "sk-verbose-0123456789"


def test_it_tells_of_the_index_the_papers_and_the_citations(shell: Shell) -> None:
    plain, told = shell.agq("ask", QUESTION), shell.agq("ask", QUESTION, "--verbose")
    assert told.stdout == plain.stdout
    assert all(line.startswith(b"note: ") for line in plain.stderr.splitlines())
    said = told.stderr.decode()
    ids = [source["id"] for source in json.loads(shell.agq("ask", QUESTION, "-f", "json").stdout)["sources"]]
    assert len(ids) == 8
    assert f"index: {shell.variables['AGQ_INDEX']} (AGQ_INDEX), generation 0" in said
    assert re.search(r"\d+ papers, \d+ vectors, encoder all-MiniLM-L6-v2, updated 2.*opened in \d", said)
    assert "the abstracts' own sentences, nothing is sent" in said
    assert all(re.search(rf"{re.escape(one)} \d+%", said) for one in ids)
    assert re.search(r"citations: \d+ found.*; not cited: ", said)
    assert re.search(r"answered in \d+\.\d+ s", said)
    assert shell.agq("-v", "--quiet", "ask", QUESTION).stderr == b""


def test_it_tells_of_a_search_and_of_a_question_that_nothing_bears_on(shell: Shell) -> None:
    told = shell.agq("-v", "search", "jet tagging", "-k", "3").stderr.decode()
    assert re.search(r"retrieved: 3 papers \(.+ \d+%, .+\), in [\d.]+ s; enough, the best has to match", told)
    done = shell.agq("-v", "ask", "Who won the football cup in 1987?")
    assert done.returncode == 3
    assert "; not enough, the best has to match" in done.stderr.decode()


def test_it_tells_of_the_stages_of_a_build(fresh: Shell, tmp_path: Path) -> None:
    source = tmp_path / "one.jsonl"
    source.write_text('{"id": "a1", "title": "A title", "abstract": "One sentence."}\n')
    told = fresh.agq("-v", "--index", "here", "index", source).stderr.decode()
    assert f"index: {fresh.folder / 'here'} (option --index)" in told
    assert f"sources: {source}" in told
    stages = r"encoded 1 papers, 1 have a vector; reading [\d.]+ s, encoding [\d.]+ s, finishing [\d.]+ s"
    assert re.search(stages, told)
    again = fresh.agq("-v", "--index", "here", "index", "--rebuild", "--later").stderr.decode()
    assert "(rebuild, later)" in again
    assert "encoded 0 papers" in again


def test_it_names_the_server_and_whose_key_it_gets_but_no_key(shell: Shell) -> None:
    with serving(lambda request: request.send_error(500)) as server:
        address = server.base_url.replace("http://", "http://me:passphrase@") + "?token=inthequery"
        named = shell.given(AGQ_MODEL="some-model", AGQ_BASE_URL=address, OPENAI_API_KEY=KEY, AGQ_RETRIES="0")
        done = [named.agq("-v", "ask", QUESTION), named.agq("config"), named.agq("doctor", "-v")]
    said = "".join((one.stdout + one.stderr).decode() for one in done)
    asked = f"some-model (AGQ_MODEL) at {server.base_url} with the key of OPENAI_API_KEY"
    assert asked in done[0].stderr.decode()
    for secret in (KEY, "passphrase", "inthequery"):
        assert secret not in said
