"""Numbers by key, folded or not: what a dictionary would say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agq.compact_map import CompactIntMap

KEYS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)


@given(st.lists(st.tuples(KEYS, st.integers(0, 2**31 - 1))), st.integers(1, 5))
def test_it_says_what_a_dictionary_says_however_often_it_is_folded(
    put: list[tuple[int, int]], recent: int
) -> None:
    places, held = CompactIntMap(recent), {}
    for key, number in put:
        places.put(key, number)
        held[key] = number
        assert places.get(key) == number
    assert all(places.get(key) == number for key, number in held.items())
    keys, numbers = places.columns()
    assert dict(zip(keys.tolist(), numbers.tolist(), strict=True)) == held
    assert keys.tolist() == sorted(held)


def test_what_was_never_put_is_not_there() -> None:
    places = CompactIntMap(2)
    places.put(1, 7)
    places.put(5, 8)
    places.put(9, 9)
    assert [places.get(key) for key in (0, 1, 4, 5, 9, 10)] == [-1, 7, -1, 8, 9, -1]
    assert places.get(4, 3) == 3
