"""A word that no paper holds, one typing error away from a word that many do.

After Norvig, "How to write a spelling corrector" (2007), with the index's document frequencies as the
dictionary.
"""

from __future__ import annotations

import string

from agq.text.terms import Frequencies, terms

CORRECTED_LENGTH_MIN = 5
"""Shorter words have too many neighbours that mean something else."""
CORRECTION_PAPERS_MIN = 3
"""How many papers must hold the word that was meant."""


def corrected(word: str, frequencies: Frequencies) -> str:
    """The term that most papers hold of those one edit away from ``word``.

    Empty where fewer than ``CORRECTION_PAPERS_MIN`` hold it.

    The first letter stands: it is the one least often mistyped. Only plain English letters are tried.
    """
    if len(word) < CORRECTED_LENGTH_MIN or not (word.isalpha() and word.isascii()):
        return ""
    meant = sorted({term for edit in _edits(word) for term in terms(edit)})
    held, term = max(zip(frequencies(meant), meant, strict=True), default=(0, ""))
    return term if held >= CORRECTION_PAPERS_MIN else ""


def is_slip(one: str, other: str) -> bool:
    """Whether a letter left out, doubled, changed or swapped with the next makes one word of the other.

    The first letter stands.
    """
    if one[:1] != other[:1] or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long[at:]


def _edits(word: str) -> set[str]:
    """What one letter left out, doubled, changed or swapped with the next makes of ``word``."""
    splits = [(word[:i], word[i:]) for i in range(1, len(word) + 1)]
    deleted = {left + right[1:] for left, right in splits if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    changed = {left + c + right[1:] for left, right in splits if right for c in string.ascii_lowercase}
    inserted = {left + c + right for left, right in splits for c in string.ascii_lowercase}
    return deleted | swapped | changed | inserted
