"""Named things in a sentence, and which of them a source does not hold."""

from __future__ import annotations

import re

from agq.text.sentences import sentences
from agq.text.terms import STOP_WORDS, fold, terms

_NAME = re.compile(r"[^\W_](?:[\w+]|[-–‑./'’](?=\w))*")
_SUBSCRIPT = re.compile(r"(?<=\w)[_^]\{?(\w{1,3})\}?|[$]|\\(?=[a-z])")
_LONGEST = 6


def names(text: str) -> list[str]:
    """Acronyms, words with digits or inner capitals, and capitalised words that do not open a sentence."""
    found: list[str] = []
    for sentence in sentences(_plain(text)):
        for position, match in enumerate(_NAME.finditer(sentence)):
            opens = position == 0 or sentence[: match.start()].rstrip()[-1:] in ':.?!"“('
            if _is_name(match.group(), opens=opens):
                found.append(match.group())
    return list(dict.fromkeys(found))


def unfounded_names(sentence: str, source: str) -> tuple[str, ...]:
    """The named things of ``sentence`` that ``source`` holds neither as they are nor by acronym or long
    form.
    """
    claimed = names(sentence)
    if not claimed:
        return ()
    source = _plain(source)
    held = frozenset(terms(source))
    initials = _initials(source)
    acronyms = {_acronym(word) for word in _NAME.findall(source)} - {""}
    return tuple(
        name
        for name in claimed
        if not _held(name, held)
        and _acronym(name) not in initials
        and not _spelled_out(name, sentence, acronyms)
    )


def _plain(text: str) -> str:
    """``$R^2$`` as ``R2``, ``\\tau_{21}`` as ``tau21``."""
    return _SUBSCRIPT.sub(lambda match: match.group(1) or "", text)


def _is_name(word: str, *, opens: bool) -> bool:
    parts = [part for part in re.split(r"[-–‑/]", word) if part]
    if len(word) < 2 or word.replace(".", "").isdigit():
        return False
    if any(_is_marked(part) for part in parts):
        return True
    capitalised = len(parts[0]) > 1 and parts[0][0].isupper()
    return capitalised and not opens and fold(parts[0]) not in STOP_WORDS


def _is_marked(part: str) -> bool:
    """Whether a word is a name by its letters: ``BERT``, ``GeoPep``, ``mRNA``, ``p53``, ``ESM3``."""
    if part.isdigit() or len(part) < 2:
        return False
    capitals = sum(letter.isupper() for letter in part)
    digits = any(letter.isdigit() for letter in part)
    return capitals >= 2 or (capitals == 1 and not part[0].isupper()) or (digits and part[0].isalpha())


def _held(name: str, held: frozenset[str]) -> bool:
    """Whether the source has the name, or a more specific one (``BRCA1`` for ``BRCA``).

    Of ``HIV-positive`` or ``Kohn–Sham-like`` the named parts are enough.
    """
    whole = terms(name)
    if not whole or whole[0] in held or all(part in held for part in whole):
        return True
    if len(whole[0]) > 2 and any(term.startswith(whole[0]) for term in held):
        return True
    parts = [
        part for part in re.split(r"[-–‑/]", name) if _is_marked(part) or part[:1].isupper() or part.isdigit()
    ]
    return 0 < len(parts) < len(whole) and all(t in held for part in parts for t in terms(part))


def _acronym(name: str) -> str:
    """``PINNs`` as ``pinn``; empty for what is no acronym."""
    bare = re.sub(r"(?<=[A-Z])s$", "", name).replace("-", "").replace(".", "")
    return bare.lower() if len(bare) > 1 and bare.isupper() and bare.isalpha() else ""


def _initials(text: str) -> frozenset[str]:
    """The first letters of every run of two to six words, function words in and out."""
    words = re.findall(r"[^\W\d_]+", fold(text))
    found: set[str] = set()
    for kept in (words, [word for word in words if word not in STOP_WORDS]):
        letters = "".join(word[0] for word in kept)
        found.update(letters[i : i + n] for n in range(2, _LONGEST + 1) for i in range(len(letters) - n + 1))
    return frozenset(found)


def _spelled_out(name: str, sentence: str, acronyms: set[str]) -> bool:
    """Whether ``name`` is a word of a long form in the sentence whose acronym the source uses."""
    words = re.findall(r"[^\W\d_]+", sentence)
    first = re.split(r"[-–‑]", name)[0]
    runs = (words[i : i + n] for n in range(2, _LONGEST + 1) for i in range(len(words) - n + 1))
    return any(first in run and "".join(word[0] for word in run).lower() in acronyms for run in runs)
