"""PubMed's XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agq.readers import dates
from agq.readers.base import Fields
from agq.readers.xml.elements import at, child, children, flat, texts
from agq.readers.xml.kind import SAME_NAMES, Context, Kind, drafted
from agq.text.people import Name

if TYPE_CHECKING:
    from lxml.etree import _Element


def _pubmed(article: _Element, _context: Context) -> Fields:
    citation = child(article, "MedlineCitation")
    held = child(citation, "Article")
    pmid = at(citation, "PMID")
    return {
        "id": pmid,
        "pmid": pmid,
        "title": at(held, "ArticleTitle"),
        "abstract": "\n".join(_labelled(part) for part in children(held, "Abstract", "AbstractText")),
        "authors": [_pubmed_author(author) for author in children(held, "AuthorList", "Author")],
        "categories": [
            *texts(citation, "KeywordList", "Keyword"),
            *texts(citation, "MeshHeadingList", "MeshHeading", "DescriptorName"),
        ],
        "date": _pubmed_date(held),
        "doi": _pubmed_doi(article, held),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        "venue": at(held, "Journal", "Title"),
        "type": "article-journal",
        "fields": {
            "container-title": at(held, "Journal", "Title"),
            "container-title-short": at(held, "Journal", "ISOAbbreviation"),
            "volume": at(held, "Journal", "JournalIssue", "Volume"),
            "issue": at(held, "Journal", "JournalIssue", "Issue"),
            "page": at(held, "Pagination", "MedlinePgn"),
            "ISSN": at(held, "Journal", "ISSN"),
            "language": at(held, "Language"),
            "PMID": pmid,
        },
    }


def _labelled(part: _Element) -> str:
    label = part.get("Label", "")
    return f"{label}: {flat(part).strip()}" if label and label != "UNLABELLED" else flat(part).strip()


def _pubmed_author(author: _Element) -> Name:
    given = at(author, "ForeName") or at(author, "Initials")
    name = Name(at(author, "LastName"), given, "", at(author, "Suffix"))
    return name if any(name) else Name(literal=at(author, "CollectiveName"))


def _pubmed_date(held: _Element | None) -> str:
    issue = child(held, "Journal", "JournalIssue", "PubDate")
    printed = dates.parts(at(issue, "Year"), at(issue, "Month"), at(issue, "Day")) or dates.iso(
        at(issue, "MedlineDate")
    )
    online = child(held, "ArticleDate")
    return printed or dates.parts(at(online, "Year"), at(online, "Month"), at(online, "Day"))


def _pubmed_doi(article: _Element, held: _Element | None) -> str:
    ids = [*children(held, "ELocationID"), *children(article, "PubmedData", "ArticleIdList", "ArticleId")]
    return next((flat(e) for e in ids if "doi" in (e.get("EIdType"), e.get("IdType"))), "")


PUBMED = Kind(
    "PubmedArticle",
    _pubmed,
    drafted("PubMed", {**SAME_NAMES, "id": "PMID", "title": "ArticleTitle"}),
    roots=("PubmedArticleSet", "PubmedArticle"),
)
