"""A reference as a line to read: authors, year, title, where."""

from __future__ import annotations

from collections.abc import Sequence

from agq.model import Paper
from agq.text.addresses import doi_address, web_address
from agq.text.clean import one_line

NAMED = 6
"""Authors named before "et al."."""


def export(papers: Sequence[Paper]) -> str:
    """One line a paper, in the order given."""
    return "".join(_line(paper) + "\n" for paper in papers)


def _line(paper: Paper) -> str:
    where = [paper.venue, f"arXiv:{paper.arxiv}" if paper.arxiv else "", _address(paper)]
    parts = [_authors(paper), f"({paper.date[:4] or 'n.d.'})", _closed(one_line(paper.title))]
    parts += [_closed(one_line(part)) if not part.startswith("http") else part for part in where if part]
    return " ".join(part for part in [*parts, f"[{one_line(paper.id)}]"] if part)


def _authors(paper: Paper) -> str:
    names = [one_line(author) for author in paper.authors]
    if len(names) > NAMED:
        return ", ".join(names[:NAMED]) + " et al."
    return ", ".join(names)


def _address(paper: Paper) -> str:
    return doi_address(paper.doi) or ("" if paper.arxiv else web_address(paper.url))


def _closed(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."
