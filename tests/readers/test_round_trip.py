"""Papers written by each format's own library and read back are the same papers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping

import pyarrow
import pyarrow.parquet
import pytest
import rispy
import yaml
from bibtexparser import model as bib
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pylatexenc.latexencode import unicode_to_latex

from agq.model import Paper
from agq.readers import read
from agq.readers.clean import EMPTY_VALUES

PLAIN = st.sampled_from("abcdefghijklmnopqrstuvwxyzäöüßéèçñøåłčĐжλ中日ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
MARKS = st.sampled_from(
    ["-", "'", ":", ",", ".", "(x)", "?", "!", "/", "+", "50%", "A&B", "#1", "a_b", "“q”", "[s]", "=", "@"]
)


def words(
    letters: st.SearchStrategy[str], marks: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[str]:
    word = st.text(letters, min_size=1, max_size=9)
    texts = st.lists((word | marks) if marks is not None else word, min_size=1, max_size=8).map(" ".join)
    return texts.filter(lambda text: text not in EMPTY_VALUES)


TEXT = words(PLAIN, MARKS)
# BibTeX asks how a name's letters begin; short ones all in capitals would be initials, as PubMed writes them
FAMILY = st.text(PLAIN.filter(str.isalpha), min_size=2, max_size=8).map(str.capitalize)
NAME = st.builds("{} {}".format, st.sampled_from(["Ann", "Jörg", "A. B.", "Łucja"]), FAMILY)
DATE = st.sampled_from(["", "1999", "2024-06", "2024-06-13"])

PAPERS = st.lists(
    st.builds(
        Paper,
        id=st.from_regex(r"[a-z][a-z0-9]{2,8}(:[0-9]{1,3})?", fullmatch=True),
        title=TEXT.map(lambda t: f"T {t}"),
        abstract=st.just("") | TEXT.map(lambda t: f"A {t}"),
        authors=st.lists(NAME, max_size=4, unique=True).map(tuple),
        categories=st.lists(words(PLAIN), max_size=3, unique=True).map(tuple),
        date=DATE,
        doi=st.just("") | st.from_regex(r"10\.[1-9][0-9]{3}/[a-z0-9.-]{0,8}[a-z0-9]", fullmatch=True),
        url=st.just("https://example.org/x"),
        venue=st.just("") | words(PLAIN),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda paper: paper.id,
)


def as_mapping(paper: Paper) -> dict[str, object]:
    return {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "categories": list(paper.categories),
        "date": paper.date,
        "doi": paper.doi,
        "url": paper.url,
        "venue": paper.venue,
    }


def json_lines(papers: list[Paper]) -> bytes:
    return "".join(json.dumps(as_mapping(p), ensure_ascii=False) + "\n" for p in papers).encode()


def json_list(papers: list[Paper]) -> bytes:
    return json.dumps([as_mapping(p) for p in papers], indent=2).encode()


def cards(papers: list[Paper]) -> bytes:
    return bytes(yaml.safe_dump([as_mapping(p) for p in papers], allow_unicode=True, encoding="utf-8"))


def table(delimiter: str) -> Callable[[list[Paper]], bytes]:
    def write(papers: list[Paper]) -> bytes:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(as_mapping(papers[0])), delimiter=delimiter)
        writer.writeheader()
        for paper in papers:
            writer.writerow(
                {
                    **as_mapping(paper),
                    "authors": ";".join(paper.authors),
                    "categories": ";".join(paper.categories),
                }
            )
        return out.getvalue().encode()

    return write


def bibtex(papers: list[Paper]) -> bytes:
    """Every value as TeX that pylatexenc makes of it."""

    def tex(text: str) -> str:
        return str(unicode_to_latex(text, unknown_char_policy="keep", unknown_char_warning=False))

    library = Library()
    for paper in papers:
        fields = {
            "title": tex(paper.title),
            "abstract": tex(paper.abstract),
            "author": " and ".join(tex(name) for name in paper.authors),
            "keywords": ", ".join(tex(category) for category in paper.categories),
            "date": paper.date,
            "doi": paper.doi,
            "url": paper.url,
            "journal": tex(paper.venue),
        }
        library.add(bib.Entry("article", paper.id, [bib.Field(k, v) for k, v in fields.items() if v]))
    return str(write_string(library)).encode()


def ris(papers: list[Paper]) -> bytes:
    records = [
        {
            "type_of_reference": "JOUR",
            "id": p.id,
            "title": p.title,
            "abstract": p.abstract,
            "authors": list(p.authors),
            "keywords": list(p.categories),
            "year": p.date[:4],
            "date": p.date.replace("-", "/"),
            "doi": p.doi,
            "urls": [p.url],
            "journal_name": p.venue,
        }
        for p in papers
    ]
    return str(rispy.dumps(records)).encode()


def csl(papers: list[Paper]) -> list[dict[str, object]]:
    return [
        {
            "id": p.id,
            "type": "article-journal",
            "title": p.title,
            "abstract": p.abstract,
            "author": [
                dict(zip(("given", "family"), name.rsplit(" ", 1), strict=True)) for name in p.authors
            ],
            "keyword": ", ".join(p.categories),
            "issued": {"date-parts": [[int(part) for part in p.date.split("-")]]} if p.date else {},
            "DOI": p.doi,
            "URL": p.url,
            "container-title": p.venue,
        }
        for p in papers
    ]


def csl_json(papers: list[Paper]) -> bytes:
    return json.dumps(csl(papers)).encode()


def csl_yaml(papers: list[Paper]) -> bytes:
    return bytes(yaml.safe_dump({"references": csl(papers)}, allow_unicode=True, encoding="utf-8"))


def parquet(papers: list[Paper]) -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([as_mapping(p) for p in papers]), out)
    return out.getvalue()


DC = "http://purl.org/dc/elements/1.1/"
OAI = "http://www.openarchives.org/OAI/2.0/"


def dublin_core(papers: list[Paper]) -> bytes:
    """The publisher is the venue; a web address and a DOI are identifiers."""
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={"oai": OAI, "dc": DC})
    records = etree.SubElement(root, f"{{{OAI}}}ListRecords")
    for p in papers:
        record = etree.SubElement(records, f"{{{OAI}}}record")
        header = etree.SubElement(record, f"{{{OAI}}}header")
        etree.SubElement(header, f"{{{OAI}}}identifier").text = p.id
        held = etree.SubElement(etree.SubElement(record, f"{{{OAI}}}metadata"), f"{{{DC}}}dc")
        facts = [("title", p.title), ("description", p.abstract), ("date", p.date), ("publisher", p.venue)]
        facts += [("identifier", p.url), ("identifier", p.doi)]
        facts += [("creator", name) for name in p.authors] + [("subject", c) for c in p.categories]
        for name, text in facts:
            etree.SubElement(held, f"{{{DC}}}{name}").text = text
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


FORMATS: Mapping[str, Callable[[list[Paper]], bytes]] = {
    "json lines": json_lines,
    "json": json_list,
    "yaml": cards,
    "csv": table(","),
    "tsv": table("\t"),
    "semicolons": table(";"),
    "bibtex": bibtex,
    "ris": ris,
    "csl-json": csl_json,
    "csl-yaml": csl_yaml,
    "parquet": parquet,
    "oai-pmh": dublin_core,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25)
@given(papers=PAPERS)
def test_what_was_written_is_read(name: str, papers: list[Paper]) -> None:
    data = FORMATS[name](papers)
    assert [record.item for record in read(["-"], stdin=io.BytesIO(data))] == papers


@settings(max_examples=60)
@given(title=st.text(min_size=1), abstract=st.text())
def test_any_text_in_json_comes_out_as_one_clean_line(title: str, abstract: str) -> None:
    data = json.dumps({"id": "x", "title": title, "abstract": abstract}).encode()
    (record,) = read(["-"], stdin=io.BytesIO(data))
    if isinstance(record.item, Paper):
        for text in (record.item.title, record.item.abstract):
            text.encode()
            assert text == " ".join(text.split())
            assert all(c.isprintable() or c in " \u200c\u200d" or ord(c) > 0x7F for c in text)


@settings(max_examples=60)
@given(
    data=st.binary(max_size=300),
    start=st.sampled_from([b"", b"@article{a, title={", b"TY  - J\n", b"- id: a\n", b"[{", b"<feed>"]),
)
def test_any_bytes_end_in_papers_and_rejections(start: bytes, data: bytes) -> None:
    for record in read(["-"], stdin=io.BytesIO(start + data)):
        assert record.source == "-"
