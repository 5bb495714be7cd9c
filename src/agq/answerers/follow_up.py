"""Follow-up questions: on what the other papers found are about, in the words of their titles.

A title that asks is a question as it stands; of any other the topic is put into a form that fits it. Where a
title has no topic that is known to be one, the paper itself is asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agq.text.acronyms import acronyms
from agq.text.clean import one_line, readable
from agq.text.people import cited_as
from agq.text.terms import terms
from agq.text.topics import Topic, asked_by, topics

if TYPE_CHECKING:
    from agq.model import Paper

NEW_WORDS_SHARE = 0.5
"""The least share of its words that a question does not have from the one asked, and from the others."""

_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_SMALL = re.compile(r"\b[a-z]+")


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """How a topic is asked about. ``singular`` and ``plural``: the question with ``{}`` for the topic.
    ``heads``: nouns that it fits, of something; any topic where there are none.
    """

    singular: str
    plural: str
    heads: frozenset[str] = frozenset()

    def fits(self, about: Topic) -> bool:
        """Whether the topic can be asked about so."""
        return not self.heads or (about.of and about.head in self.heads)

    def ask(self, about: Topic) -> str:
        """The question."""
        return (self.plural if about.is_plural else self.singular).format(
            about.text.removeprefix("the ") if self.heads else about.text
        )


QUESTION_FORMS = (
    QuestionForm(
        "What is the {}?",
        "What are the {}?",
        frozenset(
            "role roles effect effects impact impacts influence origin origins cause causes nature benefits "
            "limits limitations consequences determinants drivers predictors".split()
        ),
    ),
    QuestionForm("What is known about {}?", "What is known about {}?"),
)
"""The first that fits is taken."""


def propose(question: str, papers: Sequence[Paper]) -> Iterator[str]:
    """Questions that differ from the one asked and from each other: those that share words with it come
    first, those on the first papers before others.
    """
    short = _short_forms(papers)
    asked = _spelled_out(question, short)
    found = [(one, _spelled_out(one.about, short)) for one in _questions(question, papers)]
    found.sort(key=lambda one: (one[0].by_name, one[1].isdisjoint(asked)))
    told = [asked]
    left = []
    for text, said in ((one.text, said) for one, said in found):
        if all(len(said - other) >= NEW_WORDS_SHARE * len(said) for other in told):
            told.append(said)
            yield text
        elif all(said - other for other in told):
            left.append(text)
    yield from left


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A question, and what it is about; whether it asks about a paper ``by_name``."""

    text: str
    about: str
    by_name: bool = False


def _questions(question: str, papers: Sequence[Paper]) -> Iterator[_Proposal]:
    names = _names(readable(paper.abstract) for paper in papers)
    said = Counter(term for text in (question, *(p.title for p in papers)) for term in set(terms(text)))
    return (_proposed(paper, names, said) or _on_paper(paper) for paper in papers)


def _proposed(paper: Paper, names: Container[str], said: Mapping[str, int]) -> _Proposal | None:
    """What its title asks, or a question on that of its topics which shares most words with the other titles
    and the question; ``said``: how many of these have each term.
    """
    if asks := asked_by(paper.title):
        return _Proposal(asks, asks)
    found = topics(paper.title, names)
    if not found:
        return None
    about = max(found, key=lambda one: (sum(said[term] - 1 for term in set(terms(one.text))), len(one.text)))
    form = next(form for form in QUESTION_FORMS if form.fits(about))
    return _Proposal(form.ask(about), about.text)


def _names(abstracts: Iterable[str]) -> frozenset[str]:
    """The words that stand with a capital within sentences, and never without."""
    text = " ".join(abstracts)
    return frozenset(_CAPITAL.findall(text)) - {word.capitalize() for word in _SMALL.findall(text)}


def _on_paper(paper: Paper) -> _Proposal:
    by = " ".join(part for part in (cited_as(paper.authors), paper.date[:4]) if part)
    title = one_line(paper.title).rstrip(".")
    return _Proposal(f'What does "{title}"{f" ({by})" if by else ""} report?', title, by_name=True)


def _short_forms(papers: Sequence[Paper]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The terms of the papers' acronyms and of what they stand for."""
    return [
        (frozenset(terms(short.removesuffix("s"))), frozenset(terms(long)))
        for paper in papers
        for short, long in acronyms(paper.abstract).items()
    ]


def _spelled_out(text: str, short: Sequence[tuple[frozenset[str], frozenset[str]]]) -> frozenset[str]:
    """The terms of a text; with an acronym those of what it stands for, and the reverse."""
    said = frozenset(terms(text))
    return said.union(*(one | other for one, other in short if one <= said or other <= said))
