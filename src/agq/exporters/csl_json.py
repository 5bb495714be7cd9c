"""CSL-JSON, for Zotero, Pandoc and everything that speaks the Citation Style Language."""

from __future__ import annotations

from collections.abc import Sequence

from agq.exporters.keys import keys
from agq.exporters.names import name
from agq.model import Paper
from agq.text.addresses import web_address
from agq.text.clean import as_json, one_line


def export(papers: Sequence[Paper]) -> str:
    """A list with one item a paper, in the order given."""
    names = keys(paper.id for paper in papers)
    items = [_item(paper, names[paper.id]) for paper in papers]
    return as_json(items)


def _item(paper: Paper, key: str) -> dict[str, object]:
    item: dict[str, object] = {
        "id": key,
        "type": "article-journal" if paper.venue else "article",
        "title": one_line(paper.title),
        "author": [_author(author) for author in paper.authors],
        "container-title": one_line(paper.venue),
        "issued": _issued(paper.date),
        "DOI": one_line(paper.doi),
        "URL": web_address(paper.url),
        "keyword": one_line(", ".join(paper.categories)),
        "abstract": one_line(paper.abstract),
    }
    if paper.arxiv:
        item |= {"archive": "arXiv", "number": f"arXiv:{paper.arxiv}"}
    if key != paper.id:
        item["custom"] = {"agq-id": paper.id}
    return {field: value for field, value in item.items() if value}


def _author(author: str) -> dict[str, str]:
    found = name(author)
    if found.literal:
        return {"literal": found.literal}
    parts = {"family": found.family, "given": found.given, "suffix": found.suffix}
    return {part: value for part, value in parts.items() if value}


def _issued(date: str) -> dict[str, object]:
    """``date-parts`` at the precision that is known."""
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else {}
