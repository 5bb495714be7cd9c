"""The formats of metadata that are read; this table lists them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from agq.readers.base import SourceFormat
from agq.readers.bibtex import BIBTEX
from agq.readers.ciw import CIW
from agq.readers.enw import ENW
from agq.readers.json import JSON, JSON_LINES
from agq.readers.nbib import NBIB
from agq.readers.parquet import PARQUET
from agq.readers.ris import RIS
from agq.readers.table import TABLE
from agq.readers.xml import KINDS, reader
from agq.readers.yaml import YAML

FORMATS: tuple[SourceFormat, ...] = (
    BIBTEX,
    PARQUET,
    RIS,
    NBIB,
    CIW,
    ENW,
    JSON_LINES,
    JSON,
    TABLE,
    YAML,
    *(SourceFormat(name, reader(kind), suffixes=kind.suffixes) for name, kind in KINDS.items()),
)
"""Those whose first bytes are the surest sign stand first; XML is known by its outermost element."""

READERS: Mapping[str, SourceFormat] = MappingProxyType({one.name: one for one in FORMATS})
