"""What the log keeps of an answer, across versions of agq."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

from agq.history import open_history
from agq.model import Answer, Citation, IndexState, MatchParts, Paper, Source

PAPER = Paper("one2026", "A title", "It holds a sentence.", ("Ada Lovelace",), ("cs.LG",), "2026")
ANSWER = Answer(
    question="What does it hold?",
    text="It holds a sentence [one2026].",
    answered_by="",
    date="2026-11-22",
    sources=(Source(PAPER, 0.5, MatchParts(0.4, 0.6)),),
    citations=(Citation("one2026", "It holds a sentence.", 0.9, "found"),),
    problems=(),
    follow_ups=("Why?",),
    index=IndexState(1, 1, "all-MiniLM-L6-v2", "2026-11-22"),
)


def changed(log: Path, **more: Any) -> dict[str, Any]:
    """The body of the only entry, written anew with other values in it."""
    with sqlite3.connect(log) as connection:
        ((text,),) = connection.execute("SELECT body FROM answers").fetchall()
        body: dict[str, Any] = json.loads(text) | more
        connection.execute("UPDATE answers SET body = ?", (json.dumps(body),))
    connection.close()
    return body


def test_an_answer_comes_back_with_its_context_and_its_index(tmp_path: Path) -> None:
    with open_history(tmp_path / "log.db") as log:
        assert log.add(replace(ANSWER, context="the whole question"), "/papers/.agq") == 1
        entry = log.get(1)
    assert entry.answer == replace(ANSWER, context="the whole question")
    assert (entry.context, entry.place) == ("the whole question", "/papers/.agq")


def test_an_entry_of_an_earlier_version_knows_no_index(tmp_path: Path) -> None:
    with open_history(tmp_path / "log.db") as log:
        log.add(ANSWER)
    changed(tmp_path / "log.db", place=None, context=None)
    with open_history(tmp_path / "log.db") as log:
        entry = log.get(1)
    assert (entry.answer, entry.context, entry.place) == (ANSWER, ANSWER.question, "")


def test_an_entry_of_a_later_version_is_read_without_what_is_new_in_it(tmp_path: Path) -> None:
    with open_history(tmp_path / "log.db") as log:
        log.add(ANSWER, "/papers/.agq")
    body = changed(tmp_path / "log.db", version=2, mood="cheerful")
    body["sources"][0]["paper"]["pages"] = 12
    body["sources"][0]["parts"]["age"] = 0.1
    body["citations"][0]["page"] = 3
    body["index"]["fulltexts"] = 7
    changed(tmp_path / "log.db", **body)
    with open_history(tmp_path / "log.db") as log:
        assert log.get(1).answer == ANSWER
