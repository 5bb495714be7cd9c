"""The layouts of the services that hand out metadata as JSON, and of what reference managers write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agq.readers import dates, names
from agq.readers.base import Draft, Fields, Layout
from agq.readers.values import inner, string, strings
from agq.records import Name, of_text


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
        layout="arXiv snapshot",
        mapping=_SNAPSHOT,
    )


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
    places = [string(inner(place).get("landing_page_url")) for place in _list(fields.get("locations"))]
    topics = [*_list(fields.get("topics")), *_list(fields.get("keywords"))] or _list(fields.get("concepts"))
    return Draft(
        key=string(fields.get("id")).rpartition("/")[2],
        title=string(fields.get("title") or fields.get("display_name")),
        abstract=uninverted(fields.get("abstract_inverted_index")) or string(fields.get("abstract")),
        authors=[_author(authorship) for authorship in _list(fields.get("authorships"))],
        categories=[string(inner(topic).get("display_name")) for topic in topics],
        date=dates.from_value(fields.get("publication_date") or fields.get("publication_year")),
        doi=string(fields.get("doi")),
        arxiv=next((place for place in places if "arxiv.org/" in place), ""),
        pmid=string(inner(fields, "ids").get("pmid")).rpartition("/")[2],
        url=string(location.get("landing_page_url")) or string(fields.get("doi")),
        venue=string(
            inner(location, "source").get("display_name") or inner(fields, "host_venue").get("display_name")
        ),
        layout="OpenAlex",
        mapping=_OPEN_ALEX,
    )


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
    return of_text(string(inner(held, "author").get("display_name") or held.get("raw_author_name")))


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def semantic_scholar(fields: Fields) -> Draft:
    """A paper from Semantic Scholar: its web interface, or its data sets with their lower-case names."""
    lower = {name.lower(): value for name, value in fields.items()}
    ids = {name.lower(): value for name, value in inner(lower.get("externalids")).items()}
    studied = strings(lower.get("fieldsofstudy")) or [
        string(inner(field).get("category")) for field in _list(lower.get("s2fieldsofstudy"))
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
        layout="Semantic Scholar",
        mapping=_SEMANTIC_SCHOLAR,
    )


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
    key = string(fields.get("citation-key") or fields.get("citationKey") or fields.get("id"))
    note = string(fields.get("note"))
    return Draft(
        key="" if key.startswith(("http://", "https://")) else key,
        title=_titled(fields),
        abstract=string(fields.get("abstract")),
        authors=names.from_value(fields.get("author")),
        categories=strings(fields.get("keyword") or fields.get("categories") or fields.get("subject"), ";,"),
        date=next((d for n in _CSL_DATES if (d := dates.from_value(fields.get(n)))), ""),
        doi=string(fields.get("DOI")) or string(fields.get("doi")),
        arxiv=string(fields.get("arxiv")) or (note if "arxiv" in note.lower() else ""),
        pmid=string(fields.get("PMID")),
        url=string(fields.get("URL")) or string(fields.get("url")),
        venue=next((v for n in _CSL_VENUES if (v := string(fields.get(n)))), ""),
        layout="CSL",
        mapping={name: source for name, source in _CSL.items() if source in fields},
    )


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
        authors=names.from_value(held.get("authors")),
        categories=[
            *strings(_first(held, "arxiv_eprints").get("categories")),
            *(string(inner(keyword).get("value")) for keyword in _list(held.get("keywords"))),
        ],
        date=dates.from_value(_inspire_date(held)),
        doi=string(_first(held, "dois").get("value")),
        arxiv=string(_first(held, "arxiv_eprints").get("value")),
        url=_inspire_url(held),
        venue=string(_first(held, "publication_info").get("journal_title")),
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


def _inspire_date(held: Fields) -> object:
    return held.get("earliest_date") or held.get("preprint_date") or _first(held, "imprints").get("date")


def _inspire_url(held: Fields) -> str:
    number = string(held.get("control_number"))
    return f"https://inspirehep.net/literature/{number}" if number else ""


def _first(fields: Fields, name: str) -> Fields:
    held = _list(fields.get(name))
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
        layout="DBLP",
        mapping={name: f"info.{name}" for name in ("title", "authors", "doi", "venue")}
        | {"date": "info.year"},
    )


def aminer(fields: Fields) -> Draft:
    """DBLP's citation network as AMiner publishes it."""
    venue = fields.get("venue")
    topics = [string(inner(topic).get("name")) for topic in _list(fields.get("fos"))]
    return Draft(
        key=string(fields.get("id")),
        title=string(fields.get("title")),
        abstract=string(fields.get("abstract")) or uninverted(fields.get("indexed_abstract")),
        authors=names.from_value(fields.get("authors")),
        categories=[*strings(fields.get("keywords")), *topics],
        date=dates.from_value(fields.get("year")),
        doi=string(fields.get("doi")),
        url=string(fields.get("url")),
        venue=string(inner(venue).get("raw")) or string(venue),
        layout="AMiner",
        mapping={"abstract": "indexed_abstract", "categories": "fos", "venue": "venue.raw"},
    )


def zotero(fields: Fields) -> Draft:
    """An item from Zotero's own interface, or of Better BibTeX JSON."""
    held = inner(fields, "data") or fields
    creators = [c for c in _list(held.get("creators")) if inner(c).get("creatorType", "author") == "author"]
    return Draft(
        key=string(held.get("citationKey") or held.get("citekey") or held.get("key")),
        title=string(held.get("title")),
        abstract=string(held.get("abstractNote")),
        authors=names.from_value(creators),
        categories=[string(inner(tag).get("tag") or tag) for tag in _list(held.get("tags"))],
        date=dates.from_value(held.get("date")),
        doi=string(held.get("DOI")),
        arxiv=string(held.get("archiveID")) or string(held.get("number")),
        url=string(held.get("url")),
        venue=string(held.get("publicationTitle") or held.get("proceedingsTitle") or held.get("bookTitle")),
        layout="Zotero",
        mapping={"authors": "creators", "abstract": "abstractNote", "categories": "tags", "doi": "DOI"},
    )


LAYOUTS: tuple[tuple[frozenset[str], Layout], ...] = (
    (frozenset({"authors_parsed"}), arxiv_snapshot),
    (frozenset({"abstract_inverted_index"}), open_alex),
    (frozenset({"authorships"}), open_alex),
    (frozenset({"externalIds"}), semantic_scholar),
    (frozenset({"externalids"}), semantic_scholar),
    (frozenset({"paperId"}), semantic_scholar),
    (frozenset({"titles", "authors"}), inspire),
    (frozenset({"titles", "dois"}), inspire),
    (frozenset({"metadata", "links"}), inspire),
    (frozenset({"info", "@id"}), dblp),
    (frozenset({"info", "@score"}), dblp),
    (frozenset({"creators", "itemType"}), zotero),
    (frozenset({"data", "key", "version"}), zotero),
    (frozenset({"indexed_abstract"}), aminer),
    (frozenset({"fos", "n_citation"}), aminer),
    (frozenset({"issued"}), csl),
    (frozenset({"container-title"}), csl),
    (frozenset({"citation-key"}), csl),
    (frozenset({"DOI", "type", "title"}), csl),
)
"""Fields that only one layout has together -> how its records are read; the first that fits."""
