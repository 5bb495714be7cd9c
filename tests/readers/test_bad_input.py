"""Broken and hostile files: a clear line for what is lost, every good record kept, memory bounded."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
from pathlib import Path

import pytest

from agq.model import Paper, Rejected
from agq.readers import Found, InputLimits, read

Told = tuple[int | None, str]


def ids(records: list[Found]) -> list[str]:
    return [record.item.id for record in records if isinstance(record.item, Paper)]


def told(records: list[Found]) -> list[Told]:
    return [(r.item.line, r.item.reason) for r in records if isinstance(r.item, Rejected)]


def from_bytes(data: bytes, limits: InputLimits | None = None) -> list[Found]:
    return list(read(["-"], stdin=io.BytesIO(data), limits=limits or InputLimits()))


def keyed(records: list[Found]) -> list[tuple[str, str]]:
    return [(record.item.id, record.item.title) for record in records if isinstance(record.item, Paper)]


def line(key: str, **more: object) -> bytes:
    return json.dumps({"id": key, "title": f"Title of {key}", **more}).encode() + b"\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b" \n\n\t\n", "empty file"),
        (b"\xef\xbb\xbf", "empty file"),
        (b"[]", "no records in it"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "no records in it"),
        (b"Dear diary,\ntoday nothing happened.\n", "format not recognised"),
        (b"\x00\x01\x02\x03 binary", "format not recognised"),
        (b"<html><body>Not found</body></html>", "format not recognised"),
        (b"%PDF-1.7\n", "a PDF: metadata is wanted, not the paper"),
        (b"PK\x03\x04rest", "a zip archive or office document: unpack or export it first"),
        (gzip.compress(b"", mtime=0), "empty file"),
    ],
)
def test_a_file_without_records_says_what_it_is(data: bytes, reason: str) -> None:
    (record,) = from_bytes(data)
    assert record.item == Rejected("-", reason)


def test_a_truncated_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(line(f"k{n}", abstract=os.urandom(400).hex()) for n in range(200)))
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(whole[: len(whole) // 2])
    records = list(read([file]))
    assert ids(records) == [f"k{n}" for n in range(len(ids(records)))]
    assert len(ids(records)) > 50
    ((_, reason),) = told(records)
    assert reason.startswith("gzip truncated or damaged")


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("xz", lzma.compress)])
def test_damaged_packed_data_is_told(name: str, pack: type) -> None:
    data = bytearray(pack(b"".join(line(f"k{n}") for n in range(5000))))
    data[40:60] = b"\0" * 20
    records = from_bytes(bytes(data))
    assert told(records)[-1][1].startswith(f"{name} truncated or damaged")


def test_a_decompression_bomb_is_stopped() -> None:
    bomb = gzip.compress(line("k1") + b" " * 30_000_000)
    limits = InputLimits(record=1000, unpacked=1_000_000, ratio=100)
    records = from_bytes(bomb, limits)
    assert ids(records) == ["k1"]
    assert told(records)[-1] == (None, "gzip data unpacks to more than 100 times its size")


def test_a_line_over_the_limit_is_passed_over() -> None:
    data = line("k1") + line("k2", abstract="x" * 5000) + line("k3")
    records = from_bytes(data, InputLimits(record=1000))
    assert ids(records) == ["k1", "k3"]
    assert told(records) == [(2, "line longer than 1,000 bytes")]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"id": "b", "title": "caf\xe9"}', "not valid UTF-8 (byte 0xe9)"),
        (b'{"id": "b", "title": "nul \x00"}', "not valid JSON: Invalid control character at column 27"),
        (b'{"id": "b", "title": "cut', "not valid JSON: Unterminated string starting at column 22"),
        (b'{"id": "b", "title": ""}', "no title"),
        (b'{"id": "b", "title": null}', "no title"),
        (b'{"id": "b"}', "no title"),
        (b"[1, 2]", "not a JSON object"),
        (b"[" * 100_000, "not readable JSON: nested too deeply"),
        (b'{"n": ' + b"9" * 5000 + b"}", "not readable JSON"),
    ],
)
def test_a_bad_json_line_costs_no_other(bad: bytes, reason: str) -> None:
    records = from_bytes(line("a") + bad + b"\n" + line("c"))
    assert ids(records) == ["a", "c"]
    ((number, said),) = told(records)
    assert number == 2
    assert said.startswith(reason)


def test_json_characters_that_no_text_has_are_left_out() -> None:
    records = from_bytes(
        rb'{"id": "a\ud800\u0000", "title": "One \ud83d two\u0000 \u202eeerht"}' + b"\n" + line("b")
    )
    assert keyed(records)[0] == ("a", "One two eerht")


def test_a_broken_record_in_a_json_list_costs_no_other() -> None:
    good = [{"id": key, "title": key.upper(), "author": [{"family": "A", "given": "B"}]} for key in "abcd"]
    for indent in (None, 1, 4):
        data = json.dumps(good, indent=indent).replace('"B"', '"B', 2).replace('"B', '"B"', 1)
        records = from_bytes(data.encode())
        assert ids(records) == ["a", "c", "d"], indent
        assert len(told(records)) == 1


def test_a_broken_byte_in_a_json_list_costs_one_record() -> None:
    records = from_bytes(
        b'[{"id": "a", "title": "A"}, {"id": "b", "title": "\xe9"}, {"id": "c", "title": "C"}]'
    )
    assert ids(records) == ["a", "c"]
    assert told(records) == [(1, "not valid UTF-8")]


def test_a_json_list_longer_than_a_record_may_be_is_streamed() -> None:
    many = [{"id": f"k{n}", "title": "x" * 100} for n in range(5000)]
    for document in (many, {"meta": {"count": 5000}, "results": many}, {r["id"]: r for r in many}):
        assert len(ids(from_bytes(json.dumps(document).encode(), InputLimits(record=2000)))) == 5000


BIBTEX = b"""@article{a, title = {First}, year = 2001}
@article{b, title = {Open {brace}, year = 2002}
@article{c, title = {Third}, year = 2003}
@article{d, title = "Quote, year = 2004}

@misc(e, title = {Round (brackets)})
@article{f title = {No comma}}
% @article{g, title = {Commented out}}
@article{h, title = {Twice}, title = {Said}, note = {a @ {b}}}
@article{h, title = {The same key}}
stray text
@book{i, title = {Last}}
"""


def test_bibtex_keeps_the_entries_beside_a_broken_one() -> None:
    records = from_bytes(BIBTEX)
    assert ids(records) == ["a", "c", "e", "h", "h", "i"]
    assert [(r.item.line, r.item.record) for r in records if isinstance(r.item, Rejected)] == [
        (2, "b"),
        (4, "d"),
        (7, "f"),
    ]
    assert told(records)[0][1] == (
        "not valid BibTeX: the next entry begins before this one ends (a brace or quote is missing)"
    )


def test_bibtex_that_breaks_off_keeps_the_whole_entries() -> None:
    records = from_bytes(b"@article{a, title = {A}}\n@article{b, title = {B\n")
    assert ids(records) == ["a"]
    assert told(records) == [(2, "not valid BibTeX: the entry does not end (a brace or quote is missing)")]


def test_strings_are_joined_and_references_followed() -> None:
    data = b"""@string{jt = "J. Test"}
@string{both = jt # " and " # {More}}
@inproceedings{child, title = {Child}, crossref = {parent}}
@inproceedings{orphan, title = {Orphan}, crossref = {nobody}}
@article{m, title = {Macros}, journal = both, month = jun # "~13", year = 2024,
  author = undefinedM # { and } # {B. C}}
@book{parent, title = {Parent}, year = 1999}
@article{self, title = {Self}, crossref = {self}}
"""
    by_id = {r.item.id: r.item for r in from_bytes(data) if isinstance(r.item, Paper)}
    assert by_id["child"].venue == "Parent"
    assert by_id["child"].date == "1999"
    assert by_id["orphan"].venue == ""
    assert (by_id["m"].venue, by_id["m"].date) == ("J. Test and More", "2024-06")
    assert by_id["m"].authors == ("undefinedM", "B. C")
    assert set(by_id) == {"child", "orphan", "m", "parent", "self"}


def test_latin_1_is_read_as_what_it_is() -> None:
    bib = "@article{a, title = {Über Wälder}, author = {Groß, Eva}}\n".encode("latin-1")
    ris = "TY  - JOUR\nID  - r\nTI  - Café\nER  - \n".encode("latin-1")
    csv = "id,title\nc,Déjà vu\n".encode("latin-1")
    assert [r.item.title for d in (bib, ris, csv) for r in from_bytes(d) if isinstance(r.item, Paper)] == [
        "Über Wälder",
        "Café",
        "Déjà vu",
    ]


@pytest.mark.parametrize(
    "data",
    [
        "@article{a, title = {Äb}, note = {x}}\n@article{b, title = {Ü@}}\n@article{c, title = {C}}\n",
        "TY  - J\nID  - a\nTI  - Äb\nER  - \nTY  - J\nID  - b\nTI  - Ü@\nTY  - J\nID  - c\nTI  - C\nER  - \n",
        "id,title\na,Äb\nb,Ü@\nc,C\n",
        "- id: a\n  title: Äb\n- id: b\n  title: Ü@\n- id: c\n  title: C\n",
    ],
)
def test_broken_utf_8_costs_one_record(data: str) -> None:
    records = from_bytes(data.encode().replace(b"\xc3\x9c@", b"\xc3\x9c\xff"))
    assert ids(records) == ["a", "c"]
    assert "not valid UTF-8" in told(records)[0][1]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "text",
    [
        '{"id": "a", "title": "Ä"}\n{"id": "b", "title": "B"}\n',
        '[{"id": "a", "title": "Ä"},\n{"id": "b", "title": "B"}]\n',
        "id;title\na;Ä\nb;B\n",
        "- id: a\n  title: Ä\n- id: b\n  title: B\n",
        "@article{a,\n title = {Ä}\n}\n@article{b,\n title = {B}\n}\n",
        "TY  - JOUR\nID  - a\nTI  - Ä\nER  - \n\nTY  - JOUR\nID  - b\nTI  - B\nER  - \n",
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><title>Ä</title></entry>\n'
            "<entry><id>b</id><title>B</title></entry></feed>"
        ),
    ],
)
def test_byte_order_marks_and_line_ends_change_nothing(text: str, ending: str, encoding: str) -> None:
    records = from_bytes(text.replace("\n", ending).encode(encoding))
    assert keyed(records) == [("a", "Ä"), ("b", "B")]
    assert told(records) == []


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)


def test_yaml_that_is_built_to_grow_does_not() -> None:
    records = from_bytes(f"{LAUGHS}title: *j\n---\nid: k\ntitle: Fine\n".encode())
    assert ids(records) == ["k"]
    (many,) = from_bytes(b"base: &b x\ntitle: [" + b"*b, " * 2000 + b"]\n")
    assert isinstance(many.item, Rejected)
    assert many.item.reason == "more than 1000 YAML aliases"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("title: A\nid: a\nauthors:\n- X Y\nabstract: |\n  - one\n  - two\n", ["a"]),
        ("a:\n  title: A\nb:\n  title: B\n", ["a", "b"]),
        (
            "papers:\n  - id: a\n    title: A\n    authors:\n      - X Y\n  - id: b\n    title: B\n",
            ["a", "b"],
        ),
        ("%YAML 1.2\n---\nid: a\ntitle: A\n---\nid: b\ntitle: B\n...\n", ["a", "b"]),
        ("- id: a\n  title: A\n  authors:\n  - X Y\n# note\n\n- id: b\n  title: B\n", ["a", "b"]),
        ("-\n  id: a\n  title: A\n-\n  id: b\n  title: B\n", ["a", "b"]),
    ],
)
def test_yaml_may_be_laid_out_in_many_ways(data: str, expected: list[str]) -> None:
    records = from_bytes(data.encode())
    assert ids(records) == expected
    assert told(records) == []


def test_yaml_anchors_and_merges_work() -> None:
    data = b"""- &base
  id: a
  title: A
  authors: &who [Ann Author]
- <<: *base
  id: b
- id: c
  title: C
  authors: *who
- id: d
  title: *nobody
"""
    records = from_bytes(data)
    assert [(r.item.id, r.item.title, r.item.authors) for r in records if isinstance(r.item, Paper)] == [
        ("a", "A", ("Ann Author",)),
        ("b", "A", ("Ann Author",)),
        ("c", "C", ("Ann Author",)),
    ]
    assert told(records) == [(10, "YAML alias *nobody without its anchor")]


@pytest.mark.parametrize(
    "bad",
    [
        "- id: b\n  title: [open\n",
        "- id: b\n  title: 'open\n",
        "- id: b\n\ttitle: tab\n",
        "- just text\n",
        "- id: b\n title: x\n",
    ],
)
def test_a_broken_card_costs_no_other(bad: str) -> None:
    records = from_bytes(f"- id: a\n  title: A\n{bad}- id: c\n  title: C\n".encode())
    assert ids(records) == ["a", "c"]
    ((number, _),) = told(records)
    assert number in {3, 4, 5}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('b,"open,2001\n', "a quote is not closed"),
        ('b,"x" y,2001\n', ""),
        ("b,B,2001,more,and more\n", "5 cells where the header has 3"),
    ],
)
def test_a_broken_row_costs_no_other(bad: str, reason: str) -> None:
    records = from_bytes(f'id,title,year\na,A,2000\n{bad}c,"C, c",2002\nd,"D ""d""\nd",2003\n'.encode())
    assert [i for i in ids(records) if i != "b"] == ["a", "c", "d"]
    if reason:
        ((number, said),) = told(records)
        assert number == 3
        assert reason in said


def test_a_table_without_a_title_says_so() -> None:
    (record,) = read(["-"], stdin=io.BytesIO(b"id,nothing\na,b\n"), fields={"title": "missing"})
    assert isinstance(record.item, Rejected)


XML = '<?xml version="1.0"?>{doctype}<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'


def entries(*titles: str) -> str:
    return "\n".join(f"<entry><id>k{n}</id><title>{title}</title></entry>" for n, title in enumerate(titles))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("a & b", "not valid XML"),
        ("<i>open", "not valid XML"),
        ("a < b", "not valid XML"),
        ("&lol;", "uses the XML entity &lol;, which is not resolved"),
        ("&xxe;", "uses the XML entity &xxe;, which is not resolved"),
        ("", "no title"),
    ],
)
def test_a_broken_xml_record_costs_no_other(bad: str, reason: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("TOP SECRET")
    doctype = f'<!DOCTYPE feed [<!ENTITY lol "lol"><!ENTITY xxe SYSTEM "{secret.as_uri()}">]>'
    records = from_bytes(
        XML.format(doctype=doctype, entries=entries("A", bad, "C &amp; caf&eacute;")).encode()
    )
    assert [r.item.title for r in records if isinstance(r.item, Paper)] == ["A", "C & café"]
    ((number, said),) = told(records)
    assert number == 2
    assert said.startswith(reason)


def test_xml_that_breaks_off_keeps_the_whole_records() -> None:
    data = XML.format(doctype="", entries=entries("A", "B"))
    records = from_bytes(data[: data.index("</title></entry></feed>")].encode())
    assert ids(records) == ["k0"]
    assert told(records) == [(2, "the record does not end, or is too long")]


def test_ris_without_ends_is_read() -> None:
    records = from_bytes(b"TY  - JOUR\nID  - a\nTI  - A\nTY  - JOUR\nID  - b\nTI  - B\n")
    assert ids(records) == ["a", "b"]


def test_places_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "picture.png").write_bytes(b"x")
    records = list(read([tmp_path / "gone.bib", tmp_path / "empty", f"{tmp_path}/*.ris"]))
    assert [(Path(r.source).name, r.item.reason) for r in records if isinstance(r.item, Rejected)] == [
        ("gone.bib", "cannot be opened: No such file or directory"),
        ("empty", "no metadata files in this folder"),
        ("*.ris", "no file matches this pattern"),
    ]


def test_a_file_that_vanishes_while_others_are_read_is_told(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "c.jsonl"):
        (tmp_path / name).write_bytes(line(name))
    records = []
    for record in read([tmp_path]):
        records.append(record)
        (tmp_path / "b.jsonl").unlink(missing_ok=True)
    assert ids(records) == ["a.jsonl", "c.jsonl"]
    assert told(records) == [(None, "cannot be opened: No such file or directory")]


def test_a_thousand_authors_all_come_through() -> None:
    names = [f"Family{n}, Given{n}" for n in range(1000)]
    bib = f"@article{{a, title = {{A}}, author = {{{' and '.join(names)}}}}}".encode()
    (record,) = from_bytes(bib)
    assert isinstance(record.item, Paper)
    assert record.item.authors == tuple(f"Given{n} Family{n}" for n in range(1000))
