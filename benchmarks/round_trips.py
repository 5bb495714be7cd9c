"""Whether what was read goes out as it came: every entry of real bibliographies, in and out again.

    python benchmarks/round_trips.py            fields compared by parsers that the readers do not use
    python benchmarks/round_trips.py --check    besides, what biber and pandoc say of what is written

BibTeX is read back by pybtex, RIS line by line, CSL-JSON as JSON. Prints a table and what differs, and writes
benchmarks/out/round-trips.json.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.scanner import PybtexSyntaxError
from pylatexenc.latex2text import LatexNodes2Text

from agq.exporters import Reference, ReferenceOptions, cited, exporter
from agq.model import Paper
from agq.readers import read
from agq.records import Work

ROOT = Path(__file__).resolve().parents[1]
BIB = ROOT.parent / "shared" / "data" / "bib"
OUT = ROOT / "benchmarks" / "out"

Fields = dict[str, str]
Entries = dict[str, tuple[str, Fields]]
"""Key -> type and fields."""


def main() -> None:
    """All round trips."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="ask biber and pandoc too")
    given = parser.parse_args()
    rows, differences = compared()
    print("| file | entries | types | fields | verbatim | after TeX | differ |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")
    for one in differences:
        print(f"  {one}")
    OUT.mkdir(exist_ok=True)
    (OUT / "round-trips.json").write_text(json.dumps({"rows": rows, "differ": differences}, indent=1))
    if given.check:
        for name, said in judged().items():
            print(f"{name}: {said}")


def compared() -> tuple[list[dict[str, object]], list[str]]:
    """A row a file, and each field that does not come back."""
    rows: list[dict[str, object]] = []
    differences: list[str] = []
    for path in sorted(path for path in BIB.rglob("*") if path.suffix in FORMATS):
        name = FORMATS[path.suffix][0]
        before = _held(path.read_text(encoding="utf-8-sig", errors="replace"), path.suffix)
        after = _held(exporter(name)(works(path), ReferenceOptions(private=True)), path.suffix)
        counts, differ = _compare(before, after)
        rows.append({"file": str(path.relative_to(BIB))[:48], "entries": len(before), **counts})
        differences += [f"{path.name[:40]}: {one}" for one in differ]
    total = {name: sum(int(str(row[name])) for row in rows) for name in list(rows[0])[1:]}
    return [*rows, {"file": "all", **total}], differences


def works(path: Path) -> list[Reference]:
    """The works of a file, each as it was read: not joined with any other."""
    return [cited(Work(found.item, found.record)) for found in read([path]) if isinstance(found.item, Paper)]


def _compare(before: Entries, after: Entries) -> tuple[dict[str, int], list[str]]:
    count: Counter[str] = Counter()
    differ: list[str] = []
    for key, (kind, fields) in before.items():
        came, back = after.get(key, ("", {}))
        count["types"] += kind == came
        if kind != came:
            differ.append(f"{key}: type {kind} -> {came or 'nothing'}")
        for name, value in fields.items():
            how = _how(value, back.get(name))
            count[how] += 1
            if how == "differ":
                differ.append(f"{key}: {name} {value[:80]!r} -> {str(back.get(name))[:80]!r}")
    fields_ = sum(len(fields) for _, fields in before.values())
    shown = {name: count[name] for name in ("verbatim", "after TeX", "differ")}
    return {"types": count["types"], "fields": fields_, **shown}, differ


def _how(before: str, after: str | None) -> str:
    if after is None:
        return "differ"
    if before == after or before.split() == after.split():
        return "verbatim"
    return "after TeX" if resolved(before) == resolved(after) else "differ"


def resolved(text: str) -> str:
    """What a value says once its TeX is text."""
    plain = LatexNodes2Text(keep_comments=True).latex_to_text(re.sub(r"(?<!\\)%", r"\\%", text))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _bibtex(text: str) -> Entries:
    """Every entry that pybtex reads, each by itself: it ends at its first mistake."""
    macros = dict(month_names)
    entries: Entries = {}
    for piece in re.split(r"(?m)^(?=\s*@)", text.replace("\r\n", "\n")):
        for kind, content in _blocks(piece, macros):
            if kind.lower() == "string":
                macros[content[0].lower()] = "".join(content[1])
            elif kind.lower() not in ("comment", "preamble", "xdata") and content[0]:
                fields = {name.lower(): "".join(parts) for name, parts in reversed(content[1])}
                entries.setdefault(content[0], (kind.lower(), fields))
    return entries


def _blocks(piece: str, macros: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    try:
        yield from LowLevelParser(piece, macros=_Macros(macros), handle_error=lambda _: None)
    except PybtexSyntaxError:
        return


class _Macros(dict[str, str]):
    """Macros, of which one that nobody has defined stands for its own name."""

    def __missing__(self, name: str) -> str:
        return name


def _ris(text: str) -> Entries:
    """Every record's tags, those that come again joined by a bar."""
    entries: Entries = {}
    for number, piece in enumerate(re.split(r"(?m)^ER {1,2}-.*$", text.replace("\r\n", "\n"))):
        lines = re.findall(r"(?m)^([A-Z][A-Z0-9])  - ?(.*(?:\n(?![A-Z][A-Z0-9]  -).*)*)", piece)
        fields: Fields = {}
        for tag, value in lines:
            if value.strip():
                fields[tag] = f"{fields[tag]} | {value.strip()}" if tag in fields else value.strip()
        if "TY" in fields:
            kind, key = fields.pop("TY"), fields.pop("ID", "")
            entries[f"{number} {key and ''}"] = (kind, fields)
    return entries


def _csl(text: str) -> Entries:
    items = json.loads(text)
    return {
        str(item["id"]): (
            item.get("type", ""),
            {name: json.dumps(value, sort_keys=True) for name, value in item.items() if name != "id"},
        )
        for item in items
    }


FORMATS: Mapping[str, tuple[str, Callable[[str], Entries]]] = {
    ".bib": ("bibtex", _bibtex),
    ".ris": ("ris", _ris),
    ".json": ("csl-json", _csl),
}
"""Suffix -> the format that it goes out in, and what reads it."""


def _held(text: str, suffix: str) -> Entries:
    try:
        return FORMATS[suffix][1](text)
    except (KeyError, TypeError, ValueError, AttributeError):  # other JSON than CSL's
        return {}


def judged() -> dict[str, str]:
    """What biber makes of the BibLaTeX and pandoc of all formats, over all files together."""
    found = [one for path in sorted(BIB.rglob("*")) if path.suffix in FORMATS for one in works(path)]
    told = {"works": str(len(found))}
    with tempfile.TemporaryDirectory() as folder:
        for name, suffix, reader in (
            ("biblatex", "bib", "biblatex"), ("bibtex", "bib", "bibtex"), ("csl-json", "json", "csljson"),
            ("ris", "ris", "ris"),
        ):  # fmt: skip
            file = Path(folder) / f"{name}.{suffix}"
            file.write_text(exporter(name)(found, ReferenceOptions()), encoding="utf-8")
            command = ["pandoc", "-f", reader, "-t", "csljson", str(file)]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            told[f"pandoc -f {reader}"] = f"{len(json.loads(run.stdout or '[]'))} items, {_last(run.stderr)}"
            if suffix == "bib":
                told[f"biber, {name}"] = _biber(file)
    return told


def _biber(file: Path) -> str:
    command = ["biber", "--tool", "--validate-datamodel", f"--output-file={file}.out", str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in run.stdout.splitlines() if line.startswith(("WARN", "ERROR"))]
    kinds = Counter(re.sub(r"'[^']*'|\"[^\"]*\"|entry \S+", "X", line)[:100] for line in said)
    return f"exit {run.returncode}, " + "; ".join(f"{n} x {kind}" for kind, n in kinds.most_common(12))


def _last(text: str) -> str:
    return text.strip().splitlines()[-1][:200] if text.strip() else "no complaint"


if __name__ == "__main__":
    main()
