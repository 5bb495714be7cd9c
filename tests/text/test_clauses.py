"""A sentence to what each of several papers behind it may be cited for."""

from __future__ import annotations

import pytest

from agq.text.clauses import clauses


@pytest.mark.parametrize(
    ("sentence", "parted"),
    [
        ("Rain falls on hills, while snow covers high mountains.",
         ["Rain falls on hills", "snow covers high mountains"]),
        ("Rain falls on low hills whereas snow covers mountains",
         ["Rain falls on low hills", "snow covers mountains"]),
        ("Rain falls on hills; snow covers mountains; hail strikes fields",
         ["Rain falls on hills", "snow covers mountains", "hail strikes fields"]),
        ("Rain, snow, and hail fall on hills and fields", ["Rain, snow, hail fall on hills and fields"]),
        ("Rain falls", ["Rain falls"]),
    ],
)  # fmt: skip
def test_clauses(sentence: str, parted: list[str]) -> None:
    assert clauses(sentence) == parted
