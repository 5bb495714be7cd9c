"""Change the code in one small place at a time and count which changes the tests notice.

    python benchmarks/mutants.py [MODULE ...] [-n 40] [--seed 1] [--jobs 2] [--file NAME]

The mutators are mutmut's (a comparison turned, a number off by one, an argument dropped, a condition fixed
...). Its runner is not used: it leaves a module's constants alone, where thresholds stand, and copies the
checkout. Here each mutant is imported in a fork of a process that has the libraries already, and the module's
tests run there until the first one fails. Not changed: annotations, prose (a string with a blank in it), and
``strict=`` of ``zip``, which only guards. A mutant that runs far longer than the tests do counts as killed.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "agq"

TESTS: Mapping[str, tuple[str, ...]] = {
    "match": ("test_match.py", "test_ranking.py"),
    "retrieve": ("test_ranking.py",),
    "verify": ("test_verdicts.py", "test_verify.py"),
    "entailment": ("test_entailment.py", "test_verdicts.py"),
    "config": ("test_config.py",),
    "answerers": ("answerers/test_{}.py",),
    "embedders": ("embedders/test_{}.py",),
    "exporters": ("exporters/test_written.py", "exporters/test_as_read.py"),
}
"""Module, or package, and the tests under ``tests/`` that are to notice; ``{}``: a file's own name."""
ALSO: Mapping[str, tuple[str, ...]] = {
    "answerers/chat.py": ("answerers/test_repetition.py",),
    "answerers/connection.py": ("answerers/test_chat.py",),
    "answerers/faults.py": ("answerers/test_endpoint.py", "answerers/test_chat.py"),
    "answerers/findings.py": ("answerers/test_choosing.py",),
    "answerers/gguf.py": ("answerers/test_local.py",),
    "answerers/judging.py": ("judge/test_judged.py",),
    "answerers/layout.py": ("answerers/test_draft.py",),
    "answerers/questions.py": ("answerers/test_draft.py",),
    "answerers/reading.py": ("answerers/test_choosing.py",),
    "answerers/repetition.py": ("answerers/test_chat.py",),
    "answerers/wire.py": ("answerers/test_chat.py",),
}
"""What more a file's mutants are tried with."""

LIBRARIES = (
    "numpy onnxruntime openai httpx2 tokenizers markdown_it lxml.etree yaml hypothesis.strategies "
    "_hypothesis_pytestplugin anyio.pytest_plugin xdist.plugin"
).split()
"""What the tests load and no mutant changes."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one place: the file, its line, what stood there, what stands there now, the whole text."""

    file: str
    line: int
    was: str
    now: str
    text: str

    def row(self) -> dict[str, object]:
        """What is kept of one that no test noticed."""
        return {"file": self.file, "line": self.line, "was": self.was, "now": self.now}

    @property
    def shown(self) -> str:
        """Where it is and what changed."""
        return f"{self.file}:{self.line}: {self.was}  ->  {self.now}"


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a file's tree and what may stand in its stead."""

    file: Path
    tree: cst.Module
    line: int
    node: cst.CSTNode
    changed: cst.CSTNode

    def mutant(self) -> Mutant:
        """The file with the change made."""
        was, now = (" ".join(self.tree.code_for_node(one).split())[:160] for one in (self.node, self.changed))
        tree = self.tree.deep_replace(self.node, self.changed)
        assert isinstance(tree, cst.Module)
        return Mutant(str(self.file.relative_to(SOURCE)), self.line, was, now, tree.code)


def places(file: Path) -> list[Place]:
    """All that may be changed in a file, in the order of its text."""
    wrapper = MetadataWrapper(cst.parse_module(file.read_text(encoding="utf-8")), unsafe_skip_copy=True)
    nodes, parents = wrapper.resolve(PositionProvider), wrapper.resolve(ParentNodeProvider)
    in_order = sorted(nodes.items(), key=lambda one: (one[1].start.line, one[1].start.column))
    return [
        Place(file, wrapper.module, place.start.line, node, changed)
        for node, place in in_order
        if not _is_left_alone(node, parents)
        for kind, operator in mutation_operators
        if isinstance(node, kind)
        for changed in operator(node)
    ]


def _is_left_alone(node: cst.CSTNode, parents: Mapping[cst.CSTNode, cst.CSTNode]) -> bool:
    if isinstance(node, cst.SimpleString) and (" " in node.value or not node.raw_value):
        return True
    return any(_is_no_behaviour(one, parents) for one in (node, *_above(node, parents)))


def _above(node: cst.CSTNode, parents: Mapping[cst.CSTNode, cst.CSTNode]) -> Iterator[cst.CSTNode]:
    while node in parents:
        node = parents[node]
        yield node


def _is_no_behaviour(node: cst.CSTNode, parents: Mapping[cst.CSTNode, cst.CSTNode]) -> bool:
    if isinstance(node, cst.Annotation | cst.ImportFrom | cst.Import | cst.Decorator):
        return True
    if isinstance(node, cst.If):
        return bool(cst.Module([]).code_for_node(node.test) == "TYPE_CHECKING")
    if isinstance(node, cst.Arg):
        call = parents[node]
        is_guard = node.keyword is not None and node.keyword.value == "strict"
        return is_guard and isinstance(call, cst.Call) and cst.Module([]).code_for_node(call.func) == "zip"
    if isinstance(node, cst.Assign):
        return isinstance(node.value, cst.Subscript) and isinstance(
            node.targets[0].target, cst.Name
        )  # a type
    return False


class Mutated(MetaPathFinder, Loader):
    """Imports one module from a text of its own."""

    def __init__(self, mutant: Mutant) -> None:
        self._path, self._text = SOURCE / mutant.file, mutant.text
        parts = Path(mutant.file).with_suffix("").parts
        self._name = ".".join(("agq", *parts)).removesuffix(".__init__")

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  # the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Only of the one that is changed."""
        if fullname != self._name:
            return None
        is_package = self._path.name == "__init__.py"
        inside = [str(self._path.parent)] if is_package else None
        return spec_from_file_location(fullname, self._path, loader=self, submodule_search_locations=inside)

    def exec_module(self, module: ModuleType) -> None:
        """Run its text."""
        exec(compile(self._text, str(self._path), "exec"), module.__dict__)


def tests_of(name: str, file: str) -> tuple[str, ...]:
    """The tests of one file of a module, as far as they are there."""
    named = [test.format(Path(file).stem) for test in TESTS[name]]
    found = [ROOT / "tests" / test for test in (*named, *ALSO.get(file, ()))]
    return tuple(str(test) for test in found if test.exists()) or (str(ROOT / "tests" / name),)


def noticed(chosen: Sequence[Mutant], tests: Sequence[tuple[str, ...]], jobs: int) -> list[bool]:
    """Of each mutant, whether its tests fail, or do not come to an end."""
    limits = {some: 30 + int(4 * usual(some)) for some in dict.fromkeys(tests)}
    found, running, waiting = [False] * len(chosen), dict[int, int](), list(enumerate(chosen))[::-1]
    while waiting or running:
        while waiting and len(running) < jobs:
            n, mutant = waiting.pop()
            running[_forked(mutant, tests[n], limits[tests[n]])] = n
        child, status = os.wait()
        n = running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        if code not in {*range(4), -signal.SIGALRM, -signal.SIGKILL}:  # a mutant may use up the memory
            raise SystemExit(f"the tests of {chosen[n].file} cannot be run: exit {code}")
        found[n] = code != 0
        if not found[n]:
            print(f"    {chosen[n].shown}", file=sys.stderr, flush=True)
    return found


def _forked(mutant: Mutant | None, tests: Sequence[str], seconds: int) -> int:
    """The process in which the tests run; without a mutant those of the code as it is."""
    if child := os.fork():
        return child
    signal.alarm(seconds)
    if mutant:
        sys.meta_path.insert(0, Mutated(mutant))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what is loaded already
    os._exit(int(pytest.main([*options, *tests])))


def usual(tests: Sequence[str]) -> float:
    """Seconds that the tests take as things are; they have to pass."""
    started = time.monotonic()
    _, status = os.waitpid(_forked(None, tests, 600), 0)
    if status:
        raise SystemExit(f"they fail as things are: {' '.join(tests)}")
    return time.monotonic() - started


def sample(name: str, n: int, seed: int, file: re.Pattern[str]) -> list[Mutant]:
    """Some of a module's mutants, or of those of all files of a package, by chance but always the same."""
    module = SOURCE / f"{name}.py"
    files = [module] if module.is_file() else sorted((SOURCE / name).glob("*.py"))
    found = [place for one in files if file.search(one.name) for place in places(one)]
    picked = sorted(random.Random(seed).sample(range(len(found)), min(n, len(found))))
    print(f"{name}: {len(picked)} of {len(found)} mutants", file=sys.stderr)
    return [found[i].mutant() for i in picked]


def report(name: str, n: int, survivors: Sequence[Mutant]) -> dict[str, object]:
    """One line a module, and one a survivor."""
    killed = n - len(survivors)
    print(f"| {name} | {n} | {killed} | {killed / max(n, 1):.0%} |", flush=True)
    return {"module": name, "mutants": n, "killed": killed, "survivors": [one.row() for one in survivors]}


def main() -> None:
    """Run them, and print a table and the survivors."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("modules", nargs="*", default=list(TESTS))
    options.add_argument("-n", type=int, default=40, help="mutants a module")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--file", default="", help="only those of files whose name this pattern is found in")
    options.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "out" / "mutants.json")
    given = options.parse_args()
    os.chdir(ROOT)
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.freeze()
    rows = []
    for name in given.modules:
        chosen = sample(name, given.n, given.seed, re.compile(given.file))
        caught = noticed(chosen, [tests_of(name, one.file) for one in chosen], given.jobs)
        left = [one for one, is_caught in zip(chosen, caught, strict=True) if not is_caught]
        rows.append(report(name, len(chosen), left))
    given.json.parent.mkdir(exist_ok=True)
    given.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
