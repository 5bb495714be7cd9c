"""What a run is told of the papers that an index holds, and what it counts in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.index.frequencies import wrapped
from agq.index.ledger import Ledger, StoredPaper, Tally
from agq.index.schema import hash64

A, B, C = StoredPaper(1, 2, ("a.bib",)), StoredPaper(3, 4, ("a.bib", "b.bib")), StoredPaper(5, 6, ("b.bib",))


def rows(
    held: Mapping[str, StoredPaper], keys: Mapping[str, Sequence[str]] | None = None
) -> list[pa.RecordBatch]:
    """What a table has of papers, in two batches."""
    names = list(held)
    return [_batch(held, some, keys or {}) for some in (names[::2], names[1::2]) if some]


def _batch(
    held: Mapping[str, StoredPaper], ids: Sequence[str], keys: Mapping[str, Sequence[str]]
) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {
            "id": list(ids),
            "embedded": pa.array([held[id_].embedded for id_ in ids], pa.int64()),
            "stored": pa.array([held[id_].stored for id_ in ids], pa.int64()),
            "sources": ["\n".join(held[id_].sources) for id_ in ids],
            "keys": pa.array(
                [[hash64(key) for key in keys.get(id_, ())] for id_ in ids], pa.list_(pa.int64())
            ),
        }
    )


def test_an_empty_index_holds_nothing() -> None:
    ledger = Ledger()
    assert (ledger.papers, ledger.content, ledger.find("a")) == (0, 0, None)
    assert list(ledger.unseen()) == []
    assert ledger.under(["id:a"], lambda _: False) == []
    assert ledger.tally() == Tally(0, 0, 0, 0)


def test_a_paper_is_as_the_table_has_it_until_it_is_put_otherwise() -> None:
    ledger = Ledger(rows({"a": A, "b": B}))
    assert (ledger.find("a"), ledger.find("b"), ledger.find("c")) == (A, B, None)
    ledger.put("a", C)
    ledger.put("b", None)
    ledger.put("c", B)
    assert (ledger.find("a"), ledger.find("b"), ledger.find("c")) == (C, None, B)
    assert (ledger.papers, ledger.content) == (2, 8)
    ledger.put("b", A)
    assert (ledger.find("b"), ledger.papers, ledger.content) == (A, 3, 9)


def test_where_a_run_has_found_a_paper_is_told_in_order() -> None:
    ledger = Ledger(rows({"a": B}))
    assert ledger.seen("a", "z.bib") == ("z.bib",)
    assert ledger.seen("a", "a.bib") == ("z.bib", "a.bib")
    assert ledger.seen("a", "z.bib") == ("z.bib", "a.bib")
    assert ledger.seen("new", "-") == ("-",)
    assert ledger.find("new") is None
    assert ledger.find("a") == B


def test_what_a_run_has_not_come_upon_is_told_if_it_is_still_there() -> None:
    ledger = Ledger(rows({"a": A, "b": B, "c": C, "d": A}))
    ledger.seen("a", "a.bib")
    ledger.seen("new", "a.bib")
    ledger.put("new", A)
    ledger.put("b", None)
    ledger.put("d", C)
    assert dict(ledger.unseen()) == {"c": C, "d": C}


def test_what_is_not_come_upon_may_go_while_it_is_told() -> None:
    many = {f"p{n}": StoredPaper(n, n, ("a.bib",)) for n in range(2500)}
    ledger = Ledger(rows(many))
    gone = []
    for id_, _ in ledger.unseen():
        ledger.put(id_, None)
        gone.append(id_)
    assert sorted(gone) == sorted(many)
    assert (ledger.papers, ledger.content) == (0, 0)


def test_papers_stand_under_their_keys_as_they_did_at_the_start() -> None:
    ledger = Ledger(rows({"a": A, "b": B, "c": C}, {"a": ["doi:1", "t:x"], "b": ["t:x"], "c": ["doi:2"]}))
    ledger.put("a", None)
    everything = ["doi:1", "doi:9", "t:x", "doi:2", "doi:1"]
    assert set(ledger.under(everything, lambda _: False)) == {"a", "b", "c"}
    assert len(ledger.under(everything, lambda _: False)) == 3
    assert set(ledger.under(["t:x"], lambda sources: sources == ("a.bib",))) == {"b"}
    assert ledger.under(["doi:9"], lambda _: False) == []


def test_a_run_is_counted_paper_by_paper() -> None:
    ledger = Ledger(rows({"same": A, "new words": A, "new source": A, "gone": A, "back": A, "unread": A}))
    for id_ in ("same", "new words", "new source", "back", "added", "came and went"):
        ledger.seen(id_, "a.bib")
    ledger.put("new words", A._replace(embedded=9))
    ledger.put("new source", A._replace(sources=("b.bib",)))
    ledger.put("gone", None)
    for id_ in ("back", "came and went"):
        ledger.put(id_, C)
        ledger.put(id_, None)
    ledger.put("back", A)
    ledger.put("added", B)
    assert ledger.tally() == Tally(added=1, updated=2, removed=1, unchanged=2)


IDS = st.sampled_from("abcdefgh")
STORED = st.builds(
    StoredPaper, st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3), st.sampled_from([("x",), ("x", "y")])
)


@given(st.dictionaries(IDS, STORED), st.lists(st.tuples(IDS, st.none() | STORED)), st.sets(IDS))
def test_it_says_what_a_dictionary_says(
    start: dict[str, StoredPaper], puts: list[tuple[str, StoredPaper | None]], seen: set[str]
) -> None:
    ledger, now = Ledger(rows(start)), dict(start)
    for id_ in seen:
        ledger.seen(id_, "x")
    for id_, held in puts:
        ledger.put(id_, held)
        if held:
            now[id_] = held
        else:
            now.pop(id_, None)
    assert {id_: ledger.find(id_) for id_ in "abcdefgh"} == {id_: now.get(id_) for id_ in "abcdefgh"}
    assert (ledger.papers, ledger.content) == (len(now), wrapped(sum(one.embedded for one in now.values())))
    assert dict(ledger.unseen()) == {id_: now[id_] for id_ in now if id_ in start and id_ not in seen}
    both = start.keys() & now.keys()
    assert ledger.tally() == Tally(
        len(now.keys() - start.keys()),
        sum(start[id_] != now[id_] for id_ in both),
        len(start.keys() - now.keys()),
        sum(start[id_] == now[id_] for id_ in both & seen),
    )


@pytest.mark.parametrize("id_", ["", "a\nb", "\udc80"])
def test_any_id_is_one(id_: str) -> None:
    ledger = Ledger()
    ledger.put(id_, A)
    assert ledger.find(id_) == A
