"""How findings are worded: the opening line, a quoted paper, a paper that is known by its title alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agq.model import Piece
from agq.text.clean import one_line
from agq.text.markdown import escaped
from agq.text.people import cited_as
from agq.text.word_classes import is_noun

if TYPE_CHECKING:
    from agq.model import Finding, Paper, Quote

WHOLE_TITLE, TITLE_WORDS = 16, 13
"""Words of a title that stands whole beside a quotation; words that are left of a longer one."""
FEWEST_WORDS = 3
"""Words of a title that are left in any case."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells: the papers quoted and those named by title, ``of`` how many found.

    ``sure``: those quoted surely bear on the question. ``missing``: its words that no paper found mentions.
    """

    quoted: Sequence[Paper]
    titles: Sequence[Paper]
    of: int
    sure: bool
    missing: Sequence[str] = ()


def opening(told: Told) -> Piece:
    """What all that follows comes to."""
    return Piece("opening", f"*{' '.join(_opening(told))}*")


def _opening(told: Told) -> Iterable[str]:
    quoted = told.quoted
    counted = f"{len(quoted)} of {told.of} papers" if told.of > 1 else "The paper found"
    if told.missing:
        yield f"No paper found mentions {escaped(' or '.join(told.missing))}."
    if quoted and told.sure and not told.missing:
        yield f"{counted} {_verb('bear', quoted)} on this{_years(quoted)}."
    elif quoted:
        nearest = "the nearest is" if len(quoted) == 1 else "the nearest are"
        yield f"No abstract here answers this plainly; {nearest} quoted below."
    elif told.titles:
        yield "No abstract found speaks of this."
    else:
        yield "No abstract here answers this; the papers below come nearest."
    if told.titles:
        more = " more" if quoted else ""
        yield f"{len(told.titles)}{more} by title only, without an abstract."


def _verb(verb: str, papers: Sequence[Paper]) -> str:
    return f"{verb}s" if len(papers) == 1 else verb


def _years(papers: Sequence[Paper]) -> str:
    years = sorted({paper.date[:4] for paper in papers} - {""})
    if not years:
        return ""
    return f", {years[0]}" if len(years) == 1 else f", {years[0]}–{years[-1]}"


def entry(paper: Paper, finding: Finding) -> Piece:
    """Who says it and where, their words, the id."""
    by = ", ".join(part for part in (escaped(_who(paper)), _emphasised(short_title(paper.title))) if part)
    text = f'{by}: "{_verbatim(quoted(finding.sentences))}" [{paper.id}]'
    return Piece("sentence", text, finding=finding)


def title_alone(paper: Paper, finding: Finding) -> Piece:
    """A paper without an abstract, by all that is known of it."""
    named = f'"{_verbatim(one_line(paper.title))}"'
    by = ", ".join(part for part in (escaped(_who(paper)), named) if part)
    return Piece("sentence", f"Title only: {by} [{paper.id}]", finding=finding)


def _verbatim(text: str) -> str:
    """Dollars of an abstract pay: TeX became text when it was read. One alone begins no formula."""
    return escaped(text).replace("$", r"\$") if text.count("$") > 1 else escaped(text)


def _who(paper: Paper) -> str:
    return " ".join(part for part in (cited_as(paper.authors), paper.date[:4]) if part)


def _emphasised(text: str) -> str:
    return f"*{_verbatim(text)}*" if text else ""


def quoted(sentences: Sequence[Quote]) -> str:
    """Sentences as one quotation, with an ellipsis between those that are not neighbours."""
    text = "".join(quote.text for quote in sentences[:1])
    for one, other in itertools.pairwise(sentences):
        text += " " if other.position == one.position + 1 else " … "
        text += other.text
    return text


def short_title(title: str) -> str:
    """A title that is short, or what stands before its colon or stop; of others the first words, up to a
    noun.
    """
    title = one_line(title).rstrip(".")
    head = re.split(r"(?<=\w[?!])\s|[:.]\s|\s[-–—]\s", title, maxsplit=1)[0]
    for whole in (title, head if len(head.split()) >= FEWEST_WORDS else title):
        if len(whole.split()) <= WHOLE_TITLE:
            return whole
    kept = title.split()[:TITLE_WORDS]
    while len(kept) > FEWEST_WORDS and not is_noun(kept[-1]):
        kept.pop()
    return " ".join(kept).rstrip(",;:") + " …"
