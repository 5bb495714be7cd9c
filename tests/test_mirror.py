"""Tests lie where the code lies that they test, so that whoever changes one finds the other."""

from __future__ import annotations

from pathlib import Path

import pytest

WHOLE_PROGRAM = {"e2e", "hostile"}
"""Folders of tests that are of no package: agq as a person runs it, and as somebody who means ill does."""
FROM_OUTSIDE = {"mcp": "e2e/test_mcp.py"}
"""Packages that can only be tested as the program they are, and where that is."""


@pytest.fixture(scope="module")
def tests(root: Path) -> set[Path]:
    """All files of tests, below ``tests/``."""
    return {file.relative_to(root / "tests") for file in (root / "tests").rglob("test_*.py")}


@pytest.fixture(scope="module")
def modules(root: Path) -> set[Path]:
    """All modules, below ``src/agq``, without their ending; a package by its folder."""
    source = root / "src" / "agq"
    files = {file.relative_to(source).with_suffix("") for file in source.rglob("*.py")}
    return {file.parent if file.name == "__init__" else file for file in files}


def test_each_folder_of_tests_is_a_package_of_the_source(root: Path, tests: set[Path]) -> None:
    folders = {file.parent for file in tests} - {Path(name) for name in WHOLE_PROGRAM}
    assert len(folders) > 10
    assert [
        str(folder) for folder in folders if not (root / "src" / "agq" / folder / "__init__.py").exists()
    ] == []


def test_each_package_has_tests(root: Path, tests: set[Path]) -> None:
    source = root / "src" / "agq"
    packages = {file.parent.relative_to(source) for file in source.glob("*/__init__.py")}
    assert len(packages) > 10
    for package in packages:
        places = {package, Path(f"test_{package}.py"), Path(FROM_OUTSIDE.get(str(package), "no other"))}
        assert places & {*tests, *(file.parent for file in tests)}, f"no tests of agq.{package}"


def test_a_test_that_is_named_for_a_module_lies_beside_it(tests: set[Path], modules: set[Path]) -> None:
    names = {module.name for module in modules}
    own = {file for file in tests if file.parts[0] not in WHOLE_PROGRAM}
    of_modules = {file.with_name(file.stem.removeprefix("test_")) for file in own}
    assert len(of_modules & modules) > 40
    assert sorted(map(str, {one for one in of_modules if one.name in names} - modules)) == []
