"""CONTRIBUTING.md's examples do what it says, in a copy of the source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_EXAMPLE = re.compile(r"```python\n# (?P<where>[^\n]+)\n(?P<code>.*?)```", re.DOTALL)
_PLACE = re.compile(r"in (?P<file>\S+), (?P<above>above )?(?P<table>\w+)")
_IMPORT = re.compile(r"(?:^from .*\n)+\n?", re.MULTILINE)


@dataclass(frozen=True)
class Scratch:
    """A copy of the source with the examples in it, and a folder with papers to work in."""

    source: Path
    folder: Path

    def agq(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it from the copy."""
        environ = os.environ | {"PYTHONPATH": str(self.source), "HOME": str(self.folder), "COLUMNS": "80"}
        command = [sys.executable, "-m", "agq", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False
        )

    def says(self, *arguments: str) -> str:
        """What a run that ends well writes to stdout."""
        done = self.agq(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


def examples(root: Path) -> Iterator[tuple[str, str]]:
    """Where each example goes, and its code."""
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return ((found["where"], found["code"]) for found in _EXAMPLE.finditer(text))


def put(source: Path, where: str, code: str) -> None:
    """Do to the copy what an example says."""
    place = _PLACE.fullmatch(where)
    if not place:
        file = source.parent / where
        assert not file.exists(), f"{where} is there already"
        file.write_text(code, encoding="utf-8")
        return
    file = source.parent / place["file"]
    text = file.read_text(encoding="utf-8")
    table = re.search(rf"^{place['table']}\b.*= .*$\n(?: +\{{\n)?", text, re.MULTILINE)
    assert table, f"there is no {place['table']} in {place['file']}"
    imports = "".join(_IMPORT.findall(code))
    entry = _IMPORT.sub("", code).lstrip("\n")
    at = table.start() if place["above"] else table.end()
    text = "".join((text[:at], entry, "\n\n" if place["above"] else "", text[at:]))
    future = "from __future__ import annotations\n\n"
    file.write_text(text.replace(future, f"{future}{imports.rstrip()}\n", 1), encoding="utf-8")


@pytest.fixture(scope="module")
def scratch(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """All examples at once: each has to leave the others whole."""
    place = tmp_path_factory.mktemp("contributing")
    shutil.copytree(root / "src", place / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for where, code in examples(root):
        put(place / "src", where, code)
    folder = place / "work"
    folder.mkdir()
    (folder / "papers.txt").write_text(
        "|moss2024|Foils and copper|Copper foils grow dendrites below 5 mA. Rinsing the foils stops them.\n"
        "|rana2023|Tides of Europa|Tides on Europa heat its ocean floor by 3 K.\n",
        encoding="utf-8",
    )
    made = Scratch(place / "src", folder)
    made.says("index", "--index", ".agq", "papers.txt")
    return made


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_file_and_table_that_is_named_is_there(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    cells = re.findall(r"(?<=\|)[^|\n]+(?=\|)", text)
    assert sum(bool(re.search(r"`[\w/]+(?:/|\.py)`", cell)) for cell in cells) > 10
    for cell in cells:
        paths = [Path(one) for one in re.findall(r"`([\w/.-]+(?:/|\.(?:py|md)))`", cell)]
        assert all(there(root, path.parent if path.name == "x.py" else path) for path in paths), cell
        for table, file in re.findall(r"`(\w+)` in `([\w/.]+\.py)`", cell):
            found = there(root, Path(file))
            assert found, cell
            source = found.read_text(encoding="utf-8")
            assert re.search(rf"^(?:def |class )?{table}\b", source, re.MULTILINE), cell


def test_every_part_of_the_package_is_in_the_architecture(root: Path) -> None:
    told = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    parts = {path.name for path in (root / "src" / "agq").iterdir() if path.suffix == ".py" or path.is_dir()}
    named = {name.rstrip("/").rpartition("/")[2] for name in re.findall(r"`([\w/.]+)`", told)}
    assert sorted(parts - named - {"__init__.py", "__main__.py", "__pycache__"}) == [], "docs/architecture.md"


def there(root: Path, path: Path) -> Path | None:
    """A path that is named from the top, or from the package."""
    return next((top / path for top in (root, root / "src" / "agq") if (top / path).exists()), None)


@pytest.mark.slow
def test_a_format_is_read_and_a_command_counts_what_was(scratch: Scratch) -> None:
    assert "bars" in scratch.says("help", "formats")
    assert scratch.says("count") == "2\n"
    assert "count" in scratch.says("--help")


@pytest.mark.slow
def test_an_output_writes_an_answer(scratch: Scratch) -> None:
    page = scratch.says("ask", "--format", "wiki", "How are dendrites on copper foils stopped?")
    assert page.startswith("= How are dendrites on copper foils stopped? =\n")
    assert "moss2024" in page.splitlines()[-1]
    scratch.says("ask", "-o", "answer.wiki", "How are dendrites on copper foils stopped?")
    assert (scratch.folder / "answer.wiki").read_text("utf-8").startswith("= How")


@pytest.mark.slow
def test_a_server_is_known_by_name(scratch: Scratch) -> None:
    assert "tabby/MODEL" in scratch.says("help", "models")


@pytest.mark.slow
def test_a_citation_check_objects(scratch: Scratch) -> None:
    (scratch.folder / "note.md").write_text("COPPER FOILS GROW DENDRITES BELOW 5 MA [moss2024].\n", "utf-8")
    assert "is quoted in capitals" in scratch.says("check", "note.md")


@pytest.mark.slow
def test_a_follow_up_question_is_asked_in_a_new_form(scratch: Scratch) -> None:
    (scratch.folder / "rates.txt").write_text(
        "|moss2024|Foils and copper|Copper foils grow dendrites below 5 mA. Rinsing the foils stops them.\n"
        "|lund2022|The rate of dendrite growth on copper foils|The rate of dendrite growth on foils is 3 mm"
        " an hour.\n",
        encoding="utf-8",
    )
    scratch.says("index", "--index", "rates", "rates.txt")
    answer = scratch.says("ask", "--index", "rates", "How are dendrites on copper foils stopped?")
    assert "How is the rate of dendrite growth on copper foils measured?" in answer
