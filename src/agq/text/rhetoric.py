"""What a sentence of an abstract does there, and how it may stand outside of it.

A quoted sentence has lost its neighbours: "However, this method outperforms them" says nothing any more.
``standalone`` rewrites the little that can be rewritten truthfully (a leading "However," goes, "we train"
gets its subject) and refuses the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Role = Literal["result", "method", "statement", "background", "outlook"]

_OUTLOOK = re.compile(
    r"\b(?:github|gitlab|zenodo|huggingface|https?:|code(?:s|base)? (?:is|are|will)|(?:publicly|freely|openly) available|"
    r"open[- ]sourced?|pav(?:es?|ing) the way|open(?:s|ing)? (?:up )?(?:new|the) (?:avenue|door|possib|path)|"
    r"future (?:work|research|directions|studies)|(?:will|could|may) (?:help|serve|enable|pave|inspire|guide)|"
    r"is organi[sz]ed as|we conclude (?:by|with)|we (?:also )?(?:discuss|outline|comment on|hope|plan)|"
    r"comments? (?:are )?welcome|accepted (?:at|by|for)|supplementary|workshop|promising (?:direction|avenue)s?|"
    r"lays? the (?:groundwork|foundation)|implications? (?:for|of)|a step toward|we (?:briefly )?review|potential to)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"^(?:recently|in recent years|over the (?:past|last)|traditional(?:ly)?|conventional(?:ly)?|existing|current(?:ly)?|"
    r"previous|prior|most (?:existing|current|of)|despite|although|while|many|modern|understanding|historically)\b|"
    r"\b(?:remain(?:s|ed)? (?:an? )?(?:open|challeng\w*|unclear|difficult|elusive|limited|underexplored|poorly|largely|"
    r"unexplored|unknown|hard)|(?:is|are) (?:often|typically|usually|commonly|widely|crucial|essential|critical|important|"
    r"challenging|notoriously|a (?:key|major|fundamental|central|crucial|critical|long-?standing|challenging))|"
    r"ha(?:s|ve) (?:recently )?(?:become|emerged|attracted|gained|received|been (?:widely|extensively|proposed|a))|"
    r"plays? (?:an?|the) \w+ role|little is known|lack(?:s|ing)? of|suffers? from|struggles? (?:to|with)|fails? to|"
    r"bottleneck|prohibitive\w*|growing (?:interest|need)|increasing(?:ly)? (?:interest|important|attention)|"
    r"challenges?\b.{0,30}$)",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:outperform\w*|achiev\w+|reduc\w+|improv\w+|accelerat\w+|speed-?ups?|speeds? up|faster|cheaper|accura\w+|"
    r"(?:show|shows|showed|demonstrat\w+|find|finds|found|reveal\w*|prov(?:e|es|ed)|confirm\w*|observe[sd]?|report\w*|"
    r"establish\w*|indicat\w+|suggest\w*) (?:that|how)|we (?:find|show|prove|demonstrate|observe|report)|results?|"
    r"orders? of magnitude|state[- ]of[- ]the[- ]art|surpass\w*|exceed\w*|compar(?:ed|able) (?:to|with)|reach\w*|"
    r"yield\w*|gains?|lower\w* (?:error|cost)|better than|superior|recovers?|agree\w* with|consistent with|"
    r"converge\w*|scal(?:es|ing) (?:to|with|as)|attain\w*|match(?:es|ing)|retain\w*|preserv\w+|keep\w*|cuts?)\b",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|letter)|the authors) (?:\w+ly |also |then |further )?(?:propose|present|"
    r"introduce|develop|describe|train|use|employ|combine|design|build|construct|apply|formulate|derive|extend|leverage|"
    r"study|investigate|analy[sz]e|explore|consider|examine|evaluate|compare)s?\b|"
    r"\b(?:based on|by (?:combining|training|using|learning|integrating|leveraging|exploiting|replacing)|trained on|"
    r"uses?|employs?|combines?|leverag\w+|integrat\w+|replac\w+|learns?|consists? of)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?\s*(?:%|\\%|x\b|×|times\b|-?fold\b|percent)|\borders? of magnitude\b", re.IGNORECASE
)


def role(sentence: str) -> Role:
    """What the sentence does in its abstract, judged by its words."""
    if _OUTLOOK.search(sentence):
        return "outlook"
    if _NUMBER.search(sentence):
        return "result"
    if _BACKGROUND.search(sentence):
        return "background"
    if _RESULT.search(sentence):
        return "result"
    return "method" if _METHOD.search(sentence) else "statement"


# --- standing alone
# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose abstract it is: ``authors`` as the subject of a sentence ("Zou and Marzouk", "The authors") and
    ``system``, the name that the paper gives its own method, or empty."""

    authors: str = "The authors"
    system: str = ""
    single: bool = False

    @property
    def inside(self) -> str:
        """The authors within a sentence."""
        return self.authors[0].lower() + self.authors[1:] if self.authors.startswith("The ") else self.authors

    @property
    def own(self) -> str:
        """The authors' as a possessive."""
        return self.authors + ("'" if self.authors.endswith("s") else "'s")


_MARKER = re.compile(
    r"(?:however|furthermore|moreover|additionally|in addition|finally|lastly|specifically|in particular|particularly|"
    r"importantly|notably|interestingly|remarkably|surprisingly|crucially|as a result|therefore|thus|hence|consequently|"
    r"overall|in summary|in conclusion|to summari[sz]e|in short|here|to this end|for this purpose|to that end|"
    r"nevertheless|nonetheless|yet|besides|also|then|first|firstly|second|secondly|third|thirdly|next|meanwhile|"
    r"in contrast|by contrast|in comparison|conversely|on the other hand|instead|for (?:example|instance)|similarly|"
    r"likewise|accordingly|as such|in turn|further|rather|indeed|in fact|more(?: specifically| precisely| importantly)|"
    r"concretely|briefly|in this (?:paper|work|study|article|letter|contribution|thesis|research|review|survey|report|"
    r"regard|context|setting|case|respect|way|note|manuscript|talk|chapter|perspective)|in the (?:present|current) "
    r"(?:paper|work|study|article)|in our (?:work|study|approach|experiments)|with this (?:in mind|motivation)|"
    r"motivated by (?:this|these)[\w ]{0,40}|inspired by (?:this|these)[\w ]{0,40}|"
    r"to (?:address|overcome|tackle|solve|meet|fill|bridge|mitigate|remedy|resolve|alleviate|handle|do|achieve|"
    r"demonstrate|illustrate|validate|verify|test|evaluate|answer|circumvent|combat|close|explore|investigate) "
    r"(?:this|these|such|those|the above|so|that)\b[^,]{0,80}|based on (?:this|these|that)\b[^,]{0,60}|"
    r"building (?:up)?on (?:this|these|that)\b[^,]{0,60}|by doing so|in doing so|along the way|"
    r"from (?:this|these)\b[^,]{0,40}|using (?:this|these)\b[^,]{0,60}|with (?:this|these)\b[^,]{0,60}|"
    r"under (?:this|these)\b[^,]{0,60}|through (?:this|these)\b[^,]{0,60}|via (?:this|these)\b[^,]{0,60}|"
    r"unlike (?:this|these|previous|prior|existing|earlier)\b[^,]{0,60}|after(?:wards)?|subsequently|"
    r"as an? (?:example|application|illustration|proof of (?:concept|principle)|by-?product|consequence|case study)|"
    r"generally|in general|on the contrary|at the same time|in parallel|simultaneously|again)\s*[,:]\s+",
    re.IGNORECASE,
)
_BARE_MARKER = re.compile(
    r"(?:here|in this (?:paper|work|study|article|letter|thesis|review|survey)|thus|hence|therefore|then|finally|also|"
    r"further|next|first|here and) (?=we\b|I\b)",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"(?:(?:we|I)(?: \w+ly)?(?: also| then| further| first| will| can| are able to)?(?: \w+ly)? "
    r"(?:show|find|found|demonstrate|demonstrated|prove|report|observe|establish|confirm|conclude|argue|showed|proved|note|"
    r"discover|see)|(?:our|the|these) (?:\w+ ){0,3}(?:results?|experiments?|findings?|simulations?|analys[ie]s|evaluations?|"
    r"studies|tests?|work|study) (?:\w+ly )?(?:show|demonstrate|reveal|confirm|prove|establish|showed|demonstrated|"
    r"revealed|confirmed)s?|it is (?:shown|found|demonstrated|proven|proved)) that[, ]\s*",
    re.IGNORECASE,
)
_ARGUED = re.compile(r"\bwe (?:\w+ )?(?:argue|conclude|note)\b", re.IGNORECASE)
_THIS_PAPER = re.compile(
    r"(?:this|the present|the current|our) (paper|work|study|article|letter|review|survey|thesis|report|tutorial|"
    r"contribution|research|perspective|manuscript|chapter|dissertation|essay|note)\b(?!'s?)",
    re.IGNORECASE,
)
_AS_WRITTEN = {
    "work": "study", "research": "study", "contribution": "paper", "manuscript": "paper", "letter": "paper",
    "note": "paper", "article": "paper", "study": "study", "perspective": "perspective paper",
}  # fmt: skip
_THING = (
    r"(?:method|approach|framework|model|algorithm|system|architecture|technique|pipeline|formulation|strategy|scheme|"
    r"methodology|network|procedure|surrogate|solver|design|tool|package|library|code|estimator|emulator)"
)
_THIS_THING = re.compile(
    rf"(?:this|our|the (?:proposed|new|resulting|present|presented|developed|introduced)) "
    rf"((?:(?:new|novel|proposed|simple|unified|hybrid|general|[\w-]+) ){{0,3}}?{_THING})\b(?=\s)",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"(?:this|these|that|those|such|it|its|they|their|he|she|his|her|both|each|either|neither|one|ones|some|others?|another|"
    r"the (?:former|latter|same|above|proposed|resulting|aforementioned|other|two|three|four|method|approach|framework|model|"
    r"algorithm|system|results?|experiments?|findings?|analysis|problem|paper|key|main|latter's|technique|code|dataset|"
    r"former's|authors|idea|study|work|first|second|third|final|corresponding|obtained|learned|trained|new)|and|but|or|so|"
    r"nor|all (?:of )?(?:these|this|those)|to this|in this|with this|for this|at this|by this|on this|because of this|"
    r"among (?:these|them|those)|in these|in both|in such|for these|from this|from these|of these|as such|"
    r"which|where|here|there|therefore|thus|hence|then|similar(?:ly)?|again|later|also|in all cases|when applied|"
    r"compared (?:to|with) (?:this|these|existing|previous|other|the))\b",
    re.IGNORECASE,
)
_MAY_OPEN = re.compile(
    r"(?:there (?:is|are|exist)|one (?:of the|paper|study|review|survey|report|thesis|tutorial|perspective)|both \w+ and|"
    r"each \w+|some \w+|the (?:learned|trained|authors|first|second|new|two|three|four|key|main|model|system) (?!and\b)\w+ of"
    r"|it (?:is|has been|was) (?:well )?(?:known|possible|shown|established)|the authors|either \w+ or)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:the (?:former|latter|aforementioned|above)|as (?:described|mentioned|discussed) (?:above|earlier)|"
    r"see (?:fig|sec|tab|eq)|(?:aforementioned|above-mentioned))\b",
    re.IGNORECASE,
)
_EARLY = re.compile(r"\b(?:this|these|those|such)\b", re.IGNORECASE)


def standalone(sentence: str, speaker: Speaker) -> str | None:
    """``sentence`` as it can be read outside of its abstract, changed as little as that takes; None where
    it cannot.

    Openers that point back go ("However,", "To address this,"), "we show that X" becomes "X", "we train"
    becomes "Zou et al. train", "this method" becomes the method's name or "the method of Zou et al.".
    """
    text = _without_markers(sentence.strip())
    text = _claim(text)
    text = _paper_named(text, speaker)
    text = _third_person(text, speaker)
    text = text[:1].upper() + text[1:]
    return text if _stands(text) else None


def _without_markers(text: str) -> str:
    while match := _MARKER.match(text) or _BARE_MARKER.match(text):
        text = text[match.end() :]
    return text


def _claim(text: str) -> str:
    match = _THAT.match(text)
    if match is None or _ARGUED.search(match.group()):
        return text
    rest = _without_markers(text[match.end() :])
    return rest if not re.match(r"(?:it|they|this|these|such)\b", rest, re.IGNORECASE) else text


def _paper_named(text: str, speaker: Speaker) -> str:
    """ "This paper presents" as "One paper presents"; "this method" by its name or its authors."""
    if match := _THIS_PAPER.match(text):
        noun = match.group(1).lower()
        return f"One {_AS_WRITTEN.get(noun, noun)}" + text[match.end() :]
    if match := _THIS_THING.match(text):
        named = speaker.system or f"The {match.group(1)} of {speaker.inside}"
        return named + text[match.end() :]
    if match := re.match(r"our (?=\w)", text, re.IGNORECASE):
        return f"{speaker.own} " + text[match.end() :]
    return text


def _third_person(text: str, speaker: Speaker) -> str:
    """First person to third: the authors by name first, then "they"."""
    named = False

    def subject(match: re.Match[str]) -> str:
        nonlocal named
        if named:
            return "they"
        named = True
        return speaker.inside if match.start() else speaker.authors

    text = re.sub(r"\b(?:[Ww]e|I)\b(?!-|\.)(?=\s+[a-z])", subject, text)
    named = named or text.startswith(speaker.authors)
    if not named and re.search(r"\bour\b", text):
        text = re.sub(
            r"\bour\b", speaker.own if not speaker.own.startswith("The ") else "the authors'", text, count=1
        )
    text = re.sub(r"\b[Oo]ur\b", "their", text)
    text = re.sub(r"\bours\b", "theirs", text)
    text = re.sub(r"\bus\b", "them", text)
    return re.sub(r"\bourselves\b", "themselves", text)


def _stands(text: str) -> bool:
    words = text.split()
    if not 6 <= len(words) <= 60 or not text.endswith((".", "!", ")", '"', "”")):
        return False
    if _DANGLING.match(text) and not _MAY_OPEN.match(text):
        return False
    first = text.split(",", 1)[0] if "," in text else " ".join(words[:6])
    return not (_EARLY.search(first) and not re.search(r"\bsuch as\b", first)) and not _ELSEWHERE.search(text)
