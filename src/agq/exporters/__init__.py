"""Papers as citations for other programs. One file a format; this table lists them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from agq.exporters.base import Exporter, Reference, ReferenceOptions, cited
from agq.registry import pick

__all__ = ["EXPORTERS", "Exporter", "Reference", "ReferenceOptions", "cited", "exporter"]

EXPORTERS: Mapping[str, str] = MappingProxyType(
    {
        "bibtex": "agq.exporters.bibtex",
        "biblatex": "agq.exporters.biblatex",
        "ris": "agq.exporters.ris",
        "csl-json": "agq.exporters.csl_json",
        "text": "agq.exporters.text",
    }
)
"""Each module has ``export(cited, wanted) -> str``."""


def exporter(name: str) -> Exporter:
    """The function that writes works in the format ``name``.

    Raises
    ------
    UnknownName
        There is no such format.
    """
    function: Exporter = import_module(pick("format", EXPORTERS, name)).export
    return function
