"""Scientific prose to sentences: survives ``et al.``, ``i.e.``, ``Fig. 2``, ``3.5 K``, initials and TeX.
Knows Chinese and Japanese, which leave no space after a stop.
"""

from __future__ import annotations

import re

from agq.text.lexicon import lexicon, phrases

_ITEM = re.compile(r"\(?\d{1,2}|[ivx]{1,4}")
_INITIALS = re.compile(r"[^\W\d_a-z](?:\.-?[^\W\d_a-z])*")
_HEADINGS = "|".join(phrases("abstracts")["headings"]).replace(" ", "[ ]")
_HEADING = rf"(?:{_HEADINGS}|{_HEADINGS.upper()})(?:[ ](?:and|AND)[ ][A-Za-z]+)?:"
_HEADS = re.compile(_HEADING + r"\s*")
"""What heads a part of a structured abstract: ``CONCLUSIONS AND RELEVANCE:``, ``Results:``."""
_BARE_HEADING = re.compile(rf"(?:{_HEADINGS}|{_HEADINGS.upper()})[ ]+(?=([A-Z][a-z]*)[ ])")
"""A heading that lost its colon; a word that opens a sentence follows: "Results Among those"."""
_STOP = re.compile(
    r"""
      (?:[.!?…]|\.{2,})["'”’»)\]}*_]*\s+
    | [。！？｡．][」』”’）)\]]*(?!\d)\s*            # no space follows there
    | (?<=[a-z]{3})\.(?=[A-Z][a-z]+\s)            # nor where a line end was lost: "found.We"
    | [.!?)\]%]\s*(?="""
    + _HEADING
    + r""")                                        # nor before a heading within the abstract
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"(\S+?)[.!?…]+[\"'”’»)\]}*_]*\s*$")
_OPENING = "\"'“‘«([{*_「『（"

_WORDS = lexicon("english")
_FUNCTION_WORDS = _WORDS["function_words"]
# Never the end of a sentence.
_ALWAYS = _WORDS["abbreviations"]
# Words of their own too: abbreviations only before a figure, or, of titles, before a name.
_WORDS_TOO = _WORDS["abbreviations_that_are_words"]
_TITLES = _WORDS["titles_before_names"]
# The end of a sentence only where the next word opens one.
_SOMETIMES = _WORDS["abbreviations_that_may_end"]
_OPENERS = _WORDS["sentence_openers"]


def unheaded(sentence: str) -> str:
    """A sentence without the heading that it stands under in a structured abstract."""
    heading = _HEADS.match(sentence) or _BARE_HEADING.match(sentence)
    if heading is None or (heading.lastindex and heading[1].lower() not in _FUNCTION_WORDS):
        return sentence
    return sentence[heading.end() :]


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order, whitespace made single. No character but a space is lost."""
    text = " ".join(text.split())
    return [text[start:end] for start, end in spans(text)]


def spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence of ``text``, whose whitespace is single, begins and ends."""
    found: list[tuple[int, int]] = []
    start = 0
    for stop in _STOP.finditer(text):
        if _ends(text, start, stop):
            found.append((start, start + len(text[start : stop.end()].rstrip())))
            start = stop.end()
    return [*found, (start, len(text))] if text[start:] else found


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    following = text[stop.end() :].lstrip(_OPENING)
    if not following or _continues(following):
        return False
    before = text[start : stop.end()]
    if _inside(text, start, stop.start(), stop.end()):
        return False
    return "." not in stop.group() or not _abbreviated(before, following)


def _continues(following: str) -> bool:
    """Whether the next word cannot open a sentence: lower case, but not ``mRNA`` or ``p53``; or bare
    punctuation.
    """
    word = following.split(maxsplit=1)[0]
    if word[0].islower():
        return not re.match(r"[a-z]+[-]?[A-Z0-9]", word)
    return word[0] in ",;:.%)=<>+/"


def _abbreviated(before: str, following: str) -> bool:
    """Whether the last stop of ``before`` belongs to an abbreviation, an initial or a list item's number."""
    match = _LAST_WORD.search(before)
    if match is None:
        return False
    last = match.group(1).lstrip(_OPENING)
    next_word = following.split(maxsplit=1)[0].strip(".,;:!?)").lower()
    if last.lower() in _WORDS_TOO:
        return next_word[:1].isdigit() or (last in _TITLES and following[:1].isupper())
    if last.lower() in _ALWAYS or _ITEM.fullmatch(before.strip().rstrip(".").strip()):
        return True
    if last.lower() in _SOMETIMES or (_INITIALS.fullmatch(last) and following[:1].isupper()):
        return next_word not in _OPENERS
    return last == "0" and next_word[:1].isdigit()  # "0. 05"


def _inside(text: str, start: int, end: int, after: int) -> bool:
    """Whether a stop stands inside a formula or a bracket that closes soon after."""
    before = text[start:end]
    if (before.count("$") - before.count("\\$")) % 2 and "$" in text[after : after + 200]:
        return True
    for left, right in ("()", "[]"):
        ahead = text[end : after + 200]
        if before.count(left) > before.count(right) and _closes(ahead, left, right):
            closing = ahead.index(right)
            return closing > after - end - 1
    return False


def _closes(ahead: str, left: str, right: str) -> bool:
    closing = ahead.find(right)
    opening = ahead.find(left)
    return closing >= 0 and (opening < 0 or closing < opening)
