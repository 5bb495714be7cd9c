"""What an assistant may ask of the index: a table of tools, their arguments and their results in JSON Schema.

Arguments bear the names of the commands' options, results are what ``--format json`` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agq.errors import UsageError
from agq.exporters import EXPORTERS, ReferenceOptions, cited, exporter
from agq.judge import Judgement
from agq.mcp.library import LibrarySession
from agq.model import Filters
from agq.records import unpacked
from agq.renderers import card, json, report

Schema = Mapping[str, Any]
Arguments = Mapping[str, Any]
Object = dict[str, object]

QUESTION_CHARACTERS_MAX = 20_000
"""Characters of a question."""
NOTE_CHARACTERS_MAX = 500_000
"""Characters of a note."""
PAPERS_PER_CALL_MAX = 100
"""Papers that one call may name or get."""


def _text(description: str, most: int = QUESTION_CHARACTERS_MAX) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": most, "description": description}


def _texts(description: str) -> Schema:
    items = {"type": "string", "minLength": 1, "maxLength": 500}
    return {
        "type": "array",
        "items": items,
        "minItems": 1,
        "maxItems": PAPERS_PER_CALL_MAX,
        "description": description,
    }


def _date(description: str) -> Schema:
    return {
        "type": "string",
        "pattern": r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
        "description": description,
    }


def _many(default: int) -> Schema:
    told = f"How many papers at most; {default} if left out."
    return {
        "type": "integer",
        "minimum": 1,
        "maximum": PAPERS_PER_CALL_MAX,
        "default": default,
        "description": told,
    }


FILTERS: Mapping[str, Schema] = {
    "category": _texts("Only papers of one of these categories or their branches, such as cs.LG or physics."),
    "since": _date("Only papers from this date on: 2024, 2024-06 or 2024-06-13."),
    "until": _date("Only papers up to this date, inclusive."),
    "author": _texts("Only papers by one of these people: a family name or a whole name."),
    "venue": _texts("Only papers of one of these journals or conferences."),
    "type": _texts("Only papers of one of these types: article-journal, paper-conference, thesis ..."),
    "tag": _texts("Only papers with one of these tags."),
    "id": _texts("Only these papers."),
}
"""Argument -> its schema, under the names of the commands' options."""

_FIELDS = {
    "category": "categories",
    "since": "since",
    "until": "until",
    "author": "authors",
    "venue": "venues",
    "type": "types",
    "tag": "tags",
    "id": "ids",
}
"""Argument -> the filter that it is."""


def filters(arguments: Arguments) -> Filters:
    """What may be ranked.

    Raises
    ------
    UsageError
        A date that no calendar has.
    """
    for name in ("since", "until"):
        _in_calendar(name, arguments.get(name, "2000"))
    given = {field: arguments[name] for name, field in _FIELDS.items() if arguments.get(name)}
    values: Any = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    return Filters(**values)


def _in_calendar(name: str, day: str) -> None:
    try:
        date(*map(int, (*day.split("-"), "1", "1")[:3]))
    except ValueError:
        raise UsageError(f"{name} is {day!r}, not a date") from None


def _result(**properties: Schema) -> Schema:
    """The schema of a result; what else it holds is left open."""
    return {
        "type": "object",
        "properties": {"schema": {"const": json.SCHEMA}, **properties},
        "required": ["schema", *properties],
    }


_STRING: Schema = {"type": "string"}
_STRINGS: Schema = {"type": "array", "items": _STRING}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def _rows(*required: str, **properties: Schema) -> Schema:
    return {
        "type": "array",
        "items": {"type": "object", "properties": properties, "required": list(required)},
    }


_PAPER: Mapping[str, Schema] = {
    **dict.fromkeys(("id", "title", "date", "url"), _STRING),
    **dict.fromkeys(("authors", "categories"), _STRINGS),
}
_SOURCES = _rows(*_PAPER, "match", **_PAPER, match=_SHARE)
_PAPERS = _rows(
    *_PAPER, "abstract", **_PAPER, **dict.fromkeys(("abstract", "doi", "arxiv", "venue"), _STRING)
)
_FINDINGS = _rows(
    "id", "sentences", id=_STRING, sentences=_rows("text", "position", text=_STRING), score=_SHARE
)
_CITATIONS = _rows(
    "id", "sentence", "verdict", id=_STRING, sentence=_STRING, verdict=_STRING, why=_STRING, evidence=_STRINGS
)


_UNDERSTOOD: Schema = {
    "type": "object",
    "description": "What the question limits (authors, years ...), and its words that no paper has.",
}


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing to ask: its arguments and its result by JSON Schema, and what answers."""

    title: str
    description: str
    arguments: Mapping[str, Schema]
    required: Sequence[str]
    result: Schema
    answer: Callable[[LibrarySession, Arguments], Object]

    @property
    def schema(self) -> dict[str, Any]:
        """The schema of the arguments; what is not in it is refused."""
        return {
            "type": "object",
            "properties": dict(self.arguments),
            "required": list(self.required),
            "additionalProperties": False,
        }


def _search(library: LibrarySession, arguments: Arguments) -> Object:
    from agq.pipeline import Task, gather

    k = arguments.get("top_k", library.settings.search_k)
    found = gather(library.index, library.embedder, Task(arguments["query"], k, filters(arguments)))
    return json.listed(arguments["query"], found.sources, found.understood)


def _ask(library: LibrarySession, arguments: Arguments) -> Object:
    from agq.pipeline import Task, ask

    k = arguments.get("top_k", library.settings.top_k)
    task = Task(arguments["question"], k, filters(arguments), library.settings.follow_ups)
    return json.as_object(ask(library.index, library.embedder, task, library.answerer).answer)


def _show(library: LibrarySession, arguments: Arguments) -> Object:
    return {
        "schema": json.SCHEMA,
        "papers": [
            card.as_object(paper, unpacked(record)) for paper, record in library.works(arguments["ids"])
        ],
    }


def _similar(library: LibrarySession, arguments: Arguments) -> Object:
    from agq.gather import Query, similar

    (paper,) = library.ids([arguments["paper"]])
    k = arguments.get("top_k", library.settings.search_k)
    wanted = filters(arguments)
    wanted = replace(wanted, ids=tuple(library.ids(wanted.ids)))
    return json.listed(paper, similar(library.index, paper, Query("", k, wanted)))


def _list(library: LibrarySession, arguments: Arguments) -> Object:
    from agq.gather import Query, newest

    k = arguments.get("top_k", library.settings.search_k)
    found = newest(library.index, Query("", k, filters(arguments)))
    return {"schema": json.SCHEMA, "papers": [card.as_object(source.paper) for source in found.sources]}


def _cite(library: LibrarySession, arguments: Arguments) -> Object:
    name = arguments.get("format", "bibtex")
    text = exporter(name)([cited(work) for work in library.works(arguments["ids"])], ReferenceOptions())
    return {"schema": json.SCHEMA, "format": name, "text": text}


def _check(library: LibrarySession, arguments: Arguments) -> Object:
    from agq import notes
    from agq.pipeline import check

    text = arguments["text"]
    found = check(library.index, notes.read(text, notes.syntax_of("", text)), library.entailment)
    return report.as_object(Judgement(found.citations), found.lines, found.uncited_sentences)


TOOLS: Mapping[str, Tool] = {
    "search": Tool(
        "Search the papers",
        "Find papers of the user's own library on a subject, best match first. Match is absolute: below "
        "about 0.4 a paper hardly bears on the query.",
        {"query": _text("What to look for."), "top_k": _many(20), **FILTERS},
        ("query",),
        _result(query=_STRING, understood=_UNDERSTOOD, sources=_SOURCES),
        _search,
    ),
    "ask": Tool(
        "Ask the papers",
        "What the user's own papers say on a question: findings, each the verbatim words of one abstract "
        "with the paper's id, and the papers they rest on. Cite papers by their ids in square brackets. "
        "An empty answer means that nothing in the library bears on the question.",
        {"question": _text("The question, whole."), "top_k": _many(8), **FILTERS},
        ("question",),
        _result(
            question=_STRING,
            answer=_STRING,
            sources=_SOURCES,
            findings=_FINDINGS,
            understood=_UNDERSTOOD,
            citations=_CITATIONS,
            problems=_STRINGS,
            follow_ups=_STRINGS,
        ),
        _ask,
    ),
    "show": Tool(
        "Show papers",
        "All that the library knows of papers, abstracts included.",
        {"ids": _texts("The papers' ids.")},
        ("ids",),
        _result(papers=_PAPERS),
        _show,
    ),
    "similar": Tool(
        "Papers like this one",
        "The papers of the library that are most like one of them.",
        {"paper": _text("The paper's id.", 500), "top_k": _many(20), **FILTERS},
        ("paper",),
        _result(query=_STRING, sources=_SOURCES),
        _similar,
    ),
    "list": Tool(
        "List papers",
        "The papers that pass the filters, newest first, without a question.",
        {"top_k": _many(20), **FILTERS},
        (),
        _result(papers=_PAPERS),
        _list,
    ),
    "cite": Tool(
        "Cite papers",
        "Papers as citations for a bibliography or a text.",
        {
            "ids": _texts("The papers' ids."),
            "format": {
                "type": "string",
                "enum": list(EXPORTERS),
                "default": "bibtex",
                "description": "The format; bibtex if left out.",
            },
        },
        ("ids",),
        _result(format=_STRING, text=_STRING),
        _cite,
    ),
    "check": Tool(
        "Check citations",
        "Whether the papers cited in a text, as [id] behind its sentences, are in the library, and what "
        "their abstracts say on each sentence. 'found' means that the abstract speaks of it, not that it "
        "agrees: read the evidence.",
        {"text": _text("The text with its citations.", NOTE_CHARACTERS_MAX)},
        ("text",),
        _result(citations=_CITATIONS, uncited_sentences={"type": "integer", "minimum": 0}),
        _check,
    ),
}
"""Every tool, under its command's name. None of them writes."""
