"""What each format makes of a paper that no format's record came with, field by field and in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from agq.errors import UnknownName, UsageError
from agq.exporters import EXPORTERS, Reference, ReferenceOptions, cited, exporter
from agq.exporters.keys import key, keys, styled
from agq.model import Paper
from agq.records import Record, Same, Work, packed
from agq.text.people import Name

WHOLE = Paper(
    "lee2024",
    "A DNA study of $x^2$ & {more}",
    "It is 5 % better.",
    ("Ann Lee", "CERN"),
    ("cs.LG", "biology"),
    "2024-06-13",
    "10.1000/x",
    "2406.00001",
    "https://example.org/x",
    "Journal of Frogs",
)
BARE = Paper("bare", "Frogs")


def one(
    paper: Paper, type_: str = "", fields: Mapping[str, object] | None = None, **more: object
) -> Reference:
    """A paper with a record of this type and these fields of CSL."""
    record = Record(type=type_, fields=fields or {}, **more)  # type: ignore[arg-type]  # by name
    return Reference(key(paper.id), paper, record)


def written(name: str, *ones: Reference, private: bool = False, style: str = "") -> str:
    return exporter(name)(list(ones), ReferenceOptions(private=private, style=style))


def lines(name: str, cited: Reference) -> list[str]:
    return written(name, cited).splitlines()


def test_the_formats_are_named() -> None:
    assert list(EXPORTERS) == ["bibtex", "biblatex", "ris", "csl-json", "text"]
    with pytest.raises(UnknownName, match="unknown format 'bibtx'"):
        exporter("bibtx")


# --- BibTeX and BibLaTeX ---


def test_an_entry_of_bibtex_has_its_fields_in_order() -> None:
    assert lines("bibtex", one(WHOLE)) == [
        "@article{lee2024,",
        "  title = {A {DNA} study of $x^2$ \\& \\textbraceleft{}more\\textbraceright{}},",
        "  author = {Lee, Ann and {CERN}},",
        "  journal = {Journal of Frogs},",
        "  year = {2024},",
        "  month = jun,",
        *lines("bibtex", one(WHOLE))[6:],
    ]
    rest = lines("bibtex", one(WHOLE))[6:]
    assert [line.split(" = ")[0].strip() for line in rest] == [
        "doi", "eprint", "archivePrefix", "primaryClass", "url", "keywords", "abstract", "}",
    ]  # fmt: skip
    assert "  doi = {10.1000/x}," in rest
    assert "  url = {https://example.org/x}," in rest
    assert "  abstract = {It is 5 \\% better.}," in rest
    assert "  eprint = {2406.00001}," in rest
    assert "  archivePrefix = {arXiv}," in rest
    assert "  primaryClass = {cs.LG}," in rest


def test_an_entry_of_biblatex_has_its_own_names() -> None:
    found = lines("biblatex", one(WHOLE))
    assert "  journaltitle = {Journal of Frogs}," in found
    assert "  date = {2024-06-13}," in found
    assert "  eprinttype = {arXiv}," in found
    assert "  eprintclass = {cs.LG}," in found
    assert not any(line.startswith(("  year", "  month", "  journal =")) for line in found)


def test_what_a_paper_has_not_is_not_written() -> None:
    assert written("bibtex", one(BARE)) == "@misc{bare,\n  title = {Frogs},\n}\n"
    assert written("biblatex", one(BARE)) == "@misc{bare,\n  title = {Frogs},\n}\n"


@pytest.mark.parametrize(
    ("type_", "bibtex", "biblatex"),
    [
        ("article-journal", "article", "article"), ("article-magazine", "article", "article"),
        ("article-newspaper", "article", "article"), ("review", "article", "article"),
        ("book", "book", "book"), ("chapter", "incollection", "incollection"),
        ("entry-encyclopedia", "incollection", "inreference"),
        ("entry-dictionary", "incollection", "incollection"),
        ("paper-conference", "inproceedings", "inproceedings"), ("report", "techreport", "report"),
        ("pamphlet", "booklet", "booklet"), ("thesis", "phdthesis", "thesis"), ("webpage", "misc", "online"),
        ("post", "misc", "online"), ("post-weblog", "misc", "online"), ("dataset", "misc", "dataset"),
        ("software", "misc", "software"), ("patent", "misc", "patent"), ("periodical", "misc", "periodical"),
        ("manuscript", "misc", "unpublished"), ("article", "misc", "online"), ("song", "misc", "misc"),
    ],
)  # fmt: skip
def test_each_type_has_its_entry(type_: str, bibtex: str, biblatex: str) -> None:
    cited = one(BARE, type_)
    assert written("bibtex", cited).startswith(f"@{bibtex}{{bare,")
    assert written("biblatex", cited).startswith(f"@{biblatex}{{bare,")


@pytest.mark.parametrize(
    ("genre", "bibtex", "biblatex"),
    [
        ("", ("phdthesis", ""), "phdthesis"),
        ("PhD thesis", ("phdthesis", ""), "phdthesis"),
        ("phd", ("phdthesis", ""), "phdthesis"),
        ("Doctoral thesis", ("phdthesis", ""), "Doctoral thesis"),
        ("Master's thesis", ("mastersthesis", ""), "mathesis"),
        ("Habilitation", ("phdthesis", "Habilitation"), "Habilitation"),
    ],
)
def test_a_thesis_is_of_its_kind(genre: str, bibtex: tuple[str, str], biblatex: str) -> None:
    cited = one(BARE, "thesis", {"genre": genre, "publisher": "Oslo"} if genre else {"publisher": "Oslo"})
    found = lines("bibtex", cited)
    kind, told = bibtex
    assert found[0] == f"@{kind}{{bare,"
    assert "  school = {Oslo}," in found
    assert [line for line in found if line.startswith("  type")] == (
        [f"  type = {{{told}}},"] if told else []
    )
    assert f"  type = {{{biblatex}}}," in lines("biblatex", cited)
    assert "  institution = {Oslo}," in lines("biblatex", cited)


def test_a_report_has_its_institution_and_its_genre_and_an_article_neither() -> None:
    fields = {"genre": "Note", "publisher": "CERN"}
    assert "  institution = {CERN}," in lines("bibtex", one(BARE, "report", fields))
    assert "  type = {Note}," in lines("bibtex", one(BARE, "report", fields))
    article = lines("bibtex", one(BARE, "article-journal", fields))
    assert "  publisher = {CERN}," in article
    assert not any(line.startswith("  type") for line in article)


def test_numbers_pages_and_places_go_under_the_names_of_each_dialect() -> None:
    fields = {
        "container-title": "Frogs", "volume": 7, "issue": "2", "number": "9", "page": "10–12, 20 - 22",
        "event-title": "FrogConf", "event-place": "Rome", "number-of-pages": "300", "publisher-place": "Oslo",
    }  # fmt: skip
    bibtex, biblatex = (lines(name, one(BARE, "paper-conference", fields)) for name in ("bibtex", "biblatex"))
    for found in (bibtex, biblatex):
        assert "  booktitle = {Frogs}," in found
        assert "  volume = {7}," in found
        assert "  number = {2}," in found
        assert "  pages = {10--12, 20--22}," in found
        assert "  venue = {Rome}," in found
        assert "  pagetotal = {300}," in found
    assert "  address = {Oslo}," in bibtex
    assert "  location = {Oslo}," in biblatex
    assert "  eventtitle = {FrogConf}," in biblatex
    assert "  number = {9}," in lines("bibtex", one(BARE, "report", {"number": "9"}))
    assert "  number = {4}," in lines("bibtex", one(BARE, "book", {"number": "9", "collection-number": "4"}))
    assert not any(
        "number" in line
        for line in lines("bibtex", one(replace(BARE, arxiv="2406.1"), "report", {"number": "9"}))
    )


def test_a_book_has_its_isbn() -> None:
    assert "  isbn = {9780000000001}," in lines("bibtex", one(BARE, "book", {"ISBN": "9780000000001"}))


@pytest.mark.parametrize(
    ("date", "written_as"),
    [
        ("2024-01", ["  year = {2024},", "  month = jan,"]),
        ("2024-12-31", ["  year = {2024},", "  month = dec,"]),
        ("2024", ["  year = {2024},"]),
        ("", []),
    ],
)
def test_a_date_as_far_as_it_is_known(date: str, written_as: list[str]) -> None:
    found = lines("bibtex", one(replace(BARE, date=date)))
    assert [line for line in found if line.startswith(("  year", "  month"))] == written_as
    latex = lines("biblatex", one(replace(BARE, date=date)))
    assert [line for line in latex if line.startswith("  date")] == (
        [f"  date = {{{date}}},"] if date else []
    )


@pytest.mark.parametrize(
    ("name", "bibtex", "ris"),
    [
        (Name("Lee", "Ann"), "Lee, Ann", "Lee, Ann"),
        (Name("Berg", "Anna", particle="von"), "von Berg, Anna", "von Berg, Anna"),
        (Name("King", "Martin", suffix="Jr."), "King, Jr., Martin", "King, Martin, Jr."),
        (Name("Lee"), "{Lee}", "Lee"),
        (Name(literal="CERN and friends"), "{CERN and friends}", "CERN and friends"),
        (Name("Sand and Sea", "A, B"), "{Sand and Sea}, {A, B}", "Sand and Sea, A, B"),
    ],
)
def test_a_name_is_written_so_that_nobody_guesses(name: Name, bibtex: str, ris: str) -> None:
    cited = one(BARE, fields={"author": [name.as_csl()]})
    assert f"  author = {{{bibtex}}}," in lines("bibtex", cited)
    assert f"AU  - {ris}" in lines("ris", cited)
    two = one(BARE, fields={"author": [name.as_csl(), {"family": "Poe", "given": "Pam"}]})
    assert f"  author = {{{bibtex} and Poe, Pam}}," in lines("bibtex", two)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("the pH of mRNA in USA", "the {pH} of {mRNA} in {USA}"),
        ("A Study", "A Study"),
        ("50% of $5 & #1_x", "50\\% of \\$5 \\& \\#1\\_x"),
        ("a~b^c \\input", "a\\textasciitilde{}b\\textasciicircum{}c \\textbackslash{}input"),
        ("with $a_b$ and $c", "with $a_b$ and \\$c"),
        ("bad $\\input{x}$", None),
        ("open $}{$ x", "open \\$\\textbraceright{}\\textbraceleft{}\\$ x"),
    ],
)
def test_a_title_keeps_capitals_and_formulas_and_nothing_acts(title: str, told: str | None) -> None:
    found = lines("bibtex", one(Paper("p", title)))[1]
    if told is None:
        assert "\\textbackslash{}input" in found
    else:
        assert found == f"  title = {{{told}}},"


def test_an_address_loses_what_would_end_its_field() -> None:
    found = lines("bibtex", one(replace(BARE, doi="10.1/a{b} c\\d")))
    assert "  doi = {10.1/a%7Bb%7D%20c%5Cd}," in found


def test_an_id_that_is_no_key_stands_in_the_entry() -> None:
    spaced, plain = one(replace(BARE, id="a b")), one(replace(BARE, id="a|b"))
    assert any(line.startswith("  agq-id = {a b}") for line in lines("bibtex", spaced))
    assert lines("bibtex", spaced)[0].startswith("@misc{a-b-")
    assert "  ids = {a|b}," in lines("biblatex", plain)
    assert not any("id" in line.split(" = ")[0] for line in lines("bibtex", one(BARE)))


def test_what_csl_does_not_know_is_kept_under_its_own_name() -> None:
    cited = one(BARE, fields={"custom": {"madeup": "a & b", "9bad": "x", "arxiv": "y", "n": 3}})
    found = lines("bibtex", cited)
    assert "  madeup = {a \\& b}," in found
    assert not any("9bad" in line or "  n = " in line or "  arxiv" in line for line in found)


# --- RIS ---


def test_a_record_of_ris_has_its_tags_in_order() -> None:
    assert lines("ris", one(WHOLE)) == [
        "TY  - JOUR", "ID  - lee2024", "TI  - A DNA study of $x^2$ & {more}", "AU  - Lee, Ann", "AU  - CERN",
        "JO  - Journal of Frogs", "PY  - 2024", "DA  - 2024/06/13/", "DO  - 10.1000/x", "AN  - lee2024",
        "M1  - arXiv:2406.00001", "UR  - https://example.org/x", "KW  - cs.LG", "KW  - biology",
        "AB  - It is 5 % better.", "ER  - ",
    ]  # fmt: skip
    assert written("ris", one(BARE), one(BARE)).count("ER  - \n\nTY  - ") == 1
    assert written("ris", one(BARE)) == "TY  - GEN\nID  - bare\nTI  - Frogs\nAN  - bare\nER  - \n"
    arxiv = replace(BARE, arxiv="2406.00001")
    assert "UR  - https://arxiv.org/abs/2406.00001" in lines("ris", one(arxiv))


@pytest.mark.parametrize(
    ("type_", "tag"),
    [
        ("article-journal", "JOUR"), ("article-magazine", "MGZN"), ("article-newspaper", "NEWS"),
        ("article", "UNPB"), ("book", "BOOK"), ("chapter", "CHAP"), ("entry-encyclopedia", "ENCYC"),
        ("entry-dictionary", "DICT"), ("paper-conference", "CPAPER"), ("thesis", "THES"), ("report", "RPRT"),
        ("webpage", "ELEC"), ("post-weblog", "BLOG"), ("dataset", "DATA"), ("software", "COMP"),
        ("patent", "PAT"), ("standard", "STAND"), ("manuscript", "UNPB"), ("pamphlet", "PAMP"),
        ("periodical", "SER"), ("motion_picture", "MPCT"), ("song", "MUSIC"), ("graphic", "ART"),
        ("map", "MAP"), ("legal_case", "CASE"), ("legislation", "STAT"), ("bill", "BILL"),
        ("hearing", "HEAR"), ("personal_communication", "PCOMM"), ("speech", "CONF"), ("other", "GEN"),
    ],
)  # fmt: skip
def test_each_type_has_its_tag(type_: str, tag: str) -> None:
    assert lines("ris", one(BARE, type_))[0] == f"TY  - {tag}"


def test_the_fields_of_csl_have_their_tags() -> None:
    fields = {
        "volume": 7, "issue": "2", "edition": "3", "publisher": "P", "publisher-place": "Oslo",
        "collection-title": "C", "container-title": "B", "container-title-short": "S", "title-short": "T",
        "language": "de", "note": "N", "event-title": "E", "genre": "G", "page": "10–12", "ISSN": "1234-5678",
        "editor": [{"family": "Roe", "given": "R."}],
    }  # fmt: skip
    assert lines("ris", one(BARE, "chapter", fields))[3:-2] == [
        "A2  - Roe, R.", "T2  - B", "VL  - 7", "IS  - 2", "ET  - 3", "PB  - P", "CY  - Oslo", "T3  - C",
        "J2  - S", "ST  - T", "LA  - de", "N1  - N", "C3  - E", "M3  - G", "SP  - 10", "EP  - 12",
        "SN  - 1234-5678",
    ]  # fmt: skip
    assert "SN  - 9" in lines("ris", one(BARE, "book", {"ISBN": "9", "ISSN": "8"}))
    assert "JO  - B" in lines("ris", one(BARE, "article-magazine", {"container-title": "B"}))
    assert [line for line in lines("ris", one(BARE, fields={"page": "7"})) if line[:2] in ("SP", "EP")] == [
        "SP  - 7"
    ]


@pytest.mark.parametrize(
    ("date", "told"),
    [("2024", "2024///"), ("2024-06", "2024/06//"), ("2024-06-13", "2024/06/13/"), ("", None)],
)
def test_a_date_of_ris(date: str, told: str | None) -> None:
    found = [line for line in lines("ris", one(replace(BARE, date=date))) if line.startswith("DA")]
    assert found == ([f"DA  - {told}"] if told else [])


# --- CSL-JSON ---


def item(cited: Reference, *, private: bool = False) -> dict[str, object]:
    (found,) = json.loads(written("csl-json", cited, private=private))
    return dict(found)


def test_an_item_of_csl_has_what_the_paper_says() -> None:
    assert item(one(WHOLE)) == {
        "id": "lee2024",
        "type": "article-journal",
        "title": "A DNA study of $x^2$ & {more}",
        "author": [{"family": "Lee", "given": "Ann"}, {"literal": "CERN"}],
        "issued": {"date-parts": [[2024, 6, 13]]},
        "DOI": "10.1000/x",
        "URL": "https://example.org/x",
        "keyword": "cs.LG, biology",
        "abstract": "It is 5 % better.",
        "container-title": "Journal of Frogs",
        "custom": {"arxiv": "2406.00001"},
    }
    assert item(one(BARE)) == {"id": "bare", "type": "document", "title": "Frogs"}
    preprint = item(one(replace(BARE, arxiv="2406.00001")))
    assert (preprint["type"], preprint["publisher"], preprint["number"]) == (
        "article",
        "arXiv",
        "arXiv:2406.00001",
    )
    for type_ in ("manuscript", "document"):
        assert item(one(replace(BARE, arxiv="2406.00001"), type_))["publisher"] == "arXiv"
    assert "publisher" not in item(one(replace(BARE, arxiv="2406.00001"), "article-journal"))


@pytest.mark.parametrize("type_", ["book", "thesis", "report", "dataset", "software"])
def test_the_venue_of_a_book_is_who_brought_it_out(type_: str) -> None:
    found = item(one(replace(BARE, venue="Springer"), type_))
    assert (found["publisher"], "container-title" in found) == ("Springer", False)


def test_private_tags_and_fields_go_out_where_they_are_wanted_only() -> None:
    cited = one(
        BARE,
        fields={"keyword": "frogs; /toread, ice", "tags": ["a", "/b"], "custom": {"file": "/x", "kept": "y"}},
        private=("_mine",),
    )
    public, private = item(cited), item(cited, private=True)
    assert (public["keyword"], public["tags"]) == ("frogs, ice", ["a"])
    assert public["custom"] == {"kept": "y"}
    assert (private["keyword"], private["tags"]) == ("frogs; /toread, ice", ["a", "/b"])
    assert private["custom"] == {"file": "/x", "kept": "y"}
    assert item(one(BARE, fields={"keyword": "frogs; ice"}))["keyword"] == "frogs; ice"


def test_an_id_that_is_no_key_is_kept_beside_it() -> None:
    found = item(one(replace(BARE, id="a b")))
    assert found["id"] != "a b"
    assert found["custom"] == {"agq-id": "a b"}


def test_the_key_that_was_asked_for_is_taken_where_a_record_has_it() -> None:
    work = Work(BARE, packed(Record(merged=(Same("other", "a.bib", "of one DOI"),))))
    assert [cited(work, asked).key for asked in ("other", "nobody", "")] == ["other", "bare", "bare"]
    assert cited(work, "other").own_id == ""


# --- a line to read ---


def test_a_line_has_authors_year_title_venue_addresses_and_id() -> None:
    assert written("text", one(WHOLE)) == (
        "Ann Lee, CERN (2024) A DNA study of $x^2$ & {more}. Journal of Frogs. arXiv:2406.00001. "
        "https://doi.org/10.1000/x [lee2024]\n"
    )
    assert written("text", one(BARE)) == "(n.d.) Frogs. [bare]\n"
    assert written("text", one(replace(BARE, title="Frogs?", url="https://x.org"))) == (
        "(n.d.) Frogs? https://x.org [bare]\n"
    )
    assert "https://x.org" not in written("text", one(replace(BARE, arxiv="2406.1", url="https://x.org")))


def test_six_authors_are_named_and_of_seven_six() -> None:
    six, seven = (tuple(f"A{n}" for n in range(count)) for count in (6, 7))
    assert written("text", one(replace(BARE, authors=six))).startswith("A0, A1, A2, A3, A4, A5 (n.d.)")
    assert written("text", one(replace(BARE, authors=seven))).startswith(
        "A0, A1, A2, A3, A4, A5 et al. (n.d.)"
    )


@pytest.mark.parametrize(
    ("style", "begins"),
    [
        ("apa", "Lee, A., & CERN. (2024)."), ("vancouver", "1. Lee A, CERN."), ("ieee", "[1] A. Lee"),
        ("chicago", "Lee, A., and CERN. 2024. "), ("harvard", "Lee, A."), ("MLA", "Lee, A., and CERN. “A"),
        ("ama", "1. Lee A"), ("acs", "(1)"), ("aps", "[1]"),
    ],
)  # fmt: skip
def test_a_style_is_known_by_what_people_call_it(style: str, begins: str) -> None:
    assert written("text", one(WHOLE), style=style).startswith(begins)


def test_a_style_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="there is no style vancuver") as near:
        written("text", one(BARE), style="vancuver")
    assert near.value.hint == "did you mean vancouver?"
    with pytest.raises(UsageError) as far:
        written("text", one(BARE), style="qqqqqq")
    assert far.value.hint == "apa, chicago-author-date, ieee, vancouver, or a .csl file"


def test_a_style_may_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no style file .*none\.CSL"):
        written("text", one(BARE), style=str(tmp_path / "none.CSL"))
    (tmp_path / "bad.csl").write_text("<style/>")
    with pytest.raises(UsageError, match=r"bad\.csl is no CSL style") as refused:
        written("text", one(BARE), style=str(tmp_path / "bad.csl"))
    assert refused.value.hint == "agq cite ID --style apa"


# --- keys ---


@pytest.mark.parametrize("paper_id", ["2406.00001", "hep-th/9901001", "smith2020", "Ärger2020"])
def test_a_legal_id_is_its_own_key(paper_id: str) -> None:
    assert key(paper_id) == paper_id


@pytest.mark.parametrize(
    ("paper_id", "readable"),
    [
        ("a b", "a-b"),
        ("smith2020~2", "smith2020-2"),
        ("{}", "paper"),
        ("-a", "a"),
        ("a\x00b", "a-b"),
        (" %x% ", "x"),
    ],
)
def test_any_other_id_keeps_what_is_legal_and_a_hash(paper_id: str, readable: str) -> None:
    found = key(paper_id)
    assert found[:-7] == readable
    assert found[-7] == "-"
    assert int(found[-6:], 16) >= 0
    assert key(f"{paper_id}?") != found


def test_each_id_has_one_key() -> None:
    assert dict(keys(["b", "a", "b"])) == {"b": "b", "a": "a"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x [a1] y.", "x [@a1] y."), ("x [a1] [b2] y", "x [@a1; @b2] y"), ("x [a1][b2]", "x [@a1; @b2]"),
        ("x [a1]  [b2]", "x [@a1]  [@b2]"), ("x [c3]", "x [c3]"), ("[a1b]", "[@a1b]"),
        ("[d..e]", "[@{d..e}]"), ("[f.]", "[@{f.}]"),
    ],
)  # fmt: skip
def test_known_ids_are_cited_as_pandoc_does(text: str, told: str) -> None:
    known = ["a1", "b2", "a1b", "d..e", "f."]
    assert styled(text, known, "pandoc") == told
    assert styled(text, known, "id") == styled(text, [], "pandoc") == text


def test_ids_are_cited_as_links_and_as_org_cites() -> None:
    assert styled("x [a1] [b2] y", ["a1", "b2"], "wiki") == "x [[a1]] [[b2]] y"
    assert styled("x [a1] [b2] y", ["a1", "b2"], "org") == "x [cite:@a1;@b2] y"
