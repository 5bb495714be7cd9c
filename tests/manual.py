"""The outputs in README.md are real: this runs each command that the README shows and writes what it says.

A block is a comment ``<!-- output: NAME -->``, a fenced block, and ``<!-- end -->``. The commands of NAME are
in ``BLOCKS``; they run one after another in one folder with a home of its own, as a reader would type them.

    python tests/manual.py --write      put the outputs into README.md, and the recorded session into docs/
    python tests/manual.py              show which blocks differ from what agq says now
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SVG = ROOT / "docs" / "session.svg"
WIDTH = 88

QUESTION = (
    "How does machine learning accelerate physics simulations compared to traditional numerical methods?"
)
COMMANDS = (
    "index",
    "ask",
    "search",
    "list",
    "similar",
    "show",
    "cite",
    "check",
    "more",
    "chat",
    "history",
    "add",
    "fetch",
    "fill",
    "mcp",
    "eval",
    "sources",
    "forget",
    "doctor",
    "config",
)

BLOCKS: Mapping[str, tuple[str, ...]] = {
    "make ask": (f'agq ask "{QUESTION}"',),
    "index": ("agq index corpus/", "agq index"),
    "ask": ('agq ask "Why do physics-informed neural networks fail to train?" --since 2025-06 -k 5',),
    "go on": ("agq more 1 --format plain | head -8", "agq history"),
    "notes": (
        'agq ask "How are gravitational-wave detections sped up?" -o note.md --bib refs.bib',
        "agq check note.md | tail -1",
        "head -7 refs.bib",
    ),
    "search": (
        'agq search "generative models of crystals" -k 5',
        'agq search "generative models of crystals" -k 2 --format ids | agq cite - --format text',
    ),
    "nothing": (
        'agq ask "How long should a sourdough loaf rise?" 2>&1 >/dev/null | tail -2',
        "agq ask sourdough -q; echo $?",
    ),
    "doctor": ("agq doctor",),
    "formats": ("agq help formats",),
    "settings": ("agq help settings",),
    "exit codes": ("agq help exit-codes",),
    "models": ("agq help models",),
    **{f"agq {name}": (f"agq {name} --help",) for name in COMMANDS},
}

_BLOCK = re.compile(r"(<!-- output: (?P<name>[^>]+?) -->\n)(?P<text>.*?)(<!-- end -->)", re.DOTALL)
_ESCAPE = re.compile(r"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)|\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who follows the README: a folder with the corpus, a home, a terminal's width."""

    folder: Path
    home: Path

    def runs(self, command: str) -> str:
        """What a command line says, stdout and stderr as they come, with its colours."""
        environ = {
            "HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "COLUMNS": str(WIDTH),
            "TERM": "xterm-256color",
            "AGQ_FORMAT": "terminal",
        }
        done = subprocess.run(
            ["bash", "-c", f"exec 2>&1; {command}"],
            cwd=self.folder,
            env=environ,
            stdout=subprocess.PIPE,
            check=False,
            timeout=600,
        )
        return done.stdout.decode().replace(str(self.folder), "~/papers").replace(str(self.home), "~")


def sessions(names: list[str]) -> Iterator[tuple[str, str]]:
    """The outputs of the named blocks, in the order of ``BLOCKS``, escapes and all."""
    with tempfile.TemporaryDirectory(prefix="agq-manual-") as place:
        reader = Reader(Path(place) / "papers", Path(place) / "home")
        reader.home.mkdir()
        shutil.copytree(ROOT / "corpus", reader.folder / "corpus")
        reader.runs("agq index corpus/ --quiet" if "index" not in names else "true")
        for name, commands in BLOCKS.items():
            if name in names:
                yield name, "\n".join(f"$ {command}\n{reader.runs(command)}" for command in commands)


def folded(output: str) -> str:
    """An output whose command line is broken like a shell's where it is too long for the picture."""
    first, rest = output.split("\n", 1)
    return "\n".join([*textwrap.wrap(first, WIDTH - 2, subsequent_indent="  "), rest])


def named(readme: str) -> list[str]:
    """The blocks of a README."""
    return [found["name"] for found in _BLOCK.finditer(readme)]


def fenced(output: str) -> str:
    """An output as a block of a README."""
    text = "\n".join(line.rstrip() for line in _ESCAPE.sub("", output).splitlines())
    return f"```console\n{text}\n```\n"


def written(readme: str, outputs: Mapping[str, str]) -> str:
    """The README with these outputs."""
    return _BLOCK.sub(lambda m: f"{m[1]}{fenced(outputs[m['name']])}{m[4]}", readme)


def likeness(one: str, other: str) -> float:
    """How much two outputs have in common, 0 to 1; dates, times and percentages aside.

    Processors differ in the last bits of a vector, so a sentence may change places; a text that rots loses
    more.
    """
    first, second = (re.sub(r"\d+", "0", text).split() for text in (one, other))
    return difflib.SequenceMatcher(a=first, b=second, autojunk=False).ratio()


def svg(output: str) -> str:
    """A recorded session as a picture that needs no font from elsewhere."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    console.print(Text.from_ansi(re.sub(r"\x1b\]8;[^\x1b]*\x1b\\", "", folded(output))), soft_wrap=True)
    console.file.close()
    picture = console.export_svg(title="agq", theme=THEME)
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    return picture.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")


THEME = TerminalTheme(
    (253, 253, 251),
    (29, 29, 31),
    [
        (29, 29, 31),
        (180, 40, 40),
        (30, 120, 50),
        (150, 100, 0),
        (26, 86, 176),
        (130, 50, 140),
        (0, 110, 120),
        (95, 99, 104),
    ],
)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write README.md and docs/session.svg")
    arguments = parser.parse_args()
    readme = README.read_text(encoding="utf-8")
    outputs = dict(sessions(named(readme)))
    if arguments.write:
        README.write_text(written(readme, outputs), encoding="utf-8")
        SVG.parent.mkdir(exist_ok=True)
        SVG.write_text(svg(outputs["make ask"]), encoding="utf-8")
        return 0
    alike = {m["name"]: likeness(m["text"], fenced(outputs[m["name"]])) for m in _BLOCK.finditer(readme)}
    print(*(f"{ratio:.2f} {name}" for name, ratio in alike.items()), sep="\n")
    return int(min(alike.values(), default=1.0) < 0.75)


if __name__ == "__main__":
    sys.exit(main())
