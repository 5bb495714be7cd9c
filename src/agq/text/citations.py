"""``[id]`` citations in running text: where they stand, what they name, and what only looks like one.

An id is a citation key of any kind (``AG-2024.06-1821``, ``2406.08554``, ``hep-th/9901001``, a DOI,
``2020.acl-main.1``, ``vaswani2017attention``). Knows no Paper: the caller says which ids exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from agq.text.sentences import sentences

Known = Callable[[str], str | None]
"""The id that a written one stands for, or None."""

_BRACKET = re.compile(
    r"""
    (?P<open>\[\[?|【)(?P<inner>[^\[\]【】]+)(?:\]\]?|】)
    (?P<link>\((?:[^()\s]|\([^()\s]*\))*\))?          # a link's address
    (?P<mark>\s\([?!]\))?                             # a mark of ours, from an earlier answer
    """,
    re.VERBOSE,
)
# Code and TeX: a bracket in them is an index, an interval, an option.
_VERBATIM = re.compile(
    r"(`+)(?!`).+?(?<!`)\1(?!`)|\$\$.+?\$\$|(?<![\\$\w])\$(?=[^\s$])[^$]*?[^\s\\$]\$(?![\d$])", re.DOTALL
)
_RANGE = re.compile(r"(?<=[\[【\s,;])(\d{1,3})\s?[-–—]\s?(\d{1,3})(?=\s*[\]】,;])")
_WRAPPED = re.compile(
    r"""
      (?P<mark>\*\*\*|\*\*|\*|__|_|`)(?P<in_mark>\s*(?:\[[^\[\]]+\][\s,;]*)+)(?P=mark)
    | \(\s*(?P<in_parentheses>(?:\[[^\[\]]+\][\s,;]*)+)\)
    | <sup>\s*(?P<in_tags>(?:\[[^\[\]]+\][\s,;]*)+)</sup>
    """,
    re.VERBOSE,
)
_QUANTITY = re.compile(r"[-+−±]?(?:0|\d{0,3}\.\d{1,3})|[-+−±]\d+")
_BETWEEN = re.compile(r"\s*[;,]\s+|\s+(?:and|&)\s+")
_TIGHT = re.compile(r"\s*[;,]\s*")
_PREFIX = re.compile(
    r"(?:@|\^|-@)|(?:source|paper|ref|id|arxiv|doi)s?(?:\s*[:#]\s*|\s+|(?=\d))(?=\S)", re.IGNORECASE
)
KEY = r"[^\W_](?:[\w]|[:.#$%&+?<>~/-](?=\w))*"
"""A citation key as Pandoc reads it behind ``@``."""

_SHAPES = re.compile(
    r"""
      \d{4}\.\d{4,5}(?:v\d+)?                                  # arXiv
    | [a-z-]+(?:\.[A-Za-z]{2})?/\d{7}(?:v\d+)?                 # arXiv until 2007
    | 10\.\d{4,9}/\S+                                          # DOI
    | \d{4}\.[a-z][\w-]*\.\d+ | [A-Z]\d{2}-\d{4}               # ACL Anthology
    | [A-Za-z]{1,8}[-:.]\d{4}[-.:]\w+(?:[-.]\w+)*              # AG-2024.06-1821 and the like
    | [^\W\d_][\w'-]*[-_:.]?(?:1[89]|20)\d{2}[-_:.]?[\w:.-]*(?:~\d+)?   # smith2020, Aad:2012tfa
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class CitedPart:
    """A stretch of a sentence and the ids cited at its end, as written."""

    text: str
    ids: tuple[str, ...] = ()


def looks_like_id(written: str) -> bool:
    """Whether a bracket's content has the shape of a citation key. A lone word or number has not."""
    return bool(_SHAPES.fullmatch(written))


def parts(sentence: str, known: Known, *, strict: bool = True) -> list[CitedPart]:
    """``sentence`` cut after each group of citations; ids are resolved by ``known`` where it knows them.

    ``strict``: a bracket is a citation only if it holds a known id or one of an id's shape. Otherwise any
    single word with a digit in it counts too, as in a model's draft, where whatever it brackets is meant as a
    citation.
    """
    found: list[CitedPart] = []
    text = ""
    ids: list[str] = []
    last = 0
    for bracket in _outside_verbatim(_BRACKET, sentence):
        cited = _ids(bracket, known, strict)
        if cited is None:
            continue
        between = sentence[last : bracket.start()]
        if ids and between.strip(" ,;"):
            found.append(CitedPart(text, tuple(ids)))
            text, ids = "", []
        if not ids:
            text += between
        ids += [one for one in cited if one not in ids]
        last = bracket.end()
    rest = sentence[last:]
    if ids:
        found.append(CitedPart(text, tuple(ids)))
        text = ""
    if text or rest:
        found.append(CitedPart(text + rest))
    return found


def _outside_verbatim(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What ``pattern`` finds in the prose of ``text``."""
    verbatim = [span.span() for span in _VERBATIM.finditer(text) if not _only_brackets(span.group())]
    for match in pattern.finditer(text):
        if not any(start <= match.start() < end for start, end in verbatim):
            yield match


def _only_brackets(code: str) -> bool:
    """Whether code is nothing but a citation, as models set one."""
    return code.startswith("`") and not re.sub(r"\[[^\[\]]*\]|[`\s,;]", "", code)


def _replaced(pattern: re.Pattern[str], by: Callable[[re.Match[str]], str], text: str) -> str:
    """``text`` with what ``pattern`` finds in its prose replaced."""
    told, last = "", 0
    for match in _outside_verbatim(pattern, text):
        told += text[last : match.start()] + by(match)
        last = match.end()
    return told + text[last:]


def spelled_out(text: str, known: Known) -> str:
    """``text`` of a model with each of its citations as ``[id]``, whatever it wrote there: a key that
    ``known`` gives an id for, a list or a range of them, bold, in parentheses, as a link.
    """

    def all_of(match: re.Match[str]) -> str:
        keys = [str(n) for n in range(int(match[1]), int(match[2]) + 1)]
        return ", ".join(keys) if len(keys) > 1 and all(map(known, keys)) else match.group()

    def bare(match: re.Match[str]) -> str:
        inner = match["in_mark"] or match["in_parentheses"] or match["in_tags"]
        cites = all(_ids(bracket, known, strict=False) for bracket in _BRACKET.finditer(inner))
        return inner.strip(" ,;") if cites else match.group()

    text = _replaced(_WRAPPED, bare, _replaced(_RANGE, all_of, text))
    return set_out(parts(text, known, strict=False), lambda one: f" [{one}]").strip()


def set_out(told: Iterable[CitedPart], cited: Callable[[str], str]) -> str:
    """The text of a sentence's parts, behind each of them what ``cited`` writes for its ids."""
    text = ""
    for part in told:
        text += part.text.rstrip() if part.ids else part.text
        text += "".join(map(cited, part.ids))
    return text


def _ids(bracket: re.Match[str], known: Known, strict: bool) -> list[str] | None:
    """The ids in one bracket, known ones in their own spelling; None where the bracket is no citation."""
    inner = bracket["inner"].strip()
    whole = resolve(inner, known)
    if whole:
        return [whole]
    for written in splits(inner):
        if any(is_quantity(one) and not known(one) for one in written):
            return None  # the end of an interval
        resolved = [resolve(one, known) for one in written]
        if any(resolved):
            ids = [ours or bare(one) for one, ours in zip(written, resolved, strict=True)]
            return list(dict.fromkeys(ids))
        if all(may_be_id(one, strict=strict) for one in written):
            return list(dict.fromkeys(bare(one) for one in written))
    return None


def splits(inner: str) -> Iterator[tuple[str, ...]]:
    """The ids that a bracket may list: parted where a space follows, then at every comma and semicolon."""
    if inner.strip().lower() in {"x", ""}:  # the box of a task
        return
    for between in (_BETWEEN, _TIGHT):
        listed = (one.strip().strip("[]`*_ ") for one in between.split(inner))
        if written := tuple(one for one in listed if one):
            yield written


def resolve(written: str, known: Known) -> str | None:
    """The id that a written one stands for: as it is, without what stands before it, without a version."""
    key = bare(written)
    if written.startswith("^") and not looks_like_id(key):
        return None  # a footnote's number is nobody's id, even where one is called so
    return known(written) or known(key) or known(re.sub(r"v\d+$", "", key))


def bare(written: str) -> str:
    """``written`` without what stands before an id: ``@``, ``arXiv:``, ``Source``."""
    return _PREFIX.sub("", written, count=1) if _PREFIX.match(written) else written


def is_quantity(written: str) -> bool:
    """Whether ``written`` is the end of an interval sooner than an id."""
    return _QUANTITY.fullmatch(written) is not None


def may_be_id(written: str, *, strict: bool = True) -> bool:
    """Whether ``written`` is an id for all that can be told without the index."""
    key = bare(written)
    if written.startswith("^"):
        return looks_like_id(key)
    if looks_like_id(key) or (written.startswith("@") and len(key) > 1):
        return True
    return not strict and " " not in key and any(letter.isdigit() for letter in key) and len(key) < 60


_AFTER_STOP = re.compile(
    r"""(?P<stop>[.!?]+["”’)]*)\s*
        (?P<cited>(?:\[[^\[\]]+\](?:\([^()\s]*\))?(?:\s\([?!]\))?[\s,;]*)+)
        \.?(?=\s*(?:$|[^\W\d_a-z]|["“‘(*_\d]))""",
    re.VERBOSE,
)


def cited_sentences(text: str, known: Known, *, strict: bool = True) -> list[str]:
    """The sentences of ``text``; citations that stand after a full stop go before it, to what they are
    cited for.

    A bracket that is the subject of the next sentence ("[2406.08554] shows ...") stays where it is.
    """

    def moved(match: re.Match[str]) -> str:
        brackets = list(_BRACKET.finditer(match["cited"]))
        if not brackets or any(_ids(bracket, known, strict) is None for bracket in brackets):
            return match.group()
        return f" {match['cited'].strip(' ,;')}{match['stop']} "

    return sentences(_AFTER_STOP.sub(moved, text))


def tidy(text: str) -> str:
    """Spaces single, none before a stop or a comma, no empty brackets."""
    text = re.sub(r"\(\s*\)|\[\s*\]", "", " ".join(text.split()))
    return re.sub(r"\s+([.,;:!?])", r"\1", text).strip()


def joined(ids: Sequence[str]) -> str:
    """``[a], [b]`` for a message."""
    return ", ".join(f"[{one}]" for one in ids)
