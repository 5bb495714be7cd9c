"""How many corrupted sentences verification flags, per kind of corruption, and how many good ones it wrongs.

The sentences are paraphrases: the cards of ``corpus/`` say in other words what the abstracts of the same
papers say, and here the abstracts are the sources. An answer cites five papers of one theme among eight, so
that ids are swapped between papers on the same matter. A second set is made of SciFact's supported claims
over their abstracts. Changed names may be in the abstract too, being taken from papers of the same theme.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from agq.embedders import open_encoder, prepared
from agq.model import Citation, Embedder, Evidence, IndexState, MatchParts, Paper, Piece, Source
from agq.text.names import names
from agq.text.numbers import figures
from agq.text.sentences import sentences
from agq.verify import verify

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
TARGETS = {
    "numbers": 0.95,
    "swapped ids": 0.85,
    "another paper's": 0.85,
    "invented ids": 1.0,
    "untouched": 0.10,
}


@dataclass(frozen=True, slots=True)
class Said:
    """A paraphrased sentence and the paper it is about; ``theme``: what it may be confused with."""

    text: str
    paper: Paper
    theme: str


class Remembering:
    """An encoder that encodes each text once: the same abstracts come up in many answers."""

    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder
        self._rows: dict[str, NDArray[np.float32]] = {}
        self.name, self.dim = encoder.name, encoder.dim

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row per text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        self._rows.update(zip(new, self._encoder.embed(new), strict=True))
        return np.stack([self._rows[text] for text in texts])


def main() -> None:
    """Print the table, write it as JSON."""
    options = _options()
    embedder = Remembering(open_encoder(prepared(cache=options.cache)))
    table = {}
    for name, said in (("cards", list(_cards())), ("claims", list(_claims()))):
        table[name] = _rates(said, embedder, options.answers, options.seed)
        print(f"\n{name}: {len(said)} sentences, {options.answers} answers")
        for kind, (flagged, n) in table[name].items():
            print(f"  {kind:18} {flagged / max(n, 1):6.1%}  of {n:4}   {_target(kind)}")
        wronged = _wronged(said, embedder)
        print(
            f"  every sentence once, untouched, flagged: {dict(Counter(bool(m) for m in wronged.values()))}"
        )
        print("  (True: a figure or name is not found; False: little of the sentence is)")
        for text, missing in wronged.items() if options.show else ():
            print(f"    {', '.join(missing) or '(little)':30} {text}")
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    rates = {name: {k: f / max(n, 1) for k, (f, n) in rows.items()} for name, rows in table.items()}
    (out / "corruption.json").write_text(json.dumps(rates, indent=1) + "\n")


def _target(kind: str) -> str:
    return f"target {TARGETS[kind]:.0%}" if kind in TARGETS else ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "agq", help="agq's cache")
    parser.add_argument("--show", action="store_true", help="the untouched sentences that are flagged")
    return parser.parse_args()


def _cards() -> Iterator[Said]:
    lines = (DATA / "corpus-sources" / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    originals = {p["arxiv"]: p for p in map(json.loads, lines)}
    for file in sorted((ROOT / "corpus").glob("*.yaml")):
        for card in yaml.safe_load(file.read_text(encoding="utf-8")):
            original = originals.get(str(card.get("arxiv", "")))
            if original:
                paper = Paper(card["id"], original["title"], original["abstract"], tuple(original["authors"]))
                yield from (
                    Said(s, paper, file.stem) for s in sentences(card["abstract"]) if len(s.split()) > 6
                )


def _claims() -> Iterator[Said]:
    folder = DATA / "evidence"
    stored = {
        str(d["doc_id"]): d for d in map(json.loads, (folder / "scifact_corpus_sentences.jsonl").open())
    }
    for claim in map(json.loads, (folder / "scifact_claims_train.jsonl").open()):
        for key, groups in claim["evidence"].items():
            if all(group["label"] == "SUPPORT" for group in groups):
                paper = Paper(key, stored[key]["title"], " ".join(stored[key]["abstract"]))
                yield Said(claim["claim"], paper, "medicine")


def _rates(said: Sequence[Said], embedder: Embedder, answers: int, seed: int) -> dict[str, tuple[int, int]]:
    """Flagged and all sentences, per kind."""
    rng = random.Random(seed)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    themes: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        themes[one.theme].append(one)
    for _ in range(answers):
        pool = themes[rng.choice(sorted(themes))]
        papers = rng.sample(sorted({one.paper.id for one in pool}), min(8, len({o.paper.id for o in pool})))
        inside = [one for one in pool if one.paper.id in papers]
        outside = [one for one in said if one.paper.id not in papers]
        near = [one for one in pool if one.paper.id not in papers] or outside
        told = rng.sample(inside, min(5, len(inside)))
        evidence = _evidence([one.paper for one in inside])
        for kind, pairs in _versions(told, papers, rng, near if len(near) > 4 else outside).items():
            flagged = _flagged(pairs, evidence, embedder)
            counts[kind][0] += sum(flagged)
            counts[kind][1] += len(flagged)
    return {kind: (n[0], n[1]) for kind, n in counts.items()}


def _wronged(said: Sequence[Said], embedder: Embedder) -> dict[str, str]:
    """The untouched sentences that are flagged, and why."""
    found: dict[str, str] = {}
    for one in said:
        (citation,) = _citations(one.text, one.paper.id, _evidence([one.paper]), embedder)
        if citation.verdict != "found":
            found[one.text] = citation.why
    return found


def _versions(
    told: Sequence[Said], papers: Sequence[str], rng: random.Random, others: Sequence[Said]
) -> dict[str, list[tuple[str, str]]]:
    """(sentence, id) pairs of an answer, as it is and corrupted in each way."""
    changed = [(_renumbered(one.text, rng), one.paper.id) for one in told]
    own = random.Random(told[0].text)  # of its own, so that the other kinds stay as they are without it
    renamed = [(_renamed(one.text, own.choice(others).text, own), one.paper.id) for one in told]
    return {
        "untouched": [(one.text, one.paper.id) for one in told],
        "numbers": [(text, key) for text, key in changed if text],
        "swapped ids": [(o.text, rng.choice([p for p in papers if p != o.paper.id])) for o in told],
        "another paper's": [(rng.choice(others).text, one.paper.id) for one in told],
        "changed names": [(text, key) for text, key in renamed if text],
        "invented ids": [
            (one.text, f"{rng.randint(1000, 9999)}.{rng.randint(10000, 99999)}") for one in told
        ],
    }


def _renumbered(text: str, rng: random.Random) -> str:
    """``text`` with one of its numbers made another; empty where it has none in digits."""
    spans = [m for f in figures(text) for m in re.finditer(rf"(?<![\w.]){re.escape(f.text)}", text)]
    spans = [m for m in spans if re.search(r"\d", m.group())]
    if not spans:
        return ""
    span = rng.choice(spans)
    digits = re.search(r"\d+", span.group())
    assert digits
    old = digits.group()
    new = old
    while new == old:
        new = str(max(1, round(int(old) * rng.choice((0.5, 0.7, 1.2, 1.5, 2, 3)) + rng.randint(-2, 2))))
    start = span.start() + digits.start()
    return text[:start] + new + text[start + len(old) :]


def _renamed(text: str, other: str, rng: random.Random) -> str:
    """``text`` with one of its acronyms and the like as another sentence has it; empty where one has none."""
    mine, theirs = ([n for n in names(t) if re.search(r"[A-Z\d]\w*[A-Z\d]", n)] for t in (text, other))
    theirs = [name for name in theirs if name not in text]
    if not mine or not theirs:
        return ""
    old = rng.choice(mine)
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", rng.choice(theirs), text)


def _evidence(papers: Sequence[Paper]) -> Evidence:
    unique = list({paper.id: paper for paper in papers}.values())
    sources = tuple(Source(paper, 0.6, MatchParts(0.6, 0.6)) for paper in unique)
    return Evidence("?", sources, True, IndexState(300, 300, "", ""))


def _flagged(pairs: Sequence[tuple[str, str]], evidence: Evidence, embedder: Embedder) -> list[bool]:
    """Whether each sentence's citation was marked or removed, each as an answer of its own."""
    return [_is_flagged(text, key, evidence, embedder) for text, key in pairs]


def _is_flagged(text: str, key: str, evidence: Evidence, embedder: Embedder) -> bool:
    found = _citations(text, key, evidence, embedder)
    return not found or any(c.verdict != "found" for c in found)


def _citations(text: str, key: str, evidence: Evidence, embedder: Embedder) -> list[Citation]:
    cited = f"{text.rstrip('.')} [{key}]."
    return [
        c for checked in verify([Piece("sentence", cited)], evidence, embedder) for c in checked.citations
    ]


if __name__ == "__main__":
    main()
