"""What agq writes as a citation, other programs read back: two BibTeX parsers, an RIS parser, JSON."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence

import pybtex.database
import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from agq.exporters import EXPORTERS, ReferenceOptions, cited, exporter
from agq.exporters.keys import key, keys, styled
from agq.model import Paper
from agq.records import Work

NEW_ARXIV = Paper(
    id="2406.08554",
    title="Quantum Hardware-Enabled Molecular Dynamics via Transfer Learning",
    abstract="We train on {classical} data & refine.",
    authors=("Abid Khan", "Ludwig van Beethoven", "José García-López", "Sammy Davis Jr."),
    categories=("physics.chem-ph", "quant-ph"),
    date="2024-06-12",
    arxiv="2406.08554",
    url="https://arxiv.org/abs/2406.08554",
)
OLD_ARXIV = Paper(
    id="hep-th/9901001",
    title="On $\\mathcal{N}=2$ strings & 100% of {braces}_here #1 ~ ^ \\ $5",
    authors=("The ATLAS Collaboration", "Plato", "王小明", "Sand and Stone"),
    categories=("hep-th",),
    date="1999-01",
    arxiv="hep-th/9901001",
)
JOURNAL = Paper(
    id="10.1016/0370-2693(88)90001-2",
    title="Ein Maß für DNA in NaCl",
    authors=("Erika Mustermann",),
    categories=("Biophysics",),
    date="1988",
    doi="10.1016/0370-2693(88)90001-2",
    venue="Physics Letters B & C",
)
SECOND = Paper(id="smith2020~2", title="Two", authors=("Ann Smith",), date="2020")
BARE = Paper(id="title-only", title="Only a title")
PAPERS = (NEW_ARXIV, OLD_ARXIV, JOURNAL, SECOND, BARE)


def export(name: str, papers: Sequence[Paper]) -> str:
    """Papers without a record, as another program's index would hand them over."""
    return exporter(name)([cited(Work(paper)) for paper in papers], ReferenceOptions())


def untexed(text: str) -> str:
    """What a TeX reader sees: escapes resolved, braces gone."""
    names = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
    for name, mark in (names | {"textbraceleft": "{", "textbraceright": "}"}).items():
        text = text.replace(f"\\{name}{{}}", f"\0{ord(mark)};")
    text = re.sub(r"\\([{}&%$#_])", lambda m: f"\0{ord(m[1])};", text)
    text = text.replace("{", "").replace("}", "")
    return re.sub("\0(\\d+);", lambda m: chr(int(m[1])), text)


@pytest.fixture
def bibtex() -> str:
    return export("bibtex", PAPERS)


def test_pybtex_reads_every_field_back(bibtex: str) -> None:
    entries = pybtex.database.parse_string(bibtex, "bibtex").entries
    assert len(entries) == len(PAPERS)
    first = entries["2406.08554"]
    assert first.type == "misc"
    assert untexed(first.fields["title"]) == NEW_ARXIV.title
    assert "Hardware-Enabled" in first.fields["title"]
    assert first.fields["eprint"] == "2406.08554"
    assert first.fields["archivePrefix"] == "arXiv"
    assert first.fields["primaryClass"] == "physics.chem-ph"
    assert (first.fields["year"], first.fields["month"]) == ("2024", "June")
    people = first.persons["author"]
    assert [" ".join(p.first_names) for p in people] == ["Abid", "Ludwig", "José", "Sammy"]
    assert [" ".join(p.prelast_names + p.last_names) for p in people] == [
        "Khan",
        "van Beethoven",
        "García-López",
        "Davis",
    ]
    assert people[3].lineage_names == ["Jr."]
    bodies = entries["hep-th/9901001"].persons["author"]
    assert [untexed(" ".join(p.last_names)) for p in bodies] == [
        "The ATLAS Collaboration",
        "Plato",
        "王小明",
        "Stone",
    ]
    assert untexed(" ".join(bodies[3].first_names)) == "Sand and"
    assert entries["hep-th/9901001"].fields["primaryClass"] == "hep-th"
    journal = entries[key(JOURNAL.id)]
    assert (journal.type, untexed(journal.fields["journal"])) == ("article", JOURNAL.venue)
    assert journal.fields["doi"] == JOURNAL.doi
    assert journal.fields["ids"] == JOURNAL.id


def test_bibtexparser_reads_every_field_back(bibtex: str) -> None:
    library = parse_string(bibtex)
    assert not library.failed_blocks
    found = {entry.key: {f.key: f.value for f in entry.fields} for entry in library.entries}
    assert list(found) == [key(paper.id) for paper in PAPERS]
    for paper in PAPERS:
        assert untexed(found[key(paper.id)]["title"]) == paper.title.replace("{N}", "N")
    assert found["hep-th/9901001"]["eprint"] == "hep-th/9901001"
    assert "month" not in found[key(JOURNAL.id)]
    assert "year" not in found["title-only"]


def test_capitals_are_kept_by_braces_and_formulas_left_alone(bibtex: str) -> None:
    assert "{DNA} in {NaCl}" in bibtex
    assert "$\\mathcal{N}=2$" in bibtex


def test_rispy_reads_every_field_back() -> None:
    records = rispy.load(io.StringIO(export("ris", PAPERS)))
    assert [record["accession_number"] for record in records] == [paper.id for paper in PAPERS]
    assert [record["title"] for record in records] == [paper.title for paper in PAPERS]
    first = records[0]
    assert first["authors"] == [
        "Khan, Abid",
        "van Beethoven, Ludwig",
        "García-López, José",
        "Davis, Sammy, Jr.",
    ]
    assert (first["year"], first["date"]) == ("2024", "2024/06/12/")
    assert first["keywords"] == ["physics.chem-ph", "quant-ph"]
    assert records[2]["doi"] == JOURNAL.doi
    assert records[2]["type_of_reference"] == "JOUR"


def test_csl_json_is_read_back() -> None:
    items = json.loads(export("csl-json", PAPERS))
    assert [item["id"] for item in items] == [key(paper.id) for paper in PAPERS]
    assert items[0]["issued"] == {"date-parts": [[2024, 6, 12]]}
    assert items[1]["issued"] == {"date-parts": [[1999, 1]]}
    beethoven = {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"}
    assert items[0]["author"][1] == beethoven
    assert items[1]["author"][0] == {"literal": "The ATLAS Collaboration"}
    assert items[2]["custom"] == {"agq-id": JOURNAL.id}
    assert "issued" not in items[4]


def test_text_names_the_paper_and_its_id() -> None:
    lines = export("text", PAPERS).splitlines()
    assert lines[0].startswith("Abid Khan, Ludwig van Beethoven")
    assert "(2024) Quantum Hardware" in lines[0]
    assert lines[2].endswith("https://doi.org/10.1016/0370-2693(88)90001-2 [10.1016/0370-2693(88)90001-2]")
    assert lines[4] == "(n.d.) Only a title. [title-only]"


@pytest.mark.parametrize("format_", EXPORTERS)
def test_no_papers_give_no_entries(format_: str) -> None:
    assert export(format_, []).strip() in {"", "[]"}


@pytest.mark.parametrize(
    "paper_id",
    [
        "2406.08554",
        "hep-th/9901001",
        "2020.acl-main.1",
        "vaswani2017attention",
        "müller:2020_ä",
        "Key$II",
    ],
)
def test_an_id_that_is_a_legal_key_is_the_key(paper_id: str) -> None:
    assert key(paper_id) == paper_id


@pytest.mark.parametrize(
    "paper_id", ["smith2020~2", "a b", "x{y}", "a,b", "#1", "%", "10.1/(x)y", "Key$^10$Be"]
)
def test_any_other_id_becomes_a_legal_key_of_its_own(paper_id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/+-]*", key(paper_id))
    assert key(paper_id) == key(paper_id) != key(paper_id + "!")


def test_a_key_depends_on_nothing_but_its_id() -> None:
    """So that a note and a .bib file that were written at different times agree."""
    ids = ["Smith2020", "smith2020", "a b", "smith2020~2"]
    assert dict(keys(ids)) == {one: keys([one])[one] for one in ids}
    assert styled("[a b]", ["a b"], "pandoc") == f"[@{key('a b')}]"


def test_a_note_gets_pandoc_citations() -> None:
    ids = ["2406.08554", "hep-th/9901001", "smith2020~2", "a--b"]
    note = "One [2406.08554] [hep-th/9901001]. Two [smith2020~2] (?). Not [known]. Odd [a--b]."
    assert styled(note, ids, "pandoc") == (
        f"One [@2406.08554; @hep-th/9901001]. Two [@{key('smith2020~2')}] (?). Not [known]. Odd [@{{a--b}}]."
    )
