"""What the documents show is what agq says: runs the commands that they show, and writes their output.

A block is a comment ``<!-- output: NAME -->``, a fenced block, and ``<!-- end -->``; ``NAME, shortened``
shows the beginning of the answer and of its table of sources. ``BLOCKS`` has the commands of NAME; they run
one after another in one folder with a home of its own, as a reader would type them; those of ``zotero`` in
another, whose home has a Zotero library. A block
``<!-- reference: COMMAND -->`` holds the options of a command, see ``reference``.

    python tests/manual.py --write      put all outputs into README.md and docs/, and the recorded session
    python tests/manual.py --reference  only what needs no index: options, help topics, figures of the check
    python tests/manual.py              show which blocks differ from what agq says now
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

import figures
import reference
from agq.commands.help import TOPICS
from checkout import own_code
from processes import PATIENCE
from zotero_library.made import made

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
SVG = ROOT / "docs" / "session.svg"
WIDTH = 88

QUESTION = (
    "How does machine learning accelerate physics simulations compared to traditional numerical methods?"
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
    "zotero": (
        "agq index zotero",
        'agq ask "What limits the lifetime of perovskite cells?" -k 3 -o note.md --bib refs.bib',
        "cat note.md",
        "agq check note.md | tail -1",
        "agq cite --from note.md --format text",
    ),
}

FIXED = {"index", "doctor"}
"""What is the same on every machine, times, dates and places aside. In the others a paper may change places:
processors differ in the last bits of a vector."""
SAME = 0.95
"""The share of the words that another output has to have in common with what is shown."""
ENTRIES, ROWS = 3, 3
"""Entries of an answer, and rows of its table of sources, at most in a shortened block."""
SHORT = 2_800
"""Bytes of a shortened block: fewer entries where three are longer."""

_BLOCK = re.compile(
    r"(<!-- output: (?P<name>[^>,]+?)(?P<shortened>, shortened)? -->\n)(?P<text>.*?)(<!-- end -->)", re.DOTALL
)
_ENTRY = re.compile(r"^• ", re.MULTILINE)
_ROW = re.compile(r"^ *\d+% ", re.MULTILINE)
_VARIES = re.compile(r"(?:\d+ min )?\d+(?:\.\d+)?|[█▉▊▋▌▍▎▏]+")
_ESCAPE = re.compile(r"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)|\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who follows the documents: a folder with the corpus, a home, a terminal's width."""

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
            **own_code(),
        }
        done = subprocess.run(
            ["bash", "-c", f"exec 2>&1; {command}"],
            cwd=self.folder,
            env=environ,
            stdout=subprocess.PIPE,
            check=False,
            timeout=PATIENCE,
        )
        return done.stdout.decode().replace(str(self.folder), "~/papers").replace(str(self.home), "~")


def sessions(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """The outputs of the named blocks, in the order of ``BLOCKS``, escapes and all."""
    with tempfile.TemporaryDirectory(prefix="agq-manual-") as place:
        first = Reader(Path(place) / "papers", Path(place) / "home")
        first.home.mkdir()
        shutil.copytree(ROOT / "corpus", first.folder / "corpus")
        first.runs("agq index corpus/ --quiet" if "index" not in names else "true")
        newcomer = Reader(Path(place) / "zotero" / "papers", Path(place) / "zotero" / "home")
        if "zotero" in names:
            made(newcomer.home / "Zotero")
            newcomer.folder.mkdir()
        for name, commands in BLOCKS.items():
            reader = newcomer if name == "zotero" else first
            if name in names:
                yield name, "\n".join(f"$ {command}\n{reader.runs(command)}" for command in commands)


def folded(output: str) -> str:
    """An output whose command line is broken like a shell's where it is too long for the picture."""
    first, rest = output.split("\n", 1)
    return "\n".join([*textwrap.wrap(first, WIDTH - 2, subsequent_indent="  "), rest])


def shown() -> dict[str, re.Match[str]]:
    """The blocks of all pages, a shortened one by its name and ``, shortened``."""
    found = (block for page in PAGES for block in _BLOCK.finditer(page.read_text(encoding="utf-8")))
    return {f"{block['name']}{block['shortened'] or ''}": block for block in found}


def fenced(output: str, *, short: bool = False) -> str:
    """An output as a block of a page."""
    text = "\n".join(line.rstrip() for line in _ESCAPE.sub("", output).splitlines())
    return f"```console\n{shortened(text) if short else text}\n```\n"


def shortened(text: str) -> str:
    """An answer with its first entries and sources; what is left out is marked."""
    answer, heading, sources = text.partition("\nSources · ")
    table, blank, rest = sources.partition("\n\n")
    few = f"{heading}{_first(table, _ROW, ROWS)}{blank}{rest}"
    tried = (f"{_first(answer, _ENTRY, n)}\n{few}" for n in range(ENTRIES, 0, -1))
    return next((one for one in tried if len(one.encode()) <= SHORT), f"{_first(answer, _ENTRY, 1)}\n{few}")


def _first(text: str, item: re.Pattern[str], most: int) -> str:
    starts = [found.start() for found in item.finditer(text)]
    return f"{text[: starts[most]]}⋮" if len(starts) > most else text.rstrip("\n")


def written(page: str, outputs: Mapping[str, str]) -> str:
    """A page with those of these outputs that it shows."""

    def block(found: re.Match[str]) -> str:
        if found["name"] not in outputs:
            return found[0]
        return f"{found[1]}{fenced(outputs[found['name']], short=bool(found['shortened']))}{found[5]}"

    return _BLOCK.sub(block, page)


def differs(name: str, one: str, other: str) -> bool:
    """Whether two outputs of a block say different things; dates, times, counts and percentages aside."""
    first, second = (_VARIES.sub("0", text).split() for text in (one, other))
    if name in FIXED:
        return first != second
    common = Counter(first) & Counter(second)
    return common.total() < SAME * max(len(first), len(second))


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


def rotten(outputs: Mapping[str, str]) -> list[str]:
    """The blocks that show something else than these outputs."""
    return [
        name
        for name, block in shown().items()
        if differs(
            block["name"], block["text"], fenced(outputs[block["name"]], short=bool(block["shortened"]))
        )
    ]


def topics() -> dict[str, str]:
    """What `agq help TOPIC` says of each topic, without running it."""
    return {name: f"$ agq help {name}\n{topic()}" for name, topic in TOPICS.items()}


def _put(outputs: Mapping[str, str]) -> None:
    for page in PAGES:
        page.write_text(written(page.read_text(encoding="utf-8"), outputs), encoding="utf-8")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--write", action="store_true", help="write README.md, docs/*.md and docs/session.svg"
    )
    parser.add_argument("--reference", action="store_true", help="write only what needs no index")
    arguments = parser.parse_args()
    if arguments.write or arguments.reference:
        figures.write()
        reference.write()
        _put(topics())
    if arguments.reference:
        return 0
    outputs = dict(sessions({block["name"] for block in shown().values()})) | topics()
    if not arguments.write:
        found = [*rotten(outputs), *reference.rotten(), *figures.rotten()]
        print(*found, sep="\n")
        return int(bool(found))
    _put(outputs)
    SVG.write_text(svg(outputs["make ask"]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
