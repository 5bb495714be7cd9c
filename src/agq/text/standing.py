"""How a sentence of an abstract may stand outside of it.

A quoted sentence has lost its neighbours: "However, this method outperforms them" says nothing any more.
``standalone`` rewrites the little that can be rewritten truthfully (a leading "However," goes, "we
train" gets its subject) and refuses the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agq.text.rhetoric import any_of

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose abstract it is.

    ``authors`` as the subject of a sentence ("Zou and Marzouk", "The authors"); ``system``, the name that
    the paper gives its own method, or empty; ``single``: one author.
    """

    authors: str = "The authors"
    system: str = ""
    single: bool = False

    @property
    def known(self) -> bool:
        """Whether anybody is named."""
        return not self.authors.startswith(("The authors", "One "))

    @property
    def again(self) -> str:
        """The authors as a subject, once they were named."""
        return "the authors" if not self.known else "the author" if self.single else "they"

    @property
    def inside(self) -> str:
        """The authors within a sentence."""
        begins = self.authors.startswith(("The ", "One "))
        return self.authors[0].lower() + self.authors[1:] if begins else self.authors

    @property
    def own(self) -> str:
        """The authors' as a possessive, within a sentence."""
        return self.inside + ("'" if self.inside.endswith("s") else "'s")


_POINTING = "(?:this|these|such|those|the above)"
_PAPER = (
    "(?:paper|work|study|article|letter|contribution|thesis|research|review|survey|report|note|manuscript|"
    "talk|chapter|perspective paper)"
)
_MARKER = re.compile(
    any_of(
        rf"""however|furthermore|moreover|additionally|in addition|finally|lastly|specifically|in particular
        particularly|importantly|notably|interestingly|remarkably|surprisingly|crucially|as a result|therefore
        thus|hence|consequently|overall|in summary|in conclusion|to summari[sz]e|in short|here|to this end
        to that end|for this purpose|nevertheless|nonetheless|yet|besides|also|then|first|firstly|second
        secondly|third|thirdly|next|meanwhile|in contrast|by contrast|in comparison|conversely|instead
        on the other hand|similarly|likewise|accordingly|as such|in turn|further
        rather|indeed|in fact|concretely|briefly|more(?: specifically| precisely| importantly| broadly)
        more recently|in this {_PAPER}|in this (?:regard|context|setting|case|respect|way)|subsequently
        in the (?:present|current) {_PAPER}|in our (?:work|study|approach|experiments)|afterwards?
        with this (?:in mind|motivation)|by doing so|in doing so|along the way|generally|in general
        (?:motivated|inspired) by (?:this|these)[\w ]{{0,40}}|to \w+ {_POINTING}\b[^,]{{0,80}}|to demonstrate
        to \w+ (?:its|their) \w+|based on (?:this|these|that)\b[^,]{{0,60}}|as a case study
        building (?:up)?on (?:this|these|that)\b[^,]{{0,60}}|on the contrary|at the same time|in parallel
        simultaneously|again|bringing \w+ together|despite (?:this|these)\b[^,]{{0,60}}
        as an? (?:application|illustration|proof of (?:concept|principle)|by-?product|consequence)"""
    )
    + r"\s*[,:]\s+",
    _I,
)
_BARE_MARKER = re.compile(
    rf"(?:here|in this {_PAPER}|thus|hence|therefore|then|finally|also|further|next|first) (?=we\b|I\b)", _I
)
_LINK = re.compile(
    r", (?:however|therefore|thus|moreover|furthermore|by contrast|in contrast|instead|too|in turn|finally|"
    r"consequently|hence|as well|for (?:example|instance)),|(?<=\w) (?:therefore|thus|hence|also|moreover|"
    r"furthermore|additionally) (?=\w)",
    _I,
)
_SHOWN = "show|find|found|demonstrated?|prove|report|observe|establish|confirm|showed|proved|discover|see"
_THAT = re.compile(
    r"(?:(?:we|I)(?: \w+ly)?(?: also| then| further| first| will| can|"
    r" are able to)?(?: \w+ly)? (?:show|showed|demonstrate|demonstrated|prove|proved|establish|confirm)"
    r"|(?:our|the|these) (?:\w+ ){0,3}(?:results?|experiments?|findings?|simulations?|analys[ie]s|"
    r"evaluations?|studies|tests?|work|study) (?:\w+ly )?(?:show|demonstrate|reveal|confirm|prove|"
    r"establish)(?:s|d|ed)?"
    r"|it is (?:shown|found|demonstrated|proven|proved)) that[, ]\s*",
    _I,
)
_GOES_ON = re.compile(
    rf"\band (?:\w+ly |also |further |then )?(?:{_SHOWN}|provide|give|use|derive|discuss|argue)\b"
    r"|\bbut that\b",
    _I,
)
"""What is shown is followed by what else is done: "we show that A, and demonstrate that B"."""
_THIS_PAPER = re.compile(
    r"(?:this|the present|the current|our|the(?= (?:paper|article|manuscript|thesis|chapter)\b)) "
    rf"({_PAPER})\b(?!'s?)",
    _I,
)
_AS_WRITTEN = {
    **dict.fromkeys(("work", "research"), "study"),
    **dict.fromkeys(("contribution", "manuscript", "letter", "note", "article"), "paper"),
}
_THE_RESULTS = re.compile(
    r"(?:the|these(?! evaluations)) "
    r"((?:(?!of\b)[\w-]+ ){0,2}(?:results|findings|experiments|simulations|evaluations))"
    rf"(?: (?:of|in|from) (?:this|our|the) {_PAPER})?(?= (?:\w+ly )?(?:show|indicate|suggest|reveal|"
    r"demonstrate|confirm|highlight|imply|provide|support|point)\b)",
    _I,
)
"""What an abstract calls the results are its authors'."""
_THING = any_of(
    """method|approach|framework|model|algorithm|system|architecture|technique|pipeline|formulation|strategy
    scheme|methodology|network|procedure|surrogate|solver|design|tool|estimator|emulator"""
)
_THIS_THING = re.compile(
    rf"(?:our|the (?:proposed|new|resulting|present|presented|developed|introduced)) "
    rf"((?:(?!our\b|an?\b|the\b|and\b|is\b)[\w-]*[^\Ws] ){{0,3}}?{_THING})(?=\s(?!and\b))",
    _I,
)
"""The paper's own; "this framework" may be one that it speaks against."""
_MANKIND = re.compile(
    r"(?:\w+ly |all |also |now |still |do not |cannot |can |may |must |should |often )*"
    + any_of(
        r"""live|lack|face|know|need|are (?!able)|understand|see|hear|speak|age|die|now|still|must|should
        have (?!\w+(?:ed|en|un|own|ade|uilt|ound)\b)"""
    ),
    _I,
)
"""What mankind does; all else that "we" do the authors do."""
_EVERYBODYS = any_of(
    """universe|galaxy|solar|sun|earth|planet|moon|milky|world|society|societies|lives|daily|everyday
    understanding|ability|capacity|capability|knowledge|health|bod(?:y|ies)|eyes?|brains?|minds?|civili[sz]ation|species|atmosphere|oceans?|climate"""
)
_OUR = re.compile(rf"\b(?:our|my) (?!(?:[\w-]+ )?{_EVERYBODYS})", _I)
_POINTS = re.compile(
    any_of(
        r"""this|these|that|those|such|it|its|they|their|he|she|his|her|ours|both|either|neither|one|ones|some
        so|others?|another|and|but|yet|or|nor|all (?:of )?(?:these|this|those)
        which|where|here|there|therefore
        the (?:former|latter|above|aforementioned)|(?:to|in|with|for|at|by|on|from|of) (?:this|these|such)
        as such|because of this|if so|if not|together|among (?:these|them|those)|thus|hence|then|again|later
        in (?:[\w’'.]+ ){0,4}?(?:previous|prior|earlier|companion|preceding) (?:works?|papers?|study|studies)
        also|doing so|for (?:example|instance)|all (?:two|three|four|five|six)"""
    ),
    _I,
)
"""Openers that point at another sentence for certain; of "the model" only a reader can tell."""
_MAY_OPEN = re.compile(
    any_of(
        r"""there (?:is|are|exist)|one of the|both \w+ and|each \w+|some \w+|either \w+ or
        one (?:paper|study|review|survey|report|thesis|tutorial|perspective|dissertation|essay|chapter|talk)
        it (?:is|has been|was) (?:well )?(?:known|possible|shown|established)"""
    ),
    _I,
)
_ELSEWHERE = re.compile(
    r"\b(?:the (?:former|latter|aforementioned|above)|as (?:described|mentioned|discussed) (?:above|earlier)"
    r"|see (?:fig|sec|tab|eq)|aforementioned|above-mentioned|previously (?:found|showed|shown|introduced) in"
    r"|(?:prior|previous|earlier|companion|preceding) (?:work|paper|study),? (?=\(|\w+ et al|the authors)"
    r"|(?:we|us|our|my)\b|(?-i:(?:^|[,;:] |(?:and|that|as|which|what) )I (?=[a-z])))",
    _I,
)
_EARLY = re.compile(r"\b(?:this|these|those|such(?! as\b))\b", _I)
_NAMES_ITSELF = re.compile(r"\b(?:our (?:universe|galaxy|solar|sun|earth|milky))\b", _I)

_LINKING = "(?:also|then|further|furthermore|finally|additionally|next|thus|therefore|hence)"
"""What stands beside a verb and points back."""
_FOR_US = re.compile(r"\b(?:allow|enabl|permit)(e|es|s|ed|ing)? us to\b", _I)
_FREED = {"": "make", "e": "make", "s": "makes", "es": "makes", "ed": "made", "ing": "making"}
"""What allows us to do something makes it possible, whoever we are."""

_SINGULAR = {"have": "has", "are": "is", "were": "was", "do": "does"}
_PAST = re.compile(
    r"\w+ed|can|could|will|would|may|might|must|has|is|was|did|does|found|built|made|took|gave|began|chose|"
    r"drew|led|ran|saw|sought|showed|taught|understood|used|wrote|\w+ing|and|in|on|for|to|by|at|with"
)
"""What does not change behind one author's name: past tenses, modal verbs and what is no verb."""

_SECOND = (
    "show|find|demonstrate|prove|introduce|propose|present|develop|derive|discuss|compare|apply|use|study|"
    "investigate|obtain|report|argue|identify|provide|explore|analyze|analyse|evaluate|estimate|compute|release|quantify|establish|outline|highlight|assess|validate|describe|construct|extend|implement|"
    "predict|measure|calculate|simulate|generate|frame"
)
"""A second verb of the same author's: "considers a galaxy and shows that ..."."""

SHORTEST, LONGEST = 6, 60
"""Words of a sentence that may stand alone."""


def standalone(sentence: str, speaker: Speaker) -> str | None:
    """``sentence`` as it can be read outside of its abstract, changed as little as that takes; None where
    it certainly cannot.

    Openers that point back go ("However,", "To address this,"), "we show that X" becomes "X", "we train"
    becomes "Zou et al. train", "this method" becomes the method's name or "the method of Zou et al.".
    """
    text = _without_markers(sentence.strip())
    text = _without_link(_claim(text))
    text = _third_person(_paper_named(text, speaker), speaker)
    text = _capital(text)
    return text if _stands(text) else None


_LABEL = re.compile(
    r"(?:background|context|aims?|objectives?|purpose|design|setting|methods?|materials and methods|results?|"
    r"findings|conclusions?|discussion|interpretation|significance)\s*:\s*(?=\S)",
    _I,
)
"""How a structured abstract names its parts."""


_NUMBER = re.compile(r"\(?(?:\d{1,2}|[ivx]{1,4}|[a-d])\) +(?=\S)", _I)
"""How a list within an abstract counts its parts."""


def _without_markers(text: str) -> str:
    openers = (_LABEL, _NUMBER, _MARKER, _BARE_MARKER)
    while match := next(filter(None, (opener.match(text) for opener in openers)), None):
        text = text[match.end() :]
    return text


def _without_link(text: str) -> str:
    """``text`` without the "therefore" or "also" of its first words, which point back."""
    match = _LINK.search(text)
    if match is None or len(text[: match.start()].split()) > 5 or re.search(r"not only", text, _I):
        return text
    return text[: match.start()] + " " + text[match.end() :].lstrip()


def _claim(text: str) -> str:
    """What is shown, without "we show that"."""
    match = _THAT.match(text)
    if match is None:
        return text
    rest = _without_markers(text[match.end() :])
    if re.match(r"(?:it|they|this|these|such|the)\b", rest, _I) or _GOES_ON.search(rest):
        return text
    return re.sub(r",? and that\b", ", and", rest)


def _paper_named(text: str, speaker: Speaker) -> str:
    """The paper, its results or its method, where one of them opens the sentence."""
    if match := _THIS_PAPER.match(text):
        noun = match.group(1).lower()
        noun = _AS_WRITTEN.get(noun, noun)
        return (f"{_capital(speaker.own)} {noun}" if speaker.known else f"One {noun}") + text[match.end() :]
    if match := _THE_RESULTS.match(text):
        return f"{_capital(speaker.own)} {match.group(1)}" + text[match.end() :]
    if match := _THIS_THING.match(text):
        thing = re.sub(r"(?:(?:proposed|new|novel) )+", "", match.group(1), flags=_I)
        named = speaker.system or f"The {thing} of {speaker.inside}"
        return named + text[match.end() :]
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _third_person(text: str, speaker: Speaker) -> str:
    """First person to third: the subject by name, what is theirs by name where there is no such subject."""
    named = speaker.inside.lower() in text.lower()

    def subject(match: re.Match[str]) -> str:
        nonlocal named
        numbered = match.group() == "I" and re.search(
            r"[A-Z]\w* $|[-–]$", text[: match.start()]
        )  # "Type I strings"
        if numbered or _MANKIND.match(text, match.end() + 1):
            return match.group()
        if named:
            return speaker.again
        named = True
        return speaker.inside

    def owner(_: re.Match[str]) -> str:
        nonlocal named
        if named:
            return "their " if speaker.known else "its "
        named = True
        return f"{speaker.own} "

    text = re.sub(r"\b(?:[Ww]e|I)\b(?=\s[a-z])", subject, text)
    text = _OUR.sub(owner, text)
    if named:
        text = re.sub(r"\bus\b", "them", text)
        text = re.sub(r"\bours\b", "theirs", text)
    text = re.sub(r"\b[Tt]o the best of our knowledge,? |\b[Tt]o our knowledge,? ", "", text)
    text = re.sub(
        r"\bour (understanding|ability|capacity|capability|knowledge|increasingly|society|lives)\b",
        r"the \1",
        text,
    )
    text = _FOR_US.sub(lambda m: _FREED[m.group(1) or ""] + " it possible to", text)
    text = re.sub(r"\b(help(?:s|ed|ing)?) us (?:to )?", r"\1 ", text)
    text = _singular(text, speaker) if speaker.single else text
    return re.sub(rf"\b({re.escape(speaker.inside)}|they) {_LINKING} (?=\w)", r"\1 ", text)


def _singular(text: str, speaker: Speaker) -> str:
    """What one author does: "Marra consider" becomes "Marra considers"."""

    def conjugated(match: re.Match[str]) -> str:
        verb = match.group(2)
        return match.group(1) + _SINGULAR.get(verb, verb if _PAST.fullmatch(verb) else _with_s(verb))

    adverbs = r"(?:(?:(?!(?:app|rep|re|mu?ltip|imp|supp|comp)ly)\w+ly|also|then|further|first) )*"
    name = rf"(?:{re.escape(speaker.inside)}|the author)\b(?! et\b)"
    text = re.sub(rf"((?<!of ){name} {adverbs})([a-z]+(?:-[a-z]+)*)\b", conjugated, text, flags=re.IGNORECASE)
    second = rf"({name} .*?,? and {adverbs})({_SECOND})(?= (?:that|how|an?|the|its|their|\d+)\b)"
    return re.sub(second, conjugated, text)


def _with_s(verb: str) -> str:
    if re.search(r"[^s]s$", verb) and verb != "focus":
        return verb  # is in the third person
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"


def _stands(text: str) -> bool:
    words = text.split()
    if not SHORTEST <= len(words) <= LONGEST or not text.endswith((".", "!", ")", '"', "”")):
        return False
    if _POINTS.match(text) and not _MAY_OPEN.match(text):
        return False
    first = text.split(",", 1)[0] if "," in text else " ".join(words[:6])
    if _EARLY.search(first):
        return False
    return not _ELSEWHERE.search(_NAMES_ITSELF.sub("", text))
