"""The layouts of the services that hand out metadata as JSON: CSL's too, whose names Crossref has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agq.readers import dates, identifiers, names
from agq.readers.base import Draft, Fields
from agq.readers.exports import csl_type
from agq.readers.values import as_list, dashed, inner, string, strings
from agq.text.people import Name, parse_name


def arxiv_snapshot(fields: Fields) -> Draft:
    """The public snapshot of arXiv's metadata. The date is the first version's."""
    versions = fields.get("versions")
    first = (
        versions[0] if isinstance(versions, list) and versions and isinstance(versions[0], Mapping) else {}
    )
    key = string(fields.get("id"))
    return Draft(
        key=key,
        title=string(fields.get("title")),
        abstract=string(fields.get("abstract")),
        authors=names.from_value(fields.get("authors_parsed") or fields.get("authors")),
        categories=string(fields.get("categories")).split(),
        date=dates.iso(string(first.get("created")) or string(fields.get("update_date"))),
        doi=string(fields.get("doi")),
        arxiv=key,
        venue=string(fields.get("journal-ref")),
        type="article",
        custom={name: value for name in _ARXIV_MORE if (value := fields.get(name))},
        layout="arXiv snapshot",
        mapping=_SNAPSHOT,
    )


_ARXIV_MORE = ("journal-ref", "comments", "report-no")
_SNAPSHOT = {
    "id": "id",
    "title": "title",
    "abstract": "abstract",
    "authors": "authors_parsed",
    "categories": "categories",
    "date": "versions.0.created",
    "doi": "doi",
    "arxiv": "id",
    "venue": "journal-ref",
}


def uninverted(value: object) -> str:
    """An abstract from its inverted index: word -> the places where it stands."""
    if not isinstance(value, Mapping):
        return ""
    held = value.get("InvertedIndex", value)
    places = [
        (place, word)
        for word, where in (held.items() if isinstance(held, Mapping) else ())
        if isinstance(where, Sequence)
        for place in where
        if isinstance(place, int)
    ]
    return " ".join(str(word) for _, word in sorted(places))


def open_alex(fields: Fields) -> Draft:
    """A work from OpenAlex. Its key is the ``W`` number."""
    location = inner(fields, "primary_location") or inner(fields, "best_oa_location")
    places = [string(inner(place).get("landing_page_url")) for place in as_list(fields.get("locations"))]
    topics = [*as_list(fields.get("topics")), *as_list(fields.get("keywords"))]
    topics = topics or [*as_list(fields.get("concepts"))]
    return Draft(
        key=string(fields.get("id")).rpartition("/")[2],
        title=string(fields.get("title") or fields.get("display_name")),
        abstract=uninverted(fields.get("abstract_inverted_index")) or string(fields.get("abstract")),
        authors=[_author(authorship) for authorship in as_list(fields.get("authorships"))],
        categories=[string(inner(topic).get("display_name")) for topic in topics],
        date=dates.from_value(fields.get("publication_date") or fields.get("publication_year")),
        doi=string(fields.get("doi")),
        arxiv=next((place for place in places if "arxiv.org/" in place), ""),
        pmid=string(inner(fields, "ids").get("pmid")).rpartition("/")[2],
        url=string(location.get("landing_page_url")) or string(fields.get("doi")),
        venue=string(
            inner(location, "source").get("display_name") or inner(fields, "host_venue").get("display_name")
        ),
        type=csl_type(string(fields.get("type_crossref")) or string(fields.get("type")), "article-journal"),
        fields=_open_alex_fields(fields, location),
        handles=_pmcid(inner(fields, "ids").get("pmcid")),
        layout="OpenAlex",
        mapping=_OPEN_ALEX,
    )


def _open_alex_fields(fields: Fields, location: Fields) -> dict[str, object]:
    biblio, source = inner(fields, "biblio"), inner(location, "source")
    return {
        "container-title": string(source.get("display_name")),
        "publisher": string(source.get("host_organization_name")),
        "ISSN": string(source.get("issn_l")),
        "volume": string(biblio.get("volume")),
        "issue": string(biblio.get("issue")),
        "page": dashed(string(biblio.get("first_page")), string(biblio.get("last_page"))),
        "language": string(fields.get("language")),
    }


def _pmcid(value: object) -> list[str]:
    number = string(value).rstrip("/").rpartition("/")[2]
    return [f"pmcid:{number.lower()}"] if number else []


_OPEN_ALEX = {
    "id": "id",
    "title": "title",
    "abstract": "abstract_inverted_index",
    "authors": "authorships.author.display_name",
    "categories": "topics, keywords",
    "date": "publication_date",
    "doi": "doi",
    "venue": "primary_location.source.display_name",
}


def _author(authorship: object) -> Name:
    held = inner(authorship)
    return parse_name(string(inner(held, "author").get("display_name") or held.get("raw_author_name")))


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
        type=_s2_type(lower),
        fields=_s2_fields(lower),
        handles=_pmcid(ids.get("pubmedcentral")),
        layout="Semantic Scholar",
        mapping=_SEMANTIC_SCHOLAR,
    )


def _s2_type(lower: Fields) -> str:
    kinds = strings(lower.get("publicationtypes"))
    return next((found for kind in kinds if (found := _S2_TYPES.get(kind))), "")


_S2_TYPES = {
    "JournalArticle": "article-journal",
    "Conference": "paper-conference",
    "Book": "book",
    "BookSection": "chapter",
    "Dataset": "dataset",
    "Review": "article-journal",
}


def _s2_fields(lower: Fields) -> dict[str, object]:
    journal = inner(lower, "journal")
    return {
        "container-title": string(journal.get("name")) or string(lower.get("venue")),
        "volume": string(journal.get("volume")).strip(),
        "page": string(journal.get("pages")).strip(),
    }


_SEMANTIC_SCHOLAR = {
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


def csl(fields: Fields) -> Draft:
    """CSL-JSON, as Zotero and Pandoc write it, and Crossref's works, which have its names."""
    crossref = isinstance(fields.get("title"), list) or "indexed" in fields
    key = string(fields.get("citation-key") or fields.get("citationKey") or fields.get("id"))
    note = string(fields.get("note"))
    return Draft(
        key="" if key.startswith(("http://", "https://")) else key,
        title=_titled(fields),
        abstract=string(fields.get("abstract")),
        authors=_csl_names(fields.get("author")),
        categories=strings(fields.get("keyword") or fields.get("categories") or fields.get("subject"), ";,"),
        date=next((d for n in _CSL_DATES if (d := dates.from_value(fields.get(n)))), ""),
        doi=string(fields.get("DOI")) or string(fields.get("doi")),
        arxiv=_csl_arxiv(fields, note),
        pmid=string(fields.get("PMID")),
        url=string(fields.get("URL")) or string(fields.get("url")),
        venue=next((v for n in _CSL_VENUES if (v := string(fields.get(n)))), ""),
        type=csl_type(string(fields.get("type")), "document") if crossref else string(fields.get("type")),
        fields=_crossref_fields(fields) if crossref else {},
        verbatim={} if crossref else {n: v for n, v in fields.items() if n not in ("id", "type")},
        handles=_pmcid(fields.get("PMCID")),
        layout="CSL",
        mapping={name: source for name, source in _CSL.items() if source in fields},
    )


def _csl_arxiv(fields: Fields, note: str) -> str:
    """The arXiv id that an item has of its own; one in a note only where nothing else stands in it, or where
    it is written as Zotero writes a field."""
    if own := string(fields.get("arxiv")):
        return own
    number = string(fields.get("number"))
    if "arxiv" in number.lower():
        return number
    eprint = re.search(r"(?im)^[ \t]*(?:arxiv|eprint)[ \t]*:[ \t]*(\S+)", note)
    return eprint.group(1) if eprint else identifiers.arxiv_alone(note)


def _csl_names(value: object) -> list[Name]:
    """Names in their parts; one without parts is a body's, as CSL and Crossref have it."""
    listed = as_list(value)
    return [
        Name(literal=string(one.get("literal") or one.get("name")))
        if isinstance(one, Mapping) and not one.get("family") and (one.get("literal") or one.get("name"))
        else name
        for one, name in zip(listed, names.from_value(listed), strict=False)
    ]


_CROSSREF = (
    "volume", "issue", "page", "publisher", "publisher-location", "language", "edition-number",
    "article-number",
)  # fmt: skip


def _crossref_fields(fields: Fields) -> dict[str, object]:
    held: dict[str, object] = {name: string(fields.get(name)) for name in _CROSSREF}
    held["number"] = held.pop("article-number")
    held["edition"] = held.pop("edition-number")
    held["publisher-place"] = held.pop("publisher-location")
    for name in ("container-title", "ISSN", "ISBN"):
        held[name] = string(fields.get(name))
    held["container-title-short"] = string(fields.get("short-container-title"))
    held["event-title"] = string(inner(fields, "event").get("name"))
    held["editor"] = _csl_names(fields.get("editor"))
    return held


_CSL_DATES = ("issued", "published", "published-print", "published-online", "created", "submitted")
_CSL_VENUES = ("container-title", "event-title", "event", "publisher")
_CSL = {
    "id": "id",
    "title": "title",
    "abstract": "abstract",
    "authors": "author",
    "categories": "keyword",
    "date": "issued",
    "doi": "DOI",
    "url": "URL",
    "venue": "container-title",
}


def _titled(fields: Fields) -> str:
    title, subtitle = string(fields.get("title")), string(fields.get("subtitle"))
    return f"{title}: {subtitle}" if subtitle and subtitle not in title else title


def inspire(fields: Fields) -> Draft:
    """A record from INSPIRE's web interface."""
    held = inner(fields, "metadata") or fields
    return Draft(
        key=string(held.get("texkeys")) or string(held.get("control_number")),
        title=string(_first(held, "titles").get("title")),
        abstract=string(_first(held, "abstracts").get("value")),
        authors=names.from_value(held.get("authors")) or _collaborations(held),
        categories=[
            *strings(_first(held, "arxiv_eprints").get("categories")),
            *(string(inner(keyword).get("value")) for keyword in as_list(held.get("keywords"))),
        ],
        date=dates.from_value(_inspire_date(held)),
        doi=string(_first(held, "dois").get("value")),
        arxiv=string(_first(held, "arxiv_eprints").get("value")),
        url=_inspire_url(held),
        venue=string(_first(held, "publication_info").get("journal_title")),
        type="article-journal" if as_list(held.get("publication_info")) else "article",
        fields=_inspire_fields(held),
        handles=[f"id:{number}"] if (number := string(held.get("control_number"))) else [],
        layout="INSPIRE",
        mapping=_INSPIRE,
    )


_INSPIRE = {
    "id": "texkeys.0",
    "title": "titles.0.title",
    "abstract": "abstracts.0.value",
    "authors": "authors.full_name",
    "categories": "arxiv_eprints.0.categories, keywords",
    "date": "earliest_date",
    "doi": "dois.0.value",
    "arxiv": "arxiv_eprints.0.value",
    "venue": "publication_info.0.journal_title",
}


def _collaborations(held: Fields) -> list[Name]:
    listed = (string(inner(one).get("value")) for one in as_list(held.get("collaborations")))
    return [Name(literal=f"{name} Collaboration") for name in listed if name]


def _inspire_fields(held: Fields) -> dict[str, object]:
    published = _first(held, "publication_info")
    return {
        "container-title": string(published.get("journal_title")),
        "volume": string(published.get("journal_volume")),
        "issue": string(published.get("journal_issue")),
        "page": dashed(string(published.get("page_start")), string(published.get("page_end")))
        or string(published.get("artid")),
        "number-of-pages": string(held.get("number_of_pages")),
    }


def _inspire_date(held: Fields) -> object:
    return held.get("earliest_date") or held.get("preprint_date") or _first(held, "imprints").get("date")


def _inspire_url(held: Fields) -> str:
    number = string(held.get("control_number"))
    return f"https://inspirehep.net/literature/{number}" if number else ""


def _first(fields: Fields, name: str) -> Fields:
    held = as_list(fields.get(name))
    return inner(held[0]) if held else {}


def dblp(fields: Fields) -> Draft:
    """A hit from DBLP's search interface."""
    held = inner(fields, "info")
    authors = inner(held, "authors").get("author")
    return Draft(
        key=string(held.get("key")),
        title=string(held.get("title")).removesuffix("."),
        authors=names.from_value(authors if isinstance(authors, list) else [authors]),
        date=dates.from_value(held.get("year")),
        doi=string(held.get("doi")),
        arxiv=string(held.get("ee")) if "arxiv" in string(held.get("ee")).lower() else "",
        url=string(held.get("ee")) or string(held.get("url")),
        venue=string(held.get("venue")),
        type=_DBLP_TYPES.get(string(held.get("type")), "document"),
        fields={
            "container-title": string(held.get("venue")),
            "volume": string(held.get("volume")),
            "issue": string(held.get("number")),
            "page": string(held.get("pages")),
            "publisher": string(held.get("publisher")),
        },
        layout="DBLP",
        mapping={name: f"info.{name}" for name in ("title", "authors", "doi", "venue")}
        | {"date": "info.year"},
    )


_DBLP_TYPES = {
    "Journal Articles": "article-journal",
    "Conference and Workshop Papers": "paper-conference",
    "Books and Theses": "book",
    "Parts in Books or Collections": "chapter",
    "Editorship": "book",
    "Reference Works": "entry-encyclopedia",
    "Data and Artifacts": "dataset",
    "Informal and Other Publications": "article",
}


def aminer(fields: Fields) -> Draft:
    """DBLP's citation network as AMiner publishes it."""
    venue = string(inner(fields, "venue").get("raw")) or string(fields.get("venue"))
    topics = [string(inner(topic).get("name")) for topic in as_list(fields.get("fos"))]
    return Draft(
        key=string(fields.get("id")),
        title=string(fields.get("title")),
        abstract=string(fields.get("abstract")) or uninverted(fields.get("indexed_abstract")),
        authors=names.from_value(fields.get("authors")),
        categories=[*strings(fields.get("keywords")), *topics],
        date=dates.from_value(fields.get("year")),
        doi=string(fields.get("doi")),
        url=string(fields.get("url")),
        venue=venue,
        type=csl_type(string(fields.get("doc_type")), ""),
        fields={
            "container-title": venue,
            "volume": string(fields.get("volume")),
            "issue": string(fields.get("issue")),
            "page": dashed(string(fields.get("page_start")), string(fields.get("page_end"))),
            "publisher": string(fields.get("publisher")),
        },
        layout="AMiner",
        mapping={"abstract": "indexed_abstract", "categories": "fos", "venue": "venue.raw"},
    )


def ads(fields: Fields) -> Draft:
    """A record of ADS, the astronomers' library: lists for titles, names, identifiers."""
    ids = strings(fields.get("identifier"))
    return Draft(
        key=identifiers.doi_as_written(string(fields.get("doi"))) or string(fields.get("bibcode")),
        title=string(fields.get("title")),
        abstract=string(fields.get("abstract")),
        authors=names.from_value(fields.get("author")),
        categories=strings(fields.get("keyword")),
        date=dates.iso(string(fields.get("pubdate"))) or dates.iso(string(fields.get("year"))),
        doi=string(fields.get("doi")),
        arxiv=next((one for one in ids if one.lower().startswith("arxiv:")), ""),
        venue=string(fields.get("pub")),
        type=_ADS_TYPES.get(string(fields.get("doctype")), "article-journal"),
        fields={
            "container-title": string(fields.get("pub")),
            "volume": string(fields.get("volume")),
            "issue": string(fields.get("issue")),
            "page": string(fields.get("page_range")) or string(fields.get("page")),
        },
        handles=[f"id:{number}"] if (number := string(fields.get("bibcode"))) else [],
        layout="ADS",
        mapping={"title": "title", "authors": "author", "date": "pubdate", "doi": "doi", "venue": "pub"},
    )


_ADS_TYPES = {
    "eprint": "article",
    "inproceedings": "paper-conference",
    "proceedings": "book",
    "book": "book",
    "inbook": "chapter",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    "software": "software",
    "dataset": "dataset",
}
