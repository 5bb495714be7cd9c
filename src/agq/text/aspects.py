"""What a question asks for beyond its subject: speed, accuracy, limits, causes ... and which sentences
tell it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aspect:
    """What in a question asks for an aspect, what in a sentence tells it."""

    asks: str
    tells: str


_ASPECTS: Mapping[str, Aspect] = {
    "speed": Aspect(
        asks=r"accelerat|speed|fast|quick|cheap|efficien|cost|time|expens|scal|slow|latency|memory|"
        r"compress|reduc",
        tells=(
            r"accelerat|speed-?up|speeds|fast|quick|cheap|cost|orders? of magnitude|runtime|"
            r"wall-?clock|seconds|"
            r"minutes|hours|real[- ]time|latency|throughput|×|\d+x\b|\d-fold|times (?:fast|less|few|"
            r"more)|GPU|breakeven"
        ),
    ),
    "accuracy": Aspect(
        asks=r"accura|precis|reliab|how well|how good|error|quality|better|beat|outperform|"
        r"skill|robust|best",
        tells=(
            r"accura|error|RMSE|MAE|\bR2\b|R²|outperform|better|beat|surpass|exceed|skill|score|"
            r"\d+(?:\.\d+)?\s*%|precision|"
            r"recall|agree|match|within|comparable|calibrat|gain|improv|lower|below|higher|lead"
        ),
    ),
    "limits": Aspect(
        asks=(
            r"limit|fail|wrong|problem|challeng|drawback|weak|difficult|break|struggl|bottleneck|"
            r"pitfall|issue|hinder|risk|"
            r"obstacle|shortcoming|hard|trade-?off|where do|degrad|bias"
        ),
        tells=(
            r"limit|fail|wrong|collaps|struggl|suffer|trouble|bottleneck|degrad|bias|unstable|"
            r"instabilit|stiff|mislead|"
            r"unphysical|cannot|can end|poor|drop|worse|drawback|costly|lack|remain|difficult|hard|"
            r"conflict|spurious|error"
        ),
    ),
    "causes": Aspect(
        asks=r"\bwhy\b|cause|reason|explain|origin|mechanism|due to|come from|drives?|"
        r"what (?!is\b|was\b|has\b|does\b|this\b|its\b)[a-z]+s (?!(?:are|is|have|were|do|can|help)\b)\w",
        tells=r"because|cause|due to|reason|explain|origin|arise|stem|driven|traced|mechanism|owing|"
        r"leads? to|account",
    ),
    "remedies": Aspect(
        asks=r"remed|improv|fix|overcom|solve|mitigat|prevent|avoid|help|address|reduc|suggest|"
        r"make .* (?:robust|stable)",
        tells=r"improv|fix|overcom|solve|mitigat|prevent|avoid|remov|restor|stabili|correct|reduc|"
        r"cut|keep|ensure|alleviat",
    ),
    "evaluation": Aspect(
        asks=r"evaluat|benchmark|measur|assess|test|metric|validat|judge",
        tells=r"evaluat|benchmark|measur|assess|tested|metric|validat|judge|score|human|dataset|"
        r"queries|questions|graded",
    ),
    "findings": Aspect(
        asks=r"what (?:is|are|has|have) .*(?:known|found|shown|learn|tried|said)|shown|evidence|"
        r"result|discover|reveal",
        tells=r"show|find|found|reveal|discover|evidence|suggest|indicat|observ|detect|identif|confirm",
    ),
}

_ASKED = {name: re.compile(rf"\b(?:{one.asks})", re.IGNORECASE) for name, one in _ASPECTS.items()}
_TOLD = {name: re.compile(rf"\b(?:{one.tells})", re.IGNORECASE) for name, one in _ASPECTS.items()}


def aspects(question: str) -> tuple[str, ...]:
    """The aspects that ``question`` asks for; none for one that only names a subject."""
    return tuple(name for name, pattern in _ASKED.items() if pattern.search(question))


def tells(sentence: str, asked: tuple[str, ...]) -> bool:
    """Whether ``sentence`` speaks of one of the aspects asked for."""
    return any(_TOLD[name].search(sentence) for name in asked)


_METHODS = re.compile(
    r"\b(?:which|who|what (?:approaches|has been|are the)|tried|methods?|how (?:can|to|do|are)|used?|uses|"
    r"applications?|searched)\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"\b(?:how (?:accurate|accurately|well|common|massive|fast|often|much|many|large|far|long|reliabl[ey])|"
    r"what (?:fraction|share|rate|accuracy)|accuracy|limits on|costs?)\b",
    re.IGNORECASE,
)


def seeks_methods(question: str) -> bool:
    """Whether a question asks what was made or tried, rather than what is so; so does a mere subject."""
    return bool(_METHODS.search(question)) or not question.rstrip().endswith("?")


def seeks_figures(question: str) -> bool:
    """Whether a question is best answered by a number."""
    return bool(_FIGURES.search(question))
