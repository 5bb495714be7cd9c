"""A name stands for one thing: no two classes have the same one."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

SRC = Path(__file__).resolve().parents[1] / "src" / "agq"


def classes() -> dict[str, list[str]]:
    """Every class, and where it is defined."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(SRC.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(f"{file.relative_to(SRC)}:{node.lineno}")
    return found


def test_no_two_classes_have_the_same_name() -> None:
    named = classes()
    assert {"Paper", "Answer", "_SortedKeys"} <= named.keys()
    assert not {name: places for name, places in named.items() if len(places) > 1}
