"""OpenAlex."""

from __future__ import annotations

from agq.readers import dates
from agq.readers.base import Draft, Fields
from agq.readers.exports import csl_type
from agq.readers.values import as_list, dashed, inner, string, uninverted
from agq.text import identifiers
from agq.text.people import Name, parse_name


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
        fields=_variables(fields, location),
        handles=identifiers.pmcid_handles(string(inner(fields, "ids").get("pmcid"))),
        layout="OpenAlex",
        mapping=_MAPPING,
    )


def _variables(fields: Fields, location: Fields) -> dict[str, object]:
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


_MAPPING = {
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
