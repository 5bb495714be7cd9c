"""The keys that a note cites by to the papers of an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from agq.exporters.keys import keys as exported
from agq.model import Paper
from agq.text.handles import may_name
from agq.understand.identifiers import resolved

if TYPE_CHECKING:
    from agq.index import IndexReader

_HASHED = re.compile(r".+-[0-9a-f]{6}")
"""A key of the exporters that is not the paper's id."""


def lookup(index: IndexReader) -> Callable[[Sequence[str]], Mapping[str, Paper]]:
    """The papers that some keys name: by id, by any other handle, by the key that an export gave them."""

    def found(keys: Sequence[str]) -> dict[str, Paper]:
        by_id = {paper.id: paper for paper in index.get(keys)}
        others = [key for key in keys if key not in by_id]
        ids = resolved(index, filter(may_name, others))
        ids |= _exported(index, [key for key in others if key not in ids])
        papers = {paper.id: paper for paper in index.get(list(dict.fromkeys(ids.values())))}
        return by_id | {key: papers[id_] for key, id_ in ids.items() if id_ in papers}

    return found


def _exported(index: IndexReader, keys: Sequence[str]) -> dict[str, str]:
    hashed = {key for key in keys if _HASHED.fullmatch(key)}
    return {key: id_ for id_, key in exported(index.ids()).items() if key in hashed} if hashed else {}
