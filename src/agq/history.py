"""The log of past answers: a private SQLite file, searchable by words.

Each answer is stored whole, as JSON, and shown again without asking again. No settings and no keys are.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from agq.errors import AgqError, UsageError
from agq.model import (
    INTERRUPTED,
    Answer,
    Citation,
    Finding,
    IndexState,
    MatchParts,
    Paper,
    Quote,
    Source,
    Understood,
    Usage,
)
from agq.text.clean import one_line

LOCK_WAIT_SECONDS = 1.0
"""Seconds to wait for another agq that is writing. An answer is worth more than its log entry."""

ROW_VERSION = 2
OLD_VERDICTS: Mapping[str, str] = MappingProxyType({"supported": "found", "weak": "doubtful"})
"""What the verdicts of version 1 are called since: it had no judge."""

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    asked TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    question TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    question, answer, tokenize = "porter unicode61 remove_diacritics 2"
);
"""


class HistoryUnusable(AgqError):
    """The log is locked, corrupt or cannot be written."""


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """A past answer under its number; ``asked`` is ISO 8601 in UTC.

    ``context`` is the question with those that it went on from; a further one goes on from that. ``place`` is
    the folder of the index that was asked, empty where an earlier version of agq did not note it.
    """

    number: int
    asked: str
    answer: Answer
    context: str
    place: str = ""


class History:
    """An open log."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, answer: Answer, place: str = "") -> int:
        """Keep an answer and the folder of its index; returns its number."""
        body = json.dumps(asdict(answer) | {"version": ROW_VERSION, "place": place})
        with self._connection as connection:
            row = connection.execute(
                "INSERT INTO answers (question, body) VALUES (?, ?)", (_text(answer.question), body)
            )
            words = (row.lastrowid, _text(answer.question), _text(answer.text))
            connection.execute("INSERT INTO words (rowid, question, answer) VALUES (?, ?, ?)", words)
        return int(row.lastrowid or 0)

    def last(self) -> PastAnswer | None:
        """The newest answer, or None where there is none yet."""
        found = self._rows("ORDER BY number DESC LIMIT 1")
        return found[0] if found else None

    def get(self, number: int) -> PastAnswer:
        """The answer under ``number``.

        Raises
        ------
        UsageError
            There is none.
        """
        if found := self._rows("WHERE number = ?", number):
            return found[0]
        raise UsageError(f"no answer {number} in the history", hint="`agq history` lists them")

    def search(self, query: str = "", limit: int = 1000) -> list[PastAnswer]:
        """The newest answers first; with a query those with all of its words, the last one as a prefix."""
        if not one_line(query):
            return self._rows("ORDER BY number DESC LIMIT ?", limit)
        held = "WHERE number IN (SELECT rowid FROM words WHERE words MATCH ?) ORDER BY number DESC LIMIT ?"
        return self._rows(held, _match(query), limit)

    def _rows(self, tail: str, *values: object) -> list[PastAnswer]:
        rows = self._connection.execute(f"SELECT number, asked, body FROM answers {tail}", values)
        return [_entry(number, asked, json.loads(body)) for number, asked, body in rows]


@contextmanager
def open_history(path: Path) -> Iterator[History]:
    """The log at ``path``, made where there is none, readable by its owner only.

    Raises
    ------
    HistoryUnusable
        Whatever is wrong with the file, in words.
    """
    try:
        connection = _connected(path)
        try:
            yield History(connection)
        finally:
            connection.close()
    except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as error:
        hint = f"move {path} away to start a new one"
        raise HistoryUnusable(f"the history {path} cannot be used: {error}", hint=hint) from error


def _connected(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=LOCK_WAIT_SECONDS)
    connection.executescript(_TABLES)
    return connection


def _match(query: str) -> str:
    """Words as FTS5 strings: no character of a query is an operator."""
    words = ['"' + word.replace('"', '""') + '"' for word in one_line(query).split()]
    return " ".join(words) + "*"


def _text(text: str) -> str:
    """``text`` as SQLite takes it: lone surrogates cannot be stored."""
    return text.encode("utf-8", "replace").decode()


def restored(body: Mapping[str, Any]) -> Answer:
    """The answer that ``asdict`` took apart; fields of a later version are left out, at every level."""
    values = _known(Answer, body)
    values["sources"] = tuple(_source(one) for one in body["sources"])
    values["citations"] = tuple(_citation(one, body.get("version", 1)) for one in body["citations"])
    values["findings"] = tuple(_finding(one) for one in body.get("findings", ()))
    values["understood"] = _understood(body.get("understood", {}))
    values["context"] = body.get("context") or ""
    if not body.get("complete", True):  # as it was kept before the reason was
        values["incomplete"] = INTERRUPTED
    values["ends"] = tuple(body.get("ends", ()))
    values["problems"], values["follow_ups"] = tuple(body["problems"]), tuple(body["follow_ups"])
    values["index"] = IndexState(**_known(IndexState, body["index"]))
    values["usage"] = Usage(**_known(Usage, body["usage"])) if body["usage"] else None
    return Answer(**values)


def _known(kind: type[Any], body: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: body[field.name] for field in fields(kind) if field.name in body}


def _entry(number: int, asked: str, body: Mapping[str, Any]) -> PastAnswer:
    answer = restored(body)
    return PastAnswer(number, asked, answer, body.get("context") or answer.question, body.get("place") or "")


def _citation(body: Mapping[str, Any], version: int) -> Citation:
    values = _known(Citation, body)
    if version == 1:
        values["verdict"] = OLD_VERDICTS.get(body["verdict"], body["verdict"])
        values["relevance"] = body["support"]
    return Citation(**values)


def _finding(body: Mapping[str, Any]) -> Finding:
    quotes = tuple(Quote(**_known(Quote, one)) for one in body["sentences"])
    return Finding(**_known(Finding, body) | {"sentences": quotes})


def _understood(body: Mapping[str, Any]) -> Understood:
    values = _known(Understood, body)
    tupled: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Understood(**tupled)


def _source(body: Mapping[str, Any]) -> Source:
    paper: dict[str, Any] = {name: _tupled(value) for name, value in _known(Paper, body["paper"]).items()}
    parts = MatchParts(**_known(MatchParts, body["parts"]))
    return Source(Paper(**paper), body["match"], parts, zotero=body.get("zotero", ""))


def _tupled(value: str | Sequence[str]) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)
