"""Semantic Scholar."""

from __future__ import annotations

from agq.readers import dates, names
from agq.readers.base import Draft, Fields
from agq.readers.values import as_list, inner, string, strings
from agq.text import identifiers


def semantic_scholar(fields: Fields) -> Draft:
    """A paper from Semantic Scholar: its web interface, or its data sets with their lower-case names."""
    lower = {name.lower(): value for name, value in fields.items()}
    ids = {name.lower(): value for name, value in inner(lower.get("externalids")).items()}
    studied = strings(lower.get("fieldsofstudy")) or [
        string(inner(field).get("category")) for field in as_list(lower.get("s2fieldsofstudy"))
    ]
    return Draft(
        key=string(lower.get("paperid") or lower.get("corpusid")),
        title=string(lower.get("title")),
        abstract=string(lower.get("abstract")),
        authors=names.from_value(lower.get("authors")),
        categories=studied,
        date=dates.from_value(lower.get("publicationdate")) or dates.from_value(lower.get("year")),
        doi=string(ids.get("doi")),
        arxiv=string(ids.get("arxiv")),
        pmid=string(ids.get("pubmed")),
        url=string(lower.get("url")),
        venue=string(lower.get("venue")) or string(inner(lower, "journal").get("name")),
        type=_type(lower),
        fields=_variables(lower),
        handles=identifiers.pmcid_handles(string(ids.get("pubmedcentral"))),
        layout="Semantic Scholar",
        mapping=_MAPPING,
    )


def _type(lower: Fields) -> str:
    kinds = strings(lower.get("publicationtypes"))
    return next((found for kind in kinds if (found := _TYPES.get(kind))), "")


_TYPES = {
    "JournalArticle": "article-journal",
    "Conference": "paper-conference",
    "Book": "book",
    "BookSection": "chapter",
    "Dataset": "dataset",
    "Review": "article-journal",
}


def _variables(lower: Fields) -> dict[str, object]:
    journal = inner(lower, "journal")
    return {
        "container-title": string(journal.get("name")) or string(lower.get("venue")),
        "volume": string(journal.get("volume")).strip(),
        "page": string(journal.get("pages")).strip(),
    }


_MAPPING = {
    "id": "paperId",
    "title": "title",
    "abstract": "abstract",
    "authors": "authors",
    "categories": "fieldsOfStudy",
    "date": "publicationDate",
    "doi": "externalIds.DOI",
    "arxiv": "externalIds.ArXiv",
    "venue": "venue",
}
