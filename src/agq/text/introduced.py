"""What the names of an abstract stand for, and their introduction where a sentence is quoted without it.

"AutoOdom reduces drift by a third" tells nothing to who has not read the sentence before: "AutoOdom (a
proprioceptive odometry system for legged robots) reduces ..." does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from agq.text.phrases import CLAUSE, abbreviated, acronyms, expanded
from agq.text.terms import terms

_NAME = r"(?P<name>(?-i:[A-Za-z0-9]*[A-Z][\w+]*(?:-[\w+]+)*))"
"""A word with a capital letter: in the places below it is a name that the paper gives."""
_WHAT = r"(?P<what>an?(?-i: (?:[^,.;:()\[\]]|[,.](?=\d)){3,140}?))"
"""What a thing is: a noun phrase with its article, up to where the sentence goes on about it."""
_ENDS = (
    r"(?=[;:()]|[,.](?!\d)| (?:that|which|where|whose|who|designed|capable|able|aimed|built|based|trained"
    r"|using|via|consisting|comprising|explicitly|specifically|and then|under (?:this|these)"
    r"|to (?:\w+ly )?[a-z]+|by \w+ing|in which|and \w+s)\b|$)"
)
_MAKES = r"(?:introduc|propos|present|develop|describ|releas|design|buil|creat|call|nam|dubb|term|offer)\w* "
_IS = re.compile(rf"(?:{_MAKES}|^){_NAME}(?:, | - |: | – | — | is ){_WHAT}{_ENDS}", re.IGNORECASE)
_CALLED = re.compile(
    rf"{_WHAT},? (?:(?:which )?(?:we|the authors) (?:call|name|dub|term)|called|named|termed|dubbed|coined"
    rf"|referred to as|known as) {_NAME}",
    re.IGNORECASE,
)
_KIND = "(?:method|approach|framework|algorithm|technique|model|pipeline|architecture|system|scheme|strategy)"
_THEIRS = re.compile(
    rf"\b[Tt]he (?:[\w-]+ ){{0,2}}{_KIND} of [A-Z][\w’'-]*(?: and [A-Z][\w’'-]+| et al\.)?(?=[ ,])"
    rf"|\b[A-Z][\w’'-]*(?: and [A-Z][\w’-]+| et al\.)?['’]s? (?:(?:proposed|new|novel) )?{_KIND}(?=[ ,])"
)
"""What a sentence calls the paper's own without saying what it is."""
_FRESH = re.compile(r"^(a) (?:novel|new|simple) (?=[^aeiouAEIOUF])")
_SPELLED = re.compile(
    r"(?P<long>(?:[A-Z][\w-]*[a-z][\w-]* ){1,5}[A-Z][\w-]*[a-z][\w-]*) \((?P<name>[A-Z][\w-]*[A-Z][\w-]*)\)"
)
"""A name behind its parts in capitals: "Compositional Neural Operators (CompNO)"."""
_SHORTEST, _LONGEST = 5, 16
"""Words of what a name is said to be: "a novel framework" says nothing."""
_NO_NOUN = re.compile(
    r"(?:on|towards?|can|how|why|what|when|where|is|are|do|does|from|beyond|\w+ing|\w+ly|\d+)\b",
    re.IGNORECASE,
)
"""How a title's second part begins that does not say what its first part is."""
_ASIDE = str.maketrans({"[": "(", "]": ")", "“": "'", "”": "'", '"': "'"})
_NOT_BEHIND = r"(?<![\w(/.-])(?<!\b[Tt]he )(?<!\b[Aa] )(?<!\b[Aa]n )(?<!\bboth )"
_NOT_BEFORE = (
    r"(?![\w)/+-]|\.\w|['’]|,? (?:an?|the|that|which) | \(| is an? "
    r"| (?:framework|model|method|dataset|benchmark|system|pipeline|architecture|algorithm|agent|puzzle"
    r"|neuron)s?\b)"
)
"""Where an explanation in brackets would split what belongs together, or tell what is told anyway."""
_TOLD = 0.5
"""A sentence that holds this share of an introduction's terms needs none."""


@dataclass(frozen=True, slots=True)
class Names:
    """What an abstract calls things by: acronyms with their long forms, and the names that the paper gives
    with what they are ("an agent that plans"). ``title`` tells what else is theirs.
    """

    long_forms: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def used(self, text: str) -> set[str]:
        """The names that ``text`` uses, without a plural's s."""
        return {
            name.removesuffix("s")
            for name in (*self.long_forms, *self.given)
            if re.search(rf"(?<![\w-]){re.escape(name)}(?!\w)", text)
        }


def names_of(title: str, sentences: Sequence[str]) -> Names:
    """The names that the title and the abstract's sentences explain."""
    text = " ".join(sentences)
    long_forms = {m["name"]: m["long"] for m in _SPELLED.finditer(text) if _is_of(m["name"], m["long"])}
    long_forms |= acronyms(text)
    given = {name: what for sentence in reversed(sentences) for name, what in _explained(sentence)}
    head, colon, tail = title.partition(": ")
    if colon and " " not in head and head in text and not (_NO_NOUN.match(tail) or CLAUSE.search(tail)):
        given.setdefault(head, re.sub(r"^(?:An?|The) ", lambda article: article.group().lower(), tail))
    title = title.translate(_ASIDE).rstrip(".")
    return Names(long_forms, {name: what for name, what in given.items() if name not in long_forms}, title)


def _is_of(name: str, parts: str) -> bool:
    """Whether the letters of ``name`` stand in ``parts`` in this order, the first in front."""
    letters = iter(parts.lower())
    told = [letter for letter in name.lower() if letter.isalnum()]
    return parts[:1].lower() == told[0] and all(letter in letters for letter in told)


def introduced(text: str, names: Names, known: Set[str] = frozenset(), *, again: bool = False) -> str:
    """``text`` with each name explained where it first stands, but for those ``known``, whose explanation
    goes where the sentence brings one. "The method of Zou et al." is told by the paper's title, unless the
    paper was heard before (``again``).
    """
    if names.title and not again and (thing := _THEIRS.search(text)):
        text = f"{text[: thing.end()]} (“{names.title}”){text[thing.end() :]}"
    for name, what in names.given.items():
        if name not in known and name in text:
            text = _explain(text, name, what)
    for short, long in names.long_forms.items():
        is_known = short.removesuffix("s") in known
        text = abbreviated(text, short, long) if is_known else expanded(text, short, long)
    return text[:1].upper() + text[1:]


def _explain(text: str, name: str, what: str) -> str:
    wanted = set(terms(what))
    if len(wanted & set(terms(text))) >= _TOLD * len(wanted):
        return text
    # a bracket behind it, or a clause that tells what it is, would explain it twice
    place = re.compile(rf"{_NOT_BEHIND}{re.escape(name)}{_NOT_BEFORE}")
    return place.sub(lambda match: f"{match.group()} ({what})", text, count=1)


def _explained(sentence: str) -> Iterator[tuple[str, str]]:
    aside = re.sub(r" \([^()]{1,40}\)", "", sentence)  # "a region of interest (RoI) extractor"
    for pattern in (_IS, _CALLED):
        for match in pattern.finditer(aside):
            name, what = match["name"], _FRESH.sub(r"\1 ", match["what"].strip())
            marked = sum(letter.isupper() for letter in name) >= 2
            given = marked or pattern is _CALLED or match.group().lower().startswith(("introduc", "propos"))
            if given and name not in what and _SHORTEST <= len(what.split()) <= _LONGEST:
                yield name, what
