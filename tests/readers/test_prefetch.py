"""Reading in a process of its own: the same records, and nothing left behind however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from agq.errors import AgqError, UnknownName
from agq.index.schema import words
from agq.model import Paper
from agq.readers import read
from agq.readers.prefetch import PREFETCH_BYTES_MIN, reading_ahead
from processes import until

DATA = Path(__file__).resolve().parents[1] / "data" / "readers"
SAID = "On the naïve spectrum of $\\alpha$-particles -- a study 𝛼 “quoted” of pre-training. "


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is worth another process, with records that are no papers in between."""
    file = tmp_path_factory.mktemp("large") / "papers.jsonl"
    with file.open("w") as out:
        for number in range(PREFETCH_BYTES_MIN // 1500):
            record = {"id": f"p{number}", "title": f"Paper {number}", "authors": ["Ada Author", "Bo Writer"]}
            out.write(json.dumps(record | {"abstract": SAID * (PREFETCH_BYTES_MIN // 1500 % 7 + 14)}) + "\n")
            if number % 1000 == 0:
                out.write('{"id": "torn", "title": \n{"abstract": "no title"}\n')
    assert file.stat().st_size > PREFETCH_BYTES_MIN
    return file


def children(process: int | str = "self") -> set[int]:
    """The processes that a process has started and that are still there."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return {int(one) for names in lists for one in names.read_text().split()}


@pytest.mark.slow
def test_it_gives_what_reading_here_gives_in_every_format(large: Path) -> None:
    sources = [str(large), str(DATA), "/not/there.bib"]
    before = children()
    with reading_ahead(sources) as records:
        reader = children() - before
        found = list(records)
    assert len(reader) == 1, "nobody read ahead: the test shows nothing"
    assert found == list(read(sources))


def test_what_is_wanted_beside_a_paper_is_made_over_there(large: Path) -> None:
    with reading_ahead([str(large)], made_by=words) as records:
        found = [record for record in islice(records, 600) if isinstance(record.item, Paper)]
    assert all(isinstance(one.item, Paper) and one.made == words(one.item) for one in found)


def test_a_small_file_needs_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text('{"id": "a", "title": "A"}\n')
    before = children()
    with reading_ahead([str(tmp_path)]) as records:
        assert len(list(records)) == 1
        assert children() == before


def test_nobody_is_left_where_the_caller_stops_halfway(large: Path) -> None:
    before = children()
    with reading_ahead([str(large)]) as records:
        next(records)
    assert children() == before


def test_a_reader_that_is_killed_is_told_and_no_end_of_the_file(large: Path) -> None:
    before = children()
    with reading_ahead([str(large)]) as records:
        (reader,) = children() - before
        os.kill(reader, signal.SIGKILL)
        with pytest.raises(AgqError, match=r"could not be read to their end: .* signal 9"):
            list(records)


def test_what_goes_wrong_over_there_is_told_here(large: Path) -> None:
    with (
        pytest.raises(AgqError, match=r"TypeError: loads\(\) takes 1 positional argument") as told,
        reading_ahead([str(large)], made_by=json.loads) as records,  # type: ignore[arg-type]  # on purpose
    ):
        list(records)
    assert "Traceback" in "".join(told.value.__notes__)


def test_a_field_that_no_paper_has_is_refused_at_once(large: Path) -> None:
    with pytest.raises(UnknownName), reading_ahead([str(large)], fields={"titel": "x"}):
        pass


def test_the_reader_ends_when_whoever_asked_is_killed(large: Path) -> None:
    program = (
        "import sys, time; from agq.readers.prefetch import reading_ahead\n"
        "with reading_ahead([sys.argv[1]]) as records:\n"
        "    next(records); print('reading', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(large)], stdout=subprocess.PIPE) as asking:
        assert asking.stdout
        assert asking.stdout.readline() == b"reading\n"
        (reader,) = children(asking.pid)
        asking.kill()
    assert until(lambda: not running(reader))


def running(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
