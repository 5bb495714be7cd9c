"""What a user types is a value, never a part of a query: filters, ids, words, the history's search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from agq.embedders import open_encoder
from agq.errors import AgqError
from agq.history import open_history
from agq.index import IndexReader, open_index
from agq.model import Answer, Filters
from agq.retrieve import retrieve
from hostile.conftest import Run
from hostile.payloads import KINDS, ONE_OF_EACH_KIND, PAYLOADS, Payload, each_payload


@pytest.fixture(scope="module")
def reader(index: Path) -> Iterator[IndexReader]:
    with open_index(index, load_encoder=open_encoder) as opened:
        yield opened


@each_payload
def test_a_filter_lets_through_what_it_names_and_nothing_else(reader: IndexReader, payload: Payload) -> None:
    text = payload.text
    assert reader.get([text]) == []
    assert reader.textual("turbulence", 5, Filters(ids=(text,))) == []
    assert reader.textual("turbulence", 5, Filters(authors=(text,))) == []
    hits = reader.textual("turbulence", 5, Filters(categories=(text,)))
    assert all(text.lower().strip(". ") in "".join(one.paper.categories).lower() for one in hits)
    with pytest.raises(AgqError, match="is not a date"):
        reader.textual("turbulence", 5, Filters(since=text))


@each_payload
def test_any_words_can_be_asked(reader: IndexReader, payload: Payload) -> None:
    reader.textual(payload.text[:2000], 3)


@pytest.mark.slow
def test_any_question_can_be_asked(reader: IndexReader) -> None:
    for payload in PAYLOADS[::7]:
        evidence = retrieve(reader, reader.embedder(), payload.text[:500], k=3)
        assert all(0 <= source.match <= 1 for source in evidence.sources)


def test_the_search_of_the_history_takes_any_words(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    tried = [*KINDS["query"], *(payload.text for payload in ONE_OF_EACH_KIND)]
    with open_history(file) as log:
        for text in tried:
            log.add(Answer(text, f"An answer about {text}", "", "2026-11-22", ()))
        for text in tried:
            log.search(text)
        assert len(log.search("answer", limit=10_000)) == len(tried)
    with sqlite3.connect(file) as held:
        assert held.execute("SELECT count(*) FROM answers").fetchone() == (len(tried),)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["../../../../etc/passwd", "-h", "$(touch PWNED)", "'; DROP TABLE papers; --"]
)
def test_ids_on_the_command_line_are_looked_up_and_no_more(
    agq: Run, index: Path, tmp_path: Path, name: str
) -> None:
    for command in ("show", "cite", "similar"):
        done = agq("--index", str(index), command, "--", name, cwd=tmp_path)
        assert done.returncode in {1, 2, 5}
        assert "root:" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
