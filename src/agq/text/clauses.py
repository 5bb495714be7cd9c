"""A sentence to its clauses: what each of several papers cited behind it may be cited for."""

from __future__ import annotations

import re

from agq.text.terms import terms

CLAUSE_TERMS_MIN = 3
"""Terms of a clause; what has fewer belongs to the one before."""

_BETWEEN = re.compile(
    r"\s*;\s+|\s*,\s+(?:and|but|while|whereas|whilst|although|though|yet)\s+|\s+(?:while|whereas|whilst)\s+"
)


def clauses(sentence: str) -> list[str]:
    """The clauses of ``sentence``, each with something to say."""
    found: list[str] = []
    for clause in _BETWEEN.split(sentence):
        if found and min(len(terms(clause)), len(terms(found[-1]))) < CLAUSE_TERMS_MIN:
            found[-1] = f"{found[-1]}, {clause}"
        else:
            found.append(clause)
    return [clause.strip(" ,;.") for clause in found]
