"""BibTeX, as BibTeX, Biber and Zotero read it, in UTF-8."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agq.exporters.keys import keys
from agq.exporters.names import Name, name
from agq.model import Paper
from agq.text.addresses import web_address
from agq.text.clean import acts_in_tex, one_line

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces whatever stands before them: `\{` alone would swallow the entries that follow.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
# What would end a field, or begin a command where a style prints it.
_ENDS = re.compile(r"[{}\\ ]")
_FORMULA = re.compile(r"\$[^$]+\$")
# A word with a capital behind its first letter: styles that set titles in lower case must leave it alone.
_CAPITALS = re.compile(r"(?<![\\{\w])[^\W_]\w*[A-Z]\w*")
# arXiv's archives, for primaryClass: `cs.LG`, `hep-th`, `cond-mat.str-el`.
_ARXIV_CLASS = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)+)?")


def export(papers: Sequence[Paper]) -> str:
    """One entry a paper, in the order given."""
    names = keys(paper.id for paper in papers)
    return "\n".join(_entry(paper, names[paper.id]) for paper in papers)


def _entry(paper: Paper, key: str) -> str:
    kind = "article" if paper.venue else "misc"
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(paper, key))
    return f"@{kind}{{{key},\n{fields}}}\n"


def _fields(paper: Paper, key: str) -> Iterator[tuple[str, str]]:
    if paper.title:
        yield "title", f"{{{_protected(paper.title)}}}"
    if paper.authors:
        yield "author", f"{{{' and '.join(_author(name(author)) for author in paper.authors)}}}"
    if paper.venue:
        yield "journal", f"{{{escaped(paper.venue)}}}"
    yield from _date(paper.date)
    if paper.doi:
        yield "doi", f"{{{_verbatim(paper.doi)}}}"
    if paper.arxiv:
        yield from _eprint(paper)
    if address := web_address(paper.url):
        yield "url", f"{{{_verbatim(address)}}}"
    if paper.categories:
        yield "keywords", f"{{{escaped(', '.join(paper.categories))}}}"
    if key != paper.id:
        yield "agq-id", f"{{{escaped(paper.id)}}}"


def _date(date: str) -> Iterator[tuple[str, str]]:
    if date:
        yield "year", f"{{{date[:4]}}}"
    if len(date) >= 7:
        yield "month", _MONTHS[int(date[5:7]) - 1]


def _eprint(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "eprint", f"{{{_verbatim(paper.arxiv)}}}"
    yield "archivePrefix", "{arXiv}"
    if paper.categories and _ARXIV_CLASS.fullmatch(paper.categories[0]):
        yield "primaryClass", f"{{{paper.categories[0]}}}"


def _author(author: Name) -> str:
    """``Family, Given``: with the comma BibTeX does not guess. A body in braces, so that it stays whole."""
    if author.literal:
        return f"{{{escaped(author.literal)}}}"
    parts = [author.family, author.suffix, author.given] if author.suffix else [author.family, author.given]
    return ", ".join(_part(part) for part in parts if part)


def _part(text: str) -> str:
    """A part of a name; one with the word "and" in it would end the author."""
    return f"{{{escaped(text)}}}" if re.search(r"\band\b", text) else escaped(text)


def escaped(text: str) -> str:
    """``text`` with TeX's special characters as text."""
    return _SPECIAL.sub(lambda mark: _ESCAPES[mark.group()], one_line(text))


def _protected(title: str) -> str:
    """A title: formulas that only set letters as they are, capitals kept by braces, all else as text."""
    title = one_line(title)
    parts, end = [], 0
    for formula in _FORMULA.finditer(title):
        if _balanced(formula.group()) and not acts_in_tex(formula.group()):
            parts += [_words(title[end : formula.start()]), formula.group()]
            end = formula.end()
    return "".join([*parts, _words(title[end:])])


def _words(text: str) -> str:
    text = escaped_keeping_space(text)
    return _CAPITALS.sub(lambda word: f"{{{word.group()}}}", text)


def escaped_keeping_space(text: str) -> str:
    """As ``escaped``, for a part of a line: the spaces at its ends stay."""
    return _SPECIAL.sub(lambda mark: _ESCAPES[mark.group()], text)


def _balanced(text: str) -> bool:
    """Whether BibTeX, to which a backslash makes no difference, finds every brace closed."""
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


def _verbatim(text: str) -> str:
    """A DOI or an address: programs read it as it is, so only what would end the field is encoded."""
    return _ENDS.sub(lambda mark: f"%{ord(mark.group()):02X}", one_line(text))
