"""The only place where an ``[id]`` becomes a paper or a problem.

Every sentence is held against the abstracts it cites before anyone sees it: unknown ids are removed and
reported, the others put to ``CHECKS`` and marked where one objects, the abstract's own sentences set beside
them, repetitions dropped. No id is added. No network.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import MappingProxyType

from agq.entailment import SUSPECTED, ClaimSupport, SourceTexts
from agq.model import (
    SHOWN,
    Answer,
    Checked,
    Citation,
    Embedder,
    EntailmentModel,
    Evidence,
    Finding,
    Paper,
    Piece,
    Usage,
    Verdict,
)
from agq.notes import sentences
from agq.notes.block import NoteBlock
from agq.text.citations import CitedPart, Known, parts, set_out, tidy
from agq.text.clauses import clauses
from agq.text.clean import one_line, plain
from agq.text.terms import Frequencies, terms
from agq.text.untold import says_what_is_untold

LOW_MATCH = 0.28
"""Where not even the best source matches so well, an answer may miss the question, and says so."""

FOREIGN = "is not among the sources"
"""Why an invented id is removed."""
MISQUOTED = "does not hold this quotation word for word"
UNCITED = "(uncited)"
"""What marks a sentence of which every id was invented."""
MARKS: Mapping[Verdict, str] = MappingProxyType(
    {"doubtful": " (?)", "not_found": " (?)", "misquoted": " (?)", "contradicted": " (!)"}
)
"""What is put behind an id, by verdict."""

NOT_SHOWN = -1
"""The place of a citation that an answer's text does not show."""

_MARK = re.compile(r" \([?!]\)")
_LEFT_OUT = re.compile(r"\s*(?:\[(?:…|\.{3})\]|…|\.{3})\s*")
_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„]{12,}?)[\"”»]")


SENTENCES_REMEMBERED = 300
"""Sentences back to which a repetition is looked for."""
VERIFY_THREADS = 2
"""Sentences of a note that are judged side by side; the index is asked for the weights of words before."""
HEADING_WORDS_MAX = 12
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
    pieces: Iterable[Piece],
    evidence: Evidence,
    embedder: Embedder,
    entailment: EntailmentModel | None = None,
    *,
    frequencies: Frequencies | None = None,
) -> Iterator[Checked]:
    """Each piece as it may be shown, one by one, as they come; then what is to be said of the whole, as
    notes.
    """
    sources = SourceTexts(
        [source.paper for source in evidence.sources],
        embedder,
        entailment,
        frequencies=frequencies,
        total=evidence.index.papers,
    )
    yield from _checked(pieces, _Checker(sources))


def _checked(pieces: Iterable[Piece], checker: _Checker) -> Iterator[Checked]:
    for piece in pieces:
        if piece.kind == "opening":
            yield checker.opening(piece)
        elif piece.finding:
            yield checker.quoted(piece, piece.finding)
        elif piece.kind == "sentence" or _claims(piece):
            yield from checker.sentence(replace(piece, kind="sentence"))
        elif piece.kind == "row":
            yield checker.row(piece)
        elif piece.kind == "block":
            yield Checked(replace(piece, text=plain(piece.text)))
        elif piece.kind == "note":
            yield Checked(piece, problems=(piece.text,) if piece.text else ())
        elif piece.kind == "cut":
            yield Checked(piece)
        else:
            yield from checker.label(piece)
    yield from (Checked(Piece("note", text), problems=(text,)) for text in checker.verdict())


class _Checker:
    """Sentence by sentence; remembers what was said, to drop what is said again."""

    def __init__(self, sources: SourceTexts) -> None:
        self._sources = sources
        self._known = resolver(sources.ids())
        self._said: list[tuple[frozenset[str], frozenset[str]]] = []
        self._lead = ""
        self._repeated = 0
        self._opened = False
        self._cited = 0
        self._uncited = 0

    def opening(self, piece: Piece) -> Checked:
        """What agq itself says: that nothing is quoted, if so."""
        self._opened = True
        return Checked(piece)

    def sentence(self, piece: Piece) -> Iterator[Checked]:
        text = plain(piece.text)
        pieces = parts(text, self._known, strict=False)
        bare = _bare(pieces)
        if not re.search(r"\w", bare):
            yield from self._wordless(pieces)
            return
        if self._is_repeated(bare, frozenset(one for part in pieces for one in part.ids)):
            self._repeated += 1
            self._lead = self._lead or piece.lead
            return
        citations = _judge(pieces, bare, self._sources)
        cited = [one for part in pieces for one in part.ids if one in self._sources]
        self._cited += len(cited)
        self._uncited += not cited and len(terms(bare)) >= 4 and not says_what_is_untold(bare)
        shown = _shown(pieces, citations) if cited or not citations else _uncited(bare)
        piece = replace(piece, text=shown, lead=self._carried(piece.lead))
        yield Checked(piece, tuple(citations), _problems(citations, bare))

    def _carried(self, lead: str) -> str:
        """What stands before a sentence: what stood before one that was left out, where it only goes on."""
        begins, self._lead = self._lead, ""
        return begins if lead == " " and begins else lead

    def row(self, piece: Piece) -> Checked:
        """A table's row, each citation in its cell; the head claims nothing, but invented ids go."""
        said = parts(plain(piece.claim or piece.text), self._known, strict=False)
        bare = _bare(said)
        citations = _judge(said, bare, self._sources)
        if not piece.claim:
            citations = [c for c in citations if c.verdict == "unknown_id"]
        kept = {c.id for c in citations if c.verdict != "unknown_id"}
        self._cited += len(kept)
        marks = {c.id: MARKS.get(c.verdict, "") for c in reversed(citations)}
        lines = plain(piece.text).split("\n")
        shown = "\n".join(self._marked(line, marks) if "[" in line else line for line in lines)
        if piece.claim and citations and not kept:
            shown = f"{shown.removesuffix(' |')} {UNCITED} |"
        return Checked(replace(piece, text=shown), tuple(citations), _problems(citations, bare))

    def _marked(self, text: str, marks: Mapping[str, str]) -> str:
        """``text`` with each id in its place, marked, and without those that are nobody's."""

        def cited(one: str) -> str:
            return f" [{one}]{marks.get(one, '')}" if one in self._sources else ""

        return tidy(set_out(parts(text, self._known, strict=False), cited))

    def quoted(self, piece: Piece, finding: Finding) -> Checked:
        """An entry that quotes a paper, or names one without an abstract."""
        source = self._sources[finding.id]
        text = one_line(source.paper.abstract)
        told = [quote.text for quote in finding.sentences] or [source.title]
        citations = tuple(_quotation(finding.id, one, one in (text or source.title)) for one in told)
        self._cited += 1
        return Checked(piece, citations, tuple(p for c in citations for p in _problems([c], c.sentence)))

    def _wordless(self, pieces: Sequence[CitedPart]) -> Iterator[Checked]:
        """Citations of nothing are not shown; invented ones are told."""
        citations = tuple(c for c in _judge(pieces, "", self._sources) if c.verdict == "unknown_id")
        if citations:
            yield Checked(Piece("note", ""), citations, _problems(citations, ""))

    def label(self, piece: Piece) -> Iterator[Checked]:
        """A heading, without citations; a question, unless it holds an invented id."""
        text = plain(piece.text)
        pieces = parts(text, self._known, strict=False)
        unknown = [one for part in pieces for one in part.ids if one not in self._sources]
        bare = _bare(pieces)
        citations = tuple(Citation(one, bare, 0.0, "unknown_id", why=FOREIGN) for one in unknown)
        problems = _problems(citations, bare)
        if piece.kind == "heading":
            shown = replace(piece, text=self._marked(text, {}))
            yield from [Checked(shown, citations, problems)] if bare else []
        elif not unknown:
            yield Checked(replace(piece, text=text))

    def verdict(self) -> Iterator[str]:
        """What is to be said of the whole answer."""
        if self._repeated:
            yield _count(self._repeated, "repeated sentence was", "repeated sentences were") + " left out"
        if not self._cited and not self._opened:
            yield "this answer cites no source: the papers below support none of it"
        elif self._uncited:
            yield _count(self._uncited, "sentence cites", "sentences cite") + " no source"

    def _is_repeated(self, bare: str, ids: frozenset[str]) -> bool:
        """Whether this was said before; of another paper it is no repetition."""
        if len(bare.split()) < 3:
            return False
        said = frozenset(terms(bare)) if len(set(terms(bare))) >= 3 else frozenset([bare])
        again = any(
            len(said & old) >= 0.9 * len(said | old) and ids <= cited
            for old, cited in self._said[-SENTENCES_REMEMBERED:]
        )
        self._said.append((said, ids))
        return again


def _quotation(one: str, text: str, stands: bool) -> Citation:
    """A sentence that is quoted, and whether it stands so in its paper."""
    if stands:
        return Citation(one, text, 1.0, "found", 1.0, evidence=(text,))
    return Citation(one, text, 0.0, "misquoted", why=MISQUOTED)


def _claims(piece: Piece) -> bool:
    """Whether a heading says so much that it has to be supported as a sentence has."""
    words = piece.text.split()
    return piece.kind == "heading" and (
        len(words) > HEADING_WORDS_MAX or piece.text.rstrip().endswith((".", "!"))
    )


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

    ``missing``: its figures and names that neither this paper nor one that bears the same claim holds.
    """

    claim: str
    id: str
    held: ClaimSupport
    missing: tuple[str, ...]
    sources: SourceTexts


def _misquoted(case: Case) -> str:
    source = case.sources[case.id]
    wrong = any(not source.quotes(quotation) for quotation in quotations(case.claim))
    return MISQUOTED if wrong else ""


def _silent(case: Case) -> str:
    if not case.held.silent:
        return ""
    absent = case.sources.absent(case.claim, case.id)
    return "hardly speaks of this" + (f": nothing there of {', '.join(absent)}" if absent else "")


def _figures_and_names(case: Case) -> str:
    return f"does not mention {', '.join(case.missing)}" if case.missing else ""


def _meaning(case: Case) -> str:
    return SUSPECTED[case.held.suspected] if case.held.suspected else ""


CHECKS: Sequence[tuple[Verdict, Callable[[Case], str]]] = (
    ("misquoted", _misquoted),
    ("doubtful", _figures_and_names),
    ("not_found", _silent),
    ("doubtful", _meaning),
)
"""What may be held against a citation, in order: the verdict, and what says why, or nothing."""


def _judge(pieces: Sequence[CitedPart], bare: str, sources: SourceTexts) -> list[Citation]:
    """One citation per id and place, in reading order. What says that sources do not tell something is no
    claim about one: only invented ids are told of it.
    """
    cited = [part for part in pieces if part.ids]
    found = [one for part in cited for one in _place(_claim(part, pieces, bare), part.ids, bare, sources)]
    return [one for one in found if one.verdict == "unknown_id"] if says_what_is_untold(bare) else found


def _place(claim: str, ids: Sequence[str], bare: str, sources: SourceTexts) -> Iterator[Citation]:
    """The ids of one place, judged together: each clause needs a paper that bears it."""
    known = [one for one in ids if one in sources]
    parted = clauses(claim) if len(known) > 1 else [claim]
    alone = len(parted) == 1
    held = {one: sources.held(claim, one, read=alone) for one in known}
    cases = [_whole(claim, held, sources)] if alone else _parted(parted, known, sources)
    for one in ids:
        if one in held:
            had = replace(held[one], support=_support(one, cases))
            yield _citation(one, (claim, bare), had, _shared(one, cases))
        else:
            yield Citation(one, bare, 0.0, "unknown_id", why=FOREIGN)


Objection = tuple[Verdict, str]
"""A verdict and why; ``found`` where nothing is held against a claim."""


def _support(one: str, cases: Sequence[Sequence[Case]]) -> float:
    """How likely a paper states the clauses that none of the others states likelier; else its best one."""
    each = [{case.id: case.held.support for case in clause} for clause in cases]
    own = [clause[one] for clause in each if clause[one] == max(clause.values())]
    return min(own) if own else max(clause[one] for clause in each)


def _whole(claim: str, held: Mapping[str, ClaimSupport], sources: SourceTexts) -> list[Case]:
    """A claim in one piece. A figure or name that one of the papers holds is not held against the rest."""
    lacking = [set(one.missing) for one in held.values()]
    return [
        Case(claim, one, had, tuple(m for m in had.missing if all(m in lacks for lacks in lacking)), sources)
        for one, had in held.items()
    ]


def _parted(parted: Sequence[str], ids: Sequence[str], sources: SourceTexts) -> list[list[Case]]:
    held = {(clause, one): sources.held(clause, one) for clause in parted for one in ids}
    return [
        [Case(clause, one, held[clause, one], held[clause, one].missing, sources) for one in ids]
        for clause in parted
    ]


def _objection(case: Case) -> Objection:
    return next(((verdict, why) for verdict, check in CHECKS if (why := check(case))), ("found", ""))


def _shared(one: str, cases: Sequence[Sequence[Case]]) -> Objection:
    """What becomes of one id: a clause that no paper bears is held against the one that speaks of it most."""
    told = [{case.id: _objection(case) for case in clause} for clause in cases]
    nearest = [max(clause, key=lambda case: case.held.relevance).id for clause in cases]
    unborne = [all(verdict != "found" for verdict, _ in clause.values()) for clause in told]
    own = [clause[one] for clause in told]
    if misquoted := [objection for objection in own if objection[0] == "misquoted"]:
        return misquoted[0]
    alone = len(told[0]) == 1 or all(unborne)
    for objection, near, is_open in zip(own, nearest, unborne, strict=True):
        if is_open and (near == one or alone):
            return objection
    if any(verdict == "found" for verdict, _ in own):
        return "found", ""
    return "not_found", f"bears no part of this, which others cited here do: {own[0][1]}"


def _citation(one: str, said: tuple[str, str], held: ClaimSupport, told: Objection) -> Citation:
    """``said``: the claim and the sentence that it stands in."""
    (claim, bare), (verdict, why) = said, told
    return Citation(
        one,
        bare,
        round(held.support, 3),
        verdict,
        round(held.relevance, 3),
        why,
        held.evidence,
        claim if claim != bare else "",
    )


def _claim(part: CitedPart, pieces: Sequence[CitedPart], bare: str) -> str:
    """What an id is cited for: the stretch before its bracket where the sentence cites at several places."""
    cited = [p for p in pieces if p.ids]
    if len(cited) == 1:
        return bare
    claim = tidy(part.text).strip(" ,;.")
    return claim if len(terms(claim)) >= 3 else bare


def quotations(text: str) -> list[str]:
    """What stands between quotation marks, or between an ellipsis and one, and is long enough to be a
    quotation rather than a term: three words.
    """
    stretches = (part for match in _QUOTED.finditer(text) for part in _LEFT_OUT.split(match.group(1)))
    return [part for part in stretches if len(part.split()) >= 3]


def _shown(pieces: Sequence[CitedPart], citations: Sequence[Citation]) -> str:
    """The sentence with the ids that exist, doubted ones marked."""
    judged = deque(citations)

    def cited(one: str) -> str:
        row = judged.popleft() if judged and judged[0].id == one else None
        if row and row.verdict == "unknown_id":
            return ""
        return f" [{one}]{MARKS.get(row.verdict, '') if row else ''}"

    return tidy(set_out(pieces, cited))


def _uncited(bare: str) -> str:
    """A sentence that lost all its citations, marked before its full stop."""
    end = re.search(r"[.!?]*$", bare)
    stop = end.group() if end else ""
    return f"{bare[: len(bare) - len(stop)]} {UNCITED}{stop}"


def with_judged(answer: Answer, citations: Sequence[Citation]) -> Answer:
    """The answer with its citations as a judge sees them: its marks and its problems say what these say.
    Only one that nobody has judged yet: the places of its marks are those of its first text.
    """
    before = {problem_of(one) for one in answer.citations}
    others = [problem for problem in answer.problems if problem not in before]
    told = [problem for one in citations if (problem := problem_of(one))]
    return replace(
        answer,
        text=_remarked(answer, citations),
        ends=(),
        citations=tuple(citations),
        problems=tuple(dict.fromkeys([*others, *told])),
    )


def _remarked(answer: Answer, citations: Sequence[Citation]) -> str:
    """The text with the marks that ``citations`` have now."""
    made, last = "", 0
    ends = answer.ends or [NOT_SHOWN] * len(citations)
    for one, end in sorted(zip(citations, ends, strict=True), key=lambda pair: pair[1]):
        if end != NOT_SHOWN:
            old = _MARK.match(answer.text, end)
            made += answer.text[last:end] + MARKS.get(one.verdict, "")
            last = old.end() if old else end
    return made + answer.text[last:]


def _ends(pieces: Sequence[Checked]) -> Iterator[int]:
    """Where the brackets of the citations end in the text that ``markdown`` makes of ``pieces``."""
    texts = [_joined([one.piece]) for one in pieces]
    whole = "".join(texts)
    begins = len(whole.lstrip("\n")) - len(whole)
    for text, one in zip(texts, pieces, strict=True):
        yield from (end if end == NOT_SHOWN else begins + end for end in _within(text, one.citations))
        begins += len(text)


def _within(text: str, citations: Iterable[Citation]) -> Iterator[int]:
    """Where the bracket of each citation ends in one piece: they stand there in this order."""
    last = 0
    for one in citations:
        bracket = f"[{one.id}]"
        at = text.find(bracket, last) if one.verdict != "unknown_id" else NOT_SHOWN
        last = at + len(bracket) if at >= 0 else last
        yield last if at >= 0 else NOT_SHOWN


def problem_of(citation: Citation) -> str:
    """What is shown of a citation beside the answer; empty where nothing speaks against it."""
    return _problem(citation, citation.sentence)


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
    incomplete: str = "",
) -> Answer:
    """The finished answer. Of the proposed follow-ups the first three that ``answerable`` says yes to are
    kept.
    """
    pieces = tuple(checked)
    incomplete = incomplete or next((c.piece.text for c in pieces if c.piece.kind == "cut"), "")
    asked = dict.fromkeys(c.piece.text for c in pieces if c.piece.kind == "follow_up" and c.piece.text)
    return Answer(
        question=evidence.question,
        text=markdown([c.piece for c in pieces]),
        ends=tuple(_ends(pieces)),
        answered_by=answered_by,
        date=date,
        sources=evidence.sources,
        citations=tuple(citation for c in pieces for citation in c.citations),
        findings=tuple(c.piece.finding for c in pieces if c.piece.finding),
        understood=evidence.understood,
        problems=tuple(
            dict.fromkeys((*_of_whole(evidence, incomplete), *(p for c in pieces for p in c.problems)))
        ),
        follow_ups=_first(3, asked, answerable),
        index=evidence.index,
        usage=_usage(pieces),
        incomplete=incomplete,
    )


def _of_whole(evidence: Evidence, incomplete: str) -> Iterator[str]:
    if incomplete:
        yield f"this answer is incomplete: {incomplete}"
    best = max((source.match for source in evidence.sources), default=0.0)
    if evidence.answerable and best < LOW_MATCH:
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


def markdown(pieces: Iterable[Piece]) -> str:
    """The answer's text; follow-ups and notes are not part of it."""
    return _joined(pieces).strip("\n")


def _joined(pieces: Iterable[Piece]) -> str:
    return "".join(piece.lead + piece.text for piece in pieces if piece.kind in SHOWN)


Lookup = Callable[[Sequence[str]], Mapping[str, Paper]]
"""The papers of the index that some keys name, by key; those that name none left out."""


def cited_ids(blocks: Sequence[NoteBlock], lookup: Lookup) -> list[str]:
    """The ids that a note cites, each once, in reading order; also those of no paper of the index."""
    known = _known(lookup(_keys(blocks)))
    places = (place for block in blocks for place in block.cited)
    return list(dict.fromkeys(one for place in places for one in place.ids(known) or ()))


def check_note(
    blocks: Sequence[NoteBlock],
    lookup: Lookup,
    embedder: Embedder,
    entailment: EntailmentModel | None = None,
    *,
    frequencies: Frequencies | None = None,
    papers: int = 0,
) -> Note:
    """Every citation of a note, in reading order, judged; the note is left as it is."""
    cited = lookup(_keys(blocks))
    known = _known(cited)
    sources = SourceTexts(list(cited.values()), embedder, entailment, frequencies=frequencies, total=papers)
    rows: list[tuple[int, Citation]] = []
    uncited = 0
    told = [
        (block, sentence, _bare(sentence.parts))
        for block in blocks
        for sentence in sentences.read(block, known)
    ]
    sources.weights(term for _, sentence, bare in told if _cites(sentence.parts) for term in terms(bare))
    with ThreadPoolExecutor(VERIFY_THREADS) as pool:
        found = pool.map(lambda one: _judge(one[1].parts, one[2], sources), told)
        for (block, sentence, bare), citations in zip(told, found, strict=True):
            judged = [_of_index(citation) for citation in citations]
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


def _bare(told: Sequence[CitedPart]) -> str:
    """A sentence without its citations."""
    return tidy(" ".join(part.text for part in told))


def _cites(told: Sequence[CitedPart]) -> bool:
    return any(part.ids for part in told)


def _lacks_citation(told: Sequence[CitedPart], bare: str) -> bool:
    claims = not bare.rstrip().endswith("?") and not says_what_is_untold(bare)
    return claims and not _cites(told) and len(terms(bare)) >= 4


def _keys(blocks: Sequence[NoteBlock]) -> list[str]:
    """Every key that a note may mean, each once."""
    return list(dict.fromkeys(key for block in blocks for place in block.cited for key in place.named()))


def _known(papers: Mapping[str, Paper]) -> Known:
    """Written key -> the paper's id: by whatever named it, or its id in another case."""
    by_id = resolver(paper.id for paper in papers.values())
    return lambda written: papers[written].id if written in papers else by_id(written)


def _of_index(citation: Citation) -> Citation:
    """What ``check`` holds a note against is the whole index."""
    return replace(citation, why="is not in the index") if citation.verdict == "unknown_id" else citation
