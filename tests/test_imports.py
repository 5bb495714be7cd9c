"""Imports point down only, siblings do not know each other, and only the index knows lancedb."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[1] / "src"

TIERS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("commands",),
    ("mcp",),
    ("pipeline", "evaluate", "collect"),
    ("engines",),
    ("cited", "gather", "conversation"),
    ("understand", "retrieve", "verify", "history"),
    ("readers", "services", "embedders", "index", "answerers", "renderers", "exporters"),
    ("mentions", "expand"),
    ("entailment", "judge", "match", "notes"),
    ("records", "zotero"),
    ("text", "config", "registry"),
    ("errors", "model", "compact_map", "files", "redaction", "servers"),
)
"""From top to bottom. What stands on one line are siblings."""

RANK = {part: rank for rank, tier in enumerate(TIERS) for part in tier}


def modules() -> list[Path]:
    return sorted(path.relative_to(SRC) for path in (SRC / "agq").rglob("*.py"))


def part_of(module: str) -> str:
    """``agq.index.write`` -> ``index``."""
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module of agq that a file imports, wherever in it, and the line."""
    for node in ast.walk(ast.parse((SRC / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports by dots"
            if node.module == "agq":
                yield from ((f"agq.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module or "", node.lineno


def wrong(path: Path) -> Iterator[str]:
    own = part_of(".".join(path.with_suffix("").parts))
    for module, line in imports(path):
        part = part_of(module)
        if not module.startswith("agq.") or part in {"", own} or part.startswith("__"):
            continue
        assert part in RANK, f"{path}:{line} imports agq.{part}, which has no place in the order"
        if RANK[part] <= RANK.get(own, -1):
            yield f"{path}:{line} imports {module}: up or sideways"


@pytest.mark.parametrize("path", modules(), ids=str)
def test_imports_point_down(path: Path) -> None:
    assert not list(wrong(path))


def test_every_part_has_its_place() -> None:
    parts = {path.parts[1].removesuffix(".py") for path in modules()} - {"__init__"}
    assert parts == set(RANK)


def test_only_the_index_knows_lancedb() -> None:
    knowing = {
        path for path in modules() if any(name.split(".")[0] == "lancedb" for name, _ in imports(path))
    }
    assert knowing
    assert {path.parts[1] for path in knowing} == {"index"}


@pytest.mark.parametrize(
    ("package", "home"),
    [("ray", "agq/engines/ray.py"), ("lance", "agq/index/fragments.py"), ("obstore", "agq/index/store.py")],
)
def test_what_only_an_extra_brings_is_loaded_in_one_place_and_when_it_is_used(
    package: str, home: str
) -> None:
    """A plain install has none of them."""
    knowing = {path for path in modules() if any(name.split(".")[0] == package for name, _ in imports(path))}
    assert knowing == {Path(home)}
    tree = ast.parse((SRC / home).read_text(encoding="utf-8"))
    at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any(re.search(rf"(from|import) {package}\\b", ast.unparse(node)) for node in at_once)


def test_only_config_reads_the_environment() -> None:
    """Setting a variable for a library is not reading one."""
    texts = {str(path): (SRC / path).read_text(encoding="utf-8") for path in modules()}
    read = re.compile(r"os\.getenv|os\.environ(?!\.setdefault)")
    reading = [path for path, text in texts.items() if read.search(text)]
    assert reading == ["agq/config/environment.py"]


def test_the_order_is_seen_to_be_broken() -> None:
    """The test itself: an upward and a sideways import would be found."""
    assert RANK["index"] == RANK["embedders"] < RANK["entailment"]
    assert RANK["cli"] < RANK["commands"] < RANK["pipeline"] < RANK["retrieve"]
