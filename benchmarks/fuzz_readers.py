"""Fuzz the readers, guided by coverage: no bytes may end in a traceback, or in a paper that breaks promises.

Needs atheris, which is not a dependency: ``pip install atheris``, then

    python benchmarks/fuzz_readers.py CORPUS_FOLDER -max_total_time=600

The folder starts with the files of tests/data/readers and grows; a crash is written to ``crash-*`` in the
working folder. What was found this way stands in tests/readers/test_fuzz_finds.py.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["agq.readers", "bibtexparser", "rispy", "csv", "json"]):
    from agq.model import Paper, Rejected
    from agq.readers import read_stream
    from agq.readers.base import Found, InputLimits
    from agq.readers.merge import Merged, merge

SEEDS = Path(__file__).resolve().parents[1] / "tests" / "data" / "readers"
LIMITS = InputLimits(record=20_000, unpacked=100_000, ratio=50, aliases=50)
"""Small, so that the limits are met too."""


def check(record: Found) -> None:
    """What every reader promises of what it gives."""
    item = record.item
    if isinstance(item, Rejected):
        assert item.reason.strip(), "a rejection without a reason"
        assert "\n" not in item.reason, "a reason of several lines"
        assert item.line is None or item.line > 0, "a line before the first"
        return
    assert isinstance(item, Paper)
    assert item.id.strip(), "a paper without an id"
    assert item.title.strip(), "a paper without a title"
    single = (item.id, item.title, item.abstract, item.doi, item.url, item.venue)
    for text in (*single, *item.authors, *item.categories):
        text.encode()
        assert "\n" not in text, "several lines"
        assert "\x00" not in text, "a NUL"


def one_input(data: bytes) -> None:
    """Reads the bytes as a file, and joins what comes."""
    records = list(read_stream(io.BytesIO(data), "fuzz", limits=LIMITS))
    for record in records:
        check(record)
    for merged in merge(records):
        assert isinstance(merged, Found | Merged)


def main() -> None:
    """Puts the seeds into the corpus folder and starts."""
    folders = [Path(arg) for arg in sys.argv[1:] if not arg.startswith("-")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for seed in SEEDS.iterdir():
            shutil.copy(seed, folder / seed.name)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
