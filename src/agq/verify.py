"""The only place where an ``[id]`` becomes a paper or a problem.

Every sentence is held against the abstracts it cites before anyone sees it: unknown ids are taken out and
reported, the others put to ``CHECKS`` and marked where one objects, the abstract's own sentences set beside
them, repetitions dropped. No id is added. No network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from agq.entailment import Frequencies, Grounds, Held
from agq.model import Answer, Checked, Citation, Embedder, Evidence, Paper, Piece, Usage, Verdict
from agq.notes import sentences
from agq.notes.block import Block
from agq.text.citations import Known, Part, parts, tidy
from agq.text.clean import plain
from agq.text.terms import terms

THIN = 0.40
"""Where not even the best source matches so well, an answer may miss the question, and says so."""

STOPPED = "this answer was stopped before its end"
FOREIGN = "is not among the sources"
"""Why an invented id is taken out."""
UNCITED = "(uncited)"
"""What marks a sentence of which every id was invented."""
MARKS: Mapping[Verdict, str] = MappingProxyType(
    {"doubtful": " (?)", "not_found": " (?)", "misquoted": " (?)", "contradicted": " (!)"}
)
"""What is put behind an id, by verdict."""

_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„]{12,}?)[\"”»]")


REMEMBERED = 300
"""Sentences back to which a repetition is looked for."""
MOST_HEADING = 12
"""Words of a heading; one that is longer makes a claim."""


@dataclass(frozen=True, slots=True)
class Note:
    """What ``check`` found in a note: a row per sentence and id in reading order, each with the line that
    its sentence begins on (from 1); and what stands there like a citation and could not be read.
    """

    citations: tuple[Citation, ...]
    lines: tuple[int, ...]
    uncited_sentences: int
    cites: bool = False
    unread: tuple[tuple[int, str], ...] = ()


def verify(
    pieces: Iterable[Piece], evidence: Evidence, embedder: Embedder, *, frequencies: Frequencies | None = None
) -> Iterator[Checked]:
    """Each piece as it may be shown, one by one, as they come; then what is to be said of the whole, as
    notes.
    """
    grounds = Grounds(
        [source.paper for source in evidence.sources],
        embedder,
        frequencies=frequencies,
        total=evidence.index.papers,
    )
    checker = _Checker(grounds)
    for piece in pieces:
        if piece.kind == "sentence" or _claims(piece):
            yield from checker.sentence(replace(piece, kind="sentence"))
        elif piece.kind == "note":
            yield Checked(piece, problems=(piece.text,) if piece.text else ())
        else:
            yield from checker.label(piece)
    yield from (Checked(Piece("note", text), problems=(text,)) for text in checker.verdict())


class _Checker:
    """Sentence by sentence; remembers what was said, to drop what is said again."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._known = resolver(grounds.ids())
        self._said: list[frozenset[str]] = []
        self._repeated = 0
        self._cited = 0
        self._uncited = 0

    def sentence(self, piece: Piece) -> Iterator[Checked]:
        text = plain(piece.text)
        pieces = parts(text, self._known, strict=False)
        bare = tidy(" ".join(part.text for part in pieces))
        if not re.search(r"\w", bare):
            yield from self._wordless(pieces)
            return
        if self._is_repeated(bare):
            self._repeated += 1
            return
        citations = _judge(pieces, bare, self._grounds)
        kept = [c for c in citations if c.verdict != "unknown_id"]
        self._cited += len(kept)
        self._uncited += not kept and len(terms(bare)) >= 4
        shown = _shown(pieces, citations) if kept else _uncited(bare) if citations else bare
        yield Checked(replace(piece, text=shown), tuple(citations), _problems(citations, bare))

    def _wordless(self, pieces: Sequence[Part]) -> Iterator[Checked]:
        """Citations of nothing are not shown; invented ones are told."""
        citations = tuple(c for c in _judge(pieces, "", self._grounds) if c.verdict == "unknown_id")
        if citations:
            yield Checked(Piece("note", ""), citations, _problems(citations, ""))

    def label(self, piece: Piece) -> Iterator[Checked]:
        """A heading, without citations; a question, unless it holds an invented id."""
        text = plain(piece.text)
        pieces = parts(text, self._known, strict=False)
        unknown = [one for part in pieces for one in part.ids if one not in self._grounds]
        bare = tidy(" ".join(part.text for part in pieces))
        citations = tuple(Citation(one, bare, 0.0, "unknown_id", why=FOREIGN) for one in unknown)
        problems = _problems(citations, bare)
        if piece.kind == "heading":
            yield from [Checked(replace(piece, text=bare), citations, problems)] if bare else []
        elif not unknown:
            yield Checked(replace(piece, text=text))

    def verdict(self) -> Iterator[str]:
        """What is to be said of the whole answer."""
        if self._repeated:
            yield _count(self._repeated, "repeated sentence was", "repeated sentences were") + " left out"
        if not self._cited:
            yield "this answer cites no source: nothing in it is borne out by the papers below"
        elif self._uncited:
            yield _count(self._uncited, "sentence cites", "sentences cite") + " no source"

    def _is_repeated(self, bare: str) -> bool:
        if len(bare.split()) < 3:
            return False
        said = frozenset(terms(bare)) if len(set(terms(bare))) >= 3 else frozenset([bare])
        again = any(len(said & old) >= 0.9 * len(said | old) for old in self._said[-REMEMBERED:])
        self._said.append(said)
        return again


def _claims(piece: Piece) -> bool:
    """Whether a heading says so much that it has to be borne out as a sentence has."""
    words = piece.text.split()
    return piece.kind == "heading" and (len(words) > MOST_HEADING or piece.text.rstrip().endswith((".", "!")))


def resolver(ids: Iterable[str]) -> Callable[[str], str | None]:
    """Written id -> the source's own spelling: as it is, or in another case."""
    exact = {one: one for one in ids}
    folded: dict[str, str] = {}
    for one in exact:
        folded.setdefault(one.lower(), one)
    return lambda written: exact.get(written) or folded.get(written.lower())


@dataclass(frozen=True, slots=True)
class Case:
    """A claim and one of the papers it cites.

    ``missing``: its figures and names that neither this paper nor one cited at the same place holds.
    """

    claim: str
    id: str
    held: Held
    missing: tuple[str, ...]
    grounds: Grounds


def _misquoted(case: Case) -> str:
    ground = case.grounds[case.id]
    wrong = any(not ground.quotes(quotation) for quotation in quotations(case.claim))
    return "does not hold this quotation word for word" if wrong else ""


def _figures_and_names(case: Case) -> str:
    return f"does not mention {', '.join(case.missing)}" if case.missing else ""


def _silent(case: Case) -> str:
    if not case.held.silent:
        return ""
    absent = case.grounds.absent(case.claim, case.id)
    return "hardly speaks of this" + (f": nothing there of {', '.join(absent)}" if absent else "")


CHECKS: Sequence[tuple[Verdict, Callable[[Case], str]]] = (
    ("misquoted", _misquoted),
    ("doubtful", _figures_and_names),
    ("not_found", _silent),
)
"""What may be held against a citation, in order: the verdict, and what says why, or nothing."""


def _judge(pieces: Sequence[Part], bare: str, grounds: Grounds) -> list[Citation]:
    """One citation per id and place."""
    cited = [part for part in pieces if part.ids]
    return [
        citation for part in cited for citation in _place(_claim(part, pieces, bare), part.ids, bare, grounds)
    ]


def _place(claim: str, ids: Sequence[str], bare: str, grounds: Grounds) -> Iterator[Citation]:
    """The ids of one place. A figure or name that one of the papers holds is not held against the rest."""
    held = {one: grounds.held(claim, one) for one in ids if one in grounds}
    lacking = [set(found.missing) for found in held.values()]
    for one in ids:
        if one in held:
            missing = tuple(m for m in held[one].missing if all(m in lacks for lacks in lacking))
            yield _citation(Case(claim, one, held[one], missing, grounds), bare)
        else:
            yield Citation(one, bare, 0.0, "unknown_id", why=FOREIGN)


def _citation(case: Case, bare: str) -> Citation:
    objections = ((verdict, why) for verdict, check in CHECKS if (why := check(case)))
    verdict, why = next(objections, ("found", ""))
    held = case.held
    return Citation(
        case.id, bare, round(held.support, 3), verdict, round(held.relevance, 3), why, held.evidence
    )


def _claim(part: Part, pieces: Sequence[Part], bare: str) -> str:
    """What an id is cited for: the stretch before its bracket where the sentence cites at several places."""
    cited = [p for p in pieces if p.ids]
    if len(cited) == 1:
        return bare
    claim = tidy(part.text).strip(" ,;.")
    return claim if len(terms(claim)) >= 3 else bare


def quotations(text: str) -> list[str]:
    """What stands between quotation marks and is long enough to be a quotation rather than a term: three
    words.
    """
    return [match.group(1) for match in _QUOTED.finditer(text) if len(match.group(1).split()) >= 3]


def _shown(pieces: Sequence[Part], citations: Sequence[Citation]) -> str:
    """The sentence with the ids that exist, doubted ones marked."""
    judged = iter(citations)
    text = ""
    for part in pieces:
        text += part.text.rstrip() if part.ids else part.text
        text += _marks([next(judged) for _ in part.ids])
    return tidy(text)


def _uncited(bare: str) -> str:
    """A sentence that lost all its citations, marked before its full stop."""
    end = re.search(r"[.!?]*$", bare)
    stop = end.group() if end else ""
    return f"{bare[: len(bare) - len(stop)]} {UNCITED}{stop}"


def _marks(citations: Iterable[Citation]) -> str:
    kept = [c for c in citations if c.verdict != "unknown_id"]
    return "".join(f" [{c.id}]{MARKS.get(c.verdict, '')}" for c in kept)


def _problems(citations: Sequence[Citation], bare: str) -> tuple[str, ...]:
    return tuple(problem for c in citations if (problem := _problem(c, bare)))


def _problem(citation: Citation, bare: str) -> str:
    one = f"[{citation.id}]"
    if citation.verdict == "unknown_id":
        return f"1 citation removed: {one} is not among the sources"
    return f"{one} {citation.why} — {_short(bare)}" if citation.why else ""


def _short(sentence: str, words: int = 12) -> str:
    split = sentence.split()
    return sentence if len(split) <= words else " ".join(split[:words]) + " …"


def _count(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def assemble(
    checked: Iterable[Checked],
    evidence: Evidence,
    *,
    answered_by: str,
    date: str,
    answerable: Callable[[str], bool] | None = None,
    complete: bool = True,
) -> Answer:
    """The finished answer. Of the proposed follow-ups the first three that ``answerable`` says yes to are
    kept.
    """
    pieces = tuple(checked)
    asked = dict.fromkeys(c.piece.text for c in pieces if c.piece.kind == "follow_up" and c.piece.text)
    return Answer(
        question=evidence.question,
        text=markdown([c.piece for c in pieces]),
        answered_by=answered_by,
        date=date,
        sources=evidence.sources,
        citations=tuple(citation for c in pieces for citation in c.citations),
        findings=tuple(c.piece.finding for c in pieces if c.piece.finding),
        understood=evidence.understood,
        problems=tuple(
            dict.fromkeys((*_of_whole(evidence, complete), *(p for c in pieces for p in c.problems)))
        ),
        follow_ups=_first(3, asked, answerable),
        index=evidence.index,
        usage=_usage(pieces),
        complete=complete,
    )


def _of_whole(evidence: Evidence, complete: bool) -> Iterator[str]:
    if not complete:
        yield STOPPED
    best = max((source.match for source in evidence.sources), default=0.0)
    if evidence.bears and best < THIN:
        yield f"the best match is {best:.0%}: these papers have little in common with the question"


def _first(n: int, asked: Iterable[str], answerable: Callable[[str], bool] | None) -> tuple[str, ...]:
    kept: list[str] = []
    for question in asked:
        if len(kept) == n:
            break
        if answerable is None or answerable(question):
            kept.append(question)
    return tuple(kept)


def _usage(pieces: Iterable[Checked]) -> Usage | None:
    return next((c.piece.usage for c in pieces if c.piece.usage), None)


def markdown(pieces: Sequence[Piece]) -> str:
    """Headings and sentences as Markdown; follow-ups and notes are not part of an answer's text."""
    text = ""
    for piece in pieces:
        if piece.kind == "heading":
            text += f"\n\n### {piece.text}\n\n"
        elif piece.kind == "sentence":
            text += _opening(piece, text) + piece.text
    return text.strip()


def _opening(piece: Piece, before: str) -> str:
    if not before or before.endswith("\n\n"):
        return "- " if piece.opens == "item" else ""
    if piece.opens == "item":
        in_list = before.rsplit("\n", 1)[-1].startswith("- ")
        return "\n- " if in_list else "\n\n- "
    return "\n\n" if piece.opens == "paragraph" else " "


Lookup = Callable[[Sequence[str]], Mapping[str, Paper]]
"""The papers of the index that some keys name, by key; those that name none left out."""


def cited_ids(blocks: Sequence[Block], lookup: Lookup) -> list[str]:
    """The ids that a note cites, each once, in reading order; also those of no paper of the index."""
    known = _known(lookup(_keys(blocks)))
    places = (place for block in blocks for place in block.cited)
    return list(dict.fromkeys(one for place in places for one in place.ids(known) or ()))


def check_note(
    blocks: Sequence[Block],
    lookup: Lookup,
    embedder: Embedder,
    *,
    frequencies: Frequencies | None = None,
    papers: int = 0,
) -> Note:
    """Every citation of a note, in reading order, judged; the note is left as it is."""
    cited = lookup(_keys(blocks))
    known = _known(cited)
    grounds = Grounds(list(cited.values()), embedder, frequencies=frequencies, total=papers)
    rows: list[tuple[int, Citation]] = []
    uncited = 0
    for block in blocks:
        for sentence in sentences.read(block, known):
            bare = tidy(" ".join(part.text for part in sentence.parts))
            judged = [_of_index(citation) for citation in _judge(sentence.parts, bare, grounds)]
            if not block.claims or not bare:  # cited for nothing that could be held against the paper
                judged = [citation for citation in judged if citation.verdict == "unknown_id"]
            rows += [(sentence.line, citation) for citation in judged]
            uncited += block.claims and _lacks_citation(sentence.parts, bare)
    places = [place for block in blocks for place in block.marked()]
    return Note(
        tuple(c for _, c in rows),
        tuple(line for line, _ in rows),
        uncited,
        any(place.ids(known) for _, place in places),
        tuple((line, place.written) for line, place in places if not place.readings),
    )


def _lacks_citation(told: Sequence[Part], bare: str) -> bool:
    asks = bare.rstrip().endswith("?")  # a question claims nothing
    return not asks and not any(part.ids for part in told) and len(terms(bare)) >= 4


def _keys(blocks: Sequence[Block]) -> list[str]:
    """Every key that a note may mean, each once."""
    return list(dict.fromkeys(key for block in blocks for place in block.cited for key in place.named()))


def _known(papers: Mapping[str, Paper]) -> Known:
    """Written key -> the paper's id: by whatever named it, or its id in another case."""
    by_id = resolver(paper.id for paper in papers.values())
    return lambda written: papers[written].id if written in papers else by_id(written)


def _of_index(citation: Citation) -> Citation:
    """What ``check`` holds a note against is the whole index."""
    return replace(citation, why="is not in the index") if citation.verdict == "unknown_id" else citation
