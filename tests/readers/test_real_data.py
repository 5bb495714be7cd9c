"""Real files that no one here wrote: every record that they hold is read or rejected for a true reason."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agq.model import Paper, Rejected
from agq.readers import read
from agq.readers.merge import Merged, merge

ENTRY = re.compile(rb"(?im)^[ \t]*@(?!string|preamble|comment)\w+[ \t]*[{(]")


def held(path: Path) -> int:
    """How many records a file holds, by a search that knows nothing of its format."""
    data = path.read_bytes()
    if path.suffix == ".bib":
        return len(ENTRY.findall(data))
    if path.suffix == ".ris":
        return len(re.findall(rb"(?m)^TY  -", data))
    if path.suffix == ".xml":
        return len(re.findall(rb"<(?:paper|record)[ >]", data))
    value = json.loads(data)
    return len(value) if isinstance(value, list) else 1


@pytest.mark.slow
def test_no_record_of_real_bibliographies_is_lost(shared_data: Path) -> None:
    files = sorted(p for p in (shared_data / "bib").rglob("*") if p.is_file())
    assert len(files) > 3
    for path in files:
        items = [record.item for record in read([path])]
        assert len(items) == held(path), path.name
        reasons = {item.reason for item in items if isinstance(item, Rejected)}
        assert reasons <= {"no title"}, path.name


@pytest.mark.slow
def test_all_arxiv_records_are_papers_and_none_is_another(shared_data: Path) -> None:
    source = shared_data / "arxiv" / "arxiv-metadata-40k.jsonl.gz"
    merged = [one for one in merge(read([source])) if isinstance(one, Merged)]
    assert len(merged) == 39_940
    assert len({one.paper.id for one in merged}) == 39_940
    for one in merged:
        assert not re.search(r"\$\\|\\[a-z]+\{|\\alpha", one.paper.title), one.paper.id


@pytest.mark.slow
def test_a_real_library_comes_through_with_its_accents_and_all_its_authors(shared_data: Path) -> None:
    papers = {
        r.item.id: r.item
        for r in read([shared_data / "bib" / "zotero_astro_2026.bib"])
        if isinstance(r.item, Paper)
    }
    waves = papers["Abbott2016ObservationGravitationalWaves"]
    assert waves.title == "Observation of Gravitational Waves from a Binary Black Hole Merger"
    assert len(waves.authors) > 950
    assert "J. Calderón Bustillo" in waves.authors
    assert "E. Chassande-Mottin" in waves.authors
    assert not [paper.title for paper in papers.values() if re.search(r"[{}]|\\[a-z]", paper.title)]


def test_two_sources_of_one_corpus_become_one(shared_data: Path) -> None:
    source = shared_data / "corpus-sources" / "papers.jsonl"
    twice = [one for one in merge([*read([source]), *read([source])]) if isinstance(one, Merged)]
    assert [one.repeats for one in twice] == [False] * 448 + [True] * 448
