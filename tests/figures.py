"""The check's errors as BENCHMARKS.md has them, in README.md, docs/answers.md and `agq check --help`.

``python tests/manual.py --reference`` puts the figures of BENCHMARKS.md into the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[1]
MEASURED = ROOT / "BENCHMARKS.md"
SENTENCES = (ROOT / "README.md", ROOT / "src" / "agq" / "commands" / "check.py")
TABLE = ROOT / "docs" / "answers.md"

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "a changed figure": "number",
        "the direction turned round": "direction",
        "another name or thing": "entity",
        "the opposite said": "negation",
        "roles swapped": "roles swapped",
    }
)
"""A kind of falsehood in the words of a sentence -> in those of BENCHMARKS.md."""
ROWS: Mapping[str, str] = MappingProxyType(
    {
        **PHRASES,
        "an invented id, or another paper's": "invented id",
        "what two papers say, swapped": "what two papers say swapped",
        "a cause made of an association": "cause from association",
    }
)
"""The same in the words of the table."""

_MEASURED = re.compile(r"^\| (true|false) claims doubted(?:: ([^|]+))? \| ([^|]+) \|", re.MULTILINE)


def measured() -> dict[str, int]:
    """Kind of claim -> of a hundred, how many the check doubts."""
    found: dict[str, int] = {}
    for kind, names, shares in _MEASURED.findall(MEASURED.read_text(encoding="utf-8")):
        figures = [round(float(one)) for one in re.findall(r"(\d+(?:\.\d+)?) %", shares)]
        found |= dict(zip(names.split(", ") if names else [kind], figures, strict=True))
    return found


def places() -> Iterator[tuple[Path, re.Pattern[str], int]]:
    """Every place of a figure: its page, a pattern whose second group is the figure, what it should be."""
    now = measured()
    for page in SENTENCES:
        yield page, re.compile(r"(doubts )(\d+)(\s+of\s+100\s+true|;)"), now["true"]
        for words, kind in PHRASES.items():
            spaced = re.sub(" ", r"\\s+", words)
            yield page, re.compile(rf"()(\d+|none)(\s+with\s+{spaced})"), now[kind]
    yield TABLE, re.compile(r"(\| true claims \| )(\d+)( )"), now["true"]
    for words, kind in ROWS.items():
        yield TABLE, re.compile(rf"(\| false: {words} \| )(\d+)( )"), now[kind]


def _written(figure: int, page: Path) -> str:
    return "none" if not figure and page in SENTENCES else str(figure)


def rotten() -> list[str]:
    """What the pages say otherwise, or not at all."""
    wrong = []
    for page, pattern, figure in places():
        found = pattern.search(page.read_text(encoding="utf-8"))
        if not found or found[2] != _written(figure, page):
            wrong.append(f"{page.name}: {pattern.pattern} {figure}")
    return wrong


def write() -> None:
    """Put the figures of BENCHMARKS.md into the pages."""
    for page, pattern, figure in places():
        text = page.read_text(encoding="utf-8")
        page.write_text(pattern.sub(rf"\g<1>{_written(figure, page)}\g<3>", text, count=1), encoding="utf-8")
