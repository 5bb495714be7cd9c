"""Reading as its caller meets it: sources in, papers and rejections out."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

from agq.model import Paper, Rejected
from agq.readers import Found, read
from agq.readers.merge import Merged, merge

SNAPSHOT = {
    "id": "2406.08554",
    "authors": "A. Author and B. Writer",
    "title": "Quantum hardware-enabled\n  molecular dynamics",
    "categories": "physics.chem-ph quant-ph",
    "abstract": "  Short\nand clear.\n",
    "versions": [{"version": "v1", "created": "Wed, 12 Jun 2024 18:00:01 GMT"}],
    "update_date": "2024-07-01",
    "authors_parsed": [["Author", "Ada", ""], ["Writer", "Bo", "Jr."]],
    "journal-ref": None,
    "doi": None,
}


def papers(records: list[Found]) -> list[Paper]:
    return [record.item for record in records if isinstance(record.item, Paper)]


def rejections(records: list[Found]) -> list[Rejected]:
    return [record.item for record in records if isinstance(record.item, Rejected)]


def test_an_arxiv_snapshot_record_becomes_a_paper(tmp_path: Path) -> None:
    file = tmp_path / "arxiv.jsonl.gz"
    file.write_bytes(gzip.compress(json.dumps(SNAPSHOT).encode()))
    assert papers(list(read([file]))) == [
        Paper(
            id="2406.08554",
            title="Quantum hardware-enabled molecular dynamics",
            abstract="Short and clear.",
            authors=("Ada Author", "Bo Writer, Jr."),
            categories=("physics.chem-ph", "quant-ph"),
            date="2024-06-12",
            arxiv="2406.08554",
            url="https://arxiv.org/abs/2406.08554",
        )
    ]


def test_bad_lines_are_told_with_their_number_and_cost_no_good_one(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    good = json.dumps(SNAPSHOT)
    file.write_bytes(
        f"{good}\n{{broken\n[]\n\n".encode() + b'{"id": "x", "title": "\xe9"}\n{"id": "y"}\n' + good.encode()
    )
    records = list(read([file]))
    assert [(r.line, r.reason) for r in rejections(records)] == [
        (2, "not valid JSON: Expecting property name enclosed in double quotes at column 2"),
        (3, "not a JSON object"),
        (5, "not valid UTF-8 (byte 0xe9)"),
        (6, "no title"),
    ]
    assert len(papers(records)) == 2
    assert {r.source for r in records} == {str(file)}


CARDS = """\
# a comment
- id: "AG-2024.06-1821"
  title: Transfer learning
  date: 2024-06
  arxiv: 2406.08550
  authors: [Ada Author, "Writer, Bo"]
  abstract: >-
    Folded
    text.
- title: [unclosed
- id: second
  title: Another one
"""


def test_a_broken_card_costs_no_other(tmp_path: Path) -> None:
    file = tmp_path / "cards.yaml"
    file.write_text(CARDS)
    records = list(read([file]))
    first, second = papers(records)
    assert (first.id, first.date, first.arxiv) == ("AG-2024.06-1821", "2024-06", "2406.08550")
    assert first.authors == ("Ada Author", "Bo Writer")
    assert first.abstract == "Folded text."
    assert second.id == "second"
    (bad,) = rejections(records)
    assert bad.line in {10, 11}
    assert "not valid YAML" in bad.reason


def test_stdin_is_read_like_a_file() -> None:
    (record,) = read(["-"], stdin=io.BytesIO(CARDS.split("- title", 1)[0].encode()))
    assert record.source == "-"
    assert isinstance(record.item, Paper)


def test_the_id_is_the_records_own_key_else_what_identifies_the_paper() -> None:
    records: list[tuple[dict[str, object], str]] = [
        ({"id": "own", "arxiv": "2406.08554"}, "own"),
        ({"arxiv": "arXiv:2406.08554v2", "doi": "10.1000/X"}, "2406.08554"),
        ({"doi": "https://doi.org/10.1000/X", "pmid": 7}, "10.1000/X"),
        ({"pmid": 7}, "7"),
        ({"id": "http://arxiv.org/abs/2406.08554v1"}, "2406.08554"),
        ({"_id": 4983, "metadata": {}, "text": "BEIR"}, "4983"),
        ({"year": 2021}, "a-title-of-some-2021-b08732"),
    ]
    data = "\n".join(json.dumps({"title": "A title of some length", **fields}) for fields, _ in records)
    assert [p.id for p in papers(list(read(["-"], stdin=io.BytesIO(data.encode()))))] == [
        key for _, key in records
    ]


def test_versions_of_an_arxiv_id_are_one_paper_under_the_first_key() -> None:
    data = b'{"id": "2406.08554v1", "title": "Before"}\n{"id": "2406.08554v2", "title": "After the review"}\n'
    merged = [one for one in merge(read(["-"], stdin=io.BytesIO(data))) if isinstance(one, Merged)]
    assert [one.paper.id for one in merged] == ["2406.08554v1", "2406.08554v1"]
    assert merged[1].repeats
