"""CSL-JSON, for Zotero, Pandoc and everything that speaks the Citation Style Language."""

from __future__ import annotations

from collections.abc import Sequence

from agq.exporters.base import Reference, ReferenceOptions, csl_item
from agq.text.clean import as_json


def export(cited: Sequence[Reference], wanted: ReferenceOptions) -> str:
    """A list with one item a work, in the order given."""
    return as_json([csl_item(one, private=wanted.private) for one in cited])
