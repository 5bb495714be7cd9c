"""XML: one file a service or program; this table lists them."""

from __future__ import annotations

from collections.abc import Mapping

from agq.readers.xml.acl import ACL
from agq.readers.xml.atom import ATOM
from agq.readers.xml.dblp import DBLP
from agq.readers.xml.endnote import ENDNOTE
from agq.readers.xml.jats import JATS
from agq.readers.xml.kind import Kind
from agq.readers.xml.mods import MODS
from agq.readers.xml.oai import OAI_PMH
from agq.readers.xml.pubmed import PUBMED
from agq.readers.xml.stream import reader

__all__ = ["ELSEWHERE", "KINDS", "ROOTS", "reader"]

KINDS: Mapping[str, Kind] = {
    "pubmed": PUBMED,
    "oai-pmh": OAI_PMH,
    "atom": ATOM,
    "acl": ACL,
    "endnote": ENDNOTE,
    "dblp": DBLP,
    "mods": MODS,
    "jats": JATS,
}
"""Format -> how its XML is read."""

ROOTS: Mapping[str, str] = {root: name for name, kind in KINDS.items() for root in kind.roots}
"""The outermost element's name -> format."""

ELSEWHERE: Mapping[str, str] = {
    "RDF": "RDF, as Zotero writes it: export as BibLaTeX, BibTeX or CSL JSON instead",
    "Sources": "Word's list of sources: export from the reference manager as BibTeX or RIS instead",
    "TEI": "TEI: export as BibTeX or RIS instead",
    "refworks": "RefWorks XML: export as RIS instead",
}
"""The outermost element's name -> what to say of a kind that is not read."""
