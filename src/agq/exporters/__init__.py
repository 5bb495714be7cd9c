"""Papers as citations for other programs. One file a format; this table lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

from agq.model import Paper
from agq.registry import pick

EXPORTERS: Mapping[str, str] = MappingProxyType(
    {
        "bibtex": "agq.exporters.bibtex",
        "ris": "agq.exporters.ris",
        "csl-json": "agq.exporters.csl_json",
        "text": "agq.exporters.text",
    }
)
"""Each module has ``export(papers) -> str``."""

Exporter = Callable[[Sequence[Paper]], str]


def exporter(name: str) -> Exporter:
    """The function that writes papers in the format ``name``.

    Raises
    ------
    UnknownName
        There is no such format.
    """
    function: Exporter = import_module(pick("format", EXPORTERS, name)).export
    return function
