"""The questions that titles would answer: "Seeing twice for anomaly detection in scans" -> "Which methods are
there for anomaly detection in scans?"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agq.text.phrases import CLAUSE, DOINGS, sentence_case

_DONE: Mapping[str, str] = {
    "accelerating": "accelerated", "constraining": "constrained", "controlling": "controlled",
    "designing": "designed", "detecting": "detected", "discovering": "discovered", "enhancing": "improved",
    "estimating": "estimated", "forecasting": "forecast", "generating": "generated",
    "identifying": "identified", "improving": "improved", "inferring": "inferred", "measuring": "measured",
    "mitigating": "mitigated", "modeling": "modeled", "modelling": "modelled", "optimising": "optimised",
    "optimizing": "optimized", "predicting": "predicted", "preventing": "prevented", "reducing": "reduced",
    "simulating": "simulated", "solving": "solved",
}  # fmt: skip
"""What a title says that it does -> what is asked how it can be."""
_APART = r"(?!\b(?:for|via|using|through|from|with|by|and|or|towards?|to)\b)"
_THING = rf"(?:{_APART}[^,;:?!()$“”\"])"
"""A letter of a noun phrase that goes on."""
_LISTED = r"(?:(?!\b(?:for|via|using|through|from|with|by|or|towards?|to)\b)[^,;:?!()$“”\"])"
"""The same, of several that may be joined."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How a title, or a part of one, is turned into a question: ``reads`` finds the parts of ``asks``."""

    reads: re.Pattern[str]
    asks: str


_TURNS = (
    Turn(
        re.compile(
            r"(?:.* )?\b(?P<what>effects?|impacts?|influences?|roles?) of (?P<x>.{3,60}) (?P<on>on|in) "
            r"(?P<y>.{3,60})",
            re.IGNORECASE,
        ),
        "What is the {what} of {x} {on} {y}?",
    ),
    Turn(
        re.compile(
            rf"(?:\w+ )?(?P<what>limits?|limitations?|drivers?|causes?|origins?) of (?P<x>{_THING}{{3,60}})",
            re.IGNORECASE,
        ),
        "What are the {what} of {x}?",
    ),
    Turn(
        re.compile(
            rf"(?:.* )?(?:constraints?|bounds?) on (?P<x>{_THING}{{3,60}}?)(?: (?:from|with|using|by) .*)?",
            re.IGNORECASE,
        ),
        "What constrains {x}?",
    ),
    Turn(
        re.compile(rf"learning (?P<x>{_THING}{{6,50}}) from (?P<y>{_THING}{{3,50}})", re.IGNORECASE),
        "How can {x} be learned from {y}?",
    ),
    Turn(
        re.compile(rf"(?P<x>{_THING}{{3,45}}) (?:versus|vs\.?) (?P<y>{_THING}{{3,45}})", re.IGNORECASE),
        "How do {x} and {y} compare?",
    ),
    Turn(
        re.compile(rf"(?:\w+ )?evidence (?P<on>for|of|against) (?P<x>{_THING}{{3,70}})", re.IGNORECASE),
        "What is the evidence {on} {x}?",
    ),
    Turn(
        re.compile(
            rf"(?P<doing>{'|'.join(_DONE)}) (?P<x>{_THING}{{6,60}}?)"
            r"(?: (?:via|using|through|from|with|by|for) .*)?",
            re.IGNORECASE,
        ),
        "How can {x} be {done}?",
    ),
    Turn(
        re.compile(rf".*\bfor (?:the )?(?P<purpose>{_THING}{{8,70}})", re.IGNORECASE),
        "Which methods are there for {purpose}?",
    ),
    Turn(
        re.compile(
            rf"(?P<purpose>{_THING}{{8,70}}) (?:via|using|through|with|by|based on) .+", re.IGNORECASE
        ),
        "Which methods are there for {purpose}?",
    ),
    Turn(
        re.compile(
            r"(?:(?:understanding|exploring|investigating|probing|unveiling|on|an?|a \w+ of) )*"
            r"(?P<topic>(?!is |are |do |does |can |why |how |what |when |beyond |\w+ing )"
            rf"{_LISTED}{{4,50}} (?:in|of|on|at|under|between|among|across) {_LISTED}{{4,50}})",
            re.IGNORECASE,
        ),
        "What is known about {topic}?",
    ),
)
"""The telling ones first."""
_MADE = re.compile(
    r"\b(?:framework|benchmark|dataset|data set|approach|method|model|study|analysis|algorithm|survey|review"
    r"|network|architecture|system|tool|library|toward\w*|novel|new|first|case|note|perspective|roadmap"
    r"|comparison|versus|vs)\b",
    re.IGNORECASE,
)
"""What a paper is or brings, rather than what there is to be known."""
_DOING = re.compile(
    r"(?!revisiting|rethinking|exploring|probing|investigating|understanding)\w+ing ", re.IGNORECASE
)
_COINED = re.compile(r"\b[A-Za-z]*[a-z][A-Z]\w*|\b[A-Z]{6,}\b|\d{3,}|\$")
SHORTEST, LONGEST = 5, 15
"""Words of a topic at least, and of what is asked at most."""


def questions(title: str, bodies: Sequence[str]) -> Iterator[str]:
    """The questions that a paper of this title would answer, one a part of the title, its last part first.

    ``bodies`` show how words are written within a sentence.
    """
    for part in reversed(re.split(r"[:?!]\s+|\s[-–—]\s", title)):
        asked = (_asked(turn, part.rstrip(". "), bodies) for turn in _TURNS)
        if question := next(filter(None, asked), ""):
            yield question


def _asked(turn: Turn, part: str, bodies: Sequence[str]) -> str:
    match = turn.reads.fullmatch(part)
    if match is None:
        return ""
    parts = {name: _within(text, bodies) for name, text in match.groupdict().items()}
    if not _asks_well(parts):
        return ""
    return turn.asks.format(**parts, done=_DONE.get(parts.get("doing", "").lower(), ""))


def _asks_well(parts: Mapping[str, str]) -> bool:
    """Whether somebody would ask so who has not read the paper."""
    said = " ".join(parts.values())
    if _COINED.search(said) or not 2 <= len(said.split()) <= LONGEST:
        return False
    if topic := parts.get("topic"):
        return len(topic.split()) >= SHORTEST and not (_MADE.search(topic) or CLAUSE.search(topic))
    purpose = parts.get("purpose")
    return not purpose or bool(DOINGS.match(purpose) or _DOING.match(purpose))


def _within(text: str, bodies: Sequence[str]) -> str:
    """As it stands within a sentence: a first word goes in lower case unless it is a name."""
    told, said = sentence_case(text, bodies), " ".join(bodies)
    first = re.escape(told.split(" ", 1)[0])
    named = re.search(rf"[a-z,] {first}\b", said) and not re.search(rf"\b{first.lower()}\b", said)
    return told if named or not told[1:2].islower() else told[:1].lower() + told[1:]
