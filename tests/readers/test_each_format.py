"""One small file of each format, as its maker writes it: which papers come out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from pathlib import Path

import pyarrow
import pytest

from agq.errors import UnknownName
from agq.model import Paper
from agq.readers import READERS, Found, read
from agq.readers.sniff import sniffed

VASWANI = ("Ashish Vaswani", "Noam Shazeer")
ARXIV = "https://arxiv.org/abs/1706.03762"

EXPECTED: dict[str, tuple[str, list[Paper]]] = {
    "cards.yaml": (
        "yaml",
        [
            Paper(
                "perdew1996",
                "Generalized Gradient Approximation Made Simple",
                "A gradient-corrected functional for exchange and correlation is built from fundamental "
                "constants alone, so that every parameter in it has a reason.",
                ("John P. Perdew", "Kieron Burke", "Matthias Ernzerhof"),
                ("density functional theory",),
                "1996-10",
                doi="10.1103/physrevlett.77.3865",
                url="https://doi.org/10.1103/physrevlett.77.3865",
            ),
            Paper(
                "1706.03762",
                "Attention Is All You Need",
                "A network for sequences that has attention and nothing recurrent.",
                VASWANI,
                ("cs.CL", "cs.LG"),
                "2017-06-12",
                arxiv="1706.03762",
                url=ARXIV,
            ),
        ],
    ),
    "snapshot.jsonl": (
        "json-lines",
        [
            Paper(
                "1706.03762",
                "Attention Is All You Need",
                "A network for sequences that has attention and nothing recurrent; cost grows as O(n²) "
                "with length.",
                (*VASWANI, "Łukasz Kaiser"),
                ("cs.CL", "cs.LG"),
                "2017-06-12",
                arxiv="1706.03762",
                url=ARXIV,
            ),
            Paper(
                "hep-th/9901001",
                "Strings on AdS₃ and the Schrödinger picture",
                "Masses of 10⁻³ eV at α ∼ 1/137.",
                ("A. Writer",),
                ("hep-th",),
                "1999-01-01",
                doi="10.1000/jt.1",
                arxiv="hep-th/9901001",
                url="https://arxiv.org/abs/hep-th/9901001",
                venue="J. Test 1 (1999) 1",
            ),
        ],
    ),
    "records.json": (
        "json",
        [
            Paper(
                "p1",
                "On Random Graphs",
                "How likely a graph with random edges is to be connected.",
                ("Paul Erdős", "Alfréd Rényi"),
                ("graphs", "probability"),
                "1959",
            ),
            Paper(
                "untitled-by-key-2021-d3d1a8",
                "Untitled by key",
                authors=("Ann Author", "Bob Writer"),
                date="2021-03",
                url="https://example.org/paper",
            ),
        ],
    ),
    "openalex.json": (
        "json",
        [
            Paper(
                "W2626778328",
                "Attention Is All You Need",
                "A network that attends and attends",
                VASWANI,
                ("Topic Modeling", "Transformer"),
                "2017-06-12",
                "10.48550/arxiv.1706.03762",
                "1706.03762",
                ARXIV,
                "arXiv (Cornell University)",
            )
        ],
    ),
    "semantic-scholar.jsonl": (
        "json",
        [
            Paper(
                "204e3073870fae3d05bcbc2f6a8e263d9b72e776",
                "Attention is All you Need",
                "A network for sequences that has attention only.",
                VASWANI,
                ("Computer Science",),
                "2017-06-12",
                arxiv="1706.03762",
                url="https://www.semanticscholar.org/paper/204e3073870fae3d05bcbc2f6a8e263d9b72e776",
                venue="Neural Information Processing Systems",
            )
        ],
    ),
    "dblp.json": (
        "json",
        [
            Paper(
                "conf/nips/VaswaniSPUJGKP17",
                "Attention is All you Need",
                authors=VASWANI,
                date="2017",
                url="https://proceedings.neurips.cc/paper/2017/hash/3f5ee243547dee91fbd053c1c4a845aa-Abstract.html",
                venue="NIPS",
            )
        ],
    ),
    "library.bib": (
        "bibtex",
        [
            Paper(
                "perdew1996",
                "Generalized Gradient Approximation Made Simple",
                "A gradient-corrected functional whose parameters are fundamental constants; "
                "errors fall by 50%.",
                ("John P. Perdew", "Kieron Burke", "Matthias Ernzerhof"),
                ("DFT", "exchange–correlation"),
                "1996-10",
                "10.1103/physrevlett.77.3865",
                url="https://doi.org/10.1103/physrevlett.77.3865",
                venue="Physical Review Letters",
            ),
            Paper("proc1931", "Proceedings of a Meeting in Königsberg", date="1931"),
            Paper(
                "godel",
                "Über formal unentscheidbare Sätze",
                authors=("Kurt Gödel", "Bartel L. van der Waerden", "The Vienna Circle"),
                date="1931",
                venue="Proceedings of a Meeting in Königsberg",
            ),
        ],
    ),
    "biblatex.bib": (
        "bibtex",
        [
            Paper(
                "vaswani2017attention",
                "Attention Is All You Need",
                "Attention costs O(n²), recurrence O(n).",
                (*VASWANI, "Łukasz Kaiser"),
                ("cs.CL",),
                "2017-06-12",
                arxiv="1706.03762",
                url="http://arxiv.org/abs/1706.03762",
            )
        ],
    ),
    "scopus.csv": (
        "table",
        [
            Paper(
                "10.1016/j.foreco.2019.117694",
                'Woodpecker occupancy, burned and "beetle-killed" forests',
                "Which kind of forest the birds prefer.",
                ("M.W. Tingley", "A.N. Stillman"),
                ("Bark beetle", "Drought"),
                "2020",
                "10.1016/j.foreco.2019.117694",
                url="https://doi.org/10.1016/j.foreco.2019.117694",
                venue="Forest Ecology and Management",
            ),
            Paper(
                "snags-and-their-users-2019-a41978",
                "Snags and their users",
                authors=("S.J. Mayor",),
                date="2019",
                venue="Journal of Snags",
            ),
        ],
    ),
    "tabelle.tsv": (
        "table",
        [
            Paper(
                "mueller2020",
                "Die Ruhe der Wälder",
                'Warum es "still" ist.',
                ("Jörg Müller", "Eva Groß"),
                date="2020",
            )
        ],
    ),
    "references.ris": (
        "ris",
        [
            Paper(
                "bryant2015",
                "Trajectory of stress following injury",
                "Five courses of stress over six years, told apart by growth mixtures.",
                ("Richard A. Bryant", "Meaghan O'Donnell"),
                ("Adult", "Trauma"),
                "2015-05-14",
                "10.1192/bjp.bp.114.145516",
                url="https://example.org/bryant",
                venue="Br J Psychiatry",
            ),
            Paper("a-second-record-2019-4607ee", "A second record", authors=("Ann Writer",), date="2019"),
        ],
    ),
    "zotero.csl.json": (
        "json",
        [
            Paper(
                "kamp2006",
                "Deconstructing dinner: H₂O & more",
                authors=("David Kamp", "Vincent van Gogh", "Kitchen Collaboration"),
                categories=("food", "physics"),
                date="2006-04-23",
                doi="10.1000/dinner.1",
                url="https://doi.org/10.1000/dinner.1",
                venue="Food & Physics",
            ),
            Paper("7", "Dated by season only", date="1999"),
        ],
    ),
    "references.csl.yaml": (
        "yaml",
        [
            Paper("kamp2006", "Deconstructing dinner", authors=("David Kamp",), date="2006-04-23"),
            Paper("doe2001", "Years only", authors=("Doe Collaboration",), date="2001"),
        ],
    ),
    "pubmed.xml": (
        "pubmed",
        [
            Paper(
                "31978945",
                "CO₂ and the lung: a trial.",
                "BACKGROUND: Little was known. RESULTS: More is known (P<0.05).",
                ("Na Zhu", "Martin King, Jr", "Test Investigating Team"),
                ("lung", "Adult"),
                "2020-02",
                "10.1056/test2001017",
                url="https://pubmed.ncbi.nlm.nih.gov/31978945/",
                venue="The Test Journal of Medicine",
            )
        ],
    ),
    "pubmed.nbib": (
        "nbib",
        [
            Paper(
                "31978945",
                "Carbon dioxide and the lung: a trial.",
                "Little was known. More is known.",
                ("Na Zhu", "Martin King, Jr", "Test Investigating Team"),
                ("lung", "Adult"),
                "2020-02-20",
                "10.1056/test2001017",
                url="https://pubmed.ncbi.nlm.nih.gov/31978945/",
                venue="The Test Journal of Medicine",
            ),
            Paper("2", "A second record.", date="2019", url="https://pubmed.ncbi.nlm.nih.gov/2/"),
        ],
    ),
    "oai_arxiv.xml": (
        "oai-pmh",
        [
            Paper(
                "physics/0112006",
                "Is G a conversion factor?",
                "Units, and how many are needed.",
                ("G. Fiorentini", "L. Okun, Jr"),
                ("physics.class-ph", "physics.gen-ph"),
                "2001-12-04",
                "10.1134/1.1533770",
                "physics/0112006",
                "https://arxiv.org/abs/physics/0112006",
            )
        ],
    ),
    "oai_dc.xml": (
        "oai-pmh",
        [
            Paper(
                "oai:repository.example.org:123",
                "A thesis on soil",
                "What worms do.",
                ("Eva Groß",),
                ("Soil science",),
                "2018-11",
                "10.1000/soil.1",
                url="https://repository.example.org/123",
                venue="Test University",
            )
        ],
    ),
    "arxiv.atom": (
        "atom",
        [
            Paper(
                "2406.08554",
                "Quantum Hardware-Enabled Molecular Dynamics",
                "Noisy hardware, put to use.",
                ("Abid Khan", "Prateek Vaish"),
                ("quant-ph", "physics.chem-ph"),
                "2024-06-12",
                "10.1088/test.1",
                "2406.08554",
                "http://arxiv.org/abs/2406.08554v2",
            )
        ],
    ),
    "anthology.xml": (
        "acl",
        [
            Paper(
                "2020.acl-main.1",
                "Learning to Count Outliers with k² Words",
                "Counting is hard.",
                ("Ann Author", "Mononym"),
                (),
                "2020-07",
                "10.18653/v1/2020.acl-main.1",
                url="https://aclanthology.org/2020.acl-main.1/",
                venue="Proceedings of a Test Meeting",
            )
        ],
    ),
    "article.nxml": (
        "jats",
        [
            Paper(
                "10.1371/journal.test.1",
                "Flow at 10⁶ Pa in narrow pipes",
                "Methods: Pipes of μm width. Results: They leak.",
                ("Eva Groß", "Pipe Collaboration"),
                ("pipes", "flow"),
                "2019-03-05",
                "10.1371/journal.test.1",
                url="https://doi.org/10.1371/journal.test.1",
                venue="Test Physics",
            )
        ],
    ),
    "export.ciw": (
        "ciw",
        [
            Paper(
                "WOS:000100000000001",
                "Snags and their users",
                "Who lives in dead trees.",
                ("Ann Writer", "Bo Berg"),
                ("snags", "owls"),
                "2019-05",
                "10.1000/snags.1",
                url="https://doi.org/10.1000/snags.1",
                venue="JOURNAL OF SNAGS",
            )
        ],
    ),
    "export.enw": (
        "enw",
        [
            Paper(
                "worms-in-clay-2011-46acdc",
                "Worms in clay",
                "What worms do.",
                ("Eva Groß", "Ann Writer"),
                ("worms", "clay"),
                "2011",
                venue="Soils of the north",
            ),
            Paper("a-second-record-f3da68", "A second record", authors=("Plato",)),
        ],
    ),
    "dblp.xml": (
        "dblp",
        [
            Paper(
                "journals/jt/Writer20",
                "Sorting by hand",
                authors=("Ann Writer", "Bo Berg"),
                date="2020",
                doi="10.1000/sort.1",
                url="https://doi.org/10.1000/sort.1",
                venue="J. Test",
            ),
            Paper("conf/test/Berg21", "Searching by hand", authors=("Bo Berg",), date="2021", venue="TEST"),
        ],
    ),
    "endnote.xml": (
        "endnote",
        [
            Paper(
                "10.1000/owls.1",
                "Owls in Picea",
                "Owls were counted.",
                ("Ann Writer", "Bo Berg"),
                ("owls",),
                "2018-05-03",
                "10.1000/owls.1",
                url="https://doi.org/10.1000/owls.1",
                venue="Journal of Snags",
            )
        ],
    ),
    "mods.xml": (
        "mods",
        [
            Paper(
                "writer2017",
                "Moss on roofs: a survey",
                "Moss grows.",
                ("Ann Writer",),
                ("moss",),
                "2017-04",
                "10.1000/moss.1",
                url="https://doi.org/10.1000/moss.1",
                venue="Roof Notes",
            )
        ],
    ),
    "papers.parquet": (
        "parquet",
        [
            Paper(
                "p1",
                "Columns of papers",
                "Rows, stored by column.",
                ("Ann Author", "Bob Writer"),
                (),
                "2024-06-13",
            ),
            Paper("p2", "No authors here"),
        ],
    ),
}


def papers(records: list[Found]) -> list[Paper]:
    return [record.item for record in records if isinstance(record.item, Paper)]


@pytest.fixture
def folder(root: Path) -> Path:
    return root / "tests" / "data" / "readers"


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_each_format_gives_its_papers(folder: Path, name: str) -> None:
    assert papers(list(read([folder / name]))) == EXPECTED[name][1]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_content_tells_the_format_without_a_name(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    assert sniffed(data, "-") == EXPECTED[name][0]
    assert papers(list(read(["-"], stdin=io.BytesIO(data)))) == EXPECTED[name][1]


def test_every_format_has_a_file(folder: Path) -> None:
    assert {format_ for format_, _ in EXPECTED.values()} == set(READERS)
    assert {path.name for path in folder.iterdir()} == set(EXPECTED)


def zstd(data: bytes) -> bytes:
    return bytes(pyarrow.compress(data, codec="zstd", asbytes=True))


@pytest.mark.parametrize(
    ("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", zstd)]
)
@pytest.mark.parametrize("name", ["cards.yaml", "library.bib", "papers.parquet", "pubmed.xml"])
def test_packed_files_are_read_like_plain_ones(
    folder: Path, tmp_path: Path, name: str, suffix: str, pack: type
) -> None:
    file = tmp_path / f"{name}.{suffix}"
    file.write_bytes(pack((folder / name).read_bytes()))
    assert papers(list(read([file]))) == EXPECTED[name][1]


def test_the_content_decides_where_the_suffix_lies(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "really.csv.gz"
    file.write_bytes((folder / "references.ris").read_bytes())
    assert papers(list(read([file]))) == EXPECTED["references.ris"][1]


def test_a_person_can_say_which_field_is_which(tmp_path: Path) -> None:
    file = tmp_path / "eigenes.jsonl"
    file.write_text('{"Nr": 5, "Kopf": "Ein Titel", "Inhalt": {"lang": "Viel Text."}, "wer": "Groß, Eva"}\n')
    fields = {"id": "Nr", "title": "Kopf", "abstract": "Inhalt.lang", "authors": "wer"}
    (record,) = read([file], fields=fields)
    assert record.item == Paper("5", "Ein Titel", "Viel Text.", ("Eva Groß",))
    assert record.mapping == fields
    (unsaid,) = read([file])
    assert getattr(unsaid.item, "reason", "") == "no title"


def test_fields_may_be_said_for_some_sources_only(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"id": "x", "title": "The title", "Kopf": "Der Titel"}\n')
    records = read([tmp_path], fields={"b.*": {"title": "Kopf"}})
    assert [paper.title for paper in papers(list(records))] == ["The title", "Der Titel"]


def test_a_field_that_no_paper_has_is_refused(folder: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean title"):
        list(read([folder], fields={"titel": "Titel"}))
