"""Files made to use up memory or time: each ends soon, in little memory, with its reason told."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from processes import PATIENCE

MEGABYTE = 1024 * 1024
MEMORY = 900
"""Megabytes."""
SECONDS = 12.0
"""Of the processor, not of the wall."""

_READ = """
import sys, time
from pathlib import Path
from agq.model import Rejected
from agq.readers import read
for name in sys.argv[1:]:
    good, bad, reason, start = 0, 0, "", time.process_time()
    for record in read([name]):
        if isinstance(record.item, Rejected):
            bad, reason = bad + 1, reason or record.item.reason
        else:
            good += 1
    # of this program alone: the peak that getrusage tells is inherited from whoever started it
    status = Path("/proc/self/status").read_text()
    memory = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    print(name, good, bad, memory, round(time.process_time() - start, 1), reason[:200], sep="\\t", flush=True)
"""

CARD = {"id": "a2020", "title": "A title", "abstract": "An abstract."}


def laughs() -> bytes:
    """YAML aliases of aliases: nine levels of nine."""
    lines = ["- a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"  a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(9))}]" for n in range(1, 10)]
    return "\n".join([*lines, "  title: *a9", "  id: x"]).encode()


def entities(kind: str) -> bytes:
    """XML entities of entities, or one that names a file."""
    if kind == "external":
        head = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        return f"{head}<PubmedArticleSet><PubmedArticle>&x;</PubmedArticle></PubmedArticleSet>".encode()
    defined = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE r [<!ENTITY l0 "lol">{defined}]>'
    return f"{head}<PubmedArticleSet><PubmedArticle>&l9;</PubmedArticle></PubmedArticleSet>".encode()


def packed(size: int) -> bytes:
    """So many zeros, packed a thousandfold."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    parts = [packer.compress(bytes(MEGABYTE)) for _ in range(size // MEGABYTE)]
    return b"".join([*parts, packer.flush()])


def json_bytes(**more: object) -> bytes:
    return json.dumps(CARD | more).encode() + b"\n"


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip of zeros": ("a.jsonl.gz", lambda: packed(1100 * MEGABYTE)),
    "gzip in gzip": ("a.jsonl.gz", lambda: gzip.compress(gzip.compress(json_bytes()))),
    "yaml aliases": ("a.yaml", laughs),
    "yaml nesting": ("a.yaml", lambda: b"[" * 100_000),
    "yaml block nesting": ("a.yaml", lambda: b"\n".join(b" " * n + b"a:" for n in range(2000))),
    "yaml anchors": ("a.yaml", lambda: b"- id: x\n  title: &a [*a, *a]\n"),
    "yaml python object": ("a.yaml", lambda: b"- !!python/object/apply:os.system ['touch PWNED']\n"),
    "json nesting": ("a.jsonl", lambda: b'{"id":"a","title":' + b"[" * 200_000 + b"\n" + json_bytes()),
    "json document nesting": ("a.json", lambda: b"[" * 500_000),
    "json number": ("a.jsonl", lambda: b'{"id":"a","title":' + b"9" * 5_000_000 + b"}\n" + json_bytes()),
    "a line of 40 MB": ("a.jsonl", lambda: json_bytes(abstract="x" * 17 * MEGABYTE) + json_bytes()),
    "many authors": ("a.jsonl", lambda: json_bytes(authors=["Ann Lee"] * 300_000)),
    "authors in a string": ("a.jsonl", lambda: json_bytes(authors=" and ".join(["Ann Lee"] * 300_000))),
    "commas": ("a.jsonl", lambda: json_bytes(authors="," * 3_000_000)),
    "backslashes": ("a.jsonl", lambda: json_bytes(abstract="\\" * 300_000)),
    "open braces": ("a.jsonl", lambda: json_bytes(abstract="{" * 1_000_000)),
    "dollars": ("a.jsonl", lambda: json_bytes(abstract="$" * 1_000_001)),
    "macros": ("a.jsonl", lambda: json_bytes(abstract="\\frac{" * 200_000)),
    "carets": ("a.jsonl", lambda: json_bytes(abstract="$" + "x^{" * 200_000)),
    "spaces": ("a.jsonl", lambda: json_bytes(abstract=" " * 5_000_000 + ".")),
    "tags": ("a.jsonl", lambda: json_bytes(abstract="<" * 500_000)),
    "open tags": ("a.jsonl", lambda: json_bytes(abstract="<a " * 200_000)),
    "entities": ("a.jsonl", lambda: json_bytes(abstract="&#" * 1_000_000)),
    "escapes": ("a.jsonl", lambda: json_bytes(abstract="\x1b]" * 500_000)),
    "marks": ("a.jsonl", lambda: json_bytes(title="e" + "\u0301" * 1_000_000)),
    "a title of dots": ("a.jsonl", lambda: json_bytes(title="." * 1_000_000, abstract="a. " * 300_000)),
    "digits": ("a.jsonl", lambda: json_bytes(date="1" * 1_000_000, doi="10." + "1" * 1_000_000)),
    "doi": ("a.jsonl", lambda: json_bytes(doi="10.1000/" * 100_000)),
    "bibtex braces": ("a.bib", lambda: b"@article{a,title={" + b"{" * 500_000),
    "bibtex entries": ("a.bib", lambda: b"@" * 500_000),
    "bibtex strings": (
        "a.bib",
        lambda: (
            b"@string{s0={ha}}\n"
            + b"".join(b"@string{s%d=s%d # s%d}\n" % (n, n - 1, n - 1) for n in range(1, 60))
            + b"@article{a,title=s59}\n"
        ),
    ),
    "bibtex concatenation": ("a.bib", lambda: b"@article{a,title=" + b'"x" # ' * 200_000 + b'"y"}\n'),
    "bibtex never closed": ("a.bib", lambda: b"@article{a,\n title = {x},\n" * 5_000),
    "ris without an end": ("a.ris", lambda: b"TY  - JOUR\nTI  - x\n" * 20_000),
    "ris of one tag": ("a.ris", lambda: b"TY  - JOUR\n" + b"AU  - Lee, A\n" * 100_000 + b"ER  - \n"),
    "xml entities": ("a.xml", lambda: entities("internal")),
    "xml external entity": ("a.xml", lambda: entities("external")),
    "xml nesting": ("a.xml", lambda: b"<PubmedArticleSet>" + b"<a>" * 300_000),
    "xml attributes": (
        "a.xml",
        lambda: b"<PubmedArticleSet " + b"".join(b'a%d="1" ' % n for n in range(300_000)) + b"/>",
    ),
    "xml comment": ("a.xml", lambda: b"<?xml version='1.0'?><!--" + b"-" * 3_000_000),
    "csv quotes": ("a.csv", lambda: b'id,title\na,"' + b'""' * 3_000_000),
    "csv columns": ("a.csv", lambda: b"id,title" + b",x" * 100_000 + b"\n" + b"," * 100_000),
    "utf-16": ("a.jsonl", lambda: b"\xff\xfe" + b"\x00" * 5_000_000),
    "nuls": ("a.jsonl", lambda: bytes(20 * MEGABYTE)),
    "parquet cut": ("a.parquet", lambda: b"PAR1" + b"\xff" * 1000 + b"PAR1"),
    "parquet length": ("a.parquet", lambda: b"PAR1" + b"\x00" * 16 + b"\xff\xff\xff\x7f" + b"PAR1"),
}


@pytest.mark.slow
def test_every_bomb_ends_soon_and_small(tmp_path: Path) -> None:
    names = {}
    for number, (name, (ending, made)) in enumerate(BOMBS.items()):
        names[f"{number}{ending.removeprefix('a')}"] = name
        (tmp_path / f"{number}{ending.removeprefix('a')}").write_bytes(made())
    done = subprocess.run(
        [sys.executable, "-c", _READ, *names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 * 1024 * MEGABYTE,) * 2),
    )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0, (rows[-1:], done.stderr[-800:])
    assert len(rows) == len(BOMBS)
    for file, _, _, memory, seconds, reason in rows:
        assert int(memory) < MEMORY, names[file]
        assert float(seconds) < SECONDS, names[file]
        assert "Error" not in reason, names[file]
    assert "root:" not in done.stdout
    assert not (tmp_path / "PWNED").exists()
