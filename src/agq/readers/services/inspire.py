"""INSPIRE, the library of high-energy physics."""

from __future__ import annotations

from agq.readers import dates, names
from agq.readers.base import Draft, Fields
from agq.readers.values import as_list, dashed, inner, string, strings
from agq.text.people import Name


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
        date=dates.from_value(_date(held)),
        doi=string(_first(held, "dois").get("value")),
        arxiv=string(_first(held, "arxiv_eprints").get("value")),
        url=_url(held),
        venue=string(_first(held, "publication_info").get("journal_title")),
        type="article-journal" if as_list(held.get("publication_info")) else "article",
        fields=_variables(held),
        handles=[f"id:{number}"] if (number := string(held.get("control_number"))) else [],
        layout="INSPIRE",
        mapping=_MAPPING,
    )


_MAPPING = {
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


def _variables(held: Fields) -> dict[str, object]:
    published = _first(held, "publication_info")
    return {
        "container-title": string(published.get("journal_title")),
        "volume": string(published.get("journal_volume")),
        "issue": string(published.get("journal_issue")),
        "page": dashed(string(published.get("page_start")), string(published.get("page_end")))
        or string(published.get("artid")),
        "number-of-pages": string(held.get("number_of_pages")),
    }


def _date(held: Fields) -> object:
    return held.get("earliest_date") or held.get("preprint_date") or _first(held, "imprints").get("date")


def _url(held: Fields) -> str:
    number = string(held.get("control_number"))
    return f"https://inspirehep.net/literature/{number}" if number else ""


def _first(fields: Fields, name: str) -> Fields:
    held = as_list(fields.get(name))
    return inner(held[0]) if held else {}
