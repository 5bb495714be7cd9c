"""DOIs and arXiv ids, whatever they are wrapped in."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"{}\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_ARXIV = re.compile(
    r"(?:^|arxiv[:./\s]*|abs/|pdf/|oai:arxiv\.org:|10\.48550/arxiv\.)"
    r"(\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?=$|[\s.,;?#\[\])]|\.pdf)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_SUBJECT = re.compile(r"\.[a-z]{2}/")  # math.GT/0309136 is math/0309136
_AT_ARXIV = re.compile(r"arxiv[.-]org[./-]")
_ALONE = re.compile(
    r"(?:available (?:at|from):? *)?(?:arxiv(?: e-?prints?| preprints?)?[:. ]*|https?://arxiv\.org/abs/)"
    r"[^\s]+(?: *\[[\w.-]+\])?",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:/(?:full|abstract|pdf|epdf|fulltext|meta|html|epub|summary))+$|\.pdf$")
"""What publishers' addresses add to a DOI."""

_ARXIV_DOI = "10.48550/arxiv."


def doi(text: str) -> str:
    """The DOI in ``text``, lower case (DOIs know no case), without resolver; empty where there is none."""
    return doi_as_written(text).lower()


ADDRESS_CHARACTERS_MAX = 4000
"""Characters of an address that are looked at."""


def doi_of_url(text: str) -> str:
    """The DOI in an address that is a resolver's, a publisher's or a proxy's; empty for any other."""
    text = text[:ADDRESS_CHARACTERS_MAX]
    if "10." not in text or "doi" not in text.lower():
        return ""
    return _TAIL.sub("", doi(re.split(r"[?&#](?!.*10\.\d{4})", unquote(text), maxsplit=1)[0]))


def doi_as_written(text: str) -> str:
    """The DOI in ``text`` in the case it is written in."""
    found = _DOI.search(unquote(text) if "%" in text else text)
    whole = found.group().rstrip(".,;") if found else ""
    return whole[:-1] if whole.endswith(")") and whole.count(")") > whole.count("(") else whole


def arxiv(text: str) -> str:
    """The arXiv id in ``text``, ``2406.08554`` or ``hep-th/9901001``, without its version; or empty."""
    found = _ARXIV.search(text.strip())
    return _SUBJECT.sub("/", found.group(1).lower()) if found else ""


def arxiv_named(text: str) -> str:
    """The arXiv id in a text that says it is one; empty for any other."""
    return arxiv(text) if "arxiv" in text.lower() else ""


def arxiv_alone(text: str) -> str:
    """The arXiv id that a note gives as the paper's own: nothing else stands in it."""
    return arxiv(text) if _ALONE.fullmatch(text.strip()) else ""


def plain_letters(text: str) -> str:
    """A name's letters for a key: lower case, without accents and marks."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if c.isalnum())


def date_of_arxiv(arxiv: str) -> str:
    """The month in which arXiv gave out an id, as ``YYYY-MM``; empty where there is none."""
    digits = arxiv.rpartition("/")[2][:4]
    if not digits.isdecimal() or not 1 <= int(digits[2:]) <= 12:
        return ""
    century = "19" if "/" in arxiv and digits[:2] > "90" else "20"
    return f"{century}{digits[:2]}-{digits[2:]}"


def arxiv_of_doi(text: str) -> str:
    """The arXiv id behind a DOI that arXiv gave out; empty for any other."""
    return arxiv(text) if text.startswith(_ARXIV_DOI) else ""


def arxiv_of_key(text: str) -> str:
    """The arXiv id that a record's own key is, bare or as an address; empty for any other."""
    return arxiv(text) if _BARE.fullmatch(text) else arxiv_of_url(text)


def arxiv_of_url(text: str) -> str:
    """The arXiv id in an address on arxiv.org; empty for any other."""
    return arxiv(text) if "arxiv" in text and _AT_ARXIV.search(text) else ""


def link(doi: str, arxiv: str) -> str:
    """A web address made from a paper's identifiers; empty where it has none."""
    if arxiv:
        return f"https://arxiv.org/abs/{arxiv}"
    return f"https://doi.org/{quote(doi, safe='/:;()._-')}" if doi else ""


def pmcid_handles(text: str) -> list[str]:
    """What a paper is asked for by its number in PubMed Central, bare or as an address."""
    number = text.rstrip("/").rpartition("/")[2]
    return [f"pmcid:{number.lower()}"] if number else []
