"""SECURITY.md says what is there: its limits, its counts, its packages, its files."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hostile import attacks
from hostile.payloads import PAYLOADS
from hostile.test_bombs import BOMBS, MEMORY, SECONDS

UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_LIMIT = re.compile(r"^\| (?P<what>[^|]+) \| (?P<limit>[^|]+) \| (?P<where>`agq[^|]+) \|$", re.MULTILINE)
_OUTCOME = re.compile(r"^\| (?P<outcome>[^|]+) \| (?P<count>\d+) \| (?P<names>[^|]+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def document(root: Path) -> str:
    return (root / "SECURITY.md").read_text(encoding="utf-8")


def value(path: str) -> object:
    """What a dotted path in the package stands for."""
    parts = path.split(".")
    for at in range(len(parts), 1, -1):
        try:
            found: object = import_module(".".join(parts[:at]))
        except ModuleNotFoundError:
            continue
        for name in parts[at:]:
            defaults = getattr(found, "__dataclass_fields__", {})
            found = defaults[name].default if name in defaults else getattr(found, name)
        return found
    raise AssertionError(f"there is no {path}")


def told(limit: str) -> list[int]:
    """The numbers in a limit, in bytes where they have a unit."""
    found = re.findall(r"(\d[\d,]*)(?: (KiB|MiB|GiB))?", limit)
    return [int(number.replace(",", "")) * UNITS.get(unit, 1) for number, unit in found]


def test_limits_are_those_of_the_code(document: str) -> None:
    rows = list(_LIMIT.finditer(document))
    assert len(rows) > 8
    for row in rows:
        held = [value(path) for path in re.findall(r"`([\w.]+)`", row["where"])]
        numbers = [one for one in held if isinstance(one, int)]
        assert numbers == told(row["limit"])[: len(numbers)], row["what"]


def test_every_part_of_the_code_that_is_named_is_there(document: str, root: Path) -> None:
    named = re.findall(r"`(agq\.(?!yaml)[\w.]+)`", document)
    assert [one for one in named if value(one) is None] == []
    paths = re.findall(r"`(?:python )?((?:tests|benchmarks)/[\w./-]+)", document)
    assert [one for one in paths if not (root / one).exists()] == []
    inside = re.findall(r"`(\w+/\w+\.py)`", document)
    assert [one for one in inside if not ((root / "src/agq" / one).exists() or (root / one).exists())] == []


def test_counts_are_those_of_the_tests(document: str) -> None:
    assert f"{len(PAYLOADS)} texts through 5 renderers, 5 lists" in document
    assert f"| {len(BOMBS)} files | 0 over {SECONDS:g} s of processor time, 0 over {MEMORY} MB |" in document


def test_every_attack_is_in_the_table_of_what_happens_to_it(document: str) -> None:
    section = document.partition("### Prompt injection")[2].partition("The two that come through")[0]
    rows = list(_OUTCOME.finditer(section))
    held = attacks.table().attacks
    assert f"the {len(held)} orders" in section
    assert sum(int(row["count"]) for row in rows) == len(held)
    names = Counter(one.name for one in held)
    assert all(name in section for name in names)
    by_outcome = Counter(one.told for one in held)
    assert {"removed", "uncited", "gone"} <= set(by_outcome)
    counts = {row["outcome"].strip("*"): int(row["count"]) for row in rows}
    assert counts["shown as found"] == by_outcome["through"]
    assert counts["nothing of it is shown"] == by_outcome["gone"]
    assert counts["the invented id is removed, and the answer says so"] == by_outcome["removed"]


def brought(names: list[str]) -> Iterator[str]:
    """What packages bring, themselves included."""
    todo, seen = [(Requirement(one), {""}) for one in names], set()
    while todo:
        wanted, extras = todo.pop()
        name = canonicalize_name(wanted.name)
        if name in seen or not (
            wanted.marker is None or any(wanted.marker.evaluate({"extra": e}) for e in extras)
        ):
            continue
        seen.add(name)
        yield name
        requires = metadata.requires(wanted.name) or []
        todo += [(Requirement(one), {"", *wanted.extras}) for one in requires]


def test_every_package_that_is_installed_has_its_licence_told(document: str, root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = document.rpartition("| licence | packages |")[2]
    listed = {canonicalize_name(name) for name in re.findall(r"[\w.-]+", table)}
    assert sorted(set(brought(project["dependencies"])) - listed) == []
