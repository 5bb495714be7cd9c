"""Graded questions to figures, through the same retrieval as ``ask``.

Three kinds: a public collection in BEIR's layout, in an index of its own; seeds (YAML) over the current
index; and known items: a sentence of a paper must find its paper.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import yaml

from agq import __version__
from agq.embedders import DEFAULT, open_encoder, prepared
from agq.errors import IndexUnusable, UsageError
from agq.index.search import open_index
from agq.index.text_stage import Incoming
from agq.index.write import BuildOptions, Encoder, Progress, build_index, silent
from agq.model import Paper
from agq.retrieve import retrieve
from agq.text.sentences import sentences
from agq.text.terms import terms

if TYPE_CHECKING:
    from agq.index.search import IndexReader
    from agq.model import Embedder, Evidence

RANKING_DEPTH = 100
"""How far down a ranking is looked at."""
TELLING_TERMS = 8
"""A sentence of fewer terms is not asked for its paper: others may say the same."""

Grades = Mapping[str, float]
"""Paper id -> how relevant it is to one question; 0 or less is not."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a ranking is worth, averaged over the questions, each 0 to 1; as trec_eval counts, gains
    linear."""

    queries: int
    ndcg10: float
    recall10: float
    recall100: float
    mrr10: float
    seconds_per_query: float


@dataclass(frozen=True, slots=True)
class SeedFigures:
    """Seeds over an index.

    ``ranking``: over the questions that the index can answer; ``by_kind``: the same, kind by kind.
    ``refused`` of ``beyond`` questions that it cannot answer were refused, and ``missed`` of those that it
    can. ``unknown``: ids that seeds rest on and the index does not hold.
    """

    ranking: Figures
    by_kind: Mapping[str, Figures]
    refused: int
    beyond: int
    missed: int
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownItemFigures:
    """How often a sentence's own paper came first, among the first ten, and 1/rank averaged (0 beyond the
    tenth)."""

    queries: int
    first: float
    found10: float
    mrr10: float
    seconds_per_query: float


@dataclass(frozen=True, slots=True)
class Seed:
    """A graded question: the ids a good answer rests on, none where the index has no answer."""

    question: str
    ids: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One question answered: the ids found, best first, against the grades; and what it took."""

    found: Sequence[str]
    grades: Grades
    seconds: float
    answerable: bool = True


def ndcg(found: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Normalised discounted cumulative gain at ``depth``: the grade is the gain, 1/log2(1 + rank) the
    discount."""
    ideal = _discounted(sorted((g for g in grades.values() if g > 0), reverse=True)[:depth])
    return _discounted([max(0.0, grades.get(id_, 0)) for id_ in found[:depth]]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def recall(found: Sequence[str], grades: Grades, depth: int) -> float:
    """The share of the relevant papers that are among the first ``depth``."""
    relevant = {id_ for id_, grade in grades.items() if grade > 0}
    return len(relevant.intersection(found[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(found: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """1 / rank of the first relevant paper; 0 where none is among the first ``depth``."""
    ranks = (rank for rank, id_ in enumerate(found[:depth], start=1) if grades.get(id_, 0) > 0)
    return 1 / next(ranks, math.inf)


def figures(judged: Sequence[Judged]) -> Figures:
    """The averages over the questions; zeros where there are none."""

    def mean(measure: Callable[[Judged], float]) -> float:
        return sum(map(measure, judged)) / max(1, len(judged))

    return Figures(
        queries=len(judged),
        ndcg10=mean(lambda one: ndcg(one.found, one.grades)),
        recall10=mean(lambda one: recall(one.found, one.grades, 10)),
        recall100=mean(lambda one: recall(one.found, one.grades, 100)),
        mrr10=mean(lambda one: reciprocal_rank(one.found, one.grades)),
        seconds_per_query=mean(lambda one: one.seconds),
    )


def run_beir(
    folder: Path,
    *,
    cache: Path,
    split: str = "test",
    embedder: str = "",
    rebuild: bool = False,
    progress: Callable[[Progress], None] = silent,
) -> Figures:
    """The figures of a collection in BEIR's layout, in an index of its own under ``cache``.

    Raises
    ------
    UsageError
        The folder has no corpus, no queries or no such split.
    """
    questions, graded = read_queries(folder), read_grades(folder, split)
    with open_beir(folder, cache=cache, embedder=embedder, rebuild=rebuild, progress=progress) as index:
        encoder = index.embedder()
        return figures([_judged(index, encoder, questions[q], graded[q]) for q in graded if q in questions])


def open_beir(
    folder: Path,
    *,
    cache: Path,
    embedder: str = "",
    rebuild: bool = False,
    progress: Callable[[Progress], None] = silent,
) -> IndexReader:
    """The index of a BEIR folder's corpus, built where ``cache`` has none for this content, version and
    encoder."""
    corpus = _file(folder, "corpus.jsonl")
    key = hashlib.sha256(f"{__version__}\n{embedder or DEFAULT}\n".encode())
    with corpus.open("rb") as stream:
        key = _fed(key, stream)
    place = cache / "eval" / key.hexdigest()[:20]
    encoder = Encoder(embedder, lambda: prepared(embedder or DEFAULT, cache=cache), open_encoder)
    if not rebuild and (place / "complete").exists():
        with suppress(IndexUnusable):  # made by another layout of indexes, or damaged: built again
            return open_index(place, load_encoder=open_encoder)
    papers = (Incoming(paper, str(corpus)) for paper in read_corpus(corpus))
    build_index(place, lambda _: papers, encoder, BuildOptions(rebuild=True), progress)
    (place / "complete").touch()
    return open_index(place, load_encoder=open_encoder)


def _fed(key: hashlib._Hash, stream: IO[bytes]) -> hashlib._Hash:
    while block := stream.read(1 << 20):
        key.update(block)
    return key


def _file(folder: Path, name: str) -> Path:
    """``name`` in ``folder``, or the same packed with gzip."""
    for found in (folder / name, folder / f"{name}.gz"):
        if found.is_file():
            return found
    raise UsageError(
        f"{folder} has no {name}", hint="a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv"
    )


def _lines(file: Path) -> Iterator[str]:
    with (
        gzip.open(file, "rt", encoding="utf-8")
        if file.suffix == ".gz"
        else file.open(encoding="utf-8") as stream
    ):
        yield from (line for line in stream if line.strip())


def _records(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(file), start=1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise UsageError(f"{file}:{number} is not JSON: {error}", hint="one object a line") from error


def read_corpus(file: Path) -> Iterator[Paper]:
    """The papers of a BEIR corpus."""
    for record in _records(file):
        yield Paper(str(record["_id"]), record.get("title") or "", abstract=record.get("text") or "")


def read_queries(folder: Path) -> dict[str, str]:
    """Query id -> question."""
    return {str(record["_id"]): record["text"] for record in _records(_file(folder, "queries.jsonl"))}


def read_grades(folder: Path, split: str) -> dict[str, dict[str, float]]:
    """Query id -> paper id -> grade, from ``qrels/SPLIT.tsv``: three columns with a header, or trec's
    four."""
    graded: dict[str, dict[str, float]] = {}
    for line in _lines(_file(folder, f"qrels/{split}.tsv")):
        columns = line.split()
        if columns[-1].lstrip("-").replace(".", "", 1).isdigit():
            graded.setdefault(columns[0], {})[columns[-2]] = float(columns[-1])
    return graded


def _judged(index: IndexReader, embedder: Embedder, question: str, grades: Grades) -> Judged:
    if not question.strip():
        return Judged((), grades, 0.0, answerable=False)
    started = time.perf_counter()
    evidence = retrieve(index, embedder, question, k=RANKING_DEPTH)
    return Judged(_ids(evidence), grades, time.perf_counter() - started, evidence.answerable)


def _ids(evidence: Evidence) -> list[str]:
    return [source.paper.id for source in evidence.sources]


def read_seeds(places: Iterable[Path]) -> list[Seed]:
    """The seeds of YAML files, or of all that a folder holds.

    Raises
    ------
    UsageError
        A file is no list of questions with their ids.
    """
    files = [
        file for place in places for file in (sorted(place.glob("*.y*ml")) if place.is_dir() else [place])
    ]
    return [_seed(file, item) for file in files for item in _items(file)]


def _items(file: Path) -> list[Any]:
    try:
        items = yaml.load(
            file.read_text(encoding="utf-8"), yaml.BaseLoader
        )  # an id such as 2406.10000 is no number
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise UsageError(
            f"{file} cannot be read: {error}", hint="a YAML list of question, ids, kind"
        ) from error
    return items if isinstance(items, list) else [items]


def _seed(file: Path, item: Any) -> Seed:
    if not isinstance(item, dict) or not str(item.get("question") or "").strip():
        raise UsageError(
            f"{file} has an entry without a question", hint="question: ..., ids: [...], kind: ..."
        )
    ids = item.get("ids") or ()
    return Seed(str(item["question"]), tuple(map(str, ids)), str(item.get("kind") or ""))


def run_seeds(index: IndexReader, embedder: Embedder, seeds: Sequence[Seed]) -> SeedFigures:
    """The figures of graded questions over an index that is open."""
    if not seeds:
        raise UsageError("there are no seeds here", hint="agq eval seeds/ reads every .yaml in the folder")
    asked = [(one, _judged(index, embedder, one.question, dict.fromkeys(one.ids, 1.0))) for one in seeds]
    own = [(seed, judged) for seed, judged in asked if seed.ids]
    beyond = [judged for seed, judged in asked if not seed.ids]
    kinds = dict.fromkeys(seed.kind for seed, _ in own)
    wanted = list(dict.fromkeys(id_ for seed in seeds for id_ in seed.ids))
    held = {paper.id for paper in index.get(wanted)}
    return SeedFigures(
        ranking=figures([judged for _, judged in own]),
        by_kind={kind: figures([judged for seed, judged in own if seed.kind == kind]) for kind in kinds},
        refused=sum(not judged.answerable for judged in beyond),
        beyond=len(beyond),
        missed=sum(not judged.answerable for _, judged in own),
        unknown=tuple(id_ for id_ in wanted if id_ not in held),
    )


def known_item(index: IndexReader, embedder: Embedder, *, n: int = 200, seed: int = 0) -> KnownItemFigures:
    """A sentence of each of ``n`` sampled abstracts, asked for its paper.

    Raises
    ------
    UsageError
        No paper of the index has an abstract with a telling sentence.
    """
    chance = random.Random(seed)
    items = [(paper.id, said) for paper in index.sample(n, seed) if (said := _telling(paper, chance))]
    if not items:
        raise UsageError("no paper here has an abstract to ask from", hint="agq doctor shows what it holds")
    judged = [_judged(index, embedder, said, {id_: 1.0}) for id_, said in items]
    ranking = figures(judged)
    first = sum(reciprocal_rank(one.found, one.grades, 1) for one in judged) / len(judged)
    return KnownItemFigures(
        ranking.queries, first, ranking.recall10, ranking.mrr10, ranking.seconds_per_query
    )


def _telling(paper: Paper, chance: random.Random) -> str:
    """A sentence of the abstract by chance, of those long enough to be told from others; empty where there
    is none."""
    long_enough = [said for said in sentences(paper.abstract) if len(terms(said)) >= TELLING_TERMS]
    return chance.choice(long_enough) if long_enough else ""
