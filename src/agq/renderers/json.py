"""An answer as JSON, schema 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from agq.model import Answer, Citation, Source, Understood
from agq.renderers.parts import EVERYTHING, Shown, link
from agq.text.clean import as_json

SCHEMA = 2

dumps = as_json
"""How everything that agq tells in JSON is written."""


def render(answer: Answer, shown: Shown = EVERYTHING) -> str:  # noqa: ARG001  # a program leaves out what it likes
    """One JSON object, two spaces deep, with all that there is."""
    return as_json(as_object(answer))


def listing(query: str, sources: Sequence[Source], shown: Shown = EVERYTHING) -> str:  # noqa: ARG001  # a program leaves out what it likes
    """The sources alone."""
    return as_json(listed(query, sources))


def listed(query: str, sources: Sequence[Source], understood: Understood | None = None) -> dict[str, object]:
    """The same as plain values."""
    held = {"understood": asdict(understood)} if understood else {}
    told = [source_object(source) for source in sources]
    return {"schema": SCHEMA, "query": query, **held, "sources": told}


def as_object(answer: Answer) -> dict[str, object]:
    """The answer as plain values."""
    return {
        "schema": SCHEMA,
        "question": answer.question,
        "answer": answer.text,
        "answered_by": answer.answered_by or "extract",
        "judged_by": answer.judged_by,
        "date": answer.date,
        "sources": [source_object(s) | {"cited": s.paper.id in answer.cited} for s in answer.sources],
        "findings": [asdict(finding) for finding in answer.findings],
        "understood": asdict(answer.understood),
        "citations": [citation_object(c) for c in answer.citations],
        "complete": not answer.incomplete,
        "problems": list(answer.problems),
        "follow_ups": list(answer.follow_ups),
        "index": asdict(answer.index),
        "usage": asdict(answer.usage) if answer.usage else None,
        "seconds": {name: round(value, 4) for name, value in answer.seconds.items()},
    }


def source_object(source: Source) -> dict[str, object]:
    """A source as plain values."""
    paper = source.paper
    return {
        "id": paper.id,
        "title": paper.title,
        "authors": list(paper.authors),
        "categories": list(paper.categories),
        "date": paper.date,
        "url": link(paper),
        "match": round(source.match, 4) if source.ranked else None,
        **({"zotero": source.zotero} if source.zotero else {}),
    }


def citation_object(citation: Citation) -> dict[str, object]:
    """A citation as plain values."""
    told = asdict(citation)
    del told["claim"]
    return told | {
        "support": round(citation.support, 4),
        "relevance": round(citation.relevance, 4),
        "evidence": list(citation.evidence),
    }
