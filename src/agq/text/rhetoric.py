"""Whether a sentence of an abstract tells a result, or the background, or what is left to be done."""

from __future__ import annotations

import re

_I = re.IGNORECASE


def _any_of(lines: str) -> str:
    """A pattern for any of the lines, each of which may be several alternatives."""
    return rf"(?:{'|'.join(line.strip() for line in lines.splitlines() if line.strip())})\b"


_OUTLOOK = re.compile(
    r"https?:|\b"
    + _any_of(
        r"""github|gitlab|zenodo|huggingface|code(?:s|base)? (?:is|are|will)|supplementary|workshop
        (?:publicly|freely|openly) available|open[- ]sourced?|pav(?:es?|ing) the way
        open(?:s|ing)? (?:up )?(?:new|the) (?:avenue|door|possibilit|path)\w*
        future (?:work|research|directions|studies)|left (?:for|to) (?:later|future)
        (?:will|could|may) (?:help|serve|enable|pave|inspire|guide)|is organi[sz]ed as
        we conclude (?:by|with)|we (?:also )?(?:discuss|outline|comment on|hope|plan)
        comments? (?:are )?welcome|accepted (?:at|by|for)|we (?:briefly )?review
        promising (?:direction|avenue|solution|path)s?|lays? the (?:groundwork|foundation)
        implications? (?:for|of)|a step toward|potential to|believe|first (?:comprehensive|systematic)
        to (?:our|their|the best of (?:our|their)) knowledge"""
    ),
    _I,
)
_BACKGROUND = re.compile(
    "^"
    + _any_of(
        r"""(?:more )?recent(?:ly)?|in recent years|over the (?:past|last)|traditional(?:ly)?|existing
        conventional(?:ly)?|current(?:ly)?|previous|prior|most (?:existing|current|of)|despite|although|while
        many|modern|understanding|historically|upcoming|achieving|knowing|techniques such as|advances in"""
    )
    + r"|\b"
    + _any_of(
        r"""remain(?:s|ed)? (?:\w+ )?(?:an? )?(?:open|challeng\w*|unclear|difficult|elusive|limited|poorly)
        remain(?:s|ed)? (?:\w+ )?(?:hard|underexplored|largely|unexplored|unknown|fragile)|it remains
        (?:is|are) (?:thus )?(?:often|typically|usually|commonly|widely|notoriously|increasingly)
        (?:is|are) (?:crucial|essential|critical|important|central|fundamental|vital|key)
        (?:is|are) an? (?:\w+ )?(?:key|major|central|critical|common|challenging|powerful|standard)
        (?:is|are) an? (?:\w+ )?(?:fundamental|promising|popular|crucial|essential|long-?standing)
        ha(?:s|ve) (?:recently |rapidly )?(?:become|emerged|attracted|gained|received|revolutioni[sz]ed)
        ha(?:s|ve) (?:recently |rapidly )?(?:been (?:widely|extensively|proposed|adopted)|advanced|entered)
        ha(?:s|ve) (?:recently )?(?:proven|shown (?:great|promis\w+|potential|success))
        plays? (?:an?|the) \w+ role|little is known|suffers? from|struggles? (?:to|with)|fails? to
        falls? short|bottleneck|prohibitive\w*|(?:growing|increasing) (?:interest|need|attention)
        paramount importance|holds? (?:great |significant )?promise|wealth of information
        offers? a (?:promising|powerful|viable) (?:\w+ )?(?:paradigm|way)
        promising (?:alternative|paradigm|approach|tool)|standard (?:tool|approach|method)
        requires? (?:an? )?precise|of (?:great|central|paramount|fundamental) (?:interest|importance)"""
    ),
    _I,
)
_RESULT = re.compile(
    r"\b"
    + _any_of(
        r"""outperform\w*|achiev\w+|reduc\w+|improv\w+|accelerat\w+|speed-?ups?|speeds? up|faster|cheaper
        (?:shows?|showed|demonstrat\w+|finds?|found|reveal\w*|confirm\w*|observe[sd]?) (?:that|how)
        (?:prov(?:e|es|ed)|report\w*|establish\w*|indicat\w+|suggest\w*) (?:that|how)|accura\w+|results?
        we (?:find|show|prove|demonstrate|observe)|orders? of magnitude|state[- ]of[- ]the[- ]art
        surpass\w*|exceed\w*|better than|superior|compar(?:ed|able) (?:to|with)|reach\w*|yield\w*|gains?
        lower\w* (?:error|cost)|recovers?|agree\w* with|consistent with|converge\w*|attain\w*|match(?:es|ing)
        scal(?:es|ing) (?:to|with|as)|retain\w*|preserv\w+|keep\w*|cuts?|shrinks?|beats?|equals"""
    ),
    _I,
)
_QUANTIFIED = re.compile(
    r"\d+(?:\.\d+)?\s*(?:%|\\%|x\b|×|times\b|-?fold\b|percent)|\borders? of magnitude\b", _I
)


def tells_result(sentence: str) -> bool:
    """Whether the sentence tells a result of its paper, judged by its words."""
    if _OUTLOOK.search(sentence):
        return False
    if _QUANTIFIED.search(sentence):
        return True
    return bool(_RESULT.search(sentence)) and not _BACKGROUND.search(sentence)
