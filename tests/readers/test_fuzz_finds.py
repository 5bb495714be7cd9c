"""Inputs that a coverage-guided fuzzer found to break a promise (benchmarks/fuzz_readers.py)."""

from __future__ import annotations

import io
import time

import pytest

from agq.model import Paper
from agq.readers import read
from agq.readers.names import split_names


@pytest.mark.parametrize(
    "data",
    [
        b'[{"id": "a", "title": "A", "issued": {"date-parts": []}}]',
        b'[{"id": "a", "title": "A", "issued": {"date-parts": [[]]}}]',
        b'[{"id": "a", "title": "A", "DOI": "10.48550/arXiv.1\x01\\u0000706", "type": "x"}]',
        b'[{"id": "a", "title": "A", "issued": ' + b"[" * 300 + b"]" * 300 + b"}]",
    ],
)
def test_what_broke_once_gives_a_clean_paper(data: bytes) -> None:
    (record,) = read(["-"], stdin=io.BytesIO(data))
    assert isinstance(record.item, Paper)
    assert record.item.title == "A"
    assert record.item.doi.isprintable()


def test_lists_in_lists_of_objects_are_not_followed_for_ever() -> None:
    data = b'{"data": ' * 200 + b'{"title": "Deep"}' + b"}" * 200
    (record,) = read(["-"], stdin=io.BytesIO(data))
    assert not isinstance(record.item, Paper)


@pytest.mark.parametrize(
    "names",
    ["Berg" + "1" * 60 + "x, " + "2, 3*" * 5000, "Berg" + "1,2" * 20_000 + "x", " " * 50_000 + "et a"],
)
def test_marks_behind_a_name_take_no_time(names: str) -> None:
    begun = time.process_time()
    split_names(names)
    assert time.process_time() - begun < 2
