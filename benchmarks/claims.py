"""How well what `agq check` says of cited claims agrees with the truth, by kind of falsehood.

The claims are those of ``../shared/data/evidence/claims.jsonl``, half of them false, over arXiv abstracts
that nothing was learned from. Each is put, with its ids behind it, through ``check_note`` as a note is. A
claim is doubted where any of its rows is not ``found``; its score is the lowest support of its rows. Beside
them: each true claim cited to the nearest other paper of the set, and to an id that no paper has. Of
SciFact's train claims those that their abstract bears out stand against those that it refutes.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agq import notes
from agq.embedders import open_encoder, prepared
from agq.embedders.entails import OnnxEntailmentModel
from agq.entailment import SourceTexts
from agq.model import Citation, Embedder, Paper
from agq.readers import read
from agq.text.terms import terms
from agq.verify import check_note
from evidence import auc

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
OUT = Path(__file__).resolve().parent / "out"


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim and its rows."""

    kind: str
    true: bool
    rows: Sequence[Citation]
    gold: Mapping[str, Sequence[str]]

    @property
    def doubted(self) -> bool:
        """Whether anything is held against it."""
        return any(row.verdict != "found" for row in self.rows)

    @property
    def score(self) -> float:
        """The lowest support of its rows."""
        return min(row.support for row in self.rows)

    @property
    def shown(self) -> Iterator[bool]:
        """Whether a sentence that decides is among those shown, by paper."""
        for row in self.rows:
            if gold := [_words(one) for one in self.gold.get(row.id, ())]:
                yield any(_is_same(one, told) for told in map(_words, row.evidence) for one in gold)


class Checker:
    """Claims over the papers of a collection."""

    def __init__(self, papers: Mapping[str, Paper], cache: Path) -> None:
        self.embedder: Embedder = open_encoder(prepared(cache=cache))
        self.model = OnnxEntailmentModel(cache)
        self.papers = papers
        self.seconds: list[float] = []
        self._counts = Counter(term for paper in papers.values() for term in set(terms(paper.text)))

    def frequencies(self, wanted: Sequence[str]) -> list[int]:
        """How many papers hold each term."""
        return [self._counts[term] for term in wanted]

    def rows(self, claim: str, ids: Sequence[str]) -> Sequence[Citation]:
        """The rows of a note that makes one claim."""
        note = f"{claim.rstrip('.')} {' '.join(f'[{one}]' for one in ids)}."
        start = time.perf_counter()
        found = check_note(
            notes.read(note),
            lambda wanted: {one: self.papers[one] for one in wanted if one in self.papers},
            self.embedder,
            self.model,
            frequencies=self.frequencies,
            papers=len(self.papers),
        )
        self.seconds.append(time.perf_counter() - start)
        return found.citations


def main() -> None:
    """Print the tables, write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with evidence/ and arxiv/")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "agq", help="agq's cache")
    parser.add_argument("--misses", action="store_true", help="print true claims that are doubted")
    options = parser.parse_args()
    claims = [json.loads(line) for line in (options.data / "evidence" / "claims.jsonl").open()]
    checker = Checker(_papers(options.data / "arxiv" / "arxiv-metadata-40k.jsonl.gz"), options.cache)
    found = [Checked(c["kind"], c["true"], checker.rows(c["claim"], c["ids"]), c["evidence"]) for c in claims]
    found += _elsewhere(claims, checker)
    figures = _figures(found) | {"seconds a claim": float(np.median(checker.seconds))}
    figures |= _scifact(options.data / "evidence", checker)
    for name, value in figures.items():
        print(f"{name:40} {value:.3f}")
    if options.misses:
        print(
            *(f"{c.kind}: {c.rows[0].sentence} -> {_why(c)}" for c in found if c.true and c.doubted), sep="\n"
        )
    OUT.mkdir(exist_ok=True)
    (OUT / "claims.json").write_text(json.dumps(figures, indent=1) + "\n")


def _papers(path: Path) -> dict[str, Paper]:
    return {record.item.id: record.item for record in read([path]) if isinstance(record.item, Paper)}


def _elsewhere(claims: Sequence[Mapping[str, Any]], checker: Checker) -> Iterator[Checked]:
    """True claims cited to the nearest other paper of the set, and to nobody's id."""
    ids = sorted({one for claim in claims for one in claim["ids"]})
    vectors = checker.embedder.embed([checker.papers[one].text for one in ids])
    near = {one: ids[int(np.argsort(-(vectors @ vectors[n]))[1])] for n, one in enumerate(ids)}
    for claim in claims:
        if claim["true"] and len(claim["ids"]) == 1:
            (key,) = claim["ids"]
            yield Checked("wrong paper", False, checker.rows(claim["claim"], [near[key]]), {})
            yield Checked("invented id", False, checker.rows(claim["claim"], ["2699.99999"]), {})


def _figures(found: Sequence[Checked]) -> dict[str, float]:
    own = [c for c in found if c.kind not in {"wrong paper", "invented id"}]
    true, doubted = np.array([c.true for c in own]), np.array([c.doubted for c in own])
    shown = [one for c in own if c.true for one in c.shown]
    kinds: dict[str, list[bool]] = defaultdict(list)
    for c in found:
        kinds[f"{'true' if c.true else 'false'} doubted: {c.kind}"].append(c.doubted)
    return {
        "AUC": auc(true.astype(float), np.array([c.score for c in own])),
        "balanced accuracy": float((1 - doubted[true].mean() + doubted[~true].mean()) / 2),
        "true doubted": float(doubted[true].mean()),
        "false doubted": float(doubted[~true].mean()),
        "a deciding sentence is shown": float(np.mean(shown)),
        **{name: float(np.mean(values)) for name, values in sorted(kinds.items())},
    }


def _scifact(folder: Path, checker: Checker) -> dict[str, float]:
    """SciFact's supports against refutes by support; either against silence by relevance."""
    stored = {
        str(d["doc_id"]): d for d in map(json.loads, (folder / "scifact_corpus_sentences.jsonl").open())
    }
    counts = Counter(t for d in stored.values() for t in set(terms(" ".join([d["title"], *d["abstract"]]))))
    sources = SourceTexts(
        (Paper(key, d["title"], " ".join(d["abstract"])) for key, d in stored.items()),
        checker.embedder,
        checker.model,
        frequencies=lambda wanted: [counts[term] for term in wanted],
        total=len(stored),
    )
    told: list[tuple[str, float, float]] = []
    for claim in map(json.loads, (folder / "scifact_claims_train.jsonl").open()):
        for key in sorted({str(one) for one in claim["cited_doc_ids"]} | set(claim["evidence"])):
            sources[key].sentences = tuple(stored[key]["abstract"])
            held = sources.held(claim["claim"], key)
            label = claim["evidence"][key][0]["label"] if key in claim["evidence"] else ""
            told.append((label, held.support, held.relevance))
    agrees = [(float(label == "SUPPORT"), support) for label, support, _ in told if label]
    speaks = [(float(bool(label)), relevance) for label, _, relevance in told]
    return {
        "SciFact: supports against refutes, AUC": auc(*map(np.array, zip(*agrees, strict=True))),
        "SciFact: relevance, AUC": auc(*map(np.array, zip(*speaks, strict=True))),
    }


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[A-Za-z]{3,}", text))


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences are one, but for the TeX that reading a record does away with."""
    return len(one & other) >= 0.75 * min(len(one), len(other))


def _why(claim: Checked) -> str:
    return "; ".join(f"{row.verdict} {row.support:.2f} {row.why}" for row in claim.rows)


if __name__ == "__main__":
    main()
