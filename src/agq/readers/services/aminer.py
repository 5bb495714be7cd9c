"""AMiner: DBLP's citation network."""

from __future__ import annotations

from agq.readers import dates, names
from agq.readers.base import Draft, Fields
from agq.readers.exports import csl_type
from agq.readers.values import as_list, dashed, inner, string, strings, uninverted


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
