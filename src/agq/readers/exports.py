"""The tables that databases and reference managers export, told by columns that only they have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agq.readers import dates, names
from agq.readers.base import Draft, Fields, Layout
from agq.readers.ciw import wos
from agq.readers.values import string, strings
from agq.text.people import Name, parse_name

_AUTHOR_ID = re.compile(r"\s*\(\d+\)")
_TYPES: Mapping[str, str] = {
    "journalarticle": "article-journal",
    "article": "article-journal",
    "reviewarticle": "article-journal",
    "review": "article-journal",
    "letter": "article-journal",
    "editorial": "article-journal",
    "ieeejournals": "article-journal",
    "ieeeconferences": "paper-conference",
    "conferencepaper": "paper-conference",
    "conferenceproceedings": "paper-conference",
    "conferenceproceedingsarticle": "paper-conference",
    "proceedingspaper": "paper-conference",
    "proceeding": "paper-conference",
    "inproceedings": "paper-conference",
    "booksection": "chapter",
    "bookchapter": "chapter",
    "chapter": "chapter",
    "book": "book",
    "monograph": "book",
    "editedbook": "book",
    "thesis": "thesis",
    "dissertation": "thesis",
    "report": "report",
    "preprint": "article",
    "postedcontent": "article",
    "dataset": "dataset",
    "computerprogram": "software",
    "software": "software",
    "webpage": "webpage",
    "blogpost": "post-weblog",
    "patent": "patent",
    "standard": "standard",
    "manuscript": "manuscript",
    "presentation": "speech",
    "magazinearticle": "article-magazine",
    "newspaperarticle": "article-newspaper",
    "encyclopediaarticle": "entry-encyclopedia",
    "j": "article-journal",
    "b": "book",
    "c": "paper-conference",
    "s": "chapter",
    "p": "patent",
}
"""What services call types, letters only, lower case -> CSL's."""


def csl_type(name: str, other: str = "") -> str:
    """CSL's type for a service's word; ``other`` for one that is not known."""
    return _TYPES.get("".join(c for c in name.lower() if c.isalpha()), other)


def _columns(fields: Fields, table: Mapping[str, str]) -> dict[str, object]:
    """CSL's variable -> the text of its column."""
    held = {name: string(fields.get(column)).strip() for name, column in table.items()}
    return {name: value for name, value in held.items() if value}


def _rest(fields: Fields, used: Sequence[str]) -> dict[str, object]:
    """The columns that nothing else takes."""
    return {name: value for name, value in fields.items() if name not in used and string(value).strip()}


def _pages(fields: Fields, first: str, last: str) -> str:
    return "-".join(part for name in (first, last) if (part := string(fields.get(name)).strip()))


def _people(fields: Fields, column: str, mark: str = ";") -> list[Name]:
    """The names in a column, each in whichever order."""
    return [parse_name(part) for part in string(fields.get(column)).split(mark) if part.strip()]


def pubmed(fields: Fields) -> Draft:
    """A row of PubMed's CSV: family names first, initials behind them, groups behind a semicolon."""
    text = string(fields.get("Authors")).strip().rstrip(".")
    people = [names.initials_last(part.strip()) for part in re.split("[,;]", text) if part.strip()]
    year = string(fields.get("Publication Year"))
    used = ("PMID", "Title", "Authors", "First Author", "Journal/Book", "Publication Year", "DOI", "PMCID")
    return Draft(
        title=string(fields.get("Title")),
        authors=people,
        date=dates.iso(year),
        doi=string(fields.get("DOI")),
        pmid=string(fields.get("PMID")),
        venue=string(fields.get("Journal/Book")),
        type="article-journal",
        fields=_columns(fields, {"container-title": "Journal/Book", "PMID": "PMID", "PMCID": "PMCID"}),
        custom=_rest(fields, used),
        layout="PubMed CSV",
        mapping=_mapping(fields, title="Title", authors="Authors", date="Publication Year", doi="DOI"),
    )


def _mapping(fields: Fields, **columns: str) -> dict[str, str]:
    return {name: column for name, column in columns.items() if column in fields}


def scopus(fields: Fields) -> Draft:
    """A row of Scopus's CSV."""
    full = _AUTHOR_ID.sub("", string(fields.get("Author full names")))
    used = (
        "Authors", "Author full names", "Author(s) ID", "Title", "Year", "Source title", "Volume",
        "Issue", "DOI",
        "Page start", "Page end", "Link", "Abstract", "Author Keywords", "Publisher", "ISSN", "ISBN",
        "Editors",
        "Language of Original Document", "PubMed ID", "Document Type", "Art. No.",
    )  # fmt: skip
    return Draft(
        title=string(fields.get("Title")),
        abstract=string(fields.get("Abstract")),
        authors=names.split_names(full or string(fields.get("Authors"))),
        categories=strings(fields.get("Author Keywords"), ";"),
        date=dates.iso(string(fields.get("Year"))),
        doi=string(fields.get("DOI")),
        pmid=string(fields.get("PubMed ID")),
        url=string(fields.get("Link")),
        venue=string(fields.get("Source title")),
        type=csl_type(string(fields.get("Document Type")), "article-journal"),
        fields=_columns(
            fields,
            {
                "container-title": "Source title", "volume": "Volume", "issue": "Issue", "number": "Art. No.",
                "publisher": "Publisher", "ISSN": "ISSN", "ISBN": "ISBN", "PMID": "PubMed ID",
                "language": "Language of Original Document",
            },
        )
        | {
            "page": _pages(fields, "Page start", "Page end"),
            "editor": names.split_names(string(fields.get("Editors"))),
        },
        custom=_rest(fields, used),
        layout="Scopus",
        mapping=_mapping(
            fields, title="Title", authors="Authors", date="Year", doi="DOI", venue="Source title"
        ),
    )  # fmt: skip


_WOS = {
    "PT": "Publication Type", "AU": "Authors", "AF": "Author Full Names", "TI": "Article Title",
    "SO": "Source Title", "DE": "Author Keywords", "AB": "Abstract", "PD": "Publication Date",
    "PY": "Publication Year", "DI": "DOI", "UT": "UT (Unique WOS ID)", "VL": "Volume", "IS": "Issue",
    "BP": "Start Page", "EP": "End Page", "AR": "Article Number", "PU": "Publisher", "SN": "ISSN", "BN":
    "ISBN",
    "LA": "Language", "DT": "Document Type", "CT": "Conference Title", "SE": "Book Series Title",
    "J9": "Journal Abbreviation", "PM": "Pubmed Id", "CA": "Group Authors", "EA": "Early Access Date",
    "PI": "Publisher City",
}  # fmt: skip
"""Web of Science's tag -> its column in Excel."""


def wos_excel(fields: Fields) -> Draft:
    """A row of what Web of Science exports for Excel."""
    tags = {tag: [string(fields.get(column))] for tag, column in _WOS.items() if fields.get(column)}
    used = tuple(_WOS.values())
    draft = wos(tags)
    mapping = {name: _WOS[tag] for name, tag in draft.mapping.items()}
    number = [f"id:{draft.key}"] if draft.key else []
    return replace(draft, key="", handles=number, custom=_rest(fields, used), mapping=mapping)


def wos_table(fields: Fields) -> Draft:
    """A row of Web of Science's table, its columns named by tags."""
    return wos({name: [value] for name, value in fields.items() if string(value)})


def dimensions(fields: Fields) -> Draft:
    """A row of Dimensions' export."""
    used = (
        "Publication ID", "DOI", "PMID", "PMCID", "ISBN", "Title", "Abstract", "Source title", "Publisher",
        "MeSH terms", "Publication date", "PubYear", "Volume", "Issue", "Pagination", "Authors", "Rank",
        "Anthology title", "Publication Type",
    )  # fmt: skip
    date = dates.iso(string(fields.get("Publication date"))) or dates.iso(string(fields.get("PubYear")))
    return Draft(
        title=string(fields.get("Title")),
        abstract=string(fields.get("Abstract")),
        authors=names.split_names(string(fields.get("Authors"))),
        categories=strings(fields.get("MeSH terms"), ";"),
        date=date,
        doi=string(fields.get("DOI")),
        pmid=string(fields.get("PMID")),
        venue=string(fields.get("Source title")) or string(fields.get("Anthology title")),
        type=csl_type(string(fields.get("Publication Type")), "article-journal"),
        fields=_columns(
            fields,
            {
                "container-title": "Source title" if fields.get("Source title") else "Anthology title",
                "volume": "Volume", "issue": "Issue", "page": "Pagination", "publisher": "Publisher",
                "ISBN": "ISBN", "PMID": "PMID", "PMCID": "PMCID",
            },
        ),
        custom=_rest(fields, used) | _columns(fields, {"Publication ID": "Publication ID"}),
        handles=[f"id:{number}"] if (number := string(fields.get("Publication ID"))) else [],
        layout="Dimensions",
        mapping=_mapping(
            fields, title="Title", authors="Authors", date="Publication date", doi="DOI", venue="Source title"
        ),
    )  # fmt: skip


def open_alex_table(fields: Fields) -> Draft:
    """A row of OpenAlex's CSV: paths for columns, bars between values."""
    used = (
        "id", "doi", "title", "display_name", "publication_year", "publication_date", "abstract", "type",
        "authorships.author.display_name", "primary_location.source.display_name", "language",
        "biblio.volume",
        "biblio.issue", "biblio.first_page", "biblio.last_page",
    )  # fmt: skip
    venue = "primary_location.source.display_name"
    columns = ("primary_topic.display_name", "keywords.display_name")
    topics = [topic for name in columns for topic in strings(fields.get(name), "|")]
    return Draft(
        key=string(fields.get("id")).rpartition("/")[2],
        title=string(fields.get("title")) or string(fields.get("display_name")),
        abstract=string(fields.get("abstract")),
        authors=_people(fields, "authorships.author.display_name", "|"),
        categories=topics,
        date=dates.iso(string(fields.get("publication_date")) or string(fields.get("publication_year"))),
        doi=string(fields.get("doi")),
        url=string(fields.get("primary_location.landing_page_url")),
        venue=string(fields.get(venue)),
        type=csl_type(string(fields.get("type")), "article-journal"),
        fields=_columns(
            fields,
            {
                "container-title": venue, "volume": "biblio.volume", "issue": "biblio.issue", "language":
                "language",
            },
        )
        | {"page": _pages(fields, "biblio.first_page", "biblio.last_page")},
        custom=_rest(fields, used),
        layout="OpenAlex CSV",
        mapping=_mapping(
            fields, id="id", title="title", authors="authorships.author.display_name",
            date="publication_date",
            doi="doi", venue=venue,
        ),
    )  # fmt: skip


def lens(fields: Fields) -> Draft:
    """A row of The Lens's export."""
    used = (
        "Lens ID", "Title", "Date Published", "Publication Year", "Publication Type", "Source Title", "ISSNs",
        "Publisher", "Author/s", "Abstract", "Volume", "Issue Number", "Start Page", "End Page", "Keywords",
        "Fields of Study", "Source URLs", "External URL", "PMID", "DOI", "PMCID",
    )  # fmt: skip
    date = dates.iso(string(fields.get("Date Published"))) or dates.iso(
        string(fields.get("Publication Year"))
    )
    return Draft(
        title=string(fields.get("Title")),
        abstract=string(fields.get("Abstract")),
        authors=_people(fields, "Author/s"),
        categories=[*strings(fields.get("Keywords"), ";"), *strings(fields.get("Fields of Study"), ";")],
        date=date,
        doi=string(fields.get("DOI")),
        pmid=string(fields.get("PMID")),
        url=string(fields.get("External URL")) or string(strings(fields.get("Source URLs"), ";")),
        venue=string(fields.get("Source Title")),
        type=csl_type(string(fields.get("Publication Type")), "article-journal"),
        fields=_columns(
            fields,
            {
                "container-title": "Source Title", "volume": "Volume", "issue": "Issue Number",
                "publisher": "Publisher", "ISSN": "ISSNs", "PMID": "PMID", "PMCID": "PMCID",
            },
        )
        | {"page": _pages(fields, "Start Page", "End Page")},
        custom=_rest(fields, used),
        handles=[f"id:{number}"] if (number := string(fields.get("Lens ID"))) else [],
        layout="Lens",
        mapping=_mapping(
            fields, title="Title", authors="Author/s", date="Date Published", doi="DOI"
        ),
    )  # fmt: skip


def ieee(fields: Fields) -> Draft:
    """A row of IEEE Xplore's export."""
    used = (
        "Document Title", "Authors", "Publication Title", "Publication Year", "Volume", "Issue", "Start Page",
        "End Page", "Abstract", "ISSN", "ISBNs", "DOI", "PDF Link", "Author Keywords", "Publisher",
        "Document Identifier",
    )  # fmt: skip
    return Draft(
        title=string(fields.get("Document Title")),
        abstract=string(fields.get("Abstract")),
        authors=_people(fields, "Authors"),
        categories=strings(fields.get("Author Keywords"), ";"),
        date=dates.iso(string(fields.get("Publication Year"))),
        doi=string(fields.get("DOI")),
        url="" if fields.get("DOI") else string(fields.get("PDF Link")),
        venue=string(fields.get("Publication Title")),
        type=csl_type(string(fields.get("Document Identifier")), "article-journal"),
        fields=_columns(
            fields,
            {
                "container-title": "Publication Title", "volume": "Volume", "issue": "Issue", "ISSN": "ISSN",
                "ISBN": "ISBNs", "publisher": "Publisher",
            },
        )
        | {"page": _pages(fields, "Start Page", "End Page")},
        custom=_rest(fields, used),
        layout="IEEE Xplore",
        mapping=_mapping(
            fields, title="Document Title", authors="Authors", date="Publication Year", doi="DOI",
            venue="Publication Title",
        ),
    )  # fmt: skip


def zotero_table(fields: Fields) -> Draft:
    """A row of Zotero's CSV."""
    used = (
        "Key", "Item Type", "Publication Year", "Author", "Title", "Publication Title", "DOI", "Url",
        "Abstract Note", "Date", "Manual Tags", "Automatic Tags", "Pages", "Issue", "Volume", "ISBN", "ISSN",
        "Publisher", "Place", "Language", "Series", "Edition", "Editor", "Short Title",
        "Journal Abbreviation",
        "Conference Name", "Type", "Notes", "File Attachments", "Link Attachments",
    )  # fmt: skip
    date = dates.iso(string(fields.get("Date"))) or dates.iso(string(fields.get("Publication Year")))
    return Draft(
        key=string(fields.get("Key")),
        title=string(fields.get("Title")),
        abstract=string(fields.get("Abstract Note")),
        authors=_people(fields, "Author"),
        categories=[
            tag for name in ("Manual Tags", "Automatic Tags") for tag in strings(fields.get(name), ";") if tag
        ],
        date=date,
        doi=string(fields.get("DOI")),
        url=string(fields.get("Url")),
        venue=string(fields.get("Publication Title")),
        type=csl_type(string(fields.get("Item Type")), "document"),
        fields=_columns(
            fields,
            {
                "container-title": "Publication Title", "page": "Pages", "issue": "Issue", "volume": "Volume",
                "ISBN": "ISBN", "ISSN": "ISSN", "publisher": "Publisher", "publisher-place": "Place",
                "language": "Language", "collection-title": "Series", "edition": "Edition",
                "title-short": "Short Title", "container-title-short": "Journal Abbreviation",
                "event-title": "Conference Name", "genre": "Type",
            },
        )
        | {"editor": _people(fields, "Editor")},
        custom=_rest(fields, used),
        layout="Zotero CSV",
        mapping=_mapping(
            fields, id="Key", title="Title", authors="Author", date="Date", doi="DOI",
            venue="Publication Title",
        ),
    )  # fmt: skip


TABLES: tuple[tuple[frozenset[str], Layout], ...] = (
    (frozenset({"PMID", "Journal/Book"}), pubmed),
    (frozenset({"EID", "Source title"}), scopus),
    (frozenset({"Author(s) ID", "Source title"}), scopus),
    (frozenset({"Article Title", "Source Title"}), wos_excel),
    (frozenset({"TI", "AU", "SO", "UT"}), wos_table),
    (frozenset({"Publication ID", "Source title"}), dimensions),
    (frozenset({"authorships.author.display_name"}), open_alex_table),
    (frozenset({"Lens ID", "Author/s"}), lens),
    (frozenset({"Document Title", "Publication Title"}), ieee),
    (frozenset({"Key", "Item Type", "Publication Title"}), zotero_table),
)
"""Columns that only one export has together -> how its rows are read; the first that fits."""
