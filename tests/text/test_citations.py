"""Citations in running text, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.citations import cited_sentences, parts

IDS = [
    "AG-2024.06-1821",
    "2406.08554",
    "hep-th/9901001",
    "10.1103/PhysRevLett.77.3865",
    "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID>3.0.CO;2-2",
    "2020.acl-main.1",
    "vaswani2017attention",
    "Aad:2012tfa",
    "smith2020~2",
]
KNOWN = {one: one for one in IDS}.get


def ids(text: str, *, strict: bool = True) -> list[str]:
    return [one for part in parts(text, KNOWN, strict=strict) for one in part.ids]


@pytest.mark.parametrize("one", IDS)
def test_ids_of_every_kind(one: str) -> None:
    assert ids(f"It holds [{one}].") == [one]
    assert ids(f"It holds [{one}](https://example.org/{one.partition('(')[0]}).") == [one]
    assert ids(f"It holds [@{one}].") == [one]
    assert ids(f"It holds [2406.08554, {one}]") == (["2406.08554", one] if one != "2406.08554" else [one])
    assert ids(f"It holds [{one}; hep-th/9901001]")[0] == one
    assert ids(f"It holds [{one}] (?).") == [one]


@pytest.mark.parametrize(
    "written",
    ["[arXiv:2406.08554]", "[id: 2406.08554]", "[2406.08554v2]", "[[2406.08554]]", "【2406.08554】"],
)
def test_as_models_write_them(written: str) -> None:
    assert ids(f"It holds {written}.") == ["2406.08554"]


@pytest.mark.parametrize(
    "text", ["- [ ] to do", "- [x] done", "see [here](http://x)", "in [0, 1]", "[CLS] token", "[sic]"]
)
def test_what_is_no_citation(text: str) -> None:
    assert ids(text) == []
    assert "".join(part.text for part in parts(text, KNOWN)) == text


def test_unknown_ids_are_told_by_their_shape() -> None:
    assert ids("It holds [2499.99999] and [AG-2024.99-0001] and [doe2031never].") == [
        "2499.99999",
        "AG-2024.99-0001",
        "doe2031never",
    ]
    assert ids("It holds [7].") == []
    assert ids("It holds [7].", strict=False) == ["7"]


def test_what_each_group_is_cited_for() -> None:
    cut = parts("A is fast [2406.08554], while B is slow [hep-th/9901001, 2020.acl-main.1].", KNOWN)
    assert [(part.text.strip(" ,"), part.ids) for part in cut if part.ids] == [
        ("A is fast", ("2406.08554",)),
        ("while B is slow", ("hep-th/9901001", "2020.acl-main.1")),
    ]


def test_a_citation_behind_the_stop_belongs_to_the_sentence_before() -> None:
    text = "A is fast. [2406.08554] B is slow.[hep-th/9901001] C is not."
    assert cited_sentences(text, KNOWN) == [
        "A is fast [2406.08554].",
        "B is slow [hep-th/9901001].",
        "C is not.",
    ]
    assert cited_sentences("It is old. [2406.08554] shows more.", KNOWN) == [
        "It is old.",
        "[2406.08554] shows more.",
    ]


def test_a_footnote_without_a_text_is_nobodys_number() -> None:
    numbered = {"1": "1", "2406.08554": "2406.08554"}.get
    assert [part.ids for part in parts("It holds [^1].", numbered)] == [()]
    assert next(part.ids for part in parts("It holds [1].", numbered)) == ("1",)
    assert next(part.ids for part in parts("It holds [^2406.08554].", numbered)) == ("2406.08554",)


@given(st.text(alphabet=st.sampled_from("ab [](),.;@^2406.8554\n"), max_size=80))
def test_any_text_is_read(text: str) -> None:
    cut = parts(text, KNOWN, strict=False)
    assert all(len(part.text) <= len(text) for part in cut)
    cited_sentences(text, KNOWN)
