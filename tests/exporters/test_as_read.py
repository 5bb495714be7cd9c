"""What came in as a record goes out as it came, in its own format; in another, nothing of it is made up."""

from __future__ import annotations

import io
import json

from agq.exporters import Reference, ReferenceOptions, cited, exporter
from agq.model import Paper
from agq.readers import read
from agq.records import Work

BIB = r"""
@string{jl = "Journal of " # "Lagoons"}
@PhdThesis{berg2019, title = {On {NaCl} in {\"O}l}, author = {von Berg, Jr., Anna and {{Salt, Inc.}}},
  school = {Univ. of {Oslo}}, year = 2019, month = mar, keywords = {salt, /toread, _mine},
  file = {/home/a.pdf}, annotation = {my own}, madeup = {kept}}
@article{doe2020, title = "A {DNA} study", author = {Doe, John}, journal = jl, pages = {1--9}, year = {2020}}
@inproceedings{child, title = {A talk}, author = {Poe, Pam}, crossref = {proc}}
@proceedings{proc, title = {Proceedings of Lagoons}, editor = {Roe, R.}, year = 2018,
  publisher = {Lagoon Press}}
"""


def works(data: str) -> dict[str, Reference]:
    """The works of a text, each as it was read, by id."""
    found = read(["-"], stdin=io.BytesIO(data.encode()))
    return {one.item.id: cited(Work(one.item, one.record)) for one in found if isinstance(one.item, Paper)}


def written(name: str, *ids: str, private: bool = False) -> str:
    held = works(BIB)
    return exporter(name)([held[one] for one in ids], ReferenceOptions(private=private))


def test_an_entry_is_the_one_that_was_read_without_what_is_private() -> None:
    out = written("bibtex", "berg2019")
    assert out.startswith("@phdthesis{berg2019,\n")
    assert r"title = {On {NaCl} in {\"O}l}," in out
    assert "author = {von Berg, Jr., Anna and {{Salt, Inc.}}}," in out
    assert "school = {Univ. of {Oslo}}," in out
    assert "year = 2019," in out
    assert "month = mar," in out
    assert "madeup = {kept}," in out
    assert "keywords = {salt}," in out
    assert "file" not in out
    assert "annotation" not in out


def test_what_is_private_goes_out_where_it_is_asked_for() -> None:
    out = written("bibtex", "berg2019", private=True)
    assert "keywords = {salt, /toread, _mine}," in out
    assert "file = {/home/a.pdf}," in out


def test_macros_say_what_they_stand_for() -> None:
    assert "journal = {Journal of Lagoons}," in written("bibtex", "doe2020")


def test_an_entry_that_refers_to_another_stands_alone_or_before_it() -> None:
    alone = written("bibtex", "child")
    assert "crossref" not in alone
    assert "booktitle = {Proceedings of Lagoons}," in alone
    both = written("bibtex", "proc", "child")
    assert "crossref = {proc}," in both
    assert both.index("{child,") < both.index("{proc,")


def test_other_formats_have_the_type_the_names_and_the_school() -> None:
    (item,) = json.loads(written("csl-json", "berg2019"))
    assert (item["type"], item["publisher"]) == ("thesis", "Univ. of Oslo")
    assert item["author"] == [
        {"family": "Berg", "given": "Anna", "non-dropping-particle": "von", "suffix": "Jr."},
        {"literal": "Salt, Inc."},
    ]
    assert item["custom"]["madeup"] == "kept"
    ris = written("ris", "berg2019")
    assert "TY  - THES\n" in ris
    assert "AU  - von Berg, Anna, Jr.\n" in ris
    assert "PB  - Univ. of Oslo\n" in ris
    assert "toread" not in ris


def test_a_style_sets_the_reference() -> None:
    held = works(BIB)
    line = exporter("text")([held["doe2020"]], ReferenceOptions(style="apa"))
    assert line.startswith("Doe, J. (2020). A DNA study. Journal of Lagoons, 1–9")


RIS = """TY  - JOUR
ID  - lee2020
TI  - Frogs
KW  - frogs
KW  - /toread
L1  - file:///home/a.pdf
L1  - https://example.org/a.pdf
ER  -
"""


def test_a_record_of_ris_comes_out_as_it_came_without_what_is_private() -> None:
    (held,) = works(RIS).values()
    public, private = (exporter("ris")([held], ReferenceOptions(private=one)) for one in (False, True))
    assert public == (
        "TY  - JOUR\nID  - lee2020\nTI  - Frogs\nKW  - frogs\nL1  - https://example.org/a.pdf\nER  - \n"
    )
    assert "KW  - /toread\nL1  - file:///home/a.pdf\n" in private
