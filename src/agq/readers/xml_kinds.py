"""What each kind of XML calls a paper's fields: PubMed, OAI-PMH, Atom, ACL Anthology, JATS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lxml import etree

from agq.readers import dates, identifiers
from agq.readers.base import Fields
from agq.readers.names import split_names
from agq.readers.xml import Context, Kind, at, child, children, drafted, flat, local, texts
from agq.readers.xml_libraries import LIBRARIES
from agq.text.people import Name, parse_name

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


def _oai(record: _Element, _context: Context) -> Fields | str:
    header = child(record, "header")
    if header is not None and header.get("status") == "deleted":
        return "deleted in the archive it comes from"
    metadata = child(record, "metadata")
    held = next(iter(metadata), None) if metadata is not None else None
    if held is None:
        return "a record without metadata"
    arxivs = {"arXiv": _oai_arxiv, "arXivRaw": _oai_arxiv_raw}.get(local(held))
    return arxivs(held) if arxivs else _dublin_core(held, at(header, "identifier"))


def _oai_arxiv(held: _Element) -> Fields:
    people = children(held, "authors", "author")
    return {
        "id": at(held, "id"),
        "arxiv": at(held, "id"),
        "title": at(held, "title"),
        "abstract": at(held, "abstract"),
        "authors": [Name(at(p, "keyname"), at(p, "forenames"), "", at(p, "suffix")) for p in people],
        "categories": at(held, "categories").split(),
        "date": dates.iso(at(held, "created")),
        "doi": at(held, "doi"),
        "venue": at(held, "journal-ref"),
        "type": "article",
        "fields": {"note": at(held, "comments")},
    }


def _oai_arxiv_raw(held: _Element) -> Fields:
    return {
        **_oai_arxiv(held),
        "authors": split_names(at(held, "authors")),
        "date": dates.iso(at(held, "version", "date")),
    }


def _dublin_core(held: _Element, identifier: str) -> Fields:
    ids = texts(held, "identifier")
    arxiv = identifiers.arxiv(identifier) or next(
        (found for i in ids if (found := identifiers.arxiv_of_url(i))), ""
    )
    return {
        "id": arxiv or identifier,
        "arxiv": arxiv,
        "title": at(held, "title"),
        "abstract": max(texts(held, "description") or texts(held, "abstract"), key=len, default=""),
        "authors": [parse_name(name) for name in texts(held, "creator")],
        "categories": texts(held, "subject"),
        "date": next((found for d in texts(held, "date") if (found := dates.iso(d))), ""),
        "doi": next(
            (found for i in [*ids, *texts(held, "relation")] if (found := identifiers.doi_as_written(i))), ""
        ),
        "url": next((i for i in ids if i.startswith("http")), ""),
        "venue": at(held, "source") or at(held, "publisher"),
    }


def _atom(entry: _Element, _context: Context) -> Fields | str:
    address = at(entry, "id")
    if "arxiv.org/api/errors" in address:
        return f"the service's own error message: {at(entry, 'summary')}"
    arxiv = identifiers.arxiv_of_url(address)
    links = {link.get("rel", "alternate"): link.get("href", "") for link in children(entry, "link")}
    return {
        "id": arxiv or ("" if address.startswith("http") else address),
        "arxiv": arxiv,
        "title": at(entry, "title"),
        "abstract": at(entry, "summary") or at(entry, "content"),
        "authors": [parse_name(name) for name in texts(entry, "author", "name")],
        "categories": [category.get("term", "") for category in children(entry, "category")],
        "date": dates.iso(at(entry, "published") or at(entry, "updated")),
        "doi": at(entry, "doi"),
        "url": links.get("alternate", "") or (address if address.startswith("http") else ""),
        "venue": at(entry, "journal_ref"),
        "type": "article" if arxiv else "",
    }


def _acl(paper: _Element, context: Context) -> Fields:
    key = _acl_id(paper, context)
    return {
        "id": key,
        "title": at(paper, "title"),
        "abstract": at(paper, "abstract"),
        "authors": [Name(at(a, "last"), at(a, "first")) for a in children(paper, "author")],
        "date": dates.parts(
            at(paper, "year") or context.get("year"), at(paper, "month") or context.get("month")
        ),
        "doi": at(paper, "doi"),
        "url": f"https://aclanthology.org/{key}/" if key else "",
        "venue": context.get("booktitle", ""),
        "type": "paper-conference",
        "fields": {"container-title": context.get("booktitle", ""), "page": at(paper, "pages")},
    }


def _acl_around(between: bytes, context: Context) -> Context:
    """The collection, the volume and what its ``meta`` says."""
    found = {name.decode(): value.decode("utf-8", "replace") for name, value in _ACL_PLACE.findall(between)}
    if "volume" not in found and "collection" not in found:
        return context
    meta = _ACL_META.findall(between)
    held = etree.fromstring(meta[-1], etree.XMLParser(recover=True, resolve_entities=False)) if meta else None
    facts = {name: at(held, name) for name in ("year", "month", "booktitle")}
    return {**context, **found, **facts}


_ACL_PLACE = re.compile(rb"<(collection|volume)\s[^<>]*?\bid=[\"']([^\"'<>]*)")
_ACL_META = re.compile(rb"<meta>.*?</meta>", re.DOTALL)


def _acl_id(paper: _Element, context: Context) -> str:
    """The Anthology's id: ``2020.acl-main.1``, or ``P18-1001`` for what came before 2020."""
    collection, volume, number = context.get("collection", ""), context.get("volume", ""), paper.get("id", "")
    if not collection or not volume or not number:
        return at(paper, "url")
    if collection[0].isdecimal() or not (volume.isdecimal() and number.isdecimal()):
        return f"{collection}-{volume}.{number}"
    if collection[0] == "W" or collection == "C69" or (collection == "D19" and int(volume) >= 5):
        return f"{collection}-{int(volume):02d}{int(number):02d}"
    return f"{collection}-{int(volume)}{int(number):03d}"


def _jats(article: _Element, _context: Context) -> Fields:
    front = child(article, "front")
    meta = child(front, "article-meta")
    ids = {e.get("pub-id-type", ""): flat(e).strip() for e in children(meta, "article-id")}
    pmc = ids.get("pmcid", "") or ids.get("pmc", "")
    return {
        "id": "" if ids.get("doi") or ids.get("pmid") else pmc,
        "title": at(meta, "title-group", "article-title"),
        "abstract": _jats_abstract(meta),
        "authors": _jats_authors(meta),
        "categories": texts(meta, "kwd-group", "kwd")
        or texts(meta, "article-categories", "subj-group", "subject"),
        "date": _jats_date(meta),
        "doi": ids.get("doi", ""),
        "arxiv": ids.get("arxiv", ""),
        "pmid": ids.get("pmid", ""),
        "venue": at(front, "journal-meta", "journal-title-group", "journal-title")
        or at(front, "journal-meta", "journal-title"),
        "type": "article-journal",
        "fields": {
            "volume": at(meta, "volume"),
            "issue": at(meta, "issue"),
            "page": "-".join(p for p in (at(meta, "fpage"), at(meta, "lpage")) if p),
            "number": at(meta, "elocation-id"),
            "publisher": at(front, "journal-meta", "publisher", "publisher-name"),
        },
    }


def _jats_abstract(meta: _Element | None) -> str:
    abstracts = sorted(children(meta, "abstract"), key=lambda e: bool(e.get("abstract-type")))
    parts = [part for part in (abstracts[0] if abstracts else ()) if not _heading(part)]
    own = (abstracts[0].text or "").strip() if abstracts else ""
    return "\n".join([own, *(_section(part) for part in parts)])


def _heading(part: _Element) -> bool:
    return local(part) in ("title", "label") and flat(part).strip().lower().rstrip(":.") in (
        "abstract",
        "summary",
        "",
    )


def _section(part: _Element) -> str:
    title = at(part, "title")
    body = (
        " ".join(flat(e).strip() for e in part if local(e) != "title") if local(part) == "sec" else flat(part)
    )
    return (
        f"{title}: {body.strip()}"
        if title and local(part) == "sec"
        else body.strip() + " " + (part.tail or "").strip()
    )


def _jats_authors(meta: _Element | None) -> list[Name]:
    people = [
        c for c in children(meta, "contrib-group", "contrib") if c.get("contrib-type", "author") == "author"
    ]
    return [_jats_name(person) for person in people]


def _jats_name(person: _Element) -> Name:
    name = child(person, "name")
    if name is None:
        name = child(person, "name-alternatives", "name")
    if name is not None:
        return Name(at(name, "surname"), at(name, "given-names"), at(name, "prefix"), at(name, "suffix"))
    body = at(person, "collab")
    return Name(literal=body) if body else parse_name(at(person, "string-name"))


def _jats_date(meta: _Element | None) -> str:
    found = [dates.parts(at(d, "year"), at(d, "month"), at(d, "day")) for d in children(meta, "pub-date")]
    return min((d for d in found if d), key=lambda d: (-len(d), d), default="")


_SAME = {
    name: name for name in ("id", "title", "abstract", "authors", "categories", "date", "doi", "url", "venue")
}

KINDS: Mapping[str, Kind] = {
    "pubmed": Kind(
        "PubmedArticle", _pubmed, drafted("PubMed", {**_SAME, "id": "PMID", "title": "ArticleTitle"})
    ),
    "oai-pmh": Kind("record", _oai, drafted("OAI-PMH", _SAME)),
    "atom": Kind("entry", _atom, drafted("Atom", {**_SAME, "abstract": "summary", "date": "published"})),
    "acl": Kind("paper", _acl, drafted("ACL Anthology", {**_SAME, "venue": "booktitle"}), _acl_around),
    **LIBRARIES,
    "jats": Kind("article", _jats, drafted("JATS", {**_SAME, "title": "article-title", "categories": "kwd"})),
}
"""Format -> how its XML is read."""

ELSEWHERE: Mapping[str, str] = {
    "RDF": "RDF, as Zotero writes it: export as BibLaTeX, BibTeX or CSL JSON instead",
    "Sources": "Word's list of sources: export from the reference manager as BibTeX or RIS instead",
    "TEI": "TEI: export as BibTeX or RIS instead",
    "refworks": "RefWorks XML: export as RIS instead",
}
"""The outermost element's name -> what to say of a kind that is not read."""

ROOTS: Mapping[str, str] = {
    "PubmedArticleSet": "pubmed",
    "PubmedArticle": "pubmed",
    "OAI-PMH": "oai-pmh",
    "ListRecords": "oai-pmh",
    "GetRecord": "oai-pmh",
    "record": "oai-pmh",
    "feed": "atom",
    "entry": "atom",
    "collection": "acl",
    "article": "jats",
    "pmc-articleset": "jats",
    "articles": "jats",
    "xml": "endnote",
    "dblp": "dblp",
    "modsCollection": "mods",
    "mods": "mods",
}
"""The outermost element's name -> format."""
