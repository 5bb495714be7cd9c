"""The terms that several texts share, written as a person would write them; acronyms and what they stand
for.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agq.text.terms import STOP_WORDS, fold, terms

_WORD = re.compile(r"[^\W_](?:[\w'’]|[-–‑+](?=\w))*")
_EMPTY = frozenset(
    """
    achieve achieved achieving allow allowing application applications approach approaches available based
    better case cases challenge challenges compare compared comparison complex computational conventional
    current data demonstrate demonstrated demonstrates different diverse efficient effective enable enables
    enabling evaluate example existing experimental experiments extensive first framework frameworks general
    given good high higher identify important improve improved including increasing introduce introduced
    investigate key known large larger limited low lower many method methods model models multiple new novel
    number numerical obtain obtained often orders magnitude outperforms particular perform performance
    performs possible potential present presented previous problem problems promising propose proposed prove
    provide provides range recent reduce reduced remain result resulting results scale set several show
    shown shows significant significantly simple single specific standard state-of-the-art strong studies
    study superior system systems task tasks technique techniques time traditional two typically use used
    using various well wide widely work works art state highly fully without including paper approach
    approximately respectively require requires required
    """.split()
)
"""Words that make no heading by themselves."""

_NEVER_LAST = re.compile(
    r".*(?:ed|ive|ous|ible|able|ful|less|ical|ional|ental|ular|ary|ly|ish|est)$|"
    r"(?:high|low|large|small|deep|open|free|real|full|long|short|fast|slow|new|using|based|via|driven|aware|guided|informed|"
    r"dependent|independent|specific|free|like|scale|order|level|end|shot|neural|quantum|physical|nonlinear|linear|spatial|"
    r"temporal|global|local|optimal|thermal|optical|magnetic|dynamic|stochastic|generic|atomic|electronic|partial|robust|"
    r"accurate|sparse|dense|latent|hybrid|modern|scientific|inverse|differential|bayesian|gaussian|graph|molecular|"
    r"learned|single|multi|non|pre|self)"
)
_NOUNS_IN_ED = frozenset({"seed", "feed", "speed", "need", "family", "assembly", "anomaly", "library", "boundary", "table",
                          "variable", "observable", "drive", "archive", "perspective", "objective", "signal", "test",
                          "forest", "interest", "summary", "vocabulary", "binary", "itinerary"})  # fmt: skip
_NOUN_IN_ING = frozenset(
    """learning training modeling modelling sampling scaling imaging forecasting engineering computing
    processing screening lensing tuning pruning quantization planning reasoning clustering embedding
    indexing chunking reranking mapping testing encoding decoding matching ranking solving monitoring
    sensing folding mixing heating coupling docking annealing understanding prompting parsing tracking
    filtering smoothing coding routing caching batching streaming bootstrapping downscaling upscaling
    steering editing probing patching binding sequencing spacing timing splitting scattering reweighting
    unfolding tagging finding retrieving generating""".split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase that several texts share: its stems, its best spelling and the texts that hold it."""

    stems: tuple[str, ...]
    text: str
    texts: frozenset[int]
    titled: frozenset[int]


def shared_phrases(titles: Sequence[str], bodies: Sequence[str], *, least: int = 2) -> list[Phrase]:
    """The noun phrases that at least ``least`` of the texts hold, in title or body, longest first."""
    seen: dict[tuple[str, ...], set[int]] = defaultdict(set)
    titled: dict[tuple[str, ...], set[int]] = defaultdict(set)
    spellings: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for i, (title, body) in enumerate(zip(titles, bodies, strict=True)):
        for text, in_title in ((title, True), (body, False)):
            for stems, spelling in _candidates(text):
                seen[stems].add(i)
                spellings[stems][spelling] += 1
                if in_title:
                    titled[stems].add(i)
    lower = _lower_case(bodies)
    found = [
        Phrase(stems, _spelled(spellings[stems], lower), frozenset(where), frozenset(titled[stems]))
        for stems, where in seen.items()
        if len(where) >= least
    ]
    return sorted(found, key=lambda phrase: (-len(phrase.stems), -len(phrase.texts), phrase.text))


def _candidates(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Runs of one to four words with no function word or punctuation in them, that end like a noun."""
    for stretch in re.split(r"[^\w\s'’+–‑-]+|\s[-–—]\s", text):
        words = _WORD.findall(stretch)
        for n in (4, 3, 2, 1):
            for i in range(len(words) - n + 1):
                run = words[i : i + n]
                if _is_nominal(run):
                    yield tuple(itertools.chain.from_iterable(_stems(word) for word in run)), " ".join(run)


def _stems(word: str) -> tuple[str, ...]:
    pieces = re.split(r"[-–‑]", word)
    return tuple(stem for piece in pieces for stem in terms(piece)[:1])


def _is_nominal(run: Sequence[str]) -> bool:
    folded = [fold(word) for word in run]
    if any(word in STOP_WORDS or word.isdigit() or len(word) < 2 for word in folded):
        return False
    if all(word in _EMPTY for word in folded) or folded[0] in _EMPTY - {
        "data",
        "model",
        "time",
        "system",
        "state",
    }:
        return False
    last = folded[-1]
    if len(run) == 1 and not (run[0].isupper() and len(last) > 2) and len(last) < 9:
        return False
    if last.endswith("ing") and last not in _NOUN_IN_ING:
        return False
    return last in _NOUNS_IN_ED or (
        not _NEVER_LAST.fullmatch(last) and not (last in _EMPTY and len(run) == 1)
    )


def _lower_case(bodies: Sequence[str]) -> frozenset[str]:
    """Words that stand in lower case somewhere: no proper names."""
    return frozenset(word for body in bodies for word in _WORD.findall(body) if word.islower())


def _spelled(spellings: Counter[str], lower: frozenset[str]) -> str:
    """The commonest spelling, the plural before the singular, lower case but for names."""
    ranked = sorted(spellings, key=lambda s: (not s.endswith("s"), -spellings[s], s))
    return " ".join(_natural(word, lower) for word in ranked[0].split())


def _natural(word: str, lower: frozenset[str]) -> str:
    folded = word.lower()
    plain = word[:1].isupper() and word[1:].islower()
    if folded in lower or (plain and re.sub(r"s$", "", folded) in lower):
        return folded
    parts = word.split("-")
    if len(parts) > 1 and all(part.lower() in lower or part[1:].islower() for part in parts):
        return folded
    return word


def heading(text: str) -> str:
    """A phrase as a heading: sentence case, names and acronyms as they are."""
    return text[:1].upper() + text[1:]


# --- acronyms
# -------------------------------------------------------------------------------------------------------

_DEFINED = re.compile(r"\(\s*([A-Z][\w-]{1,9})\s*\)")


def acronyms(text: str) -> Mapping[str, str]:
    """Acronym -> long form, where ``text`` defines it: "determinantal point processes (DPPs)".

    The long form is the run of words before the bracket whose initials spell the acronym (after Schwartz
    and Hearst, 2003, who also allow letters within words).
    """
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        long = _long_form(match.group(1), text[: match.start()])
        if long:
            found.setdefault(match.group(1), long)
    return found


def _long_form(acronym: str, before: str) -> str:
    letters = re.sub(r"[^A-Za-z0-9]", "", re.sub(r"(?<=[A-Z])s$", "", acronym)).lower()
    if sum(letter.isupper() for letter in acronym) < 2:
        return ""
    words = list(re.finditer(r"[^\W_]+", before))
    for n in range(len(letters) - 1, len(letters) + 3):
        for run in (words[-n:],):
            if run and len(run) == n and _spells(letters, [word.group() for word in run]):
                long = before[run[0].start() :].strip()
                return long if len(long) < 80 and not re.search(r"[.;:,()]", long) else ""
    return ""


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Whether ``letters`` are the initials of ``words``, in order; function words may be skipped."""
    folded = [fold(word) for word in words]
    initials = "".join(word[:1] for word in folded)
    content = "".join(word[:1] for word in folded if word not in STOP_WORDS)
    return folded[0][:1] == letters[:1] and letters in {initials, content}
