"""Small inputs of the kinds that people have reported, held against the values that are right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from agq.model import Paper, Rejected
from agq.readers import read
from agq.readers.merge import Merged, merge
from agq.records import Work, unpacked

Expected = Mapping[str, Any]


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Path:
    return shared_data / "cases"


@pytest.fixture(scope="module")
def expected(cases: Path) -> Expected:
    found: Expected = json.loads((cases / "expected.json").read_text(encoding="utf-8"))
    return found


def papers(path: Path) -> dict[str, Paper]:
    """What stands in an index of one file in the end, by id."""
    standing: dict[str, Paper] = {}
    for one in merge(read([path])):
        if isinstance(one, Merged):
            for gone in one.absorbs:
                standing.pop(gone)
            standing[one.paper.id] = one.paper
    return standing


def told(path: Path) -> list[Rejected]:
    return [found.item for found in read([path]) if isinstance(found.item, Rejected)]


def holds(wanted: object, found: object) -> bool:
    """Whether a value is the one that is wanted, or one of ``this or that``."""
    if isinstance(wanted, str) and " or " in wanted:
        return found in wanted.split(" or ")
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(holds, wanted, found))
    return found == wanted


def facts(expected: Expected) -> Iterator[tuple[str, str, object]]:
    """File, key and value of all that is given as a value, not in words."""
    for name, case in expected.items():
        for key, wanted in case["expected"].items() if isinstance(case["expected"], dict) else ():
            if key not in IN_WORDS and wanted not in IN_WORDS:
                yield name, key, wanted


IN_WORDS = ("authors of row 2", "volume tag SP empty", "unchanged", "no jats tags")


def values(standing: Mapping[str, Paper], key: str) -> object:
    """What ``papers``, ``dates``, ``d1``, ``lit1.authors``, ``lit2.authors[0]`` or ``venue`` stand for."""
    if key == "papers":
        return len(standing)
    if key == "dates":
        return [paper.date for paper in standing.values()]
    if key in standing:
        return standing[key].date
    place = re.fullmatch(r"(?:(.+)\.)?(\w+?)(?:\[(\d+)\])?", key)
    assert place, key
    owners = [paper for id_, paper in standing.items() if not place[1] or id_.endswith(place[1])]
    value = getattr(owners[0], place[2])
    value = list(value) if isinstance(value, tuple) else value
    return value[int(place[3])] if place[3] else value


def test_every_value_that_is_given_is_the_one_that_is_read(cases: Path, expected: Expected) -> None:
    given = list(facts(expected))
    assert len(given) > 25
    read_ = {name: papers(cases / name) for name, _, _ in given}
    found = [(name, key, wanted, values(read_[name], key)) for name, key, wanted in given]
    assert [one for one in found if not holds(one[2], one[3])] == []


def _accents(path: Path) -> bool:
    marked = "ÁÖŞŠÁÁÉÁØÅŁ"
    return all(any(letter in author for author in papers(path)["a1"].authors) for letter in marked)


def _without_jats(path: Path) -> bool:
    return not any("jats" in paper.abstract for paper in papers(path).values())


def _scopus(path: Path) -> bool:
    first, second = papers(path).values()
    return first.abstract == "" and second.authors == ()


def _embase(path: Path) -> bool:
    (found,) = read([path])
    assert isinstance(found.item, Paper)
    record = unpacked(found.record)
    return found.item.title == "Shoulder repair outcomes in athletes" and "page" not in record.fields


WORDED: Mapping[str, Callable[[Path], bool]] = {
    "accent.bib": _accents,
    "crossref.json": _without_jats,
    "embase.ris": _embase,
    "enc/scopus_new.csv": _scopus,
    "space.ris": lambda path: len(papers(path)) == 3,
    "wos.bib": lambda path: [paper.date for paper in papers(path).values()] == ["2017-11", "2018-01"],
    "ovid.ris": lambda path: (
        len(papers(path)) == 2 and "10.5555/age.1" in [paper.doi for paper in papers(path).values()]
    ),
    "oa.json": lambda path: (len(papers(path)), len(told(path))) == (3, 1),
}
"""What is put in words there, as a check."""


@pytest.mark.parametrize("name", WORDED)
def test_what_is_put_in_words_is_so(cases: Path, expected: Expected, name: str) -> None:
    assert name in expected
    assert WORDED[name](cases / name)


def test_a_format_that_is_not_read_says_what_to_export_instead(cases: Path) -> None:
    (found,) = told(cases / "zotero.rdf")
    assert "export as" in found.reason


def test_bodies_and_compound_surnames_keep_their_form(cases: Path) -> None:
    from agq.exporters import ReferenceOptions, cited, exporter

    def written(name: str, style: str) -> str:
        works = [
            Work(found.item, found.record) for found in read([cases / name]) if isinstance(found.item, Paper)
        ]
        return exporter(style)([cited(work) for work in works], ReferenceOptions())

    for style in ("bibtex", "biblatex"):
        assert "{{Intergovernmental Panel on Climate Change}}" in written("inst.bib", style)
        assert "García López, María and Van Der Aa, Olivier" in written("surnames.json", style)
    assert "AU  - University of California, Berkeley\n" in written("inst.bib", "ris")
    assert "AU  - Vázquez Fernández, Liliana\n" in written("surnames.bib", "ris")
    assert '"literal": "Barnes and Noble, Inc."' in written("inst.bib", "csl-json")
    assert '"family": "García López"' in written("surnames.bib", "csl-json")
