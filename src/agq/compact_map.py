"""Numbers by 64-bit key for millions of keys: 12 bytes each, where a dictionary takes a hundred.

The latest stand in a dictionary. When that is full it is folded into sorted columns, which are joined with
the columns before them when those have become as long: a look-up goes through a handful of bisections.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
Numbers = NDArray[np.int32]

RECENT_KEYS_MAX = 200_000
"""Keys that stand in the dictionary at most: 20 MB."""


class _SortedKeys(NamedTuple):
    keys: Keys
    numbers: Numbers


class CompactIntMap:
    """Signed 64-bit keys -> signed 32-bit numbers. The last number put under a key is the one it has."""

    def __init__(self, recent: int = RECENT_KEYS_MAX) -> None:
        self._most = recent
        self._recent: dict[int, int] = {}
        self._folded: list[_SortedKeys] = []

    def put(self, key: int, number: int) -> None:
        """``number`` under ``key``, whatever was there."""
        self._recent[key] = number
        if len(self._recent) >= self._most:
            self._fold()

    def get(self, key: int, default: int = -1) -> int:
        """The number under ``key``."""
        held = self._recent.get(key)
        if held is not None:
            return held
        for keys, numbers in reversed(self._folded):
            at = int(keys.searchsorted(key))
            if at < len(keys) and keys[at] == key:
                return int(numbers[at])
        return default

    def columns(self) -> tuple[Keys, Numbers]:
        """All keys, sorted, and their numbers."""
        self._fold()
        while len(self._folded) > 1:
            self._join()
        empty = _SortedKeys(np.empty(0, np.int64), np.empty(0, np.int32))
        return tuple(self._folded[0] if self._folded else empty)  # type: ignore[return-value]  # a pair

    def _fold(self) -> None:
        if not self._recent:
            return
        keys = np.fromiter(self._recent.keys(), np.int64, len(self._recent))
        numbers = np.fromiter(self._recent.values(), np.int32, len(self._recent))
        order = keys.argsort()
        self._folded.append(_SortedKeys(keys[order], numbers[order]))
        self._recent = {}
        while len(self._folded) > 1 and len(self._folded[-2].keys) <= 2 * len(self._folded[-1].keys):
            self._join()

    def _join(self) -> None:
        """The last two columns become one; where both have a key, the later number stands."""
        later, earlier = self._folded.pop(), self._folded.pop()
        keys, first = np.unique(np.concatenate([later.keys, earlier.keys]), return_index=True)
        self._folded.append(_SortedKeys(keys, np.concatenate([later.numbers, earlier.numbers])[first]))
