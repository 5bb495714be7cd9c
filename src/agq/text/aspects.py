"""What a question asks for beyond its subject: speed, accuracy, limits, causes ... and which sentences tell it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ASPECTS: Mapping[str, tuple[str, str]] = {
    "speed": (
        r"accelerat|speed|fast|quick|cheap|efficien|cost|time|expens|scal|slow|latency|memory|compress|reduc",
        r"accelerat|speed-?up|speeds|fast|quick|cheap|cost|orders? of magnitude|runtime|wall-?clock|seconds|"
        r"minutes|hours|real[- ]time|latency|throughput|×|\d+x\b|\d-fold|times (?:fast|less|few|more)|GPU|breakeven",
    ),
    "accuracy": (
        r"accura|precis|reliab|how well|how good|error|quality|better|beat|outperform|compar|skill|robust|best",
        r"accura|error|RMSE|MAE|\bR2\b|R²|outperform|better|beat|surpass|exceed|skill|score|\d+(?:\.\d+)?\s*%|precision|"
        r"recall|agree|match|within|comparable|calibrat|gain|improv|lower|below|higher|lead",
    ),
    "limits": (
        r"limit|fail|wrong|problem|challeng|drawback|weak|difficult|break|struggl|bottleneck|pitfall|issue|hinder|risk|"
        r"obstacle|shortcoming|hard|trade-?off|where do|degrad|bias",
        r"limit|fail|wrong|collaps|struggl|suffer|trouble|bottleneck|degrad|bias|unstable|instabilit|stiff|mislead|"
        r"unphysical|cannot|can end|poor|drop|worse|drawback|costly|lack|remain|difficult|hard|conflict|spurious|error",
    ),
    "causes": (
        r"\bwhy\b|cause|reason|explain|origin|mechanism|due to|come from|what makes|drives?",
        r"because|cause|due to|reason|explain|origin|arise|stem|driven|traced|mechanism|owing|leads? to|account",
    ),
    "remedies": (
        r"remed|improv|fix|overcom|solve|mitigat|prevent|avoid|help|address|reduc|suggest|make .* (?:robust|stable)",
        r"improv|fix|overcom|solve|mitigat|prevent|avoid|remov|restor|stabili|correct|reduc|cut|keep|ensure|alleviat",
    ),
    "evaluation": (
        r"evaluat|benchmark|measur|assess|test|metric|validat|judge",
        r"evaluat|benchmark|measur|assess|tested|metric|validat|judge|score|human|dataset|queries|questions|graded",
    ),
    "findings": (
        r"what (?:is|are|has|have) .*(?:known|found|shown|learn|tried|said)|shown|evidence|result|discover|reveal",
        r"show|find|found|reveal|discover|evidence|suggest|indicat|observ|detect|identif|confirm",
    ),
}  # fmt: skip
"""Aspect -> what in a question asks for it, what in a sentence tells it."""

_ASKED = {name: re.compile(rf"\b(?:{asks})", re.IGNORECASE) for name, (asks, _) in _ASPECTS.items()}
_TOLD = {name: re.compile(rf"\b(?:{tells})", re.IGNORECASE) for name, (_, tells) in _ASPECTS.items()}


def aspects(question: str) -> tuple[str, ...]:
    """The aspects that ``question`` asks for; none for one that only names a subject."""
    return tuple(name for name, pattern in _ASKED.items() if pattern.search(question))


def tells(sentence: str, asked: tuple[str, ...]) -> bool:
    """Whether ``sentence`` speaks of one of the aspects asked for."""
    return any(_TOLD[name].search(sentence) for name in asked)
