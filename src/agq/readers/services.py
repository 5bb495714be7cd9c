"""The layouts of the services that hand out metadata as JSON, and of what reference managers write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agq.readers import dates, entries, identifiers, names
from agq.readers.base import Draft, Fields, Layout
from agq.readers.exports import csl_type
from agq.readers.values import inner, string, strings
from agq.readers.zotero_items import draft as zotero_item
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
        "page": _dashed(string(biblio.get("first_page")), string(biblio.get("last_page"))),
        "language": string(fields.get("language")),
    }


def _dashed(first: str, last: str) -> str:
    return f"{first}-{last}" if last and last != first else first


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
        type=_s2_type(lower),
        fields=_s2_fields(lower),
        handles=_pmcid(ids.get("pubmedcentral")),
        layout="Semantic Scholar",
        mapping=_SEMANTIC_SCHOLAR,
    )


def _s2_type(lower: Fields) -> str:
    kinds = strings(lower.get("publicationtypes"))
    known = {"JournalArticle": "article-journal", "Conference": "paper-conference", "Book": "book"}
    known |= {"BookSection": "chapter", "Dataset": "dataset", "Review": "article-journal"}
    return next((found for kind in kinds if (found := known.get(kind))), "")


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
    listed = value if isinstance(value, list) else []
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
            *(string(inner(keyword).get("value")) for keyword in _list(held.get("keywords"))),
        ],
        date=dates.from_value(_inspire_date(held)),
        doi=string(_first(held, "dois").get("value")),
        arxiv=string(_first(held, "arxiv_eprints").get("value")),
        url=_inspire_url(held),
        venue=string(_first(held, "publication_info").get("journal_title")),
        type="article-journal" if _list(held.get("publication_info")) else "article",
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
    listed = (string(inner(one).get("value")) for one in _list(held.get("collaborations")))
    return [Name(literal=f"{name} Collaboration") for name in listed if name]


def _inspire_fields(held: Fields) -> dict[str, object]:
    published = _first(held, "publication_info")
    return {
        "container-title": string(published.get("journal_title")),
        "volume": string(published.get("journal_volume")),
        "issue": string(published.get("journal_issue")),
        "page": _dashed(string(published.get("page_start")), string(published.get("page_end")))
        or string(published.get("artid")),
        "number-of-pages": string(held.get("number_of_pages")),
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
        type=csl_type(string(fields.get("doc_type")), ""),
        fields={
            "container-title": string(inner(venue).get("raw")) or string(venue),
            "volume": string(fields.get("volume")),
            "issue": string(fields.get("issue")),
            "page": _dashed(string(fields.get("page_start")), string(fields.get("page_end"))),
            "publisher": string(fields.get("publisher")),
        },
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
        type=csl_type(string(held.get("itemType")), "document"),
        fields={name: string(held.get(field)) for field, name in _ZOTERO.items()}
        | {
            "container-title": string(
                held.get("publicationTitle") or held.get("proceedingsTitle") or held.get("bookTitle")
            ),
            "editor": names.from_value(
                [c for c in _list(held.get("creators")) if inner(c).get("creatorType") == "editor"]
            ),
        },
        custom={"extra": string(held.get("extra"))} if held.get("extra") else {},
        layout="Zotero",
        mapping={"authors": "creators", "abstract": "abstractNote", "categories": "tags", "doi": "DOI"},
    )


_ZOTERO = {
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "publisher": "publisher",
    "university": "publisher",
    "institution": "publisher",
    "place": "publisher-place",
    "edition": "edition",
    "series": "collection-title",
    "ISBN": "ISBN",
    "ISSN": "ISSN",
    "language": "language",
    "shortTitle": "title-short",
    "journalAbbreviation": "container-title-short",
    "conferenceName": "event-title",
    "thesisType": "genre",
    "reportType": "genre",
}
"""Zotero's field -> CSL's variable."""


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


def hayagriva(fields: Fields) -> Draft:
    """An entry of Hayagriva, Typst's own format: what it stands in is its ``parent``."""
    numbers, parent = inner(fields, "serial-number"), _parent(fields)
    kind, around = string(fields.get("type")).lower(), string(parent.get("type")).lower()
    publisher = fields.get("publisher") or parent.get("publisher")
    return Draft(
        key=string(fields.get("id")),
        title=_hayagriva_text(fields.get("title")),
        abstract=_hayagriva_text(fields.get("abstract")),
        authors=_hayagriva_names(fields.get("author")),
        date=dates.from_value(fields.get("date") or parent.get("date")),
        doi=string(numbers.get("doi")) or _plain_number(fields),
        arxiv=string(numbers.get("arxiv")),
        pmid=string(numbers.get("pmid")),
        url=string(inner(fields, "url").get("value")) or string(fields.get("url")),
        venue=_hayagriva_text(parent.get("title")),
        type=_HAYAGRIVA.get((kind, around)) or _HAYAGRIVA.get((kind, ""), "document"),
        fields={
            "container-title": _hayagriva_text(parent.get("title")),
            "volume": string(fields.get("volume") or parent.get("volume")),
            "issue": string(fields.get("issue") or parent.get("issue")),
            "page": string(fields.get("page-range") or parent.get("page-range")),
            "edition": string(fields.get("edition") or parent.get("edition")),
            "publisher": string(inner(publisher).get("name")) or string(publisher),
            "publisher-place": string(inner(publisher).get("location") or fields.get("location")),
            "ISBN": string(numbers.get("isbn") or inner(parent, "serial-number").get("isbn")),
            "ISSN": string(numbers.get("issn") or inner(parent, "serial-number").get("issn")),
            "editor": _hayagriva_names(fields.get("editor") or parent.get("editor")),
            "language": string(fields.get("language")),
            "note": _hayagriva_text(fields.get("note")),
            "genre": string(fields.get("genre")),
        },
        layout="Hayagriva",
        mapping={"title": "title", "authors": "author", "venue": "parent.title", "doi": "serial-number.doi"},
    )


def _parent(fields: Fields) -> Fields:
    held = fields.get("parent")
    return inner(held[0] if isinstance(held, list) and held else held)


def _hayagriva_text(value: object) -> str:
    return string(inner(value).get("value")) or string(value)


def _hayagriva_names(value: object) -> list[Name]:
    """Names, each by itself: a comma in one turns it round."""
    listed = value if isinstance(value, list) else [value] if value else []
    return [
        Name(
            string(inner(one).get("name")),
            string(inner(one).get("given-name")),
            string(inner(one).get("prefix")),
            string(inner(one).get("suffix")),
        )
        if isinstance(one, Mapping)
        else of_text(string(one))
        for one in listed
    ]


def _plain_number(fields: Fields) -> str:
    held = fields.get("serial-number")
    return held if isinstance(held, str) and held.startswith("10.") else ""


_HAYAGRIVA: Mapping[tuple[str, str], str] = {
    ("article", "periodical"): "article-journal",
    ("article", "proceedings"): "paper-conference",
    ("article", "conference"): "paper-conference",
    ("article", "newspaper"): "article-newspaper",
    ("article", "blog"): "post-weblog",
    ("article", ""): "article",
    ("chapter", ""): "chapter",
    ("anthos", ""): "chapter",
    ("entry", ""): "entry-encyclopedia",
    ("book", ""): "book",
    ("anthology", ""): "book",
    ("proceedings", ""): "book",
    ("reference", ""): "book",
    ("report", ""): "report",
    ("thesis", ""): "thesis",
    ("web", ""): "webpage",
    ("blog", ""): "post-weblog",
    ("repository", ""): "software",
    ("manuscript", ""): "manuscript",
    ("patent", ""): "patent",
    ("case", ""): "legal_case",
    ("legislation", ""): "legislation",
    ("video", ""): "motion_picture",
    ("audio", ""): "song",
    ("artwork", ""): "graphic",
    ("newspaper", ""): "periodical",
    ("periodical", ""): "periodical",
}
"""Hayagriva's type and its parent's -> CSL's."""


def cff(fields: Fields) -> Draft:
    """``CITATION.cff``: the paper that its authors want cited, else the software."""
    held = inner(fields, "preferred-citation") or fields
    own = held is fields
    kind = string(held.get("type"))
    conference = inner(held, "conference")
    venue = (
        string(held.get("journal")) or string(held.get("collection-title")) or string(conference.get("name"))
    )
    ids = [inner(one) for one in _list(held.get("identifiers"))]
    doi = string(held.get("doi")) or next(
        (string(one.get("value")) for one in ids if one.get("type") == "doi"), ""
    )
    return Draft(
        title=string(held.get("title")),
        abstract=string(held.get("abstract")) or string(fields.get("abstract")),
        authors=names.from_value(held.get("authors")),
        categories=strings(fields.get("keywords")),
        date=dates.parts(held.get("year"), held.get("month"))
        or dates.from_value(held.get("date-published") or held.get("date-released")),
        doi=doi,
        url=string(held.get("url") or held.get("repository-code")),
        venue=venue,
        type="software" if own and kind != "dataset" else _CFF_TYPES.get(kind, "document"),
        fields={
            "container-title": venue,
            "volume": string(held.get("volume")),
            "issue": string(held.get("issue")),
            "page": _dashed(string(held.get("start")), string(held.get("end"))),
            "publisher": string(inner(held, "publisher").get("name")),
            "version": string(held.get("version")),
            "ISBN": string(held.get("isbn")),
            "ISSN": string(held.get("issn")),
        },
        layout="CITATION.cff",
        mapping={"title": "title", "authors": "authors", "date": "date-released", "doi": "doi"},
    )


_CFF_TYPES = {
    "article": "article-journal",
    "conference-paper": "paper-conference",
    "proceedings": "book",
    "book": "book",
    "thesis": "thesis",
    "report": "report",
    "data": "dataset",
    "database": "dataset",
    "dataset": "dataset",
    "software": "software",
    "software-code": "software",
    "manual": "report",
    "unpublished": "manuscript",
    "website": "webpage",
    "standard": "standard",
    "patent": "patent",
    "pamphlet": "pamphlet",
}


def bibtex_fields(fields: Fields) -> Draft:
    """BibTeX's fields in JSON or YAML: coBib's database, and what bibtexparser's first version held."""
    lower = {name.lower(): value for name, value in fields.items()}

    def get(*wanted: str) -> str:
        return next((found for name in wanted if (found := string(lower.get(name)))), "")

    kind = get("entrytype").lower()
    return Draft(
        key=get("id"),
        title=get("title"),
        abstract=get("abstract"),
        authors=names.from_value(lower.get("author")),
        categories=strings(lower.get("keywords") or lower.get("tags")),
        date=dates.iso(get("date")) or dates.parts(get("year"), get("month"), get("day")),
        doi=get("doi"),
        arxiv=get("eprint", "arxivid") if get("eprinttype", "archiveprefix").lower() in ("", "arxiv") else "",
        pmid=get("pmid"),
        url=get("url"),
        venue=get("journaltitle", "journal", "booktitle", "school", "institution", "publisher"),
        type=entries.csl_type(kind, get),
        fields=entries.variables(kind, get, names.split_names),
        custom=entries.unknown(
            {n: v for n, v in lower.items() if n not in ("id", "entrytype", "tags", "label")}
        ),
        layout="BibTeX's fields",
        mapping={"title": "title", "authors": "author", "date": "year", "doi": "doi"},
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
    (frozenset({"itemType", "select"}), zotero_item),
    (frozenset({"creators", "itemType"}), zotero),
    (frozenset({"data", "key", "version"}), zotero),
    (frozenset({"indexed_abstract"}), aminer),
    (frozenset({"fos", "n_citation"}), aminer),
    (frozenset({"cff-version"}), cff),
    (frozenset({"ENTRYTYPE"}), bibtex_fields),
    (frozenset({"bibcode"}), ads),
    (frozenset({"serial-number", "type"}), hayagriva),
    (frozenset({"parent", "type", "title"}), hayagriva),
    (frozenset({"issued"}), csl),
    (frozenset({"container-title"}), csl),
    (frozenset({"citation-key"}), csl),
    (frozenset({"DOI", "type", "title"}), csl),
)
"""Fields that only one layout has together -> how its records are read; the first that fits."""
