"""The only code that asks services on the network for records. One file a service; this table lists them.

A service says what is to be asked for, page by page, and what of a reply is whole. How it is asked, politely,
stands in ``polite``; what the records say is the readers' business: pages are passed on as they came.

No client library is used: those there are each bring a way of their own to wait and to try again, or none,
and do not tell what they ask; pyzotero wants a bibtexparser of another generation.
"""

from __future__ import annotations

from collections.abc import Mapping

from agq.services import arxiv, crossref, openalex, pubmed
from agq.services.base import Ask, Page, Service

__all__ = ["SERVICES", "Ask", "Page", "Service"]

SERVICES: Mapping[str, Service] = {
    "arxiv": Service("arXiv", arxiv.ADDRESS, 3.0, arxiv.search, arxiv.works),
    "crossref": Service("Crossref", crossref.ADDRESS, 0.5, crossref.search, crossref.works),
    "openalex": Service("OpenAlex", openalex.ADDRESS, 0.2, openalex.search, openalex.works),
    "pubmed": Service("PubMed", pubmed.ADDRESS, 0.4, pubmed.search, pubmed.works),
}
"""Name -> the service, with the seconds between two requests that its terms ask for."""
