"""How the code stands beside that of others: constants, patterns, length of functions, repetition.

    python benchmarks/code.py                          # agq alone
    python benchmarks/code.py structlog httpx ...      # and beside it these, as the registry has them

Signs of health, not limits to meet. *Constants*: module-level names in capitals that hold a number or a tuple
of numbers. *Patterns*: regular expressions compiled at module level. Both for each thousand lines that are
neither empty nor a comment. *Function*: the median of lines of a function's body without its docstring.
*Repeated*: the longest run of lines that stands in two places, imports, docstrings and data left out.
Another project's wheel is downloaded by pip and only read: nothing of it runs.
"""

from __future__ import annotations

import argparse
import ast
import json
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from graded import table

OWN = Path(__file__).resolve().parents[1] / "src" / "agq"
OTHERS = ("structlog", "httpx", "httpie", "model2vec", "sqlite-utils", "llm", "haiku.rag", "paper-qa")
"""The projects of the last figures."""
SEED_LINES = 4
"""Lines by which two places are found to be alike."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Line = tuple[int, str]
"""Its number, and its text without the space around it."""


@dataclass(frozen=True)
class Measured:
    """What was counted of a project."""

    project: str
    lines: int
    constants: float
    patterns: float
    function: float
    repeated: int
    where: str


def measured(project: str, folder: Path) -> Measured:
    """The figures of all modules below a folder; tests left out."""
    files = [file for file in sorted(folder.rglob("*.py")) if _is_code(file.relative_to(folder))]
    texts = {str(file.relative_to(folder)): file.read_text("utf-8", "replace") for file in files}
    trees = {name: ast.parse(text) for name, text in texts.items()}
    lines = sum(_code_lines(text) for text in texts.values())
    bodies = [_body_lines(one) for tree in trees.values() for one in _functions(tree)]
    longest, where = _longest_repeated({name: _comparable(trees[name], texts[name]) for name in texts})
    return Measured(
        project,
        lines,
        1000 * sum(_constants(tree) for tree in trees.values()) / lines,
        1000 * sum(_patterns(tree) for tree in trees.values()) / lines,
        statistics.median(bodies),
        longest,
        where,
    )


def _is_code(file: Path) -> bool:
    return {"tests", "test"}.isdisjoint(file.parts)


def _code_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def _functions(tree: ast.Module) -> Iterator[Function]:
    yield from (node for node in ast.walk(tree) if isinstance(node, Function))


def _body_lines(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The names that a module gives a value at its outermost level."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((name, node.value) for target in node.targets for name in _names(target))
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield from ((name, node.value) for name in _names(node.target))


def _names(target: ast.expr) -> Iterator[str]:
    for one in target.elts if isinstance(target, ast.Tuple) else [target]:
        if isinstance(one, ast.Name):
            yield one.id


def _constants(tree: ast.Module) -> int:
    return sum(name.isupper() and _is_number(value) for name, value in _assigned(tree))


def _is_number(value: ast.expr) -> bool:
    if isinstance(value, ast.Tuple):
        return bool(value.elts) and all(map(_is_number, value.elts))
    if isinstance(value, ast.UnaryOp):
        return _is_number(value.operand)
    if isinstance(value, ast.BinOp):
        return _is_number(value.left) and _is_number(value.right)
    return isinstance(value, ast.Constant) and type(value.value) in {int, float}


def _patterns(tree: ast.Module) -> int:
    return sum(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "compile"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"re", "regex"}
        for _, value in _assigned(tree)
        for node in ast.walk(value)
    )


def _comparable(tree: ast.Module, text: str) -> list[Line]:
    """The lines of functions that do something."""
    lines = text.splitlines()
    kept: dict[int, str] = {}
    for function in _functions(tree):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        for at in range(body[0].lineno, (body[-1].end_lineno or 0) + 1) if body else ():
            said = lines[at - 1].strip()
            if said.strip("()[]{},:") and not said.startswith(("#", "import ", "from ")):
                kept[at] = said
    return sorted(kept.items())


def _longest_repeated(files: dict[str, list[Line]]) -> tuple[int, str]:
    """The longest run of equal lines in two places, and where it begins."""
    seeds: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for name, lines in files.items():
        for at in range(len(lines) - SEED_LINES + 1):
            seeds[tuple(said for _, said in lines[at : at + SEED_LINES])].append((name, at))
    best, where = 0, ""
    for places in seeds.values():
        for n, one in enumerate(places):
            for other in places[n + 1 :]:
                length = _common(files, one, other)
                if length > best:
                    best, where = length, f"{_told(files, one)}, {_told(files, other)}"
    return best, where


def _common(files: dict[str, list[Line]], one: tuple[str, int], other: tuple[str, int]) -> int:
    """How many lines are equal from two places on; a place may not run into the other."""
    (name, at), (other_name, other_at) = one, other
    pairs = list(zip(files[name][at:], files[other_name][other_at:], strict=False))
    if name == other_name:
        pairs = pairs[: other_at - at]
    return next((n for n, (a, b) in enumerate(pairs) if a[1] != b[1]), len(pairs))


def _told(files: dict[str, list[Line]], place: tuple[str, int]) -> str:
    return f"{place[0]}:{files[place[0]][place[1]][0]}"


def fetched(project: str, into: Path) -> Path:
    """The unpacked wheel of a project."""
    folder = into / project
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--only-binary", ":all:", "--dest", str(folder), project], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def _cells(row: Measured) -> list[str]:
    figures = [f"{row.lines:,}", f"{row.constants:.1f}", f"{row.patterns:.1f}", f"{row.function:g}"]
    return [row.project, *figures, str(row.repeated), row.where]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("projects", nargs="*", help=f"such as {' '.join(OTHERS)}")
    parser.add_argument("--source", type=Path, default=OWN, help="the folder of agq's modules")
    parser.add_argument("--out", type=Path, help="a folder for the figures as JSON")
    options = parser.parse_args(arguments)
    rows = [measured("agq", options.source)]
    with tempfile.TemporaryDirectory() as folder:
        rows += [measured(project, fetched(project, Path(folder))) for project in options.projects]
    head = ["", "lines", "constants", "patterns", "function", "repeated", "where"]
    cells = [_cells(row) for row in rows]
    print(table(head, cells))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "code.json").write_text(json.dumps([asdict(one) for one in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
