"""Building an index: what is written, what is left alone, what a run reports."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agq.embedders import open_encoder
from agq.errors import AgqError, IndexLocked, IndexUnusable
from agq.index import open_index
from agq.index.layout import Manifest, current_generation, generations
from agq.index.lock import writing
from agq.index.text_stage import Incoming
from agq.index.write import BuildOptions, BuildReport, Encoder
from agq.model import Embedder, Filters, Paper, Rejected
from agq.text.terms import terms

Build = Callable[..., BuildReport]


def counts(report: BuildReport) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed, report.encoded


def no_encoder(folder: Path) -> Embedder:
    raise AssertionError("the encoder was loaded")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def idle(encoder: Encoder) -> Encoder:
    """An encoder that must not be needed."""
    return replace(encoder, load=no_encoder)


def test_unchanged_papers_cost_nothing(path: Path, build: Build, papers: list[Paper], idle: Encoder) -> None:
    assert counts(build(path, papers)) == (5, 0, 0, 0, 5)
    before = Manifest.read(current_generation(path))
    assert counts(build(path, papers, encoder=idle)) == (0, 0, 5, 0, 0)
    assert Manifest.read(current_generation(path)) == before


def test_a_changed_category_encodes_nothing(
    path: Path, build: Build, papers: list[Paper], idle: Encoder
) -> None:
    build(path, papers)
    changed = [replace(papers[0], categories=("stat.ML",), authors=("Grace Hopper",)), *papers[1:]]
    assert counts(build(path, changed, encoder=idle)) == (0, 1, 4, 0, 0)
    with open_index(path, load_encoder=open_encoder) as index:
        assert index.state.vectors == 5
        (found,) = index.textual("Hopper", 5)
        assert found.paper == changed[0]
        assert found.vector is not None
        near = index.nearest(found.vector, 5, Filters(categories=("stat",)))
        assert [one.paper.id for one in near] == [papers[0].id]


def test_a_changed_abstract_encodes_one(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers)
    changed = [*papers[:4], replace(papers[4], abstract="Now it treats of superconducting cuprates.")]
    assert counts(build(path, changed)) == (0, 1, 4, 0, 1)
    with open_index(path, load_encoder=open_encoder) as index:
        vector = index.embedder().embed(["high temperature superconductivity"])[0]
        assert index.nearest(vector, 1)[0].paper == changed[4]
        assert index.document_frequencies(terms("cuprates")) == [1]


def test_papers_that_are_gone_leave(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers)
    assert counts(build(path, papers[1:])) == (0, 0, 4, 1, 0)
    with open_index(path) as index:
        assert index.get([papers[0].id]) == []
        assert index.textual("transformers", 5) == []
        assert index.document_frequencies(terms("transformers")) == [0]
        assert index.state.papers == index.state.vectors == 4


def test_papers_of_other_sources_stay(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers[:3], source="a.bib")
    assert build(path, papers[3:], source="b.bib").papers == 5
    assert build(path, [], source="b.bib").removed == 2
    assert build(path, [], source="a.bib", prune=False).removed == 0
    with open_index(path) as index:
        assert index.sources == ("a.bib", "b.bib")
        assert {paper.id for paper in index.iterate()} == {paper.id for paper in papers[:3]}


def test_a_paper_in_two_sources_leaves_with_the_last(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers, source="a.bib")
    build(path, papers[:1], source="b.bib")
    build(path, [], source="a.bib")
    with open_index(path) as index:
        assert list(index.iterate()) == papers[:1]
    assert build(path, [], source="b.bib").removed == 1


def test_a_file_that_broke_off_prunes_nothing(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers)
    broken = [*papers[:2], Rejected("a.bib", "the packed file ends too early")]
    assert counts(build(path, broken)) == (0, 0, 2, 0, 0)
    with_a_bad_record = [*papers[:2], Rejected("a.bib", "no title", line=7)]
    report = build(path, with_a_bad_record)
    assert report.removed == 3
    assert [one.line for one in report.rejected] == [7]


def test_a_fuller_record_that_follows_counts_once(path: Path, build: Build, papers: list[Paper]) -> None:
    poor = replace(papers[0], abstract="")
    stream = [Incoming(poor, "a.bib"), Incoming(papers[0], "a.bib", repeats=True)]
    report = build(path, stream)
    assert (report.added, report.merged, report.encoded) == (1, 1, 1)
    again = build(path, stream)
    assert (again.unchanged, again.updated, again.merged, again.encoded) == (1, 0, 1, 0)


def test_absorbed_papers_go(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers[:2])
    joined = Incoming(papers[0], "a.bib", repeats=True, absorbs=(papers[1].id,))
    report = build(path, [Incoming(papers[1], "a.bib"), joined])
    assert report.papers == 1
    with open_index(path) as index:
        assert list(index.iterate()) == papers[:1]


def test_dry_run_writes_nothing(path: Path, build: Build, papers: list[Paper], idle: Encoder) -> None:
    assert counts(build(path, papers, dry_run=True, encoder=idle)) == (5, 0, 0, 0, 0)
    assert not path.exists()
    build(path, papers)
    before = {file: file.stat().st_mtime_ns for file in path.rglob("*")}
    changed = [*papers[1:4], replace(papers[4], title="Something")]
    assert counts(build(path, changed, dry_run=True, encoder=idle)) == (0, 1, 3, 1, 0)
    assert {file: file.stat().st_mtime_ns for file in path.rglob("*")} == before


def test_later_answers_from_text_and_keeps_what_asking_made(
    path: Path, build: Build, papers: list[Paper], idle: Encoder
) -> None:
    assert counts(build(path, papers, later=True, encoder=idle)) == (5, 0, 0, 0, 0)
    with open_index(path, load_encoder=open_encoder) as index:
        assert (index.state.papers, index.state.vectors) == (5, 0)
        vector = index.embedder().embed(["entropy of black holes"])[0]
        assert index.nearest(vector, 3) == []
        (found,) = index.textual("entropy", 1)
        assert found.vector is None
        index.keep_vectors({found.paper.id: vector, papers[0].id: vector, "unknown": vector})
    with open_index(path) as index:
        (found,) = index.textual("entropy", 1)
        assert found.vector is not None
        assert float(found.vector @ vector) > 0.999
    changed = [replace(papers[0], abstract="Another text."), *papers[1:]]
    assert build(path, changed).encoded == 4  # one was kept, one was kept for a text that has changed
    with open_index(path) as index:
        assert index.state.vectors == 5
        (other,) = index.candidates([papers[0].id])
        assert other.vector is not None
        assert float(other.vector @ vector) < 0.9


def test_rebuild_swaps_whole(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers)
    with open_index(path, load_encoder=open_encoder) as old:
        assert build(path, papers[:2], rebuild=True).added == 2
        assert len(list(old.iterate())) == 5  # who was reading goes on reading
        assert old.textual("entropy", 1)
    with open_index(path) as new:
        assert {paper.id for paper in new.iterate()} == {paper.id for paper in papers[:2]}
    assert build(path, papers[:2]).unchanged == 2
    assert len(generations(path)) == 1


def test_a_second_writer_learns_who_holds_the_lock(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers[:1])
    with writing(path), pytest.raises(IndexLocked, match=r"process \d+ on .*, since 20"):
        build(path, papers)
    assert build(path, papers).added == 4


def test_another_encoder_is_named(path: Path, build: Build, papers: list[Paper], encoder: Encoder) -> None:
    build(path, papers[:1])
    with pytest.raises(IndexUnusable, match="all-MiniLM-L6-v2, not with other") as raised:
        build(path, papers, encoder=replace(encoder, name="other"))
    assert "--rebuild --embedder other" in raised.value.hint


def test_another_format_is_named_and_rebuilt(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers[:1])
    manifest = current_generation(path) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 2', '"format": 0'))
    for use in (lambda: open_index(path), lambda: build(path, papers)):
        with pytest.raises(IndexUnusable, match="format 0"):
            use()
    assert build(path, papers, rebuild=True).added == 5
    with open_index(path) as index:
        assert index.state.papers == 5


def test_frequencies_are_counted_again_when_they_do_not_fit(
    path: Path, build: Build, papers: list[Paper]
) -> None:
    build(path, papers[:3])
    frequencies = current_generation(path) / "frequencies"
    whole = frequencies.read_bytes()
    for damaged in (b"", whole[:50], whole[:-4]):
        frequencies.write_bytes(damaged)
        with open_index(path) as index, pytest.raises(IndexUnusable, match="damaged"):
            index.document_frequencies(["entropi"])
    build(path, papers)
    with open_index(path) as index:
        assert index.document_frequencies(["entropi", "molecul"]) == [1, 1]


def test_options_have_defaults_that_prune_nothing_foreign() -> None:
    assert not BuildOptions().scope.reads("a.bib")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, build: Build, papers: list[Paper]) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AgqError, match="cannot be written: Not a directory"):
        build(tmp_path / "file" / "index", papers)


def test_a_full_disk_is_told_and_the_old_state_stands(path: Path, build: Build, papers: list[Paper]) -> None:
    build(path, papers)
    program = f"""
import resource, signal, sys
from pathlib import Path
from agq.errors import AgqError
from agq.index.text_stage import Incoming
from agq.index.write import BuildOptions, Encoder, build_index
from agq.model import Paper
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
papers = [Incoming(Paper(str(n), "Long", "".join(map(str, range(n, n + 900)))), "b.bib") for n in range(300)]
try:
    build_index(Path({str(path)!r}), lambda _: papers, Encoder("", Path, None), BuildOptions(later=True))
except AgqError as error:
    sys.exit(error.message)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    with open_index(path) as index:
        assert set(index.iterate()) == set(papers)
        assert index.textual("entropy", 1)
    assert build(path, papers[:4]).removed == 1


def test_a_read_only_index_is_asked_and_not_written(build: Build, papers: list[Paper]) -> None:
    program = """
import os, sys
from pathlib import Path
import lancedb
from agq.embedders import open_encoder
from agq.errors import AgqError
from agq.index import open_index
from agq.index.text_stage import Incoming
from agq.index.write import BuildOptions, Encoder, build_index
path = Path(sys.argv[1])
with open_index(path, load_encoder=open_encoder) as index:
    index.embedder().embed(["all that is imported late"])  # the checkout may be out of another user's sight
if os.geteuid() == 0:
    os.setuid(65534)  # root may write anywhere
with open_index(path, load_encoder=open_encoder) as index:
    (found,) = index.textual("entropy", 1)
    index.keep_vectors({found.paper.id: index.embedder().embed(["entropy"])[0]})
    print(found.paper.id, index.state.papers)
try:
    build_index(path, lambda _: [Incoming(found.paper, "b.bib")], Encoder("", Path, None), BuildOptions())
except AgqError as error:
    print(error.message)
"""
    with tempfile.TemporaryDirectory() as folder:  # one that another user may look into
        path = Path(folder) / "index"
        build(path, papers, later=True)
        before = sorted(path.rglob("*"))
        for place in (path, *before):
            place.chmod(0o555 if place.is_dir() else 0o444)
        Path(folder).chmod(0o755)
        command = [sys.executable, "-c", program, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        for place in (path, *before):
            place.chmod(0o755)
        assert done.stdout == (
            f"hep-th/9901001 5\nthe index at {path} cannot be written: Permission denied\n"
        ), done.stderr
        assert sorted(path.rglob("*")) == before
