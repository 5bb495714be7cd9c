"""Questions to go on with: what the sources ask themselves, and what they tell of subjects beside the
question.

A way of asking is taken only where a sentence of the sources tells what it asks for ("Where do X fail?" needs
a sentence on X that speaks of failing), so a question fits its field.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agq.answerers.title_questions import questions
from agq.text.clean import readable
from agq.text.phrases import (
    DOINGS,
    EMPTY,
    GENERIC,
    TOOLS,
    Phrase,
    sentence_case,
    shared_phrases,
    speaks_of,
    stems,
)
from agq.text.sentences import sentences
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.model import CrossEncoder, Evidence, Paper

Kind = Literal["tools", "doing", "things", "thing"]

MOST = 12
"""Questions proposed; who asks for three takes the first that the index can answer."""
OF_TITLES = 6
"""Of them, how many at most are what titles would answer."""
FAR = 0.6
"""Papers whose match is below this share of the best one's lead away from the question."""
ANSWERS = 2
"""The column of a cross-encoder's scores that says how well a sentence answers."""
READ_EACH = 3
"""Sentences that are read with a question, to see whether they answer it."""
SAME = 0.6
"""The share of its terms that a question to go on with may have in common with the one asked."""
SHARED = 2
"""Papers that speak of what is asked about, where there is such a subject."""
SUBJECTS = 24
"""Subjects that are looked at."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of asking.

    ``tells``: what a sentence that answers it says, a pattern with the subject's place as ``{}``, or without
    one where it need only be the same sentence; ``asks``: the question by kind of subject.
    """

    tells: str
    asks: Mapping[Kind, str]

    def told(self, sentence: str, subject: str) -> bool:
        """Whether ``sentence``, which speaks of ``subject``, tells what is asked."""
        pattern = self.tells.replace("{}", re.escape(subject[:-1] if subject.endswith("s") else subject))
        return bool(re.search(pattern, sentence, re.IGNORECASE))


_NEAR = r"(?: [\w-]+){0,3}? "
_WAYS = (
    Way(
        r"\b(?:limit|fail|struggl|suffer|degrad|collaps|bottleneck|bias|unstable|spurious|drawback|shortcoming)",
        {"tools": "Where do {} fail?", "doing": "What limits {}?"},
    ),
    Way(
        rf"\b(?:causes?|origin|drivers?|mechanisms?|explanations?) (?:of|for|behind|underlying){_NEAR}{{}}"
        rf"|\b(?:cause|trigger)s?{_NEAR}{{}}"
        rf"|{{}}\w*{_NEAR}(?:is|are) (?:\w+ly )?(?:caused|driven|triggered)\b",
        {"things": "What causes {}?", "thing": "What causes {}?"},
    ),
    Way(
        r"accura|\berrors?\b|RMSE|\bMAE\b|outperform|surpass|skill|R²|\d ?%",
        {"tools": "How accurate are {}?", "doing": "How well does {} work?"},
    ),
    Way(
        rf"\b(?:measur|constrain)\w*{_NEAR}{{}}|{{}}\w* measurement",
        {"things": "How are {} measured?", "thing": "How is {} measured?"},
    ),
    Way(
        rf"\bfor{_NEAR}{{}}",
        {"doing": "Which methods are there for {}?"},
    ),
    Way(
        r"faster|speed-?up|cheap|\bcosts?\b|orders? of magnitude|latency|memory (?:use|footprint|cost)",
        {"tools": "What do {} cost to run?", "doing": "How can {} be made cheaper?"},
    ),
    Way(
        rf"\b(?:effects?|impacts?|influences?|dependence) of{_NEAR}{{}}",
        {"things": "What effects do {} have?", "thing": "What effect does {} have?"},
    ),
    Way(
        rf"\b(?:effects?|impacts?|influences?) on{_NEAR}{{}}"
        rf"|\b(?:affect|influence|shape|alter|change)s?{_NEAR}{{}}",
        {"things": "What affects {}?", "thing": "What affects {}?"},
    ),
    Way(
        rf"\b(?:improv|mitigat|enhanc|strengthen)\w*{_NEAR}{{}}|{{}}\w*{_NEAR}improv",
        {"tools": "How can {} be improved?", "doing": "How can {} be improved?"},
    ),
    Way(
        r"\b(?:evaluat|benchmark|assess|validat)",
        {"tools": "How are {} evaluated?", "doing": "How is {} evaluated?"},
    ),
    Way(r"\bus(?:e[sd]?|ing)\b|\bappl(?:y|ied|ication)", {"tools": "What are {} used for?"}),
)
"""Telling ones first; each is taken once before any is taken twice."""
_OPEN = "What is known about {}?"
"""Where nothing better can be asked."""
SPECIFIC = 5
"""Words of a subject of which that is worth asking."""

_ASKING = frozenset(
    terms("which methods are there for what is known about how can be evidence effect impact influence role")
)
_ASKING_TITLE = re.compile(
    r"(?:[^?]*[:.] )?((?:What|How|Why|When|Where|Which|Do|Does|Did|Is|Are|Can|Should|Will|Could)\b[^?:]*\?)$"
)
_LEANING = re.compile(r"\b(?:it|they|them|their|this|these|that|we|our|us|i|you|your|my|one|here)\b", re.I)


def propose(evidence: Evidence) -> Iterator[str]:
    """More than three questions on what the sources speak of and the question leaves out; the readiest
    first.
    """
    asked = frozenset(terms(evidence.question))
    near = [s.paper for s in evidence.sources if s.match >= FAR * evidence.sources[0].match]
    every = [s.paper for s in evidence.sources]
    told: list[frozenset[str]] = [asked]
    for question, about in itertools.chain(
        itertools.islice(_of_titles(near, asked), 2),
        itertools.islice(_answered_by_titles(near, asked), OF_TITLES),
        _of_subjects(near, asked),
        _of_subjects(every, asked),
    ):
        if len(told) > MOST:
            return
        if about and not any(about <= other or other <= about for other in told[1:]):
            told.append(about)
            yield question


def answered(questions: Sequence[str], told: Sequence[str], cross_encoder: CrossEncoder) -> list[str]:
    """``questions``, those first that one of the sentences ``told`` answers best. Of each question the
    sentences are read that share most of its terms; those that ask of a mere subject come last.
    """
    said = [frozenset(terms(text)) for text in told]
    special = [question for question in questions if not _is_open(question)]

    def best(question: str) -> float:
        wanted = frozenset(terms(question)) - _ASKING
        nearest = sorted(range(len(told)), key=lambda i: -len(wanted & said[i]))[:READ_EACH]
        scores = cross_encoder.scores(question, [told[i] for i in nearest])
        return float(scores[:, ANSWERS].max(initial=-math.inf))

    return [*sorted(special, key=best, reverse=True), *filter(_is_open, questions)]


def _is_open(question: str) -> bool:
    """Whether it asks of a subject of a few words what is known: answered by much, and by nothing well."""
    opening, _, subject = question.partition(_OPEN.split("{", 1)[0])
    return not opening and len(subject.split()) < SPECIFIC


def _of_titles(papers: Sequence[Paper], asked: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """What titles ask that can be asked without them: "When can digital personas approximate surveys?"."""
    bodies = [p.abstract for p in papers]
    for paper in papers:
        match = _ASKING_TITLE.match(readable(paper.title))
        if match is None or _LEANING.search(match.group(1)):
            continue
        about = frozenset(terms(match.group(1)))
        special = [word for word in match.group(1).lower().rstrip("?").split() if word not in GENERIC]
        if len(about) >= 3 and len(special) >= 4 and about & asked and len(about - asked) >= 2:
            yield sentence_case(match.group(1), bodies), about


def _answered_by_titles(
    papers: Sequence[Paper], asked: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """What titles would answer, one a paper, where it is near the question and not the same."""
    bodies = [readable(p.abstract) for p in papers]
    for paper in papers:
        for question in questions(readable(paper.title), bodies):
            about = frozenset(terms(question)) - _ASKING
            if about & asked and len(about - asked) >= 2 and len(about & asked) <= SAME * len(about):
                yield question, about
                break


def _of_subjects(papers: Sequence[Paper], asked: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """On each subject the first way of asking that its sentences tell and that was not taken before; then on
    those left what is known of them.
    """
    texts = [*(s for p in papers for s in sentences(readable(p.abstract))), *(p.title for p in papers)]
    said_by = {text: stems(text) for text in texts}
    taken: set[str] = set()
    left: list[tuple[str, frozenset[str]]] = []
    for phrase in _worth_asking(papers, asked)[:SUBJECTS]:
        kind = _kind(phrase.text)
        said = [text for text, words in said_by.items() if speaks_of(words, phrase)]
        ways = [way for way in _WAYS if kind in way.asks and any(way.told(s, phrase.text) for s in said)]
        asks = next((way.asks[kind] for way in ways if way.tells not in taken), _OPEN)
        taken.update(way.tells for way in ways if way.asks[kind] == asks)
        question = asks.format(_articled(phrase.text, kind, said)), frozenset(phrase.stems)
        if asks == _OPEN and _OPEN in taken:
            left.append(question)
        else:
            yield question
        taken.add(asks)
    yield from left


def _kind(phrase: str) -> Kind:
    if TOOLS.match(phrase):
        return "tools"
    if DOINGS.match(phrase):
        return "doing"
    return "things" if re.search(r"[^su]s$", phrase) else "thing"


def _articled(phrase: str, kind: Kind, said: Sequence[str]) -> str:
    """ "the Hubble constant" where the sources mostly say it with its article."""
    found = [m for s in said for m in re.finditer(rf"(\bthe )?\b{re.escape(phrase)}\b", s, re.IGNORECASE)]
    with_article = sum(bool(m.group(1)) for m in found)
    return f"the {phrase}" if kind == "thing" and with_article > len(found) / 2 else phrase


def _worth_asking(papers: Sequence[Paper], asked: frozenset[str]) -> list[Phrase]:
    """Subjects of several words that say something special beside the question; those that several papers
    share first, for of one paper's nobody else may ask.
    """
    titles, bodies = [p.title for p in papers], [readable(p.abstract) for p in papers]
    fit = [
        p
        for p in shared_phrases(titles, bodies, least=1)
        if (p.titled or len(p.texts) > 1)
        and len(p.stems) > 1
        and len(p.text.split()) <= 3
        and "'" not in p.text
        and _is_named(p.text)
        and _is_new(p, asked)
    ]
    return sorted(fit, key=lambda p: (len(p.texts) < SHARED, not p.titled, min(p.texts), -len(p.stems)))


_COUNTED = frozenset(
    """
    framework approach model method operator network system dataset data benchmark algorithm study survey
    planet catalog catalogue experiment detector pipeline architecture tool agent instrument strategy library
    """.split()
)
"""Of one such nobody asks what is known without an article."""


def _is_named(phrase: str) -> bool:
    """Whether a subject can be asked about as it stands: no countable thing in the singular."""
    return phrase.rsplit(maxsplit=1)[-1].lower() not in _COUNTED


def _is_new(phrase: Phrase, asked: frozenset[str]) -> bool:
    words = re.split(r"[\s-]+", phrase.text.lower())
    special = [word for word in words if not {word, word.removesuffix("s")} & (GENERIC | EMPTY)]
    return bool(special) and not asked.issuperset(t for word in special for t in terms(word))
