"""RIS, the tagged format that reference managers share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agq.exporters.keys import keys
from agq.exporters.names import inverted
from agq.model import Paper
from agq.text.addresses import arxiv_address, web_address
from agq.text.clean import one_line


def export(papers: Sequence[Paper]) -> str:
    """One record a paper, in the order given."""
    names = keys(paper.id for paper in papers)
    return "\n".join(_record(paper, names[paper.id]) for paper in papers)


def _record(paper: Paper, key: str) -> str:
    kind = "JOUR" if paper.venue else "UNPB" if paper.arxiv else "GEN"
    tags = [("TY", kind), ("ID", key), *_tags(paper)]
    lines = [f"{tag}  - {one_line(value)}\n" for tag, value in tags if one_line(value)]
    return "".join([*lines, "ER  - \n"])


def _tags(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "TI", paper.title
    yield from (("AU", inverted(author)) for author in paper.authors)
    yield "JO", paper.venue
    yield "PY", paper.date[:4]
    yield "DA", _date(paper.date)
    yield "DO", paper.doi
    yield "AN", paper.id
    if paper.arxiv:
        yield "PB", "arXiv"
        yield "M1", f"arXiv:{paper.arxiv}"
    yield "UR", web_address(paper.url) or arxiv_address(paper.arxiv)
    yield from (("KW", category) for category in paper.categories)
    yield "AB", paper.abstract


def _date(date: str) -> str:
    """``YYYY/MM/DD/``, empty where it is not known."""
    year, month, day = [*date.split("-"), "", "", ""][:3]
    return f"{year}/{month}/{day}/" if year else ""
